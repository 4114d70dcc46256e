import {
  MAX_DAYS_AHEAD,
  changesCycles,
  chargesOnce,
  countsIncidents,
  monthsOfOnce,
  pricesIncidents,
} from '@billtrail/billing';
import {
  addDays,
  localDateIn,
  monthOf,
  monthsLater,
  unreachable,
  type LocalDate,
  type TimeZone,
} from '@billtrail/kernel';
import {
  endsByDecision,
  evolveContract,
  renewalOf,
  termEndOf,
  type ContractEvent,
  type ContractTerms,
  type RecurringCharge,
} from '@billtrail/contracts';
import type { ReadDatabase } from '../database/read-database.js';
import { whyNotTaken } from '../parking/not-taken.js';
import { ParkedPeriods } from '../parking/parked-periods.js';
import { ANY } from '../parking/parked-streams.js';
import type { RecordedOf } from '../runner/projection.js';
import type { ContractMonths } from './contract-months.js';
import { factsOf } from './contracts-reader.js';
import type { FactsMemory } from './memory.js';
import { checkStated, statedBy, supersededBy } from './stated-of-contracts.js';
import type { StaleMarks } from './stale-marks.js';
import { BLOCKS, CLIENTS, CONTRACTS, type ActivatedContract } from './tables.js';

/** The events of contracts: rating needs all of them. */
export const CONTRACT_TYPES = [
  'ContractActivated',
  'ContractVersionPublished',
  'ContractRenewed',
  'ContractRenewalReversed',
  'ContractSuspended',
  'ContractResumed',
  'PrepaidBlockPurchased',
  'PrepaidBlockReturned',
  'PrepaidBlockWithdrawn',
  'CountRecorded',
  'MilestoneReached',
  'MilestoneDeclarationWithdrawn',
  'NoticeRecorded',
  'NoticeWithdrawn',
  'ContractTerminated',
] as const satisfies readonly ContractEvent['type'][];

/** Before every day. */
const ALL_DAYS: LocalDate = '';

/** They change no service level. */
const WITHOUT_CLOCKS: ReadonlySet<string> = new Set([
  'PrepaidBlockPurchased',
  'PrepaidBlockReturned',
  'PrepaidBlockWithdrawn',
  'CountRecorded',
  'MilestoneReached',
  'MilestoneDeclarationWithdrawn',
  'NoticeRecorded',
  'NoticeWithdrawn',
]);

/** Folds the events of contracts as contracts themselves do, and marks what of their clients looks at them. */
export class ContractFactsFold {
  private readonly stored;
  private readonly put;
  private readonly client;
  private readonly putBlock;
  private readonly removeBlocks;

  private readonly notTaken: ParkedPeriods;

  constructor(
    private readonly database: ReadDatabase,
    private readonly marks: StaleMarks,
    private readonly months: ContractMonths,
    private readonly memory: FactsMemory,
  ) {
    this.notTaken = new ParkedPeriods(database, 'rating-facts');
    this.stored = database.rows(CONTRACTS, 'WHERE contract_id = ?');
    this.put = database.insert(CONTRACTS, 'OR REPLACE');
    this.client = database.rows(CLIENTS, 'WHERE client_id = ?');
    this.putBlock = database.insert(BLOCKS);
    this.removeBlocks = database.statement('DELETE FROM prepaid_blocks WHERE contract_id = ?');
  }

  /** What it can't take of a contract that it knows is left out, and parks its client until the same is stated anew. */
  apply(event: RecordedOf<ContractEvent>): void {
    const { contractId } = event.data;
    const before = this.stored.get(contractId)?.state ?? null;
    if (before === null) return this.fold(event, before);
    const subjectOf = (stated: string): string => JSON.stringify([contractId, stated]);
    try {
      this.database.nested(() => {
        checkStated(event);
        this.fold(event, before);
      });
      if (!this.notTaken.isAny()) return;
      const mended = supersededBy(event).filter((stated) => this.notTaken.taken(subjectOf(stated)));
      if (mended.length > 0) this.marks.client(before.clientId);
    } catch (error) {
      const found = whyNotTaken(error);
      if (found === null) throw error;
      // Marks that were rolled back are none.
      this.memory.markedPeriods.clear();
      const { clientId } = before;
      const { stream, id: eventId, position } = event;
      const told = { stream, eventId, position };
      this.marks.client(clientId);
      const cause = `${event.type}: ${found.cause}`;
      this.notTaken.park(subjectOf(statedBy(event)), { clientId, period: ANY, why: found.why, cause, told });
    }
  }

  private fold(event: RecordedOf<ContractEvent>, before: ActivatedContract | null): void {
    const { contractId } = event.data;
    const after = evolved(before, event, this.zoneOf(before));
    if (after === null) return;
    const clients = new Set([after.clientId, before?.clientId ?? after.clientId]);
    const withClocks = (): string[] => [...clients].filter((clientId) => this.marks.hasClocks(clientId));
    const hadClocks = withClocks();
    this.write(after);
    for (const clientId of clients) this.memory.contracts.delete(clientId);
    this.memory.clientsWithServiceLevels = null;
    this.memory.clientsWithIncidents = null;
    this.memory.clientsCountingIncidents = null;
    this.memory.clientsWithTerms = null;
    if (!WITHOUT_CLOCKS.has(event.type)) this.marks.clocksOf(new Set([...hadClocks, ...withClocks()]));
    const changed = before === null ? ALL_DAYS : firstDayChanged(before, event);
    if (changed !== null) this.markPeriods(clients, after, changed);
    this.months.contractChanged(contractId);
  }

  /** Of the days of a contract. */
  private zoneOf(contract: ActivatedContract | null): TimeZone {
    const own = contract?.versions.at(-1)?.terms.timeZone;
    return own ?? this.client.get(contract?.clientId ?? '')?.timeZone ?? 'UTC';
  }

  private write(state: ActivatedContract): void {
    const { contractId, clientId, versions, blocks, withdrawnBlocks } = state;
    const lastDay = state.status === 'terminated' ? state.lastDay : null;
    const spans = versions.map(({ effectiveFrom, effectiveTo, terms }) => {
      return { from: effectiveFrom, to: effectiveTo, cycleMonths: cycleMonthsOf(terms) };
    });
    const onceMonths = monthsOfOnce(factsOf(state));
    const hasCycles = spans.some(({ cycleMonths }) => cycleMonths !== null) || onceMonths.length > 0;
    const cyclesChange = changesCycles(versions);
    const termed = { ...state, lastDay };
    const end = endsByDecision(termed) ? null : termEndOf(state);
    const hasServiceLevels = versions.some(({ terms }) => terms.serviceLevels !== undefined);
    // As they were published, versions are asked for by commands alone; so is how the contract renewed.
    const { renewals: _renewals, reversedUntil: _reversedUntil, ...known } = state;
    const kept = { ...known, published: [] };
    this.put({
      contractId,
      clientId,
      lastDay,
      spans,
      hasCycles,
      onceMonths,
      timeZones: [...new Set(versions.map(({ terms }) => terms.timeZone ?? null))],
      changesCycles: cyclesChange,
      hasServiceLevels,
      hasIncidents: pricesIncidents(state),
      countsIncidents: countsIncidents(state),
      termEnd: end?.lastDay ?? null,
      warnsFrom: end === null ? null : addDays(end.lastDay, -(end.version.terms.renewal?.noticeDays ?? 0)),
      committedUntil: committedUntil(state),
      renewsAfter: renewalOf(termed)?.lastDay ?? null,
      state: kept,
    });
    this.removeBlocks.run(contractId);
    for (const block of [...blocks, ...withdrawnBlocks]) {
      const { blockId, purchasedOn, expiresOn, amount, price, returns = [], withdrawn = null } = block;
      this.putBlock({ contractId, blockId, purchasedOn, expiresOn, amount, price, returns, withdrawn });
    }
  }

  /** Marks the clients' periods whose rating looks at the contract's days from `day` on. */
  private markPeriods(clients: Iterable<string>, contract: ActivatedContract, day: LocalDate): void {
    const { versions } = contract;
    // A cap on a ticket counts what was frozen under it in any period, also before the version that brought it.
    const hasTicketCaps = versions.some(({ terms }) => terms.caps?.some((cap) => cap.scope === 'ticket'));
    const longest = Math.max(...versions.map(({ terms }) => cycleMonthsOf(terms) ?? 1), 1);
    // What is charged once stays in the account that asked for it first, before the day on which it is due now, perhaps.
    const isOnce = chargesOnce(contract) || pricesIncidents(contract);
    const isAnywhere = hasTicketCaps || changesCycles(versions) || isOnce;
    // A fee in advance is in the account of its cycle's first month; work may be done where the contract's day is not yet.
    const from =
      day === ALL_DAYS || isAnywhere ? null : `${monthsLater(monthOf(addDays(day, -MAX_DAYS_AHEAD)), 1 - longest)}-01`;
    for (const clientId of clients) this.marks.clientFrom(clientId, from);
  }
}

/** The contract after an event; null: it was never activated. */
function evolved(
  before: ActivatedContract | null,
  event: RecordedOf<ContractEvent>,
  zone: TimeZone,
): ActivatedContract | null {
  const after = evolveContract(before ?? { status: 'unknown' }, withSource(event, zone));
  if (after.status === 'unknown') return null;
  const versionEvents = versionEventsAfter(before, event);
  return { ...(after as ActivatedContract), versionEvents, daysEvents: daysEventsAfter(before, event) };
}

/** Of two versions with one number the later counts, and a renewal that was reversed gave nothing. */
function versionEventsAfter(
  before: ActivatedContract | null,
  event: RecordedOf<ContractEvent>,
): ActivatedContract['versionEvents'] {
  const { versionEvents = [], versions = [] } = before ?? {};
  switch (event.type) {
    case 'ContractVersionPublished': {
      const { versionNumber } = event.data;
      return [
        ...versionEvents.filter((one) => one.versionNumber !== versionNumber),
        { versionNumber, eventId: event.id },
      ];
    }
    case 'ContractRenewed': {
      const { versionNumber, effectiveTo: until } = event.data;
      const end = versions.find((one) => one.versionNumber === versionNumber)?.effectiveTo ?? null;
      if (end === null) return versionEvents;
      return [...versionEvents, { versionNumber, eventId: event.id, renewal: { on: addDays(end, 1), until } }];
    }
    case 'ContractRenewalReversed': {
      const { versionNumber, effectiveTo } = event.data;
      const isKept = ({ on }: { readonly on: LocalDate }) => effectiveTo === null || on <= effectiveTo;
      return versionEvents.filter(
        (one) => one.versionNumber !== versionNumber || one.renewal === undefined || isKept(one.renewal),
      );
    }
    default:
      return versionEvents;
  }
}

/** A suspension is about the days until it is over; of two terminations the earlier is about those until the later. */
function daysEventsAfter(
  before: ActivatedContract | null,
  event: RecordedOf<ContractEvent>,
): ActivatedContract['daysEvents'] {
  const { daysEvents = [] } = before ?? {};
  const eventId = event.id;
  const until = (open: (from: LocalDate) => boolean, to: LocalDate): ActivatedContract['daysEvents'] =>
    daysEvents.map((one) => (one.to === null && open(one.from) ? { ...one, to } : one));
  switch (event.type) {
    case 'ContractSuspended':
      return [...daysEvents, { eventId, from: event.data.from, to: null }];
    case 'ContractResumed': {
      const { resumedOn } = event.data;
      const rests = new Set(before?.suspensions.flatMap((one) => (one.resumedOn === null ? [one.from] : [])));
      if (rests.size === 0) return daysEvents;
      const over = until((from) => rests.has(from), addDays(resumedOn, -1));
      return [...over, { eventId, from: resumedOn, to: resumedOn }];
    }
    case 'ContractTerminated': {
      const { lastDay } = event.data;
      const ended = before?.status === 'terminated' ? addDays(before.lastDay, 1) : null;
      return [
        ...until((from) => from === ended && from <= lastDay, lastDay),
        { eventId, from: addDays(lastDay, 1), to: null },
      ];
    }
    case 'ContractRenewalReversed':
      return [...daysEvents, { eventId, from: addDays(event.data.effectiveTo, 1), to: null }];
    default:
      return daysEvents;
  }
}

const SOURCED: ReadonlySet<string> = new Set([
  'PrepaidBlockPurchased',
  'PrepaidBlockReturned',
  'CountRecorded',
  'MilestoneReached',
]);

/** Blocks, counts and milestones are charged for: what they are folded into names the event that brought them (law L6), a count also the day on which it did. */
function withSource(event: RecordedOf<ContractEvent>, zone: TimeZone): ContractEvent {
  if (!SOURCED.has(event.type)) return event;
  const recorded = event.type === 'CountRecorded' ? { recordedOn: localDateIn(zone, event.recordedAt) } : {};
  const sourced: object = { ...event, data: { ...event.data, eventId: event.id, ...recorded } };
  return sourced as ContractEvent;
}

/** The first day for which the contract is another after the event; null: it is not. */
function firstDayChanged(before: ActivatedContract, event: RecordedOf<ContractEvent>): LocalDate | null {
  const versionOf = (number: number) => before.versions.find(({ versionNumber }) => versionNumber === number);
  const purchasedOn = (id: string) => before.blocks.find(({ blockId }) => blockId === id)?.purchasedOn;
  // Whether what is left of a block can still be drawn is told in the month of its purchase.
  const purchases = before.blocks.map((block) => block.purchasedOn);
  switch (event.type) {
    case 'ContractActivated':
      return ALL_DAYS;
    case 'ContractVersionPublished':
      return earliest(versionOf(event.data.versionNumber)?.effectiveFrom, event.data.effectiveFrom, ...purchases);
    case 'ContractRenewed':
    case 'ContractRenewalReversed': {
      const renewed = versionOf(event.data.versionNumber);
      return renewed === undefined ? null : earliest(renewed.effectiveTo, event.data.effectiveTo, ...purchases);
    }
    case 'ContractSuspended':
      return event.data.from;
    case 'ContractResumed':
      return earliest(...before.suspensions.map(({ from, resumedOn }) => (resumedOn === null ? from : null)));
    case 'PrepaidBlockPurchased':
      return earliest(purchasedOn(event.data.blockId), event.data.purchasedOn);
    case 'PrepaidBlockReturned':
    case 'PrepaidBlockWithdrawn':
      return earliest(purchasedOn(event.data.blockId));
    case 'CountRecorded':
      return event.data.from;
    case 'MilestoneReached':
      return event.data.reachedOn;
    case 'MilestoneDeclarationWithdrawn':
      return before.milestones?.find((one) => one.milestoneId === event.data.milestoneId)?.reachedOn ?? null;
    case 'NoticeRecorded':
    case 'NoticeWithdrawn':
      // It says whether the end of the term is one that somebody decided.
      return earliest(termEndOf(before)?.lastDay, ...purchases);
    case 'ContractTerminated':
      // Stated anew, a later end gives days back that the earlier one had taken. And the end of a term before it is one that somebody decided.
      return earliest(
        before.status === 'terminated' ? before.lastDay : termEndOf(before)?.lastDay,
        event.data.lastDay,
        ...purchases,
      );
    default:
      return unreachable(event);
  }
}

function earliest(...days: readonly (LocalDate | null | undefined)[]): LocalDate | null {
  return days.filter((day) => day !== null && day !== undefined).sort()[0] ?? null;
}

/** The last day that a charge of any version is committed to, whatever ends before it. */
function committedUntil({ versions }: ActivatedContract): LocalDate | null {
  const days = versions.flatMap(({ terms }) =>
    (terms.recurringCharges ?? []).flatMap(({ commitment }) =>
      commitment?.increaseOnly === true ? [commitment.until] : [],
    ),
  );
  return days.sort().at(-1) ?? null;
}

/** Months that a cycle touches. */
function monthsTouched({ everyMonths = 1, cycleAnchor }: RecurringCharge): number {
  return cycleAnchor === 'contract-day' ? everyMonths + 1 : everyMonths;
}

/** The longest cycle of what comes with the month and not with work; null where there is no such thing. */
function cycleMonthsOf(terms: ContractTerms): number | null {
  const cycles: number[] = (terms.recurringCharges ?? []).map(monthsTouched);
  if (terms.minimumCommitment !== undefined || terms.prepaid?.allotment !== undefined) cycles.push(1);
  return cycles.length === 0 ? null : Math.max(...cycles);
}
