import { UnknownStoredEvent } from '@billtrail/event-store';
import { NotKnown } from '@billtrail/read-models';

/** What a policy does for one client or of one stream; null where an event that can't be read concerns that, of a newer version or without its key: it is left alone, and all others go on. */
export async function skippingParked<Result>(work: () => Promise<Result>): Promise<Result | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NotKnown || error instanceof UnknownStoredEvent) return null;
    throw error;
  }
}
