import { refuse, type Refusal } from '@billtrail/kernel';
import { PositionUnknown, type EventStore } from '@billtrail/event-store';

/**
 * Refuses PositionUnknown in place of throwing it: of another log, or of this one before it was put back. Waiting for such a position would be in vain, and
 * reading on from it would miss events.
 */
export async function knownPositions<Answer>(
  store: EventStore,
  work: () => Promise<Answer>,
): Promise<Answer | Refusal> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PositionUnknown)) throw error;
    const { position } = error;
    const head = await store.head();
    return refuse(
      'PositionUnknown',
      `Position ${position} is not of this log, which ends at ${head}: another event is there, or none.`,
      'Ask again without it: the log was restored since, or it is another one. Lists begin with their first page.',
      { position, head },
    );
  }
}
