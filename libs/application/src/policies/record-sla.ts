import type { Instant } from '@billtrail/kernel';
import {
  CommandIdReused,
  fingerprintOf,
  laterOf,
  streamName,
  WrongExpectedVersion,
  type Position,
} from '@billtrail/event-store';
import type { DueTicket } from '@billtrail/read-models';
import { decideSla, slaClocksOf, slaRecordOf, type FindSla, type TicketEvent } from '@billtrail/ticketing';
import type { CommandPorts } from '../command-path/command-definition.js';
import { skippingParked } from './left-alone.js';

const POLICY = { id: 'record-sla', role: 'system' } as const;

/**
 * Records the warnings and breaches of SLA clocks on the streams of their tickets, and withdraws breaches that the facts no longer support (ADR 10). The
 * read model knows which tickets are due, and from when on; what to record is decided on the ticket's stream.
 */
export class RecordSla {
  constructor(private readonly ports: CommandPorts) {}

  /**
   * Looks once at each ticket that is due at `now`. Returns the position of the last event that was appended, or null. The read
   * models must have reached it before the next run; a ticket that another process was first to write to is looked at then.
   */
  async run(now: Instant): Promise<Position | null> {
    const { models } = this.ports;
    let last: Position | null = null;
    for (let after: DueTicket | null = null; ;) {
      const due = await models.sla.due(now, after);
      const next = due.at(-1);
      if (next === undefined) return last;
      after = next;
      const find = models.sla.serviceLevels();
      const parked = models.known.now();
      const positions = await Promise.all(
        due.map(({ ticketId }) =>
          this.ports.inTurn(streamName('ticket', ticketId), () =>
            skippingParked(() => {
              parked.check({ ticketId });
              return this.ticket(ticketId, find, now);
            }),
          ),
        ),
      );
      for (const position of positions) last = laterOf(last, position);
    }
  }

  private async ticket(ticketId: string, find: FindSla, now: Instant): Promise<Position | null> {
    const { store } = this.ports;
    const stream = streamName('ticket', ticketId);
    const { events, version } = await store.readStream(stream);
    const record = slaRecordOf(ticketId, events as readonly (TicketEvent & { readonly id: string })[]);
    const decided = decideSla(record, slaClocksOf(record, find), now);
    if (decided.length === 0) return null;
    try {
      const appended = await store.append({
        stream,
        expected: version,
        events: decided,
        actor: POLICY,
        // From the version decided on: deciding on it again, after a restart or in another process, is the same command.
        commandId: `${POLICY.id}/${version}`,
        correlationId: ticketId,
        causationId: events.at(-1)?.id ?? null,
        fingerprint: fingerprintOf(POLICY.id, { ticketId, version }),
      });
      return appended.position;
    } catch (error) {
      // Another writer was first. The read models will bring the ticket back if there is still something to do.
      if (error instanceof WrongExpectedVersion || error instanceof CommandIdReused) return store.head();
      throw error;
    }
  }
}
