import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { ChildTask } from './store-child.js';
import { childFile } from './child-code.js';

export interface Acknowledgement {
  readonly commandId: string;
  /** As its text. */
  readonly position: string;
  readonly version: number;
}

/** What one child told before it ended. */
export interface Life {
  readonly acknowledged: readonly Acknowledgement[];
  readonly refused: readonly { readonly commandId: string; readonly problem: string }[];
  readonly conflicts: number;
  /** Events it could still read at the end, where it was asked to tell. */
  readonly read: number | null;
  /** True where it died at its failpoint. */
  readonly reachedFailpoint: boolean;
  /** True where a call of its disk failed. */
  readonly hadFault: boolean;
  readonly done: boolean;
  readonly errors: string;
}

export const STRACE = 'strace';

export interface LifeOptions {
  /** Kill the child when this many acknowledgements have arrived. */
  readonly killAfter?: number;
  /** Besides the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Options of the strace that the child runs under; without them it runs by itself. */
  readonly under?: readonly string[];
}

/** Runs one child to its end: done, dead at its failpoint, or killed after so many acknowledgements. */
export async function live(task: ChildTask, { killAfter, env = {}, under = [] }: LifeOptions = {}): Promise<Life> {
  const node = [process.execPath, await childFile('store-child'), JSON.stringify(task)] as const;
  const [command, ...args] = under.length > 0 ? [STRACE, ...under, ...node] : node;
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const acknowledged: Acknowledgement[] = [];
  const refused: { commandId: string; problem: string }[] = [];
  let conflicts = 0;
  let read: number | null = null;
  let reachedFailpoint = false;
  let hadFault = false;
  let done = false;
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const exited = new Promise((resolve) => child.on('exit', resolve));
  // What the child wrote before its death stays in the pipe and is read to the end.
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, commandId = '', first = '', second = ''] = line.split(' ');
    if (word === 'ack') acknowledged.push({ commandId, position: first, version: Number(second) });
    if (word === 'refused') refused.push({ commandId, problem: first });
    if (word === 'conflict') conflicts++;
    if (word === 'read') read = Number(commandId);
    if (word === 'at') reachedFailpoint = true;
    if (word === 'fault') hadFault = true;
    if (word === 'done') done = true;
    if (acknowledged.length === killAfter) child.kill('SIGKILL');
  }
  await exited;
  return { acknowledged, refused, conflicts, read, reachedFailpoint, hadFault, done, errors };
}
