import { readFile } from 'node:fs/promises';
import { CommandFailed, EXIT } from './exit-codes.js';

/** Reads a small text file of the user (a mapping, a contract), or fails with its name. */
export async function readInput(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: 'it does not exist',
      EISDIR: 'it is a directory',
      EACCES: 'it is not readable',
    };
    const { code = '' } = error as { code?: string };
    throw new CommandFailed(
      EXIT.badInput,
      'FileUnreadable',
      `${file}: ${reasons[code] ?? String(error)}.`,
      'Use a file that exists and is readable.',
    );
  }
}
