import { monthOf, unreachable, type Month } from '@billtrail/kernel';
import type { WorkKind } from '@billtrail/contracts';
import type { Approval } from '@billtrail/billing';
import type { TicketEvent } from '@billtrail/ticketing';
import type { ReadDatabase } from '../database/read-database.js';
import type { RecordedOf } from '../runner/projection.js';
import type { Staleness } from './staleness.js';

type WorkType =
  | 'TimeEntryLogged'
  | 'TimeEntryCorrected'
  | 'TimeEntryApproved'
  | 'TimeEntryRejected'
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

  constructor(
    database: ReadDatabase,
    private readonly stale: Staleness,
  ) {
    this.find = database.statement<[string, string], { period: string; kind: WorkKind; source_event_ids: string }>(
      'SELECT period, kind, source_event_ids FROM work_items WHERE ticket_id = ? AND work_item_id = ?',
    );
    this.record = database.statement('INSERT OR IGNORE INTO work_items VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.correct = database.statement(
      `UPDATE work_items SET period = ?, approval = ?, minutes = ?, quantity = ?, facts = ?, source_event_ids = ?
       WHERE ticket_id = ? AND work_item_id = ?`,
    );
    this.judge = database.statement('UPDATE work_items SET approval = ? WHERE ticket_id = ? AND work_item_id = ?');
    this.nameOwner = database
      .statement<[string], string>('SELECT ticket_id FROM work_item_names WHERE name = ?')
      .pluck();
    this.takeName = database.statement('INSERT INTO work_item_names VALUES (?, ?)');
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
          { kind: 'time', workDate, minutes, quantity: '0' },
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
          { kind: 'material', workDate, minutes: null, quantity },
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
          { kind: 'time', workDate, minutes, quantity: '0' },
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
          { kind: 'material', workDate, minutes: null, quantity },
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
        } as const;
        return this.corrected(ticketId, clientId, expenseId, event.id, recorded, facts);
      }
      case 'TimeEntryApproved':
        return this.judged(ticketId, clientId, event.data.timeEntryId, 'approved');
      case 'TimeEntryRejected':
        return this.judged(ticketId, clientId, event.data.timeEntryId, 'rejected');
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
    { kind, workDate, minutes, quantity }: Recorded,
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
      if (before) this.stale.period(clientId, before.period);
      this.remove.run(ticketId, id);
      this.record.run(...cells);
    }
    this.stale.period(clientId, period);
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
    { kind, workDate, minutes, quantity }: Recorded,
    facts: object,
  ): void {
    const before = this.find.get(ticketId, id);
    if (before?.kind !== kind) return;
    const period: Month = monthOf(workDate);
    const sources = JSON.stringify([...(JSON.parse(before.source_event_ids) as string[]), eventId]);
    // A correction takes an approval back: it was of the facts before.
    const approval: Approval | null = kind === 'time' ? 'unapproved' : null;
    this.correct.run(period, approval, minutes, quantity, JSON.stringify(facts), sources, ticketId, id);
    this.stale.period(clientId, before.period);
    this.stale.period(clientId, period);
  }

  private judged(ticketId: string, clientId: string, id: string, approval: Approval): void {
    const before = this.find.get(ticketId, id);
    if (before?.kind !== 'time') return;
    this.judge.run(approval, ticketId, id);
    this.stale.period(clientId, before.period);
  }

  private voided(ticketId: string, clientId: string, id: string, kind: WorkKind): void {
    const before = this.find.get(ticketId, id);
    if (before?.kind !== kind) return;
    this.remove.run(ticketId, id);
    this.stale.period(clientId, before.period);
  }
}
