import type { Role } from '@billtrail/kernel';
import { MAX_READ, START, type EventStore } from '@billtrail/event-store';
import { PERSON_CATEGORY, type PersonEvent } from '@billtrail/vault';

type Log = Pick<EventStore, 'readAll'>;

/**
 * Whether the log knows somebody else who was ever given one of these roles. What was given stays said: who takes it away again is not alone by that. Few ask this:
 * it reads all that was recorded of persons, up to the first who is found.
 */
export async function isAnotherDecider(log: Log, actorId: string, roles: readonly Role[]): Promise<boolean> {
  const types = ['PersonRegistered', 'PersonChanged'] satisfies PersonEvent['type'][];
  for (let after = START; ;) {
    const { events, next, atEnd } = await log.readAll({ after, limit: MAX_READ, categories: [PERSON_CATEGORY], types });
    const isFound = events.some(({ stream, data }) => {
      const { roles: given = [] } = data as { readonly roles?: readonly Role[] };
      return stream !== `${PERSON_CATEGORY}-${actorId}` && given.some((role) => roles.includes(role));
    });
    if (isFound || atEnd) return isFound;
    after = next;
  }
}
