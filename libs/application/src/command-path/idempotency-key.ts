import { refuse, type Refusal } from '@billtrail/kernel';
import { keyStream, type StreamName } from '@billtrail/event-store';
import type { CommandContext } from './command-envelope.js';

/** The stream of the key that a request is sent under; null: it has none. Until there are persons, a key is its actor's. */
export function keyOf({ actor, idempotencyKey }: CommandContext): StreamName | null {
  return idempotencyKey === undefined ? null : keyStream('key', actor.id, idempotencyKey);
}

export function idempotencyKeyReused({ commandId, idempotencyKey }: CommandContext): Refusal {
  return refuse(
    'IdempotencyKeyReused',
    'This idempotency key was already used for a different request. Nothing was done.',
    'Use a new key for a new request, or repeat the first request unchanged to get its answer.',
    { idempotencyKey: idempotencyKey ?? commandId },
  );
}
