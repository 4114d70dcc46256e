import type { Month } from '@billtrail/kernel';
import { CutStore, PartStore, UnknownStoredEvent, type EventStore, type Position } from '@billtrail/event-store';
import type { PartOfLog } from './client-streams/part-of-log.js';
import { TEMPORARY_FILE } from './database/read-database.js';
import type { About } from './parking/parked.js';
import { ReadModels } from './read-models.js';

/** What a question about the past is about, as far as it says. */
export interface AskedAbout extends About {
  /** Of the items and charges of this month alone; what comes after is not rated. */
  readonly period?: Month | undefined;
}

/** What is needed of the log to answer a question about the past: plain data, for another thread may answer it. */
export interface NeededOfLog {
  /** null: all of it. */
  readonly part: PartOfLog | null;
  /** What comes after this month is not rated. Absent: all is. */
  readonly ratedUpTo?: Month;
}

/** What a question needs, as the read models of now know it, which know whose each stream is. */
export function neededOf(about: AskedAbout, position: Position, live: ReadModels): NeededOfLog {
  return { part: live.partOfLog(about, position), ...(about.period !== undefined && { ratedUpTo: about.period }) };
}

/**
 * All read models as they were at a position of the log (law L9): the events up to there folded anew into a temporary file, which the system removes, beside the
 * live ones. It costs the reading of the log up to there; of one client, ticket or contract that of its streams alone, and of one month the rating of that and of
 * those before it, which it chains to. They tell nothing else then. Close it after use.
 */
export async function readModelsAsOf(
  whole: EventStore,
  position: Position,
  { part, ratedUpTo }: NeededOfLog = { part: null },
): Promise<ReadModels> {
  const cut = new CutStore(whole, position);
  const store = part === null ? cut : await partOf(whole, position, part, cut);
  const models = await ReadModels.open({
    file: TEMPORARY_FILE,
    store,
    ...(part !== null && { namesTaken: part.namesTaken }),
    ...(ratedUpTo !== undefined && { ratedUpTo }),
  });
  try {
    await models.catchUp({ upTo: position });
    return models;
  } catch (error) {
    await models.close();
    throw error;
  }
}

/** Too much of the log to hold is read as all of it, piece by piece. A stream with an event that can't be read is read with all others: so it parks whom it concerns. */
async function partOf(whole: EventStore, end: Position, part: PartOfLog, cut: CutStore): Promise<EventStore> {
  try {
    return (await PartStore.of(whole, end, part.streams, part.month === null ? [] : [part.month])) ?? cut;
  } catch (error) {
    if (error instanceof UnknownStoredEvent) return cut;
    throw error;
  }
}
