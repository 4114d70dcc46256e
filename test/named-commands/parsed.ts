import type { Command } from 'commander';
import { createProgram } from '../../libs/command-line/src/program.js';

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
