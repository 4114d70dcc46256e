import type { Actor } from '@billtrail/kernel';
import type { ClientPlan } from './clients.js';
import type { Random } from './random.js';
import type { Engineer } from './workforce.js';

/** Two people steer the tickets and approve time; none of them works on tickets. */
const OPERATIONS: readonly Actor[] = [
  { id: 'operations-1', role: 'operations' },
  { id: 'operations-2', role: 'operations' },
];
export const ACCOUNTS: Actor = { id: 'accounts-1', role: 'accounts' };
export const IMPORT: Actor = { id: 'history-import', role: 'system' };

export function operations(random: Random): Actor {
  return random.pick(OPERATIONS);
}

export function asActor(engineer: Engineer): Actor {
  return { id: engineer.id, role: 'support' };
}

/** One of the three contacts of a client. */
export function contactOf(client: ClientPlan, random: Random): Actor {
  return { id: `${client.clientId}-contact-${random.whole(1, 3)}`, role: 'client' };
}
