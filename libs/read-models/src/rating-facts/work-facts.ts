import { monthOf, unreachable, type Month } from '@billtrail/kernel';
import type { WorkKind } from '@billtrail/contracts';
import type { Approval, Courtesy } from '@billtrail/billing';
import type { TicketEvent, ExpenseFacts, TimeEntryFacts } from '@billtrail/ticketing';
import type { ReadDatabase } from '../database/read-database.js';
import type { RecordedOf } from '../runner/projection.js';
import type { FactsMemory } from './memory.js';
import type { StaleMarks } from './stale-marks.js';
import { WORK } from './tables.js';
import { WorkNames } from './work-names.js';
import { MergeFacts } from './merge-facts.js';
import { workChanged } from './work-of-periods.js';
import { otherMonthsOf, WorkSpans } from './work-spans.js';

type WorkType =
  | 'TimeEntryLogged'
  | 'TimeEntryCorrected'
  | 'TimeEntryApproved'
  | 'TimeEntryRejected'
  | 'TimeEntryPriceOverridden'
  | 'TimeEntryVoided'
  | 'MaterialUsed'
  | 'MaterialUsageCorrected'
  | 'MaterialUsageVoided'
  | 'ExpenseIncurred'
  | 'ExpenseCorrected'
  | 'ExpenseVoided'
  | 'CourtesyGranted'
  | 'CourtesyWithdrawn';
export type WorkEvent = Extract<TicketEvent, { type: WorkType }>;

/** Work as an event states it. */
interface Stated {
  readonly id: string;
  readonly kind: WorkKind;
  readonly workDate: string;
  readonly minutes: number | null;
  readonly quantity: string;
  readonly otherMonths: readonly Month[];
  /** All of it, as rating takes it. */
  readonly facts: object;
}

/** An expense without a quantity is one piece; its money is in its facts. */
const ONE_EXPENSE = '1';

/** Folds the work items of tickets: live ones only, a voided one is gone from here and stays in the log. */
export class WorkFactsFold {
  private readonly find;
  private readonly record;
  private readonly correct;
  private readonly judge;
  private readonly override;
  private readonly give;
  private readonly remove;
  private readonly merges: MergeFacts;
  private readonly names: WorkNames;
  private readonly spans: WorkSpans;

  constructor(
    database: ReadDatabase,
    private readonly marks: StaleMarks,
    private readonly memory: FactsMemory,
  ) {
    const where = 'WHERE ticket_id = ? AND work_item_id = ?';
    this.find = database.statement<
      [string, string],
      { clientId: string; period: string; kind: WorkKind; sources: string }
    >(`SELECT client_id AS clientId, period, kind, source_event_ids AS sources FROM work_items ${where}`);
    this.record = database.insert(WORK, 'OR IGNORE');
    this.correct = database.statement(
      `UPDATE work_items SET period = ?, approval = ?, minutes = ?, quantity = ?, facts = ?, source_event_ids = ?, override = NULL ${where}`,
    );
    this.judge = database.statement(`UPDATE work_items SET approval = ? ${where}`);
    this.override = database.statement(`UPDATE work_items SET override = ? ${where}`);
    this.give = database.statement(`UPDATE work_items SET courtesy = ? ${where}`);
    this.remove = database.statement(`DELETE FROM work_items ${where}`);
    this.merges = new MergeFacts(database, memory);
    this.names = new WorkNames(database);
    this.spans = new WorkSpans(database, (clientId, period, ticketId, id) => this.mark(clientId, period, ticketId, id));
  }

  apply(ticketId: string, clientId: string, event: RecordedOf<WorkEvent>): void {
    switch (event.type) {
      case 'TimeEntryLogged':
      case 'MaterialUsed':
      case 'ExpenseIncurred':
        return this.recorded(ticketId, clientId, statedBy(event), event);
      case 'TimeEntryCorrected':
      case 'MaterialUsageCorrected':
      case 'ExpenseCorrected':
        return this.corrected(ticketId, clientId, statedBy(event), event.id);
      case 'TimeEntryApproved':
        return this.judged(ticketId, clientId, event.data.timeEntryId, 'approved');
      case 'TimeEntryRejected':
        return this.judged(ticketId, clientId, event.data.timeEntryId, 'rejected');
      case 'TimeEntryPriceOverridden':
        return this.overridden(ticketId, clientId, event);
      case 'TimeEntryVoided':
        return this.voided(ticketId, clientId, event.data.timeEntryId, 'time');
      case 'MaterialUsageVoided':
        return this.voided(ticketId, clientId, event.data.materialUsageId, 'material');
      case 'ExpenseVoided':
        return this.voided(ticketId, clientId, event.data.expenseId, 'expense');
      case 'CourtesyGranted': {
        const { workItemId, amount, isAll, reason, grantedBy } = event.data;
        return this.given(ticketId, clientId, workItemId, { amount, isAll, reason, grantedBy, eventId: event.id });
      }
      case 'CourtesyWithdrawn':
        return this.given(ticketId, clientId, event.data.workItemId, null);
      default:
        return unreachable(event);
    }
  }

  /** A document names work: see {@link WorkNames.named}. */
  named(ticketId: string, name: string): void {
    const id = this.names.named(ticketId, name);
    const renamed = id === null ? undefined : this.find.get(ticketId, id);
    if (id !== null && renamed !== undefined) this.changed(ticketId, renamed.clientId, id, renamed.period);
  }

  private recorded(ticketId: string, clientId: string, stated: Stated, event: RecordedOf<WorkEvent>): void {
    const { id, kind, workDate, minutes, quantity, facts, otherMonths } = stated;
    const period = monthOf(workDate);
    const row = {
      ticketId,
      workItemId: id,
      name: this.names.of(ticketId, id),
      kind,
      clientId,
      period,
      minutes,
      quantity,
      position: event.position,
      approval: approvalOf(kind),
      facts,
      sourceEventIds: [event.id],
      override: null,
      courtesy: null,
    };
    if (this.record(row).changes === 0) {
      // Two records of one id: history is taken as it comes, and the later one counts.
      const before = this.find.get(ticketId, id);
      if (before) this.mark(clientId, before.period, ticketId, id);
      this.remove.run(ticketId, id);
      this.spans.end(ticketId, clientId, id);
      this.record(row);
    }
    this.spans.begin(ticketId, clientId, id, otherMonths);
    this.mark(clientId, period, ticketId, id);
  }

  /** The client-period must be rated again, for this work was written or is gone. */
  private mark(clientId: string, period: Month, ticketId: string, id: string): void {
    this.marks.period(clientId, period);
    this.marks.incidentOf(clientId, () => this.merges.treeOf(ticketId));
    workChanged(this.memory, clientId, period, { ticketId, id });
  }

  private corrected(ticketId: string, clientId: string, stated: Stated, eventId: string): void {
    const { id, kind, workDate, minutes, quantity, facts, otherMonths } = stated;
    const before = this.find.get(ticketId, id);
    if (before?.kind !== kind) return;
    const period = monthOf(workDate);
    const sources = JSON.stringify([...(JSON.parse(before.sources) as string[]), eventId]);
    // A correction takes an approval back: it was of the facts before.
    this.correct.run(period, approvalOf(kind), minutes, quantity, JSON.stringify(facts), sources, ticketId, id);
    this.spans.end(ticketId, clientId, id);
    this.spans.begin(ticketId, clientId, id, otherMonths);
    this.mark(clientId, before.period, ticketId, id);
    this.mark(clientId, period, ticketId, id);
  }

  private judged(ticketId: string, clientId: string, id: string, approval: Approval): void {
    const before = this.find.get(ticketId, id);
    if (before?.kind !== 'time') return;
    this.judge.run(approval, ticketId, id);
    this.changed(ticketId, clientId, id, before.period);
  }

  private overridden(
    ticketId: string,
    clientId: string,
    event: Extract<RecordedOf<WorkEvent>, { type: 'TimeEntryPriceOverridden' }>,
  ): void {
    const { timeEntryId, pricePerHour, reason, overriddenBy } = event.data;
    const before = this.find.get(ticketId, timeEntryId);
    if (before?.kind !== 'time') return;
    const override = { pricePerHour, reason, overriddenBy, eventId: event.id };
    this.override.run(pricePerHour === null ? null : JSON.stringify(override), ticketId, timeEntryId);
    this.changed(ticketId, clientId, timeEntryId, before.period);
  }

  private given(ticketId: string, clientId: string, id: string, courtesy: Courtesy | null): void {
    const before = this.find.get(ticketId, id);
    if (before === undefined) return;
    this.give.run(courtesy === null ? null : JSON.stringify(courtesy), ticketId, id);
    this.changed(ticketId, clientId, id, before.period);
  }

  private changed(ticketId: string, clientId: string, id: string, period: Month): void {
    this.spans.mark(ticketId, clientId, id);
    this.mark(clientId, period, ticketId, id);
  }

  private voided(ticketId: string, clientId: string, id: string, kind: WorkKind): void {
    const before = this.find.get(ticketId, id);
    if (before?.kind !== kind) return;
    this.remove.run(ticketId, id);
    this.spans.end(ticketId, clientId, id);
    this.mark(clientId, before.period, ticketId, id);
  }
}

function approvalOf(kind: WorkKind): Approval | null {
  return kind === 'time' ? 'unapproved' : null;
}

type StatingEvent = Extract<
  RecordedOf<WorkEvent>,
  { type: `${string}Logged` | `${string}Corrected` | 'MaterialUsed' | 'ExpenseIncurred' }
>;

function statedBy(event: StatingEvent): Stated {
  switch (event.type) {
    case 'TimeEntryLogged': {
      const { timeEntryId, loggedBy: _, ...facts } = event.data;
      return timeStated(timeEntryId, facts);
    }
    case 'TimeEntryCorrected': {
      const { timeEntryId, reason: _, correctedBy: __, ...facts } = event.data;
      return timeStated(timeEntryId, facts);
    }
    case 'MaterialUsed': {
      const { materialUsageId: id, ...facts } = event.data;
      return { id, kind: 'material', ...facts, minutes: null, otherMonths: [], facts };
    }
    case 'MaterialUsageCorrected': {
      const { materialUsageId: id, reason: _, ...facts } = event.data;
      return { id, kind: 'material', ...facts, minutes: null, otherMonths: [], facts };
    }
    case 'ExpenseIncurred': {
      const { expenseId: id, ...facts } = event.data;
      return expenseStated(id, facts);
    }
    case 'ExpenseCorrected': {
      const { expenseId: id, reason: _, ...facts } = event.data;
      return expenseStated(id, facts);
    }
    default:
      return unreachable(event);
  }
}

function expenseStated(id: string, facts: ExpenseFacts): Stated {
  const { quantity = ONE_EXPENSE } = facts;
  return { id, kind: 'expense', workDate: facts.workDate, minutes: null, quantity, otherMonths: [], facts };
}

function timeStated(id: string, facts: TimeEntryFacts): Stated {
  const { workDate, minutes } = facts;
  return { id, kind: 'time', workDate, minutes, quantity: '0', otherMonths: otherMonthsOf(facts), facts };
}
