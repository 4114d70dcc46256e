import type { EventStore, Position } from '@billtrail/event-store';
import { ReadModels } from './read-models.js';

/**
 * All read models as they were at a position of the log (law L9): the events up to there folded anew, in memory, beside the live ones. It
 * costs the reading of the log up to there. Close it after use.
 */
export async function readModelsAsOf(store: EventStore, position: Position): Promise<ReadModels> {
  const models = await ReadModels.open({ file: ':memory:', store });
  try {
    await models.catchUp({ upTo: position });
    return models;
  } catch (error) {
    await models.close();
    throw error;
  }
}
