import { invariant, type Actor, type DomainEvent } from '@billtrail/kernel';
import {
  fingerprintOf,
  type Appended,
  type EventStore,
  type StreamName,
  type StreamVersion,
} from '@billtrail/event-store';
import { isReserved } from '../access/person-ids.js';

/** What a policy, or what completes a command, records on a stream, at once. */
export interface Entry {
  readonly events: readonly DomainEvent[];
  /** The same for whoever decides it on the same version: deciding it again, after a restart or in another process, is the same command. */
  readonly commandId: string;
  readonly correlationId: string;
  readonly causationId: string | null;
  /** What the command id stands for. Without the time at which it is decided: whoever does it again does the same. */
  readonly asked: object;
}

/**
 * Appends as a policy. For the fence of the policies, and for what completes a command: that is decided on streams alone, so that no read models can be behind.
 * @throws WrongExpectedVersion, CommandIdReused where another was first
 */
export function appendAs(
  store: EventStore,
  policy: string,
  where: { readonly stream: StreamName; readonly expected: StreamVersion },
  { events, commandId, correlationId, causationId, asked }: Entry,
): Promise<Appended> {
  const fingerprint = fingerprintOf(policy, asked);
  return store.append({ ...where, events, actor: actorOf(policy), commandId, correlationId, causationId, fingerprint });
}

/** Nobody may be called so: each policy stands among the ids that no person has. */
export function actorOf(policy: string): Actor {
  invariant(isReserved(policy), `${policy} is an id that no person has`);
  return { id: policy, role: 'system' };
}
