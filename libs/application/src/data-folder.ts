import { mkdirSync } from 'node:fs';
import { StoreUnavailable, type StoreProblem } from '@billtrail/event-store';

const PROBLEMS: Readonly<Record<string, readonly [StoreProblem, string]>> = {
  EEXIST: ['not-a-store', 'it is a file'],
  ENOTDIR: ['not-a-store', 'a part of its path is a file'],
  EACCES: ['read-only', 'it is not writable'],
  EPERM: ['read-only', 'it is not writable'],
  EROFS: ['read-only', 'its disk is read-only'],
  ENOSPC: ['disk-full', 'the disk is full'],
};

/** Creates the data folder, which only its owner may look into, if it does not exist. @throws StoreUnavailable */
export function makeDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code = '' } = error as { code?: string };
    const [problem, why] = PROBLEMS[code] ?? ['io-error', `it can't be created (${code})`];
    throw new StoreUnavailable(
      problem,
      `${folder} can't be the data folder: ${why}`,
      'Use a folder that can be written to',
      {
        cause: error,
      },
    );
  }
}
