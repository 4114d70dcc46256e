import type { Month } from '@billtrail/kernel';
import type { ReadDatabase } from '../database/read-database.js';
import { SPANS } from './tables.js';

/**
 * The further months of entries with start and end: those of all days that they touch in any zone of the earth. The zone that counts is
 * the contract's, and which contract that is, rating says.
 */
export class WorkSpans {
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
    this.add = database.insert(SPANS, 'OR IGNORE');
    this.remove = database.statement('DELETE FROM work_spans WHERE ticket_id = ? AND work_item_id = ?');
  }

  begin(ticketId: string, clientId: string, workItemId: string, months: readonly Month[]): void {
    for (const period of months) {
      this.add({ clientId, period, ticketId, workItemId });
      this.markPeriod(clientId, period, ticketId, workItemId);
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
