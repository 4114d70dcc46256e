import type { ReadDatabase } from '../database/read-database.js';
import { NAMES } from './tables.js';

/**
 * The names under which work is rated, drafted and invoiced. Ids are only unique within their ticket; the first ticket that uses one keeps it as
 * it is, also after the work was voided (it may stand on an invoice), and every other ticket's is put before its own.
 */
export class WorkNames {
  private readonly owner;
  private readonly take;

  constructor(database: ReadDatabase) {
    this.owner = database.statement<[string], string>('SELECT ticket_id FROM work_item_names WHERE name = ?').pluck();
    this.take = database.insert(NAMES);
  }

  of(ticketId: string, id: string): string {
    for (let name = id; ; name = `${ticketId}:${name}`) {
      const owner = this.owner.get(name);
      if (owner === ticketId) return name;
      if (owner !== undefined) continue;
      this.take({ name, ticketId });
      return name;
    }
  }
}
