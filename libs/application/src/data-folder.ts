import { mkdirSync } from 'node:fs';
import { StoreUnavailable, type StoreProblem } from '@billtrail/event-store';

const PROBLEMS: Readonly<Record<string, readonly [StoreProblem, string]>> = {
  EEXIST: ['not-a-store', 'it is a file'],
  ENOTDIR: ['not-a-store', 'a part of its path is a file'],
  EACCES: ['read-only', 'it may not be written'],
  EPERM: ['read-only', 'it may not be written'],
  EROFS: ['read-only', 'its disk can only be read'],
  ENOSPC: ['disk-full', 'the disk is full'],
};

/** Makes the data folder where it is not there yet. @throws StoreUnavailable */
export function makeDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const { code = '' } = error as { code?: string };
    const [problem, why] = PROBLEMS[code] ?? ['io-error', `making it failed with ${code}`];
    throw new StoreUnavailable(
      problem,
      `${folder} can't be the data folder: ${why}`,
      'Name a folder that can be written',
      {
        cause: error,
      },
    );
  }
}
