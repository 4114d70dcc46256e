import { isRefusal, type Month, type Refusal } from '@billtrail/kernel';
import {
  OF_NO_CLIENT,
  askedLessBy,
  isHeldIn,
  isOfTicket,
  type AskedLess,
  type ClientPeriodFacts,
  type SupposedOnTicket,
} from '@billtrail/billing';
import { NotKnown, type ReadModels } from '@billtrail/read-models';
import type { ClientsOfTicket } from './any-ticket.commands.js';

/** What less is asked, and of whom. */
export interface LessOfClient {
  /** Empty: nothing. */
  readonly less: readonly AskedLess[];
  /** null: the ticket has no client. */
  readonly clientId: string | null;
  /** Where the work lies in several, the first; null: nobody knows where it lies. */
  readonly period: Month | null;
  /** The piece of work is held, as it is rated. True where nobody knows, and of a whole ticket. */
  readonly isHeld: boolean;
}

/**
 * What clients would be asked less if these events were recorded. Work that is not found, or lies where not all is known, has a value that nobody can state: it may be
 * what keeps its month from being rated. `clientIds`: whose the ticket is, or ever was, and those that the events name. Of one moment with the decision: at once.
 * Refuses: ReadModelsDiffer.
 */
export function askedLessIf(
  { documentFacts }: ReadModels,
  onTicket: SupposedOnTicket,
  clientIds: ClientsOfTicket,
): LessOfClient | Refusal {
  const { ticketId } = onTicket;
  const unstated: LessOfClient = {
    less: [{ ticketId, money: null }],
    clientId: clientIds.at(-1) ?? null,
    period: null,
    isHeld: true,
  };
  try {
    const supposed = withFamily(onTicket, documentFacts);
    const now = documentFacts.concernedBy(supposed, clientIds);
    if (isRefusal(now)) return now;
    const first = now.find((facts) => hasWorkOf(facts, ticketId));
    if (first === undefined) return onTicket.workItemId === null ? { ...unstated, less: [] } : unstated;
    const { clientId, period } = first;
    const less = askedLessBy(now, supposed);
    const { workItemId } = onTicket;
    const isHeld = workItemId === null || isHeldIn(now, ticketId, workItemId);
    return { less, clientId: clientId === OF_NO_CLIENT ? null : clientId, period, isHeld };
  } catch (error) {
    if (error instanceof NotKnown) return unstated;
    throw error;
  }
}

/** With what is known of the tickets that it is one with, or would be. */
function withFamily(onTicket: SupposedOnTicket, documentFacts: ReadModels['documentFacts']): SupposedOnTicket {
  const { ticketId, events, workItemId } = onTicket;
  if (workItemId !== null) return onTicket;
  const isSplit = events.some(({ type }) => type === 'TicketSplit');
  if (isSplit) return { ...onTicket, apart: documentFacts.apart(ticketId) };
  const merged = events.find(({ type }) => type === 'TicketMerged');
  if (merged?.type !== 'TicketMerged') return { ...onTicket, asOne: (change) => documentFacts.asOne(ticketId, change) };
  const into = documentFacts.apart(merged.data.into).get(merged.data.into);
  return { ...onTicket, ...(into && { into }) };
}

function hasWorkOf({ work, tickets }: ClientPeriodFacts, ticketId: string): boolean {
  return work.some((one) => isOfTicket(one, ticketId, tickets));
}
