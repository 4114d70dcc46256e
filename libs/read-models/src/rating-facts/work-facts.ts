import { epochMillis, monthOf, unreachable, type Month, monthsBetween } from '@billtrail/kernel';
import type { WorkKind } from '@billtrail/contracts';
import type { Approval, PriceOverride } from '@billtrail/billing';
import type { TicketEvent, TimeEntryFacts } from '@billtrail/ticketing';
import type { ReadDatabase } from '../database/read-database.js';
import type { RecordedOf } from '../runner/projection.js';
import type { Staleness } from './staleness.js';
import type { WorkOfPeriods } from './work-of-periods.js';

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
  | 'ExpenseVoided';
export type WorkEvent = Extract<TicketEvent, { type: WorkType }>;

interface Recorded {
  readonly kind: WorkKind;
  readonly workDate: string;
  readonly minutes: number | null;
  readonly quantity: string;
  /** Months besides that of the work date that the work may lie in. */
  readonly otherMonths: readonly Month[];
}

/** One expense is one piece; its money is in its facts. */
const EXPENSE_QUANTITY = '1';

/** The work items of tickets as they stand: live ones only, a voided one is gone from here and stays in the log. */
export class WorkFacts {
  private readonly find;
  private readonly record;
  private readonly correct;
  private readonly judge;
  private readonly remove;
  private readonly nameOwner;
  private readonly takeName;
  private readonly override;
  private readonly spans;

  constructor(
    database: ReadDatabase,
    private readonly stale: Staleness,
    private readonly workOfPeriods: WorkOfPeriods,
  ) {
    this.find = database.statement<[string, string], { period: string; kind: WorkKind; source_event_ids: string }>(
      'SELECT period, kind, source_event_ids FROM work_items WHERE ticket_id = ? AND work_item_id = ?',
    );
    this.record = database.statement(
      'INSERT OR IGNORE INTO work_items VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)',
    );
    this.correct = database.statement(
      `UPDATE work_items SET period = ?, approval = ?, minutes = ?, quantity = ?, facts = ?, source_event_ids = ?, override = NULL
       WHERE ticket_id = ? AND work_item_id = ?`,
    );
    this.judge = database.statement('UPDATE work_items SET approval = ? WHERE ticket_id = ? AND work_item_id = ?');
    this.nameOwner = database
      .statement<[string], string>('SELECT ticket_id FROM work_item_names WHERE name = ?')
      .pluck();
    this.takeName = database.statement('INSERT INTO work_item_names VALUES (?, ?)');
    this.override = database.statement('UPDATE work_items SET override = ? WHERE ticket_id = ? AND work_item_id = ?');
    this.spans = new WorkSpans(database, (clientId, period, ticketId, id) => this.mark(clientId, period, ticketId, id));
    this.remove = database.statement('DELETE FROM work_items WHERE ticket_id = ? AND work_item_id = ?');
  }

  apply(ticketId: string, clientId: string, event: RecordedOf<WorkEvent>): void {
    switch (event.type) {
      case 'TimeEntryLogged': {
        const { timeEntryId, loggedBy: _, ...facts } = event.data;
        const { workDate, minutes } = facts;
        return this.recorded(
          ticketId,
          clientId,
          timeEntryId,
          event,
          { kind: 'time', workDate, minutes, quantity: '0', otherMonths: otherMonthsOf(facts) },
          facts,
        );
      }
      case 'MaterialUsed': {
        const { materialUsageId, ...facts } = event.data;
        const { workDate, quantity } = facts;
        return this.recorded(
          ticketId,
          clientId,
          materialUsageId,
          event,
          { kind: 'material', workDate, minutes: null, quantity, otherMonths: [] },
          facts,
        );
      }
      case 'ExpenseIncurred': {
        const { expenseId, ...facts } = event.data;
        const recorded = {
          kind: 'expense',
          workDate: facts.workDate,
          minutes: null,
          quantity: EXPENSE_QUANTITY,
          otherMonths: [],
        } as const;
        return this.recorded(ticketId, clientId, expenseId, event, recorded, facts);
      }
      case 'TimeEntryCorrected': {
        const { timeEntryId, reason: _, correctedBy: __, ...facts } = event.data;
        const { workDate, minutes } = facts;
        return this.corrected(
          ticketId,
          clientId,
          timeEntryId,
          event.id,
          { kind: 'time', workDate, minutes, quantity: '0', otherMonths: otherMonthsOf(facts) },
          facts,
        );
      }
      case 'MaterialUsageCorrected': {
        const { materialUsageId, reason: _, ...facts } = event.data;
        const { workDate, quantity } = facts;
        return this.corrected(
          ticketId,
          clientId,
          materialUsageId,
          event.id,
          { kind: 'material', workDate, minutes: null, quantity, otherMonths: [] },
          facts,
        );
      }
      case 'ExpenseCorrected': {
        const { expenseId, reason: _, ...facts } = event.data;
        const recorded = {
          kind: 'expense',
          workDate: facts.workDate,
          minutes: null,
          quantity: EXPENSE_QUANTITY,
          otherMonths: [],
        } as const;
        return this.corrected(ticketId, clientId, expenseId, event.id, recorded, facts);
      }
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
      default:
        return unreachable(event);
    }
  }

  private recorded(
    ticketId: string,
    clientId: string,
    id: string,
    event: RecordedOf<WorkEvent>,
    { kind, workDate, minutes, quantity, otherMonths }: Recorded,
    facts: object,
  ): void {
    const period = monthOf(workDate);
    const sources = JSON.stringify([event.id]);
    const approval: Approval | null = kind === 'time' ? 'unapproved' : null;
    const content = JSON.stringify(facts);
    const name = this.nameOf(ticketId, id);
    const cells = [
      ticketId,
      id,
      name,
      kind,
      clientId,
      period,
      event.position,
      approval,
      minutes,
      quantity,
      content,
      sources,
    ];
    if (this.record.run(...cells).changes === 0) {
      // Two records of one id: history is taken as it comes, and the later one counts.
      const before = this.find.get(ticketId, id);
      if (before) this.mark(clientId, before.period, ticketId, id);
      this.remove.run(ticketId, id);
      this.spans.end(ticketId, clientId, id);
      this.record.run(...cells);
    }
    this.spans.begin(ticketId, clientId, id, otherMonths);
    this.mark(clientId, period, ticketId, id);
  }

  /** The client-period must be rated again, for this work was written or is gone. */
  private mark(clientId: string, period: Month, ticketId: string, id: string): void {
    this.stale.period(clientId, period);
    this.workOfPeriods.changed(clientId, period, { ticketId, id });
  }

  /**
   * The name under which a work item is rated, drafted and invoiced. Ids are only unique within their ticket; the first ticket that uses one
   * keeps it as it is, also after the work was voided (it may stand on an invoice), and every other ticket's is put before its own.
   */
  private nameOf(ticketId: string, id: string): string {
    for (let name = id; ; name = `${ticketId}:${name}`) {
      const owner = this.nameOwner.get(name);
      if (owner === ticketId) return name;
      if (owner !== undefined) continue;
      this.takeName.run(name, ticketId);
      return name;
    }
  }

  private corrected(
    ticketId: string,
    clientId: string,
    id: string,
    eventId: string,
    { kind, workDate, minutes, quantity, otherMonths }: Recorded,
    facts: object,
  ): void {
    const before = this.find.get(ticketId, id);
    if (before?.kind !== kind) return;
    const period: Month = monthOf(workDate);
    const sources = JSON.stringify([...(JSON.parse(before.source_event_ids) as string[]), eventId]);
    // A correction takes an approval back: it was of the facts before.
    const approval: Approval | null = kind === 'time' ? 'unapproved' : null;
    this.correct.run(period, approval, minutes, quantity, JSON.stringify(facts), sources, ticketId, id);
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
    const override: PriceOverride | null =
      pricePerHour === null ? null : { pricePerHour, reason, overriddenBy, eventId: event.id };
    this.override.run(override === null ? null : JSON.stringify(override), ticketId, timeEntryId);
    this.changed(ticketId, clientId, timeEntryId, before.period);
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

/**
 * The further months of entries with start and end: those of all days that they touch in any zone of the earth. The zone that counts is
 * the contract's, and which contract that is, rating says.
 */
class WorkSpans {
  private readonly monthsOf;
  private readonly add;
  private readonly remove;

  constructor(
    database: ReadDatabase,
    private readonly markPeriod: (clientId: string, month: Month, ticketId: string, id: string) => void,
  ) {
    this.monthsOf = database
      .statement<[string, string], Month>('SELECT period FROM work_spans WHERE ticket_id = ? AND work_item_id = ?')
      .pluck();
    this.add = database.statement('INSERT OR IGNORE INTO work_spans VALUES (?, ?, ?, ?)');
    this.remove = database.statement('DELETE FROM work_spans WHERE ticket_id = ? AND work_item_id = ?');
  }

  begin(ticketId: string, clientId: string, id: string, months: readonly Month[]): void {
    for (const month of months) {
      this.add.run(clientId, month, ticketId, id);
      this.markPeriod(clientId, month, ticketId, id);
    }
  }

  mark(ticketId: string, clientId: string, id: string): void {
    for (const month of this.monthsOf.all(ticketId, id)) this.markPeriod(clientId, month, ticketId, id);
  }

  end(ticketId: string, clientId: string, id: string): void {
    this.mark(ticketId, clientId, id);
    this.remove.run(ticketId, id);
  }
}

const HOUR_MILLIS = 3_600_000;
/** How far the zones of the earth are behind and ahead of UTC. */
const FURTHEST_BEHIND_MILLIS = 12 * HOUR_MILLIS;
const FURTHEST_AHEAD_MILLIS = 14 * HOUR_MILLIS;

function otherMonthsOf({ workDate, startedAt, endedAt }: TimeEntryFacts): readonly Month[] {
  if (startedAt === null || endedAt === null) return [];
  const start = epochMillis(startedAt);
  const end = Math.max(start, epochMillis(endedAt));
  const months = monthsBetween(monthAt(start - FURTHEST_BEHIND_MILLIS), monthAt(end + FURTHEST_AHEAD_MILLIS));
  return months.filter((month) => month !== monthOf(workDate));
}

function monthAt(millis: number): Month {
  return new Date(millis).toISOString().slice(0, 'YYYY-MM'.length);
}
