import { readFile } from 'node:fs/promises';
import { CommandFailed, EXIT } from './exit-codes.js';
import { here } from './host.js';

/** Reads a small text file of the user (a mapping, a contract), or fails with its name. On a node that runs the command it is the one that was sent with it, never one of the node's. */
export async function readInput(file: string): Promise<string> {
  const { files, node } = here();
  try {
    const text = node === null ? await readFile(file, 'utf8') : files.get(file);
    if (text === undefined) throw Object.assign(new Error('not sent'), { code: 'ENOENT' });
    files.set(file, text);
    return text;
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
