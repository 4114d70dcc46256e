import type { Refusal } from '@billtrail/kernel';
import { UnknownStoredEvent } from '@billtrail/event-store';
import { NotKnown } from '@billtrail/read-models';

/**
 * How a policy does something for one client or of one stream; null: that is left for the next round, and all others go on. `clientId`: whom it concerns, where
 * somebody may wait for it.
 */
export type Attempt = <Result>(work: () => Promise<Result>, clientId?: string) => Promise<Result | null>;

/** An event that can't be read concerns the client or stream: of a newer version, or without its key. */
export function isParked(error: unknown): boolean {
  return error instanceof NotKnown || error instanceof UnknownStoredEvent;
}

/** What is parked is left alone; whatever else goes wrong is thrown. */
export const skippingParked: Attempt = async (work) => {
  try {
    return await work();
  } catch (error) {
    if (isParked(error)) return null;
    throw error;
  }
};

/** A refusal that passes: told as a trouble of the policy, and tried again in the next round. */
export class RefusedForNow extends Error {
  constructor({ code, message }: Refusal) {
    super(`${code}: ${message}`);
  }
}
