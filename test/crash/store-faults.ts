import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Position, SqliteEventStore, START } from '@billtrail/event-store';
import { STRACE, live } from './store-life.js';
import { claimsOf, NAMES, requestOf } from './store-workload.js';

/** Linux with strace can count system calls and make them fail; elsewhere these proofs are left out, and say so. */
export function hasStrace(): boolean {
  return spawnSync(STRACE, ['-e', 'trace=none', 'true'], { stdio: 'ignore' }).status === 0;
}

const APPENDS = 300;

/** Calls of fsync and fdatasync for each acknowledged append of a single caller: below 1, an acknowledgement was not on the disk. */
export async function fsyncsPerCommit(): Promise<{ readonly acknowledged: number; readonly fsyncs: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'billtrail-fsync-'));
  try {
    const trace = join(folder, 'trace');
    const { acknowledged } = await live(
      { file: join(folder, 'log.db'), life: 'traced', callers: 1, appendsPerCaller: APPENDS },
      { under: ['-f', '-e', 'trace=fsync,fdatasync,write', '-o', trace] },
    );
    // Counted from the first acknowledgement on: making the schema syncs as well.
    const lines = readFileSync(trace, 'utf8').split('\n');
    const first = lines.findIndex((line) => line.includes('write(1, "ack '));
    const last = lines.findLastIndex((line) => line.includes('write(1, "ack '));
    const fsyncs = lines.slice(first, last).filter((line) => /\bf(data)?sync\(/.test(line)).length;
    return { acknowledged: acknowledged.length - 1, fsyncs };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export interface FaultFigures {
  readonly acknowledged: number;
  readonly refused: number;
  /** The problems that were told, each once. */
  readonly problems: readonly string[];
  /** Acknowledged appends that are not in the log. */
  readonly falseAcknowledgements: number;
  /** True where the failing process could still read all it had acknowledged. */
  readonly readsGoOn: boolean;
  /** Refused commands that had no effect or more than one when they were sent again. */
  readonly notExactlyOnce: number;
  readonly chainFindings: number;
}

const FAULTS = {
  'fsync fails (EIO)': { calls: 'fsync,fdatasync', error: 'EIO', from: 40 },
  'write fails (ENOSPC)': { calls: 'pwrite64', error: 'ENOSPC', from: 400 },
} as const;
export type Fault = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as Fault[];

/** A child whose system calls fail from some moment on; then its log is opened without faults and compared. */
export async function failingDisk(fault: Fault): Promise<FaultFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'billtrail-fault-'));
  const file = join(folder, 'log.db');
  const { calls, error, from } = FAULTS[fault];
  const options = [
    '-f',
    '-qq',
    '-o',
    join(folder, 'trace'),
    '-e',
    `trace=${calls}`,
    '-e',
    `inject=${calls}:error=${error}:when=${from}+`,
  ];
  try {
    const { acknowledged, refused, read } = await live(
      { file, life: 'failing', callers: 4, appendsPerCaller: APPENDS, tellRefusals: true },
      { under: options },
    );
    const store = SqliteEventStore.open({ file, names: NAMES });
    const events = (await store.readAll({ after: START, limit: 20_000 })).events;
    const present = new Set(events.map((event) => `${event.commandId}@${Position.of(event)}`));
    const notExactlyOnce = [];
    for (const { commandId } of refused) {
      const first = await store.append(requestOf(commandId), claimsOf(commandId));
      const second = await store.append(requestOf(commandId), claimsOf(commandId));
      if (!second.repeated || !second.position.is(first.position)) notExactlyOnce.push(commandId);
    }
    const { findings } = await store.verify();
    await store.close();
    return {
      acknowledged: acknowledged.length,
      refused: refused.length,
      problems: [...new Set(refused.map(({ problem }) => problem))],
      falseAcknowledgements: acknowledged.filter(({ commandId, position }) => !present.has(`${commandId}@${position}`))
        .length,
      readsGoOn: read !== null && read > 0,
      notExactlyOnce: notExactlyOnce.length,
      chainFindings: findings.length,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
