import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { History } from './history.js';
import type { Step } from './steps.js';

/** The process ends and starts again: with its read models, or without them, so that they are filled again from the log. */
export async function restart(history: History, { pick: [how] }: Step): Promise<void> {
  const { folder, house } = history;
  const loses = how % 2 === 1;
  // With them the queue of gaps to be closed is lost: those would stay open (a kind of case G6).
  if (loses) await house.settle();
  await house.restart(() => {
    if (!loses) return;
    for (const file of readdirSync(folder)) if (file.startsWith('read-models.db')) rmSync(join(folder, file));
  });
  if (loses) await house.billtrail.upToDate();
}
