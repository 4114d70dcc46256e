import { rmSync } from 'node:fs';
import type { EventStore } from '@billtrail/event-store';
import { ReadModels, type ReadModelsCompared } from './read-models.js';
import { ReadModelsBehind } from './runner/errors.js';
import type { CatchUpOptions } from './runner/runner.js';

/** How often it begins again because another process has written. */
const MAX_TRIES = 20;

/**
 * Folds the log anew into `file`, which must not be there and is removed again, and compares the read models with it. Brings these up to date first; where another
 * process writes meanwhile, both are brought on together. @throws ReadModelsBehind where they never stand still
 */
export async function comparedWithLog(
  store: EventStore,
  models: ReadModels,
  file: string,
  onProgress?: CatchUpOptions['onProgress'],
): Promise<ReadModelsCompared> {
  const fresh = await ReadModels.open({ file, store });
  try {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const upTo = await models.catchUp();
      await fresh.catchUp({ upTo, ...(onProgress && { onProgress }) });
      const found = models.differencesFrom(file, upTo);
      if (found !== null) return found;
    }
    throw new ReadModelsBehind(await store.head(), models.position());
  } finally {
    await fresh.close();
    for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
  }
}
