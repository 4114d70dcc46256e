import { isNameOfWork } from '@billtrail/billing';
import type { RecordedEvent } from '@billtrail/event-store';
import type { TicketEvent } from '@billtrail/ticketing';
import type { ReadDatabase } from '../database/read-database.js';
import { allOf } from '../database/list.js';
import { eventOf } from '../runner/projection.js';
import { PEOPLE_OF_WORK, groupOfTicket } from './tables.js';

/** The events that say who did a piece of work, was to, or stated its figures. */
export const TYPES_OF_PEOPLE = [
  'TicketAssigned',
  'TicketReassigned',
  'TimeEntryLogged',
  'TimeEntryCorrected',
  'MaterialUsed',
  'MaterialUsageCorrected',
  'MaterialUsageVoided',
  'ExpenseIncurred',
  'ExpenseCorrected',
  'ExpenseVoided',
] as const satisfies readonly TicketEvent['type'][];

type EventOfPeople = Extract<TicketEvent, { type: (typeof TYPES_OF_PEOPLE)[number] }>;

const OF_PEOPLE: ReadonlySet<string> = new Set(TYPES_OF_PEOPLE);
const TICKET_STREAM = 'ticket-';

export function isOfPeople({ type }: RecordedEvent): boolean {
  return OF_PEOPLE.has(type);
}

/** Folds who did the work, or stated its figures. */
export class PeopleOfWorkFold {
  private readonly add;

  constructor(database: ReadDatabase) {
    this.add = database.insert(PEOPLE_OF_WORK, 'OR IGNORE');
  }

  apply(recorded: RecordedEvent): void {
    const { stream, actor, data } = eventOf<EventOfPeople>(recorded);
    const ticketId = stream.slice(TICKET_STREAM.length);
    const ticketGroup = groupOfTicket(ticketId);
    if ('engineerId' in data) {
      const { engineerId: personId } = data;
      const workItemId = 'timeEntryId' in data ? data.timeEntryId : '';
      if (personId !== null) this.add({ ticketId, workItemId, personId, ticketGroup });
      // Whoever entered or corrected it for another says what it comes to. Policies and imports are nobody.
      if (workItemId !== '' && actor.role !== 'system')
        this.add({ ticketId, workItemId, personId: actor.id, ticketGroup });
      return;
    }
    // Nobody is named for goods: it is whoever wrote them down.
    const workItemId = 'materialUsageId' in data ? data.materialUsageId : data.expenseId;
    this.add({ ticketId, workItemId, personId: actor.id, ticketGroup });
  }
}

/** The people who did a piece of work, or stated its figures. `name` null: of the whole ticket, with whom it was assigned to. */
export function peopleOf(database: ReadDatabase, ticketId: string, name: string | null): readonly string[] {
  const rows = allOf(database, PEOPLE_OF_WORK, { ticketId }, ['workItemId', 'personId']).filter(
    ({ workItemId }) => name === null || (workItemId !== '' && isNameOfWork(name, ticketId, workItemId)),
  );
  return [...new Set(rows.map(({ personId }) => personId))];
}
