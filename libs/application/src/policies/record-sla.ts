import type { Instant } from '@billtrail/kernel';
import { laterOf, streamName, type Position, type StreamSlice } from '@billtrail/event-store';
import type { DueTicket } from '@billtrail/read-models';
import { decideSla, slaClocksOf, slaRecordOf, type FindSla, type TicketEvent } from '@billtrail/ticketing';
import type { CommandPorts } from '../command-path/command-definition.js';
import { Fence, type Decided, type Looked } from './fence.js';
import { skippingParked, type Attempt } from './attempt.js';

const POLICY = 'record-sla';

/**
 * Records the warnings and breaches of SLA clocks on the streams of their tickets, and withdraws breaches that the facts no longer support (ADR 10). The
 * read model knows which tickets are due, and from when on; what to record is decided on the ticket's stream and on the contracts of that moment.
 */
export class RecordSla {
  private readonly fence: Fence;

  constructor(
    private readonly ports: CommandPorts,
    private readonly attempt: Attempt = skippingParked,
  ) {
    this.fence = new Fence(ports, POLICY);
  }

  /** Looks once at each ticket that is due now. Returns the position at which to look again, or null: nothing was to be done. */
  async run(): Promise<Position | null> {
    const { models } = this.ports;
    const { now } = await this.fence.now();
    let last: Position | null = null;
    for (let after: DueTicket | null = null; ;) {
      const due = await models.sla.due(now, after);
      const next = due.at(-1);
      if (next === undefined) return last;
      after = next;
      const levels = new LevelsOfPosition(models);
      const looks = await Promise.all(
        due.map(({ ticketId }) =>
          this.ports.inTurn(streamName('ticket', ticketId), () => this.attempt(() => this.ticket(ticketId, levels))),
        ),
      );
      for (const looked of looks) last = laterOf(last, looked?.again ?? null);
    }
  }

  private async ticket(ticketId: string, levels: LevelsOfPosition): Promise<Looked> {
    const { store, models } = this.ports;
    const read = async () => ({ slice: await store.readStream(streamName('ticket', ticketId)) });
    return this.fence.record(read, ({ slice }, now) => {
      models.known.of('rating-facts', 'sla').check({ ticketId });
      return decided(ticketId, slice, levels.find(), now);
    });
  }
}

/** What is found of contracts is remembered while the read models stand where they are. */
class LevelsOfPosition {
  private found: { readonly at: Position; readonly find: FindSla } | null = null;

  constructor(private readonly models: CommandPorts['models']) {}

  find(): FindSla {
    const at = this.models.position();
    if (this.found === null || !this.found.at.is(at)) this.found = { at, find: this.models.sla.serviceLevels() };
    return this.found.find;
  }
}

function decided(ticketId: string, { events, version }: StreamSlice, find: FindSla, now: Instant): Decided | null {
  const record = slaRecordOf(ticketId, events as readonly (TicketEvent & { readonly id: string })[]);
  const { clientId } = record.subject;
  const recorded = decideSla(record, slaClocksOf(record, find), now);
  if (recorded.length === 0) return null;
  return {
    events: recorded,
    commandId: `${POLICY}/${version}`,
    correlationId: ticketId,
    causationId: events.at(-1)?.id ?? null,
    asked: { ticketId, version },
    restsOn: { clients: clientId === null ? [] : [clientId] },
  };
}
