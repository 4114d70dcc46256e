import { idsOfNameInSchema1, nameOfSharedId } from '@billtrail/billing';
import type { ReadDatabase } from '../database/read-database.js';
import { NAMES } from './tables.js';

const ENDING_OF_GROUP = 2;

/** Begins no id of a client. */
const OF_GROUP = '~';

/**
 * Names of work are compared in groups by how the ids end: whoever asks whether a name is taken also asks for one that is not there. The name of a shared id ends as the id does, so it is in
 * the same group.
 */
function groupOfId(workItemId: string): string {
  return `${OF_GROUP}${workItemId.slice(-ENDING_OF_GROUP)}`;
}

/** True where something is compared of a group of names, and not of a client. */
export function isGroupOfIds(clientId: string): boolean {
  return clientId.startsWith(OF_GROUP);
}

/**
 * The names under which work is rated, drafted and invoiced. Ids are only unique within their ticket; the first ticket that uses one keeps it as
 * it is, also after the work was voided (it may stand on an invoice), and the work of every other ticket is named with its ticket.
 */
export class WorkNames {
  private readonly nameOf;
  private readonly idOf;
  private readonly rest;
  private readonly isTaken;
  private readonly take;
  private readonly renameIn;

  constructor(database: ReadDatabase) {
    const nameOf = 'SELECT name FROM work_item_names WHERE ticket_id = ? AND work_item_id = ?';
    this.nameOf = database.statement<[string, string], string>(nameOf).pluck();
    this.rest = database.statement<[string, string]>(
      'UPDATE work_item_names SET name = name WHERE ticket_id = ? AND work_item_id = ?',
    );
    this.idOf = database
      .statement<[string, string], string>(
        'SELECT work_item_id FROM work_item_names WHERE ticket_id = ? AND name = ? LIMIT 1',
      )
      .pluck();
    this.isTaken = database.statement<[string], number>('SELECT 1 FROM work_item_names WHERE name = ? LIMIT 1').pluck();
    this.take = database.insert(NAMES);
    this.renameIn = ['work_item_names', 'work_items'].map((table) =>
      database.statement<[string, string, string]>(
        `UPDATE ${table} SET name = ? WHERE ticket_id = ? AND work_item_id = ?`,
      ),
    );
  }

  of(ticketId: string, workItemId: string): string {
    const known = this.nameOf.get(ticketId, workItemId);
    if (known !== undefined) {
      // As if it were written: what stands there decides the name, so it is looked at too.
      this.rest.run(ticketId, workItemId);
      return known;
    }
    const name = this.isTaken.get(workItemId) === undefined ? workItemId : nameOfSharedId(ticketId, workItemId);
    this.take({ ticketId, workItemId, name, idGroup: groupOfId(workItemId) });
    return name;
  }

  /**
   * A document names work of a ticket. Documents of old logs name work whose id another ticket used before in a form that people may type too:
   * where no work of the ticket has that id, it is meant so, and the work keeps that name, so that what is frozen is known for its own. Answers
   * the id of work that is renamed; null: none is.
   */
  named(ticketId: string, name: string): string | null {
    const ids = idsOfNameInSchema1(ticketId, name);
    if (ids.length === 0 || this.idOf.get(ticketId, name) !== undefined) return null;
    const id = ids.find((one) => this.nameOf.get(ticketId, one) === nameOfSharedId(ticketId, one));
    if (id === undefined) return null;
    for (const statement of this.renameIn) statement.run(name, ticketId, id);
    return id;
  }
}
