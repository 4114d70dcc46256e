import { readFile } from 'node:fs/promises';
import { CommandFailed, EXIT } from './exit-codes.js';

/** A small text file of the user's (a mapping, a contract), or a failure that names it. */
export async function readInput(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: 'it does not exist',
      EISDIR: 'it is a directory',
      EACCES: 'it may not be read',
    };
    const { code = '' } = error as { code?: string };
    throw new CommandFailed(
      EXIT.badInput,
      'FileUnreadable',
      `${file}: ${reasons[code] ?? String(error)}.`,
      'Name a file that can be read.',
    );
  }
}
