import { createHash } from 'node:crypto';
import { refuse, type Actor, type Refusal } from '@billtrail/kernel';
import { MAX_NAME_BYTES, keyStream, type StreamName } from '@billtrail/event-store';
import type { CommandContext } from './command-envelope.js';

/** What a request is sent under. */
type UnderKey = Pick<CommandContext, 'actor'> & { readonly idempotencyKey?: string | undefined };

/** The stream of the key that a request is sent under; null: it has none. It is a person's, whatever API key they use. */
export function keyOf({ actor, idempotencyKey }: UnderKey): StreamName | null {
  return idempotencyKey === undefined ? null : keyStream(actor.id, idempotencyKey);
}

/**
 * The command id of whatever is sent under a key. Keys belong to the caller: two callers may use the same one. No id of a command of a policy begins with a
 * tilde, and no id of a person holds a slash: whatever somebody is called and sends as a key, it is nothing else's.
 */
export function commandIdOf(actor: Actor, idempotencyKey: string): string {
  const commandId = `~${actor.id}/${idempotencyKey}`;
  if (Buffer.byteLength(commandId) <= MAX_NAME_BYTES) return commandId;
  return `~sha256 ${createHash('sha256').update(commandId).digest('hex')}`;
}

export function idempotencyKeyReused({
  commandId,
  idempotencyKey,
}: Omit<UnderKey, 'actor'> & Pick<CommandContext, 'commandId'>): Refusal {
  return refuse(
    'IdempotencyKeyReused',
    'This idempotency key was already used for a different request. Nothing was done.',
    'Use a new key for a new request, or repeat the first request unchanged to get its answer.',
    { idempotencyKey: idempotencyKey ?? commandId },
  );
}
