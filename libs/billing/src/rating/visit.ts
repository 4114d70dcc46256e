import type { LocalDate } from '@billtrail/kernel';
import type { RateCard } from '@billtrail/contracts';
import type { Assessed } from './assessed.js';

/** What of a piece of work tells what it shares a minimum, an increment or a price with. */
export interface ScopedWork {
  readonly workItemId: string;
  /** The ticket as whose work it counts: where its own was merged into another, that one. */
  readonly ticketId: string;
  /** null: the ticket names none, or it was never told. */
  readonly siteId: string | null;
  readonly engineerId: string | null;
  /** The day on which it began in the billing period. */
  readonly beganOn: LocalDate;
}

export function scopedWork({ work, ticket, beganOn }: Pick<Assessed, 'work' | 'ticket' | 'beganOn'>): ScopedWork {
  const { workItemId } = work;
  const { ticketId } = ticket;
  const engineerId = work.kind === 'time' ? work.engineerId : null;
  return { workItemId, ticketId, siteId: ticket.siteId, engineerId, beganOn };
}

/**
 * The visit that some work was part of, as a text that is equal for all of it: a site of the client (or the client, where the ticket names none), the day on
 * which the work began, and who came.
 */
export function visitOf(
  { siteId, engineerId, beganOn }: ScopedWork,
  { visitBy = 'engineer' }: Pick<RateCard, 'visitBy'>,
): string {
  const site = siteId === null ? '' : ` to ${siteId}`;
  const who = visitBy === 'crew' || engineerId === null ? '' : ` by ${engineerId}`;
  return `visit${site} on ${beganOn}${who}`;
}
