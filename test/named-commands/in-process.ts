import type { Command } from 'commander';
import { createProgram, run } from '../../apps/cli/src/program.js';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process and keeps what it writes. One at a time: there is one standard output. */
export async function ran(args: readonly string[]): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  const { stdout, stderr } = process;
  const before = { stdout: stdout.write, stderr: stderr.write };
  stdout.write = (text: string | Uint8Array) => ((written.stdout += String(text)), true);
  stderr.write = (text: string | Uint8Array) => ((written.stderr += String(text)), true);
  try {
    const code = await run(args);
    return { code, ...written };
  } finally {
    stdout.write = before.stdout;
    stderr.write = before.stderr;
  }
}

/** Parses a command line without running it. Throws where a word, an option or an argument is wrong. */
export async function parsed(args: readonly string[]): Promise<void> {
  const program = createProgram(true);
  disarm(program);
  await program.parseAsync(args, { from: 'user' });
}

function disarm(command: Command): void {
  if (command.commands.length === 0) command.action(() => undefined);
  for (const child of command.commands) disarm(child);
}

/** True where the words are those of a command, whatever it asks for. */
export function isCommand(words: readonly string[]): boolean {
  let command: Command | undefined = createProgram(true);
  for (const word of words) command = command?.commands.find((child) => child.name() === word);
  return command !== undefined;
}
