import { addDays, compareTexts, type LocalDate, type Role, PERSON_CATEGORY } from '@billtrail/kernel';
import { streamName, type EventStore, type RecordedEvent } from '@billtrail/event-store';
import { FIRST_PERSON } from '../access/keys.js';
import { isAccount } from '../access/person-ids.js';

/** Days for which whoever registered a person, or made a key of theirs, may have acted as them. */
export const DAYS_KEYED = 30;
const FOR_EVER: LocalDate = '9999-12-31';

type Log = Pick<EventStore, 'readStream'>;

/** Whether the log knows an actor as a person: somebody has registered them, or stated who they are. */
export async function isPerson(log: Log, actorId: string): Promise<boolean> {
  return (await storyOf(log, actorId)).some(saysWho);
}

/** Which a person may have, as the log says last; none: the log does not know them. */
export async function rolesOf(log: Log, personId: string): Promise<readonly Role[]> {
  const stated = (await storyOf(log, personId)).findLast(saysWho);
  const { roles = [] } = (stated?.data ?? {}) as { readonly roles?: readonly Role[] };
  return roles;
}

/**
 * The day until which somebody may hold a key of another person; null: they hold none. For 30 days after one registered a person or made a key of theirs they may
 * hold it, and so may whoever could act as that one. So may who first stated who somebody is. What an account of the machine made may be anybody's, but for the
 * first key of the first person, with which the organisation begins. A later change of roles or address gives nobody a key. It goes one way: two whose keys a third one made hold none of each other's ({@link keyedByOne}).
 */
export async function keyedUntil(
  log: Log,
  { ownerId, holderId }: { readonly ownerId: string; readonly holderId: string },
  today: LocalDate,
  dayOf: (event: RecordedEvent) => LocalDate,
): Promise<LocalDate | null> {
  const holders = await holdersOf(log, ownerId, today, dayOf, (id) => (isAccount(id) ? holderId : id));
  return holders.get(holderId) ?? null;
}

/** Somebody who may hold keys of both of two persons, and until which day. */
export interface HolderOfBoth {
  readonly holderId: string;
  readonly until: LocalDate;
}

/** Who may hold keys of both of two persons, and is neither of them: who may for the longest first. They could ask as the one and decide as the other. */
export async function keyedByOne(
  log: Log,
  [one, other]: readonly [string, string],
  today: LocalDate,
  dayOf: (event: RecordedEvent) => LocalDate,
): Promise<readonly HolderOfBoth[]> {
  const ofOther = await holdersOf(log, other, today, dayOf);
  const found: HolderOfBoth[] = [];
  for (const [holderId, untilOne] of await holdersOf(log, one, today, dayOf)) {
    const untilOther = ofOther.get(holderId);
    if (untilOther === undefined || holderId === one || holderId === other) continue;
    found.push({ holderId, until: untilOne < untilOther ? untilOne : untilOther });
  }
  return found.toSorted((a, b) => compareTexts(b.until, a.until));
}

/** Who may hold a key of the owner, themselves among them, and until which day: of a chain the shortest link, of several chains the longest. `as`: under which id somebody counts. */
async function holdersOf(
  log: Log,
  ownerId: string,
  today: LocalDate,
  dayOf: (event: RecordedEvent) => LocalDate,
  as: (actorId: string) => string = (id) => id,
): Promise<ReadonlyMap<string, LocalDate>> {
  const until = new Map<string, LocalDate>([[ownerId, FOR_EVER]]);
  const open = [ownerId];
  for (let personId = open.pop(); personId !== undefined; personId = open.pop()) {
    const heldUntil = until.get(personId) ?? FOR_EVER;
    const story = await storyOf(log, personId);
    const vouched = story.find(saysWho);
    for (const event of story) {
      if (isBeginning(event, story)) continue;
      if (event !== vouched && event.type !== 'PersonRegistered' && event.type !== 'KeyMade') continue;
      const link = addDays(dayOf(event), DAYS_KEYED);
      const by = as(event.actor.id);
      const reached = link < heldUntil ? link : heldUntil;
      if (by === personId || link <= today || reached <= (until.get(by) ?? '')) continue;
      until.set(by, reached);
      open.push(by);
    }
  }
  return until;
}

/** Whoever began the organisation at the command line was its first person, as who had the first key of a server was: else nobody could decide in its first month. */
function isBeginning(event: RecordedEvent, [registered, keyed]: readonly RecordedEvent[]): boolean {
  if (registered?.stream !== streamName(PERSON_CATEGORY, FIRST_PERSON) || !isAccount(registered.actor.id)) return false;
  return event === registered || (event === keyed && keyed.actor.id === registered.actor.id);
}

function saysWho({ type }: RecordedEvent): boolean {
  return type === 'PersonRegistered' || type === 'PersonChanged';
}

async function storyOf(log: Log, personId: string): Promise<readonly RecordedEvent[]> {
  return (await log.readStream(streamName(PERSON_CATEGORY, personId))).events;
}
