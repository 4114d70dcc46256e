import { refuse, type Actor, type Instant, type Refusal } from '@billtrail/kernel';
import type { EventStore } from '@billtrail/event-store';
import { rolesOf } from './keyed-by.js';
import { configurationOf, todayOf } from '../configuration.js';
import { delegationsTo } from './delegations.js';

type Log = Pick<CommandLog, 'store'>;
interface CommandLog {
  readonly store: EventStore;
}

/** Those in whose place somebody may decide now, each as what they named them: as long as they are that themselves. */
export async function delegatorsOf({ store }: Log, delegateId: string, at: Instant): Promise<readonly Actor[]> {
  const today = todayOf(await configurationOf(store), at);
  const delegators: Actor[] = [];
  for (const { personId, role } of await delegationsTo(store, delegateId, today))
    if ((await rolesOf(store, personId)).includes(role)) delegators.push({ id: personId, role });
  return delegators;
}

/**
 * Who decides in somebody's place has their role, as they gave it to whom they named, and no other. `roles`: those of which one is needed; named for several,
 * they have one of these. Refuses: NotADelegate.
 */
export async function inPlaceOf(
  log: Log,
  personId: string,
  { id }: Pick<Actor, 'id'>,
  at: Instant,
  roles: readonly string[],
): Promise<Actor | Refusal> {
  const named = (await delegatorsOf(log, id, at)).filter((one) => one.id === personId);
  const found = named.find(({ role }) => role === 'admin' || roles.includes(role)) ?? named[0];
  return (
    found ??
    refuse(
      'NotADelegate',
      `${id} does not decide in the place of ${personId} today.`,
      `Leave \`inPlaceOf\` out, to decide by your own right; or have ${personId} name you: POST /v1/delegations`,
      { personId, delegateId: id },
    )
  );
}

/** As whom somebody decides: themselves, or who named them. Refuses: NotADelegate. */
export async function decidesAs(
  log: Log,
  command: object,
  actor: Actor,
  at: Instant,
  roles: readonly string[],
): Promise<Actor | Refusal> {
  const { inPlaceOf: personId = null } = command as { readonly inPlaceOf?: string | null };
  return personId === null ? actor : inPlaceOf(log, personId, actor, at, roles);
}
