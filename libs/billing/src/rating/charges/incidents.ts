import { type LocalDate, type Month, addTo, compareTexts, monthOf } from '@billtrail/kernel';
import type { CoverageRule, IncidentPrice, WorkToCover } from '@billtrail/contracts';
import { chargeIdOf, isOfWork, itemKeyOf } from '../../item/item-key.js';
import type { Assessor } from '../assess.js';
import type { Assessed } from '../assessed.js';
import { workToCover } from '../coverage/matching.js';
import type { InForce } from '../coverage/placement.js';
import type { ContractFacts, IncidentFacts, PeriodFacts, SettledOfIncident, TicketFacts } from '../facts.js';
import { isUnderWarranty } from '../items/step-8-item.js';
import { standingOf } from '../standing.js';
import type { EarlierCharge } from './charge-ledger.js';

/** True of contracts that may ask a fixed price of a ticket. */
export function pricesIncidents({ versions }: Pick<ContractFacts, 'versions'>): boolean {
  return versions.some(({ terms }) => terms.coverage.some(({ incident }) => incident !== undefined));
}

/** True of contracts of whose tickets so many of a month cost nothing: the place of each among those of its month tells its price. */
export function countsIncidents({ versions }: Pick<ContractFacts, 'versions'>): boolean {
  return versions.some(({ terms }) => terms.coverage.some(({ incident }) => incident?.includedPerPeriod !== undefined));
}

/** The first work of an incident: it tells the day, the terms and the month of its price. */
interface Begun {
  readonly day: LocalDate;
  readonly position: number;
  readonly inForce: InForce;
  readonly rule: CoverageRule;
  readonly price: IncidentPrice;
  readonly work: WorkToCover;
  readonly sourceEventIds: readonly string[];
}

/** A ticket whose work a rule with a fixed price includes: in whichever periods that work lies. */
export interface Incident {
  readonly contractId: string;
  readonly ruleId: string;
  /** Of merged tickets the one as whose work theirs counts. */
  readonly ticket: TicketFacts;
  /** By the work that is approved, or needs no approval; null: there is none. */
  readonly firm: Begun | null;
  /** By the work that nobody approved or rejected yet; null: there is none. */
  readonly pending: Begun | null;
}

/** An incident with the document that asks for it, if any does. */
export interface PlacedIncident extends Incident {
  readonly chargeId: string;
  /** The period in whose account it is: of the document that asked for it first, else of its first work. */
  readonly period: Month;
  /** True where a document asks for it. */
  readonly isAsked: boolean;
}

/**
 * The incidents of all tickets that have work in the period, or a fixed price in its account, over all periods, each once. What makes one is work as it is now: not
 * what was rejected or declared to cost nothing, nor what is under warranty, and not what a document asks for by itself, until that is credited.
 */
export function incidentsOf(facts: PeriodFacts, assessor: Assessor): readonly Incident[] {
  const { incidents } = facts;
  if (incidents === undefined) return [];
  const settled = settledStretches(incidents);
  const found = new Map<string, Incident>();
  for (const work of [...facts.work, ...incidents.work]) {
    const standing = standingOf(work);
    if (standing === 'alone' || isUnderWarranty(work)) continue;
    for (const one of assessor.assessAnywhere(work)) {
      const begun = begunBy(one);
      if (begun === null || !isOpen(one, heldOf(one, settled.get(work.workItemId) ?? []))) continue;
      const { ticket } = one;
      const { contractId } = begun.inForce.contract;
      const key = JSON.stringify([contractId, begun.rule.id, ticket.ticketId]);
      const known = found.get(key) ?? { contractId, ruleId: begun.rule.id, ticket, firm: null, pending: null };
      const is = standing === 'firm' ? 'firm' : 'pending';
      found.set(key, { ...known, [is]: earlier(known[is], begun) });
    }
  }
  return [...found.values()];
}

function begunBy({ work, ticket, placement, date, rateClass }: Assessed): Begun | null {
  if (placement?.as !== 'included') return null;
  const { inForce, rule } = placement;
  const { incident: price } = rule;
  if (price === undefined) return null;
  const { position, sourceEventIds } = work;
  return { day: date, position, inForce, rule, price, work: workToCover(work, ticket, rateClass), sourceEventIds };
}

function earlier(one: Begun | null, other: Begun): Begun {
  return one === null || inOrder(other, one) < 0 ? other : one;
}

function inOrder(a: Begun, b: Begun): number {
  return compareTexts(a.day, b.day) || a.position - b.position;
}

/** What an account holds of a piece of work: from a minute of it to another. */
interface SettledStretch extends Pick<SettledOfIncident, 'period' | 'startedAt'> {
  readonly from: number;
  readonly to: number;
}

function settledStretches({ settled }: IncidentFacts): ReadonlyMap<string, readonly SettledStretch[]> {
  const stretches = new Map<string, SettledStretch[]>();
  for (const { itemId, workItemId, period, startedAt, segment } of settled) {
    if (!isOfWork(itemKeyOf(itemId))) continue;
    const { fromMinute: from, toMinute: to } = segment ?? { fromMinute: 0, toMinute: Number.POSITIVE_INFINITY };
    addTo(stretches, workItemId, { from, to, period, startedAt });
  }
  return stretches;
}

/**
 * Those that still hold the work where it is now: as `heldMinutes` has it, what was corrected into another month is given back where it was, unless it began
 * when it does now and only the zone is another.
 */
function heldOf({ work, date }: Assessed, settled: readonly SettledStretch[]): readonly SettledStretch[] {
  const startedAt = work.kind === 'time' ? work.startedAt : null;
  return settled.filter(
    (then) => then.period === monthOf(date) || (startedAt !== null && then.startedAt === startedAt),
  );
}

/** True while part of the work is on no document by itself. */
function isOpen({ segment, minutes }: Assessed, settled: readonly SettledStretch[]): boolean {
  if (settled.length === 0) return true;
  const end = segment === null ? minutes : segment.toMinute;
  let reached = segment === null ? 0 : segment.fromMinute;
  for (const { from, to } of [...settled].sort((a, b) => a.from - b.from))
    if (from <= reached) reached = Math.max(reached, to);
  return reached < end;
}

/** A price that documents ask for, here or in another account. */
interface Asked {
  readonly chargeId: string;
  readonly period: Month;
}

/**
 * In whose account each incident is. What a document has asked for stays there, whatever work came first since then; where several have, as of tickets that were
 * merged or of two accounts that were invoiced at once, that of the ticket itself counts, and of one ticket the first month: the others are given back. null: it
 * is in no account yet, for all of its work awaits approval.
 */
export function placedIncidents(
  incidents: readonly Incident[],
  facts: PeriodFacts,
  here: readonly EarlierCharge[],
): readonly PlacedIncident[] {
  if (incidents.length === 0) return [];
  const asked = new Map<string, Asked>();
  const all = [...(facts.incidents?.asked ?? []), ...here.map(({ chargeId }) => ({ chargeId, period: facts.period }))];
  for (const one of [...all].sort((a, b) => compareTexts(a.period, b.period)))
    if (!asked.has(one.chargeId)) asked.set(one.chargeId, one);
  const parts = partsByTicket(facts);
  return incidents.flatMap((incident): readonly PlacedIncident[] => {
    const { contractId, ruleId: termId, ticket, firm, pending } = incident;
    const ids = [ticket.ticketId, ...(parts.get(ticket.ticketId) ?? [])].map((ticketId) =>
      chargeIdOf({ contractId, of: 'incident', termId, ticketId }),
    );
    const [first] = ids.flatMap((id) => asked.get(id) ?? []);
    if (first !== undefined) return [{ ...incident, ...first, isAsked: true }];
    const begun = firm ?? pending;
    const [chargeId] = ids;
    if (begun === null || chargeId === undefined) return [];
    return [{ ...incident, chargeId, period: monthOf(begun.day), isAsked: false }];
  });
}

/** The tickets that were merged into each, in the order of their ids. */
function partsByTicket({ tickets }: PeriodFacts): ReadonlyMap<string, readonly string[]> {
  const parts = new Map<string, string[]>();
  for (const [id, { ticketId }] of tickets) if (id !== ticketId) addTo(parts, ticketId, id);
  return new Map([...parts].map(([ticketId, ids]) => [ticketId, ids.sort()]));
}

/** The month in which an incident counts: that of its first work, whichever account asks for it. */
export function monthOfIncident({ firm, pending, period }: PlacedIncident): Month {
  const begun = firm ?? pending;
  return begun === null ? period : monthOf(begun.day);
}

/**
 * The place of each incident among those of its rule whose first work lies in the same month, from 1: in the order of that work. What awaits approval comes after
 * all others.
 */
export function numbered(placed: readonly PlacedIncident[]): ReadonlyMap<PlacedIncident, number> {
  const numbers = new Map<PlacedIncident, number>();
  const counts = new Map<string, number>();
  for (const one of [...placed].sort(inOrderOfWork)) {
    const key = JSON.stringify([one.contractId, one.ruleId, monthOfIncident(one)]);
    const number = (counts.get(key) ?? 0) + 1;
    counts.set(key, number);
    numbers.set(one, number);
  }
  return numbers;
}

function inOrderOfWork(a: PlacedIncident, b: PlacedIncident): number {
  if (a.firm === null || b.firm === null) return Number(a.firm === null) - Number(b.firm === null);
  return inOrder(a.firm, b.firm);
}
