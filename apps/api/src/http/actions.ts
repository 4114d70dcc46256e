import { actionsOn, type ActionNow, type CommandPorts, type Thing } from '@billtrail/application';
import { StoreUnavailable } from '@billtrail/event-store';
import { refusedByKey } from '../access/access.guard.js';
import type { Caller } from './caller.js';

/**
 * What whoever asks may do with a thing now. Only with one thing, never with each of a list: every act is decided.
 * @keepsRefusals
 */
export function actionsNow(
  ports: CommandPorts,
  thing: Thing,
  { actor, clientId, key }: Caller,
): Promise<readonly ActionNow[]> {
  return actionsOn(ports, thing, { actor, clientId, refusedByKey: (path) => refusedByKey(key, path, true) });
}

/** What is told beside an answer that the read models hold. Undefined: it rests on the log, which can't be read now; nothing could be done then either. */
export async function unlessLogIsAway<Told>(told: () => Promise<Told>): Promise<Told | undefined> {
  try {
    return await told();
  } catch (error) {
    if (error instanceof StoreUnavailable && error.mayPass) return undefined;
    throw error;
  }
}
