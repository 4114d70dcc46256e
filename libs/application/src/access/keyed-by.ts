import { addDays, type LocalDate } from '@billtrail/kernel';
import { streamName, type EventStore, type RecordedEvent } from '@billtrail/event-store';
import { PERSON_CATEGORY } from '@billtrail/vault';
import { isAccount } from './person-ids.js';

/** Days for which whoever registered a person, or made a key of theirs, may have acted as them. */
const DAYS_KEYED = 30;
const FOR_EVER: LocalDate = '9999-12-31';

type Log = Pick<EventStore, 'readStream'>;

/** Whether the log knows an actor as a person: somebody has registered them, or stated who they are. */
export async function isPerson(log: Log, actorId: string): Promise<boolean> {
  return (await storyOf(log, actorId)).some(({ type }) => type === 'PersonRegistered' || type === 'PersonChanged');
}

/**
 * The day from which somebody may decide what another person asks for; null: they may. For 30 days after one registered a person or made a key of theirs they may
 * hold it, and so may whoever could act as that one. What an account of the machine made may be anybody's. A change of roles or address gives nobody a key.
 */
export async function keyedUntil(
  log: Log,
  { deciderId, requesterId }: { readonly deciderId: string; readonly requesterId: string },
  today: LocalDate,
  dayOf: (event: RecordedEvent) => LocalDate,
): Promise<LocalDate | null> {
  /** Who may hold a key of the decider, and until which day: of a chain the shortest link, of several chains the longest. */
  const until = new Map<string, LocalDate>([[deciderId, FOR_EVER]]);
  const open = [deciderId];
  for (let personId = open.pop(); personId !== undefined; personId = open.pop()) {
    const heldUntil = until.get(personId) ?? FOR_EVER;
    for (const event of await storyOf(log, personId)) {
      if (event.type !== 'PersonRegistered' && event.type !== 'KeyMade') continue;
      const link = addDays(dayOf(event), DAYS_KEYED);
      const by = isAccount(event.actor.id) ? requesterId : event.actor.id;
      const reached = link < heldUntil ? link : heldUntil;
      if (by === personId || link <= today || reached <= (until.get(by) ?? '')) continue;
      until.set(by, reached);
      open.push(by);
    }
  }
  return until.get(requesterId) ?? null;
}

async function storyOf(log: Log, personId: string): Promise<readonly RecordedEvent[]> {
  return (await log.readStream(streamName(PERSON_CATEGORY, personId))).events;
}
