import type { Decision, Instant, Issued } from '@billtrail/kernel';
import type { TicketEvent } from './events.js';
import type { TicketPolicy } from './gates.js';
import type { Ticket } from './state.js';

/** In every command: the ticket, and when it happened if that was not just now. */
export interface About {
  readonly ticketId: string;
  /** Business time; absent: the time at which the command was issued. At most a few minutes ahead of it. */
  readonly occurredAt?: Instant;
}

/** How each command of a family is decided, by its type. `occurredAt` is the command's business time. */
export type Decisions<Command extends { readonly type: string }> = {
  readonly [Type in Command['type']]: (
    command: Extract<Command, { type: Type }> & Issued,
    ticket: Ticket,
    occurredAt: Instant,
    policy: TicketPolicy,
  ) => Decision<TicketEvent>;
};
