import type { Month } from '@billtrail/kernel';
import { CutStore, PartStore, UnknownStoredEvent, type EventStore, type Position } from '@billtrail/event-store';
import type { PartOfLog } from './client-streams/part-of-log.js';
import type { About } from './parking/parked.js';
import { ReadModels } from './read-models.js';

/** What a question about the past is about, as far as it says. */
export interface AskedAbout extends About {
  /** Of the items and charges of this month alone; what comes after is not rated. */
  readonly period?: Month | undefined;
}

/** What it is about, and the read models of now, which know whose each stream is. */
export interface AskedOf {
  readonly about: AskedAbout;
  readonly live: ReadModels;
}

/**
 * All read models as they were at a position of the log (law L9): the events up to there folded anew, in memory, beside the live ones. It
 * costs the reading of the log up to there; of one client, ticket or contract that of its streams alone, and of one month the rating of that and of those before it,
 * which it chains to. They tell nothing else then. Close it after use.
 */
export async function readModelsAsOf(whole: EventStore, position: Position, asked?: AskedOf): Promise<ReadModels> {
  const cut = new CutStore(whole, position);
  const part = asked?.live.partOfLog(asked.about, position) ?? null;
  const store = part === null ? cut : await partOf(whole, position, part, cut);
  const models = await ReadModels.open({
    file: ':memory:',
    store,
    ...(part !== null && { namesTaken: part.namesTaken }),
    ...(asked?.about.period !== undefined && { ratedUpTo: asked.about.period }),
  });
  try {
    // The server that works this out has others to answer.
    await models.catchUp({ upTo: position, inSmallSteps: true });
    return models;
  } catch (error) {
    await models.close();
    throw error;
  }
}

/** A stream with an event that can't be read is read with all others: so it parks whom it concerns. */
async function partOf(whole: EventStore, end: Position, part: PartOfLog, cut: CutStore): Promise<EventStore> {
  try {
    return await PartStore.of(whole, end, part.streams, part.month === null ? [] : [part.month]);
  } catch (error) {
    if (error instanceof UnknownStoredEvent) return cut;
    throw error;
  }
}
