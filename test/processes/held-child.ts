import { writeSync } from 'node:fs';
import type { Instant } from '@billtrail/kernel';
import { leave, type Left } from './between-appends.js';

/** What the parent asks for, as JSON in the first argument. */
export interface HeldTask {
  readonly folders: readonly string[];
  readonly now: Instant;
  readonly left: Left;
}

// In each folder up to one of its appends; once that is done in all of them the process is killed, so that nothing follows in any.
const { folders, now, left } = JSON.parse(process.argv[2] ?? '') as HeldTask;
const halves = await Promise.all(folders.map((folder) => leave(folder, now, left)));
await Promise.all(halves.map(({ isReached }) => isReached));
writeSync(1, 'held');
process.kill(process.pid, 'SIGKILL');
