import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Somebody is there to be asked. */
export function isAtTerminal(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** What somebody types at the terminal; `isHidden`: it is not shown. */
export async function answerTo(question: string, { isHidden = false } = {}): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reading = createInterface({
    input: process.stdin,
    output: isHidden ? nowhere : process.stderr,
    terminal: true,
  });
  try {
    return await reading.question('');
  } finally {
    reading.close();
    if (isHidden) process.stderr.write('\n');
  }
}

export async function agreed(question: string): Promise<boolean> {
  return /^y(es)?$/i.test((await answerTo(`${question} [y/N] `)).trim());
}
