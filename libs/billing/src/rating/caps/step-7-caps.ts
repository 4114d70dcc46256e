import { type Currency, Decimal, Money } from '@billtrail/kernel';
import type { Cap } from '@billtrail/contracts';
import type { ClientPeriodFacts } from '../facts.js';
import { billedOnce } from '../items/frozen.js';
import { itemToMatch, matches, partToMatch } from '../coverage/matching.js';
import { cutInto, flatShares, isFlat, quantityFor, shareMinutes } from '../items/part-splitting.js';
import { unpricedStep } from '../coverage/placement.js';
import type { CapUsed } from '../prepaid/prepaid-facts.js';
import type { HoldToCaps, PricedPart } from '../items/priced-part.js';
import { isPending, standingOf } from '../standing.js';
import type { TraceStep } from '../trace.js';

/**
 * Step 7 of rating.md: a not-to-exceed cap lets work through, in the order of rating, until its amount is billed; of the piece that meets it the
 * part up to the cap is billed, and what is above is a part of its own, written down by the contract's rule or a gap `cap-exceeded`
 * (R10). Labour, materials and expenses count together, at their discounted and rounded nets. What is on invoices counts first,
 * that of later periods too. What is drawn on a block is not held. Of several caps the one with the least room holds, a gap before a
 * write-down. Work that was corrected after it was frozen asks for room as far as it is more than what is frozen of it: what was invoiced is
 * never given back because of a cap, and what the correction took off makes room.
 */
export const holdToCaps: HoldToCaps = (parts, facts) => {
  const usage = new CapUsage(facts);
  const frozenOwn = new FrozenOwn(parts, usage);
  const held = parts.some((part) => part.inForce.version.terms.caps !== undefined)
    ? parts.flatMap((part) => hold(usage, frozenOwn, part))
    : parts;
  return { parts: held, caps: usage.handedOver() };
};

/** A cap with what it still lets through. */
interface Room {
  readonly cap: Cap;
  readonly used: Money;
  /** Never below zero. */
  readonly left: Money;
}

function hold(usage: CapUsage, frozenOwn: FrozenOwn, part: PricedPart): readonly PricedPart[] {
  const { caps } = part.inForce.version.terms;
  if (caps === undefined || caps.length === 0 || part.draw !== null || standingOf(part.assessed.work) === 'alone')
    return [part];
  const work = partToMatch(part);
  const rooms = caps
    .filter((cap) => matches(cap.match, work))
    .map((cap): Room => {
      const room = usage.roomOf(cap, askOf(part));
      const own = frozenOwn.of(cap, part);
      return own.isZero() ? room : { ...room, left: room.left.plus(own) };
    });
  const tightest = tightestOf(rooms);
  if (tightest === null) return [part];
  const net = part.exact.rounded();
  const fits = net.compare(tightest.left) <= 0;
  const billed = fits ? net : tightest.left;
  for (const { cap } of rooms) usage.use(cap, askOf(part), frozenOwn.beyond(cap, part, billed));
  if (fits) return [{ ...part, steps: [...part.steps, withinStep(part, tightest, net)] }];
  return isCorrected(part) ? [heldBack(part, tightest, net)] : cutAtCap(part, tightest, net);
}

/** Corrected work is not cut: what is asked for it is a difference, and that is what is cut. */
function heldBack(part: PricedPart, room: Room, net: Money): PricedPart {
  const above = net.minus(room.left);
  return { ...part, heldBack: { above, rule: room.cap.above, step: aboveStep(part, room, above) } };
}

/** True of work that changed after a part of it was frozen: it is rated whole. */
function isCorrected({ assessed }: PricedPart): boolean {
  return assessed.frozen !== null && !assessed.isRest;
}

/** The room that holds: the smallest; of equal ones a gap before a write-down, so that nothing is forgone in doubt. */
function tightestOf(rooms: readonly Room[]): Room | null {
  let tightest: Room | null = null;
  for (const room of rooms) {
    const order = tightest === null ? -1 : room.left.compare(tightest.left);
    if (order < 0 || (order === 0 && room.cap.above === 'gap' && tightest?.cap.above === 'write-down')) tightest = room;
  }
  return tightest;
}

function cutAtCap(part: PricedPart, room: Room, net: Money): readonly PricedPart[] {
  const above = net.minus(room.left);
  const aboveCap = room.cap.above;
  const last = aboveStep(part, room, above);
  if (room.left.isZero()) return [{ ...part, steps: [...part.steps, last], aboveCap }];
  const minutes =
    part.billableMinutes === null
      ? null
      : shareMinutes(part.billableMinutes, [Number(room.left.toMinor()), Number(above.toMinor())]);
  const whole = new Decimal(part.quantity);
  const quantity = quantityFor(whole, room.left, net);
  const [billed, rest] = cutInto(part, [
    { billableMinutes: minutes === null ? null : (minutes[0] ?? 0), quantity },
    { billableMinutes: minutes === null ? null : (minutes[1] ?? 0), quantity: whole.minus(quantity) },
  ]);
  if (billed === undefined || rest === undefined) return [part];
  const [ofBilled, ofRest] = isFlat(part) ? flatShares(part, room.left, net) : [];
  return [
    { ...billed, ...shareOf(ofBilled), exact: room.left, steps: [...part.steps, withinStep(part, room, room.left)] },
    { ...rest, ...shareOf(ofRest), exact: above, steps: [...part.steps, last], aboveCap },
  ];
}

function shareOf(share: string | undefined): Pick<PricedPart, 'flatShare'> {
  return share === undefined ? {} : { flatShare: share };
}

function capFacts(part: PricedPart, { cap, used, left }: Room): TraceStep['facts'] {
  return {
    contractId: part.inForce.contract.contractId,
    capId: cap.id,
    scope: cap.scope,
    amount: cap.amount,
    usedBefore: used.toJSON().amount,
    left: left.toJSON().amount,
    currency: left.currency,
  };
}

function describe({ cap, used, left }: Room): string {
  return `not-to-exceed ${cap.name} (${cap.id}), ${cap.amount} ${left.currency} a ${cap.scope}, ${used.toJSON().amount} billed before`;
}

function withinStep(part: PricedPart, room: Room, billed: Money): TraceStep {
  return {
    step: 'cap',
    text: `${describe(room)}: ${billed.toString()} billed`,
    facts: { ...capFacts(part, room), billed: billed.toJSON().amount },
  };
}

function aboveStep(part: PricedPart, room: Room, above: Money): TraceStep {
  const facts = { ...capFacts(part, room), above: above.toJSON().amount, rule: room.cap.above };
  if (room.cap.above === 'gap') {
    return unpricedStep('cap', 'above-cap', `${describe(room)}: ${above.toString()} above it has no price`, facts);
  }
  return {
    step: 'cap',
    text: `${describe(room)}: ${above.toString()} above it is written down, as the contract says`,
    facts,
  };
}

/** As `CapUsed`, while work passes: money is written down once, at the end. */
interface BilledUnder extends Omit<CapUsed, 'billed'> {
  readonly billed: Money;
  /** What the period before handed over, as long as nothing was added: it goes on as it was written. */
  readonly given: CapUsed | null;
}

/** Whose work asks a cap for room. */
export interface CapAsked {
  readonly contractId: string;
  readonly ticketId: string;
  readonly currency: Currency;
}

function askOf({ inForce, assessed, exact }: PricedPart): CapAsked {
  return { contractId: inForce.contract.contractId, ticketId: assessed.work.ticketId, currency: exact.currency };
}

/** What caps let through: before the period, by what is frozen in it and later, and as its work passes. */
export class CapUsage {
  /** Of caps on tickets what all periods up to this one billed, of caps on the period what this one did. */
  private readonly billed = new Map<string, BilledUnder>();
  private readonly later: ReadonlyMap<string, Money>;

  constructor(private readonly facts: ClientPeriodFacts) {
    for (const one of facts.carriedOver?.caps ?? [])
      this.billed.set(keyOf(one.contractId, one.capId, one.ticketId), {
        ...one,
        billed: Money.from(one.billed),
        given: one,
      });
    this.later = new Map(
      (facts.laterCaps ?? []).map((one) => [keyOf(one.contractId, one.capId, one.ticketId), Money.from(one.billed)]),
    );
    for (const contract of facts.contracts) {
      if ((facts.invoiced.length === 0 && facts.writtenOff.length === 0) || contract.clientId !== facts.clientId)
        continue;
      const caps = new Map<string, Cap>();
      for (const version of contract.versions) for (const cap of version.terms.caps ?? []) caps.set(cap.id, cap);
      for (const cap of caps.values()) this.countFrozen(contract.contractId, cap);
    }
  }

  /** Work that was voided or moved out of the period is given back by an adjustment, so it takes no room. */
  private countFrozen(contractId: string, cap: Cap): void {
    const live = new Set(this.facts.work.map(({ workItemId }) => workItemId));
    for (const line of billedOnce(this.facts)) {
      if (line.net === null || !live.has(line.workItemId) || line.contractId !== contractId || line.draw !== undefined)
        continue;
      if (!matches(cap.match, itemToMatch(line, this.facts.tickets.get(line.ticketId)))) continue;
      this.add(contractId, cap, line.ticketId, Money.from(line.net));
    }
  }

  /** What is frozen of a piece of work under a cap: on invoices, and forgone by a person. */
  frozenOf(cap: Cap, { assessed, inForce, exact }: PricedPart): { readonly invoiced: Money; readonly forgone: Money } {
    let invoiced = Money.zero(exact.currency);
    let forgone = Money.zero(exact.currency);
    for (const { item, invoiceId } of assessed.frozen?.parts ?? []) {
      const { net, draw, contractId, ticketId } = item;
      if (net === null || net.currency !== exact.currency || draw !== undefined) continue;
      if (contractId !== inForce.contract.contractId) continue;
      if (!matches(cap.match, itemToMatch(item, this.facts.tickets.get(ticketId)))) continue;
      if (invoiceId === null) forgone = forgone.plus(Money.from(net));
      else invoiced = invoiced.plus(Money.from(net));
    }
    return { invoiced, forgone };
  }

  roomOf(cap: Cap, { contractId, ticketId, currency }: CapAsked): Room {
    const key = keyOf(contractId, cap.id, scopedTicket(cap, ticketId));
    const zero = Money.zero(currency);
    const used = (this.billed.get(key)?.billed ?? zero).plus(this.later.get(key) ?? zero);
    const left = Money.of(cap.amount, currency).rounded().minus(used);
    return { cap, used, left: left.isNegative() ? zero : left };
  }

  use(cap: Cap, { contractId, ticketId }: CapAsked, billed: Money): void {
    this.add(contractId, cap, ticketId, billed);
  }

  private add(contractId: string, cap: Cap, ofTicket: string, amount: Money): void {
    const ticketId = scopedTicket(cap, ofTicket);
    const key = keyOf(contractId, cap.id, ticketId);
    const known = this.billed.get(key);
    const billed = known === undefined ? amount : known.billed.plus(amount);
    this.billed.set(key, { contractId, capId: cap.id, ticketId, billed, given: null });
  }

  /** For the next period, sorted: caps on tickets under which something was billed. */
  handedOver(): readonly CapUsed[] {
    return [...this.billed]
      .filter(([, used]) => used.ticketId !== WHOLE_PERIOD && !used.billed.isZero())
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { given, billed, ...of }]) => given ?? { ...of, billed: billed.toJSON() });
  }
}

/** What is frozen of corrected work under each cap: its present price need not ask for room again for that. */
class FrozenOwn {
  private readonly left = new Map<string, Money>();

  /** Where the correction took something off, it makes room for all work that follows. */
  constructor(parts: readonly PricedPart[], usage: CapUsage) {
    const asked = new Map<string, { readonly cap: Cap; readonly part: PricedPart; net: Money }>();
    for (const part of parts) {
      if (!isCorrected(part) || part.draw !== null) continue;
      for (const cap of part.inForce.version.terms.caps ?? []) {
        const key = this.keyOf(cap, part);
        const isHeld = matches(cap.match, partToMatch(part));
        const net = isHeld ? part.exact.rounded() : Money.zero(part.exact.currency);
        const known = asked.get(key);
        if (known === undefined) asked.set(key, { cap, part, net });
        else known.net = known.net.plus(net);
      }
    }
    for (const [key, { cap, part, net }] of asked) {
      const { invoiced, forgone } = usage.frozenOf(cap, part);
      const less = invoiced.minus(net);
      if (!less.isNegative() && !isPending(part.assessed)) usage.use(cap, askOf(part), less.negated());
      this.left.set(key, invoiced.plus(forgone));
    }
  }

  of(cap: Cap, part: PricedPart): Money {
    // In most periods nothing was corrected after it was frozen: then no key is made to look it up by.
    const own = this.left.size === 0 ? undefined : this.left.get(this.keyOf(cap, part));
    return own ?? Money.zero(part.exact.currency);
  }

  /** What of the amount is beyond what is frozen; the rest is used up. */
  beyond(cap: Cap, part: PricedPart, amount: Money): Money {
    const own = this.of(cap, part);
    if (own.isZero()) return amount;
    const within = own.compare(amount) < 0 ? own : amount;
    this.left.set(this.keyOf(cap, part), own.minus(within));
    return amount.minus(within);
  }

  private keyOf(cap: Cap, { inForce, assessed }: PricedPart): string {
    return JSON.stringify([inForce.contract.contractId, cap.id, assessed.work.workItemId]);
  }
}

/** Stands for the ticket where a cap is over the whole period: no ticket has this id. */
const WHOLE_PERIOD = '';

function scopedTicket(cap: Cap, ticketId: string): string {
  return cap.scope === 'ticket' ? ticketId : WHOLE_PERIOD;
}

function keyOf(contractId: string, capId: string, ticketId: string): string {
  return JSON.stringify([contractId, capId, ticketId]);
}
