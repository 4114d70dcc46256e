import { actionsOn, type ActionNow, type CommandPorts, type Thing } from '@billtrail/application';
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
