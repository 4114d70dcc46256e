import { fold, isRefusal, type Instant } from '@billtrail/kernel';
import { laterOf, streamName, type Position, type StreamSlice } from '@billtrail/event-store';
import { ticketDecider, type TicketEvent } from '@billtrail/ticketing';
import type { CrossedMerge } from '@billtrail/read-models';
import { actorOf } from '../command-path/append-as.js';
import type { CommandPorts } from '../command-path/command-definition.js';
import { Fence, type Decided } from './fence.js';
import { skippingParked, type Attempt } from './attempt.js';

const POLICY = 'split-crossed-merges';
const decider = ticketDecider();

/**
 * Takes back merges that would have closed a circle: two processes merged each other's ticket at once, and the later in the log has no effect. So a
 * ticket that nothing is rated as part of does not send its people elsewhere. The command looks itself; the policy does where a crash came in between.
 * It waits for nobody, where a person's split may: a merge that never had effect asked nothing less, so taking it back forgoes nothing.
 */
export class SplitCrossedMerges {
  private readonly fence: Fence;

  constructor(
    private readonly ports: Pick<CommandPorts, 'store' | 'models' | 'clock'>,
    private readonly attempt: Attempt = skippingParked,
  ) {
    this.fence = new Fence(ports, POLICY);
  }

  /** Returns the position at which to look again, or null: there was nothing to take back. */
  async run(): Promise<Position | null> {
    const { store, models } = this.ports;
    let last: Position | null = null;
    for (const crossed of await models.ticketMerges.crossed()) {
      const read = async () => ({ slice: await store.readStream(streamName('ticket', crossed.ticketId)) });
      const looked = await this.attempt(() =>
        this.fence.record(read, ({ slice }, now) => takenBack(crossed, slice, now)),
      );
      last = laterOf(last, looked?.again ?? null);
    }
    return last;
  }
}

function takenBack({ ticketId, eventId }: CrossedMerge, { events }: StreamSlice, now: Instant): Decided | null {
  const reason = 'the other ticket was merged into this one at the same moment';
  // It was taken back already, and merged again: that one has effect.
  if (events.findLast(({ type }) => type === 'TicketMerged')?.id !== eventId) return null;
  const state = fold(decider, events as readonly TicketEvent[]);
  const decision = decider.decide({ type: 'SplitTicket', ticketId, reason, at: now, by: actorOf(POLICY) }, state);
  if (isRefusal(decision) || decision.length === 0) return null;
  return {
    events: decision,
    commandId: `${POLICY}/${eventId}`,
    correlationId: ticketId,
    causationId: eventId,
    asked: { ticketId, eventId },
    restsOn: { clients: [] },
  };
}
