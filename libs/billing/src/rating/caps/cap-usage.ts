import { type Currency, Money, compareTexts, invariant } from '@billtrail/kernel';
import type { Cap } from '@billtrail/contracts';
import { capsOver } from '../coverage/scope.js';
import type { PeriodFacts } from '../facts.js';
import type { PricedPart } from '../items/priced-part.js';
import type { CapUsed } from '../prepaid/prepaid-facts.js';
import type { Room } from './room.js';

/** Whose work asks a cap for room. */
export interface CapAsked {
  readonly contractId: string;
  readonly ticketId: string;
  readonly currency: Currency;
}

export function askOf({ inForce, assessed, exact }: PricedPart): CapAsked {
  return { contractId: inForce.contract.contractId, ticketId: assessed.ticket.ticketId, currency: exact.currency };
}

/** The caps that may hold a part. */
export function capsOfPart({ assessed: { placement }, inForce }: PricedPart): readonly Cap[] {
  invariant(placement?.as === 'billable' || placement?.as === 'prepaid', 'a part with a price has a rule that gave it');
  return capsOver(inForce.version, placement.rule);
}

/** As `CapUsed`, while work passes: money is written down once, at the end. */
interface BilledUnder {
  billed: Money;
  /** What later periods froze. null: nothing. */
  later: Money | null;
  /** What the period before carried over, as long as nothing was added: it goes on as it was written. */
  given: CapUsed | null;
}

/** What the versions of one cap (it keeps its id, not its amount) let through, by ticket. */
type BilledByTicket = Map<string, BilledUnder>;

/** A cap of one contract, with what of it is the same for all work. */
interface CapOfContract {
  readonly asks: string;
  readonly limit: Money;
  readonly billed: BilledByTicket;
}

/** Stands for the ticket where a cap is over the whole period: no ticket has this id. */
const WHOLE_PERIOD = '';

function scopedTicket(cap: Cap, ticketId: string): string {
  return cap.scope === 'ticket' ? ticketId : WHOLE_PERIOD;
}

/** What caps let through: before the period, by what is settled in it and later, and as its work passes. */
export class CapUsage {
  /** By contract and id of the cap. Of caps on tickets what all periods up to this one billed, of caps on the period what this one did. */
  private readonly billed = new Map<string, Map<string, BilledByTicket>>();
  private readonly caps = new Map<string, Map<Cap, CapOfContract>>();

  constructor({ carriedOver, laterCaps = [] }: Pick<PeriodFacts, 'carriedOver' | 'laterCaps'>) {
    for (const given of carriedOver?.caps ?? [])
      this.billedUnder(given.contractId, given.capId).set(given.ticketId, {
        billed: Money.from(given.billed),
        later: null,
        given,
      });
    for (const { contractId, capId, ticketId, billed } of laterCaps)
      entryOf(this.billedUnder(contractId, capId), ticketId, billed.currency).later = Money.from(billed);
  }

  roomOf(cap: Cap, { contractId, ticketId, currency }: CapAsked): Room {
    const { asks, limit, billed: byTicket } = this.capOf(contractId, cap, currency);
    const { billed, later } = entryOf(byTicket, scopedTicket(cap, ticketId), currency);
    const used = later === null ? billed : billed.plus(later);
    const left = limit.minus(used);
    return { contractId, cap, asks, used, left: left.isNegative() ? Money.zero(currency) : left };
  }

  use(cap: Cap, { contractId, ticketId, currency }: CapAsked, billed: Money): void {
    const entry = entryOf(this.capOf(contractId, cap, currency).billed, scopedTicket(cap, ticketId), currency);
    entry.billed = entry.billed.plus(billed);
    entry.given = null;
  }

  /** For the next period, sorted: caps on tickets under which something was billed. */
  carriedOver(): readonly CapUsed[] {
    const used: CapUsed[] = [];
    for (const [contractId, ofContract] of this.billed)
      for (const [capId, byTicket] of ofContract)
        for (const [ticketId, { billed, given }] of byTicket)
          if (ticketId !== WHOLE_PERIOD && !billed.isZero())
            used.push(given ?? { contractId, capId, ticketId, billed: billed.toJSON() });
    return used.sort(inCapOrder);
  }

  private billedUnder(contractId: string, capId: string): BilledByTicket {
    let ofContract = this.billed.get(contractId);
    if (ofContract === undefined) this.billed.set(contractId, (ofContract = new Map()));
    let byTicket = ofContract.get(capId);
    if (byTicket === undefined) ofContract.set(capId, (byTicket = new Map()));
    return byTicket;
  }

  private capOf(contractId: string, cap: Cap, currency: Currency): CapOfContract {
    let caps = this.caps.get(contractId);
    if (caps === undefined) this.caps.set(contractId, (caps = new Map()));
    let known = caps.get(cap);
    if (known === undefined) {
      known = {
        asks: `not-to-exceed ${cap.name} (${cap.id}), ${cap.amount} ${currency} a ${cap.scope}`,
        limit: Money.of(cap.amount, currency).rounded(),
        billed: this.billedUnder(contractId, cap.id),
      };
      caps.set(cap, known);
    }
    return known;
  }
}

function entryOf(byTicket: BilledByTicket, ticketId: string, currency: Currency): BilledUnder {
  let entry = byTicket.get(ticketId);
  if (entry === undefined) {
    entry = { billed: Money.zero(currency), later: null, given: null };
    byTicket.set(ticketId, entry);
  }
  return entry;
}

/** By contract, cap and ticket: the order in which they are carried over, so that equal states are equal JSON. */
export function inCapOrder(a: CapUsed, b: CapUsed): number {
  return (
    compareTexts(a.contractId, b.contractId) || compareTexts(a.capId, b.capId) || compareTexts(a.ticketId, b.ticketId)
  );
}
