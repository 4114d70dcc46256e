import { rmSync } from 'node:fs';
import type { EventStore, StreamKeys } from '@billtrail/event-store';
import { foldAgain, ReadModels, ReadModelsUnavailable } from '@billtrail/read-models';

export interface OpenedReadModels {
  readonly models: ReadModels;
  /** What was wrong with the file that was thrown away; null: it was whole, or new. */
  readonly damage: string | null;
}

/**
 * Opens the read models. With `mend` the whole file is looked through first, and a damaged one is thrown away: they hold nothing of their own.
 * @throws ReadModelsUnavailable
 */
export async function readModelsOf(
  file: string,
  store: EventStore,
  { mend, keys, comparedUnder }: { readonly mend: boolean; readonly keys: StreamKeys; readonly comparedUnder: Buffer },
): Promise<OpenedReadModels> {
  try {
    const models = await ReadModels.open({ file, store, keys, comparedUnder, check: mend });
    if (store.damage() === null) await foldAgain(store, models);
    return { models, damage: null };
  } catch (error) {
    if (!mend || !(error instanceof ReadModelsUnavailable && error.isDamaged)) throw error;
    for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
    return { models: await ReadModels.open({ file, store, keys, comparedUnder }), damage: error.message };
  }
}
