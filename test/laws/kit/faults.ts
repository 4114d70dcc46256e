import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { History } from './history.js';
import type { Step } from './steps.js';

/** Deletes the file of the read models from a data folder: it may be lost at any time, and is filled again from the log. */
export function loseReadModels(dataDir: string): void {
  for (const file of readdirSync(dataDir)) if (file.startsWith('read-models.db')) rmSync(join(dataDir, file));
}

/** The process ends and starts again, now and then without its read models. */
export async function restart({ house }: History, { pick: [how] }: Step): Promise<void> {
  if (how % 2 === 0) return house.restart();
  await house.restart(loseReadModels);
  await house.billtrail.upToDate();
}
