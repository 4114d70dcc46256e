import { type Currency, Decimal, Money } from '@billtrail/kernel';
import type { Cap } from '@billtrail/contracts';
import type { ClientPeriodFacts } from '../facts.js';
import { billedOnce } from '../items/frozen.js';
import { itemToMatch, matches, partToMatch } from '../coverage/matching.js';
import { cutInto, quantityFor, shareMinutes } from '../items/part-splitting.js';
import { unpricedStep } from '../coverage/placement.js';
import type { CapUsed } from '../prepaid/prepaid-facts.js';
import type { HoldToCaps, PricedPart } from '../items/priced-part.js';
import type { TraceStep } from '../trace.js';

/**
 * Step 7 of rating.md: a not-to-exceed cap lets work through, in the order of rating, until its amount is billed; of the piece that meets it the
 * part up to the cap is billed, and what is above is a part of its own, written down by the contract's rule or a gap `cap-exceeded`
 * (R10). Labour, materials and expenses count together, at their discounted and rounded nets. What is on invoices counts first,
 * that of later periods too. What is drawn on a block is not held. Of several caps the one with the least room holds, a gap before a
 * write-down.
 */
export const holdToCaps: HoldToCaps = (parts, facts) => {
  const usage = new CapUsage(facts);
  const held = parts.some((part) => part.inForce.version.terms.caps !== undefined)
    ? parts.flatMap((part) => hold(usage, part))
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

function hold(usage: CapUsage, part: PricedPart): readonly PricedPart[] {
  const { caps } = part.inForce.version.terms;
  if (caps === undefined || caps.length === 0 || part.draw !== null) return [part];
  const work = partToMatch(part);
  const rooms = caps.filter((cap) => matches(cap.match, work)).map((cap) => usage.roomOf(cap, askOf(part)));
  const tightest = tightestOf(rooms);
  if (tightest === null) return [part];
  const net = part.exact.rounded();
  const fits = net.compare(tightest.left) <= 0;
  const billed = fits ? net : tightest.left;
  for (const { cap } of rooms) usage.use(cap, askOf(part), billed);
  if (fits) return [{ ...part, steps: [...part.steps, withinStep(part, tightest, net)] }];
  return cutAtCap(part, tightest, net);
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
  return [
    { ...billed, exact: room.left, steps: [...part.steps, withinStep(part, room, room.left)] },
    { ...rest, exact: above, steps: [...part.steps, last], aboveCap },
  ];
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
  private readonly billed = new Map<string, CapUsed>();
  private readonly later: ReadonlyMap<string, Money>;

  constructor(private readonly facts: ClientPeriodFacts) {
    for (const one of facts.carriedOver?.caps ?? [])
      this.billed.set(keyOf(one.contractId, one.capId, one.ticketId), one);
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

  private countFrozen(contractId: string, cap: Cap): void {
    for (const line of billedOnce(this.facts)) {
      if (line.net === null || line.contractId !== contractId || line.draw !== undefined) continue;
      if (!matches(cap.match, itemToMatch(line, this.facts.tickets.get(line.ticketId)))) continue;
      this.add(contractId, cap, line.ticketId, Money.from(line.net));
    }
  }

  roomOf(cap: Cap, { contractId, ticketId, currency }: CapAsked): Room {
    const key = keyOf(contractId, cap.id, scopedTicket(cap, ticketId));
    const billed = this.billed.get(key);
    const before = billed === undefined ? Money.zero(currency) : Money.from(billed.billed);
    const used = before.plus(this.later.get(key) ?? Money.zero(currency));
    const left = Money.of(cap.amount, currency).rounded().minus(used);
    return { cap, used, left: left.isNegative() ? Money.zero(currency) : left };
  }

  use(cap: Cap, { contractId, ticketId }: CapAsked, billed: Money): void {
    this.add(contractId, cap, ticketId, billed);
  }

  private add(contractId: string, cap: Cap, ofTicket: string, amount: Money): void {
    const ticketId = scopedTicket(cap, ofTicket);
    const key = keyOf(contractId, cap.id, ticketId);
    const known = this.billed.get(key);
    const billed = known === undefined ? amount : Money.from(known.billed).plus(amount);
    this.billed.set(key, { contractId, capId: cap.id, ticketId, billed: billed.toJSON() });
  }

  /** For the next period, sorted: caps on tickets under which something was billed. */
  handedOver(): readonly CapUsed[] {
    return [...this.billed]
      .filter(([, used]) => used.ticketId !== WHOLE_PERIOD && !Money.from(used.billed).isZero())
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, used]) => used);
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
