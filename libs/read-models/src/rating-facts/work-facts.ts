import { isDecimalString, isLocalDate, isMonth, unreachable, type LocalDate, type Month } from '@billtrail/kernel';
import type { WorkKind } from '@billtrail/contracts';
import { otherMonthsOf, type Approval, type Courtesy } from '@billtrail/billing';
import type { PositionNumber } from '@billtrail/event-store';
import {
  workChangeOf,
  type Approved,
  type TimeEntryFacts,
  type WorkChange,
  type WorkItemEvent,
} from '@billtrail/ticketing';
import type { ReadDatabase } from '../database/read-database.js';
import type { RecordedOf } from '../runner/projection.js';
import type { FactsMemory } from './memory.js';
import type { StaleMarks } from './stale-marks.js';
import { ENGINEER_DAYS, NO_PERIOD, WORK } from './tables.js';
import { WorkNames } from './work-names.js';
import { MergeFacts } from './merge-facts.js';
import { workChanged } from './work-of-periods.js';
import { WorkSpans } from './work-spans.js';
import { fromJson } from '../database/row-unreadable.js';

/** Work as an event states it. */
interface Stated {
  readonly id: string;
  readonly kind: WorkKind;
  /** {@link NO_PERIOD}: it has no day that can be one. */
  readonly period: Month;
  readonly minutes: number | null;
  readonly quantity: string;
  readonly otherMonths: readonly Month[];
  /** Why it can't be reckoned with; null: it can. */
  readonly notTaken: string | null;
  /** Who wrote it; undefined: the event does not say, for it recorded goods before goods were approved, and they need no approval. */
  readonly by: string | undefined;
  /** null: goods. */
  readonly engineerId: string | null;
  /** As stated, whatever it is. */
  readonly workDate: string;
  /** All of it, as rating takes it. */
  readonly facts: object;
}

type OfEngineer = Pick<Stated, 'engineerId' | 'workDate'>;

/** What was decided on work; `isOwn`: by someone who did or entered it. */
interface Judged {
  readonly approval: Approval;
  readonly isOwn: boolean;
}
const REJECTED: Judged = { approval: 'rejected', isOwn: false };

function approvedBy({ isOwnWork }: Approved): Judged {
  return { approval: 'approved', isOwn: isOwnWork === true };
}

/** What is done with days looks at years beside them, and there is none before and after. */
const FIRST_DAY: LocalDate = '0001-01-01';
const END_OF_DAYS: LocalDate = '9998-01-01';

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
  private readonly credit;
  private readonly takeCredit;
  private readonly remove;
  private readonly touch;
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
      {
        clientId: string;
        period: string;
        kind: WorkKind;
        approval: Approval | null;
        wasApproved: number;
        sources: string;
        writtenBy: string;
        engineerId: string | null;
        workDate: string;
      }
    >(
      `SELECT client_id AS clientId, period, kind, approval, was_approved AS wasApproved, source_event_ids AS sources, written_by AS writtenBy, engineer_id AS engineerId, work_date AS workDate FROM work_items ${where}`,
    );
    this.record = database.insert(WORK, 'OR IGNORE');
    this.correct = database.statement(
      `UPDATE work_items SET period = ?, stated_at = ?, not_taken = ?, approval = ?, is_own_approval = 0, minutes = ?, quantity = ?, facts = ?, source_event_ids = ?, engineer_id = ?, work_date = ?, written_by = ?, recorded_at = ?, override = NULL ${where}`,
    );
    this.judge = database.statement(
      `UPDATE work_items SET approval = ?, is_own_approval = ?, was_approved = was_approved OR ? ${where}`,
    );
    this.override = database.statement(`UPDATE work_items SET override = ? ${where}`);
    this.give = database.statement(`UPDATE work_items SET courtesy = ? ${where}`);
    this.credit = database.statement(
      `UPDATE work_items SET supplier_credits = json_insert(coalesce(supplier_credits, '[]'), '$[#]', json(?)) ${where}`,
    );
    this.takeCredit = database.statement(
      `UPDATE work_items SET supplier_credits = (SELECT json_group_array(json(value)) FROM json_each(supplier_credits)
       WHERE value ->> 'reference' <> ?) ${where}`,
    );
    this.remove = database.statement(`DELETE FROM work_items ${where}`);
    this.touch = database.insert(ENGINEER_DAYS, 'OR REPLACE');
    this.merges = new MergeFacts(database, memory);
    this.names = new WorkNames(database);
    this.spans = new WorkSpans(database, (clientId, period, ticketId, id) => this.mark(clientId, period, ticketId, id));
  }

  apply(ticketId: string, clientId: string, event: RecordedOf<WorkItemEvent>): void {
    switch (event.type) {
      case 'TimeEntryLogged':
      case 'MaterialUsed':
      case 'ExpenseIncurred':
        return this.recorded(ticketId, clientId, statedBy(event), event);
      case 'TimeEntryCorrected':
      case 'MaterialUsageCorrected':
      case 'ExpenseCorrected':
        return this.corrected(ticketId, clientId, statedBy(event), event);
      case 'TimeEntryApproved':
      case 'MaterialUsageApproved':
      case 'ExpenseApproved':
        return this.judged(ticketId, clientId, workChangeOf(event), approvedBy(event.data));
      case 'TimeEntryRejected':
      case 'MaterialUsageRejected':
      case 'ExpenseRejected':
        return this.judged(ticketId, clientId, workChangeOf(event), REJECTED);
      case 'TimeEntryPriceOverridden':
        return this.overridden(ticketId, clientId, event);
      case 'TimeEntryVoided':
      case 'MaterialUsageVoided':
      case 'ExpenseVoided':
        return this.voided(ticketId, clientId, workChangeOf(event), event.position);
      case 'CourtesyGranted': {
        const { workItemId, amount, isAll, reason, grantedBy } = event.data;
        return this.given(ticketId, clientId, workItemId, { amount, isAll, reason, grantedBy, eventId: event.id });
      }
      case 'CourtesyWithdrawn':
        return this.given(ticketId, clientId, event.data.workItemId, null);
      case 'SupplierCreditRecorded':
        return this.credited(ticketId, clientId, event);
      case 'SupplierCreditWithdrawn':
        return this.creditWithdrawn(ticketId, clientId, event);
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

  private recorded(ticketId: string, clientId: string, stated: Stated, event: RecordedOf<WorkItemEvent>): void {
    const { id, kind, period, minutes, quantity, facts, otherMonths, notTaken, by } = stated;
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
      statedAt: event.position,
      notTaken,
      approval: by === undefined ? null : ('unapproved' as const),
      isOwnApproval: false,
      wasApproved: false,
      facts,
      sourceEventIds: [event.id],
      override: null,
      courtesy: null,
      supplierCredits: null,
      engineerId: stated.engineerId,
      workDate: stated.workDate,
      writtenBy: [by ?? event.actor.id],
      recordedAt: event.recordedAt,
    };
    if (this.record(row).changes === 0) {
      // Two records of one id: history is taken as it comes, and the later one counts.
      const before = this.find.get(ticketId, id);
      if (before) {
        this.mark(clientId, before.period, ticketId, id);
        this.dayChanged(before, event.position);
      }
      this.remove.run(ticketId, id);
      this.spans.end(ticketId, clientId, id);
      this.record({ ...row, wasApproved: before?.wasApproved === 1 });
    }
    this.dayChanged(stated, event.position);
    this.spans.begin(ticketId, clientId, id, otherMonths);
    this.mark(clientId, period, ticketId, id);
  }

  /** What an engineer is said to have done on a day is another than before. */
  private dayChanged({ engineerId, workDate }: OfEngineer, changedAt: PositionNumber): void {
    if (engineerId !== null) this.touch({ engineerId, workDate, changedAt });
  }

  /** The client-period must be rated again, for this work was written or is gone. */
  private mark(clientId: string, period: Month, ticketId: string, id: string): void {
    this.marks.period(clientId, period);
    this.marks.incidentOf(clientId, period, () => this.merges.treeOf(ticketId));
    workChanged(this.memory, clientId, period, { ticketId, id });
  }

  private corrected(ticketId: string, clientId: string, stated: Stated, event: RecordedOf<WorkItemEvent>): void {
    const { id, kind, period, minutes, quantity, facts, otherMonths, notTaken, by } = stated;
    const before = this.find.get(ticketId, id);
    if (before?.kind !== kind) return;
    const sources = JSON.stringify([...(fromJson(before.sources) as string[]), event.id]);
    const writtenBy = fromJson(before.writtenBy) as string[];
    const writer = by ?? event.actor.id;
    // A correction takes an approval back: it was of the facts before.
    this.correct.run(
      period,
      event.position,
      notTaken,
      by === undefined ? before.approval : 'unapproved',
      minutes,
      quantity,
      JSON.stringify(facts),
      sources,
      stated.engineerId,
      stated.workDate,
      JSON.stringify(writtenBy.includes(writer) ? writtenBy : [...writtenBy, writer]),
      event.recordedAt,
      ticketId,
      id,
    );
    this.dayChanged(before, event.position);
    this.dayChanged(stated, event.position);
    this.spans.end(ticketId, clientId, id);
    this.spans.begin(ticketId, clientId, id, otherMonths);
    this.mark(clientId, before.period, ticketId, id);
    this.mark(clientId, period, ticketId, id);
  }

  private judged(
    ticketId: string,
    clientId: string,
    { workItemId: id, kind }: WorkChange,
    { approval, isOwn }: Judged,
  ): void {
    const before = this.find.get(ticketId, id);
    if (before?.kind !== kind) return;
    this.judge.run(approval, isOwn ? 1 : 0, approval === 'approved' ? 1 : 0, ticketId, id);
    this.changed(ticketId, clientId, id, before.period);
  }

  private overridden(
    ticketId: string,
    clientId: string,
    event: Extract<RecordedOf<WorkItemEvent>, { type: 'TimeEntryPriceOverridden' }>,
  ): void {
    const { timeEntryId, pricePerHour, reason, overriddenBy } = event.data;
    const before = this.find.get(ticketId, timeEntryId);
    if (before?.kind !== 'time') return;
    const override = { pricePerHour, reason, overriddenBy, eventId: event.id };
    this.override.run(pricePerHour === null ? null : JSON.stringify(override), ticketId, timeEntryId);
    this.dayChanged(before, event.position);
    this.changed(ticketId, clientId, timeEntryId, before.period);
  }

  private given(ticketId: string, clientId: string, id: string, courtesy: Courtesy | null): void {
    const before = this.find.get(ticketId, id);
    if (before === undefined) return;
    this.give.run(courtesy === null ? null : JSON.stringify(courtesy), ticketId, id);
    this.changed(ticketId, clientId, id, before.period);
  }

  private credited(
    ticketId: string,
    clientId: string,
    {
      id: eventId,
      data: { materialUsageId, amount, reference, claimedCost },
    }: Extract<RecordedOf<WorkItemEvent>, { type: 'SupplierCreditRecorded' }>,
  ): void {
    const before = this.find.get(ticketId, materialUsageId);
    if (before?.kind !== 'material') return;
    const credit = { amount, eventId, reference, ...(claimedCost && { claimedCost }) };
    this.credit.run(JSON.stringify(credit), ticketId, materialUsageId);
    this.changed(ticketId, clientId, materialUsageId, before.period);
  }

  private creditWithdrawn(
    ticketId: string,
    clientId: string,
    { data: { materialUsageId, reference } }: Extract<RecordedOf<WorkItemEvent>, { type: 'SupplierCreditWithdrawn' }>,
  ): void {
    const before = this.find.get(ticketId, materialUsageId);
    if (before?.kind !== 'material') return;
    this.takeCredit.run(reference, ticketId, materialUsageId);
    this.changed(ticketId, clientId, materialUsageId, before.period);
  }

  private changed(ticketId: string, clientId: string, id: string, period: Month): void {
    this.spans.mark(ticketId, clientId, id);
    this.mark(clientId, period, ticketId, id);
  }

  private voided(ticketId: string, clientId: string, { workItemId: id, kind }: WorkChange, at: PositionNumber): void {
    const before = this.find.get(ticketId, id);
    if (before?.kind !== kind) return;
    this.dayChanged(before, at);
    this.remove.run(ticketId, id);
    this.spans.end(ticketId, clientId, id);
    this.mark(clientId, before.period, ticketId, id);
  }
}

type StatingEvent = Extract<
  RecordedOf<WorkItemEvent>,
  { type: `${string}Logged` | `${string}Corrected` | 'MaterialUsed' | 'ExpenseIncurred' }
>;

function statedBy(event: StatingEvent): Stated {
  switch (event.type) {
    case 'TimeEntryLogged': {
      const { timeEntryId, loggedBy, ...facts } = event.data;
      return timeStated(timeEntryId, facts, loggedBy);
    }
    case 'TimeEntryCorrected': {
      const { timeEntryId, reason: _, correctedBy, secondPerson: __, ...facts } = event.data;
      return timeStated(timeEntryId, facts, correctedBy);
    }
    case 'MaterialUsed': {
      const { materialUsageId: id, recordedBy, ...facts } = event.data;
      return goodsStated(id, 'material', facts.quantity, facts, recordedBy);
    }
    case 'MaterialUsageCorrected': {
      const { materialUsageId: id, reason: _, correctedBy, secondPerson: __, ...facts } = event.data;
      return goodsStated(id, 'material', facts.quantity, facts, correctedBy);
    }
    case 'ExpenseIncurred': {
      const { expenseId: id, recordedBy, ...facts } = event.data;
      return goodsStated(id, 'expense', facts.quantity ?? ONE_EXPENSE, facts, recordedBy);
    }
    case 'ExpenseCorrected': {
      const { expenseId: id, reason: _, correctedBy, secondPerson: __, ...facts } = event.data;
      return goodsStated(id, 'expense', facts.quantity ?? ONE_EXPENSE, facts, correctedBy);
    }
    default:
      return unreachable(event);
  }
}

function goodsStated(
  id: string,
  kind: 'material' | 'expense',
  quantity: string,
  facts: { readonly workDate: string },
  by: string | undefined,
): Stated {
  const wrong = isDecimalString(quantity) ? null : 'the quantity is no decimal number';
  const stated = { id, kind, minutes: null, quantity, otherMonths: [], facts, notTaken: wrong, by, engineerId: null };
  return dated(stated, facts.workDate);
}

function timeStated(id: string, facts: TimeEntryFacts, by: string): Stated {
  const { minutes } = facts;
  const isWhole = Number.isSafeInteger(minutes);
  const otherMonths = otherMonthsOf(facts);
  const wrong = !isWhole
    ? 'the minutes are no whole number'
    : otherMonths === null
      ? 'its start and end are no moments, or too far from one another'
      : null;
  const of = { id, kind: 'time', by, engineerId: facts.engineerId } as const;
  const stated = { ...of, minutes: isWhole ? minutes : null, quantity: '0', facts };
  return dated({ ...stated, otherMonths: otherMonths ?? [], notTaken: wrong }, facts.workDate);
}

/** With the month of its day. What can't be reckoned with has no figure that a sum could take. */
function dated(stated: Omit<Stated, 'period' | 'workDate'>, day: unknown): Stated {
  const workDate = typeof day === 'string' ? day : '';
  const isDay = isLocalDate(workDate) && FIRST_DAY <= workDate && workDate < END_OF_DAYS;
  const notTaken = stated.notTaken ?? (isDay ? null : 'its day is none that can be reckoned with');
  const month = workDate.slice(0, 'YYYY-MM'.length);
  const isInMonth = isDay || (isMonth(month) && /^\d{4}-\d\d-\d\d$/.test(workDate));
  return {
    ...stated,
    workDate,
    notTaken,
    quantity: notTaken === null ? stated.quantity : '0',
    period: isInMonth ? month : NO_PERIOD,
  };
}
