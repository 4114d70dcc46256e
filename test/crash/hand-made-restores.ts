import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { SqliteEventStore, StoreUnavailable, type Position } from '@billtrail/event-store';
import { Random } from './random.js';
import { NAMES, claimsOf, commandIdOf, eventCountOf, requestOf } from './store-workload.js';

/** The figures of a run. The last three must be 0. */
export interface RestoreFigures {
  restores: number;
  /** Not opened, or opened for reading only, with the cause. */
  refused: number;
  /** Whole and at the end of the kill: nothing was restored, and the start tells so. */
  atHeadOfKill: number;
  /** Whole and at the end of the backup. */
  atHeadOfBackup: number;
  /** Opened for writing, and whole at neither end. */
  elsewhere: number;
  /** Opened for writing, and the chain or a page is broken. */
  broken: number;
  /** Opened for writing, without telling its end and since when. */
  untold: number;
}

/** A file as somebody put it aside, and where it ended. */
interface Aside {
  readonly file: string;
  readonly head: Position;
}

export interface RestoresOptions {
  /** Events of the log when the last backup is made; from there on it grows by half as many, and is killed. One log for each. */
  readonly sizes: readonly number[];
  readonly perSize: number;
  readonly seed: number;
}

/** Backups of a log that are copied back by hand over the file of a process that was killed later, while its `-wal` stays: in all combinations of moments that there is room for. */
export async function restoreByHand({ sizes, perSize, seed }: RestoresOptions): Promise<RestoreFigures> {
  const figures = { restores: 0, refused: 0, atHeadOfKill: 0, atHeadOfBackup: 0, elsewhere: 0, broken: 0, untold: 0 };
  const random = new Random(seed);
  for (const size of sizes) {
    const folder = mkdtempSync(join(tmpdir(), 'billtrail-restore-'));
    try {
      const moments = Math.ceil(Math.sqrt(perSize));
      const { backups, kills } = await grow(folder, size, moments, random);
      const pairs = kills.flatMap((kill) => backups.map((backup) => ({ kill, backup }))).slice(0, perSize);
      for (const { kill, backup } of pairs) await restore(join(folder, 'restored'), kill, backup, figures);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  return figures;
}

/** A log that is backed up at random moments while it grows to `size`, and then killed at random ones. */
async function grow(
  folder: string,
  size: number,
  moments: number,
  random: Random,
): Promise<{ readonly backups: readonly Aside[]; readonly kills: readonly Aside[] }> {
  const file = join(folder, 'log.db');
  const store = SqliteEventStore.open({ file, names: NAMES });
  const [backups, kills]: [Aside[], Aside[]] = [[], []];
  const whens = (from: number, to: number) =>
    Array.from({ length: moments }, () => random.whole(from, to)).sort((one, other) => one - other);
  const [toBackUp, toKill] = [whens(size / 20, size), whens(size, size * 1.5)];
  let appended = 0;
  for (let n = 0; toKill.length > 0; n++) {
    const commandId = commandIdOf('grown', 0, n);
    const { position } = await store.append(requestOf(commandId), claimsOf(commandId));
    appended += eventCountOf(commandId);
    while (toBackUp[0] !== undefined && toBackUp[0] <= appended) {
      toBackUp.shift();
      backups.push({
        file: await backedUp(file, join(folder, `backup${backups.length}.db`), backups.length),
        head: position,
      });
    }
    while (toKill[0] !== undefined && toKill[0] <= appended) {
      toKill.shift();
      const killed = join(folder, `killed${kills.length}`, 'log.db');
      mkdirSync(dirname(killed));
      // As a killed process leaves them: all three as they are in this moment.
      for (const part of ['', '-wal', '-shm'])
        if (existsSync(`${file}${part}`)) copyFileSync(`${file}${part}`, `${killed}${part}`);
      kills.push({ file: killed, head: position });
    }
  }
  await store.close();
  return { backups, kills };
}

/** By turns as SQLite backs up, and as a person does who copies the file and knows nothing of a `-wal`, after what was in it was copied into the file. */
async function backedUp(file: string, to: string, turn: number): Promise<string> {
  const db = new Database(file);
  try {
    if (turn % 2 === 0) await db.backup(to);
    else {
      db.pragma('wal_checkpoint(PASSIVE)');
      copyFileSync(file, to);
    }
  } finally {
    db.close();
  }
  return to;
}

async function restore(folder: string, kill: Aside, backup: Aside, figures: RestoreFigures): Promise<void> {
  const file = join(folder, 'log.db');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const part of ['-wal', '-shm'])
    if (existsSync(`${kill.file}${part}`)) copyFileSync(`${kill.file}${part}`, `${file}${part}`);
  copyFileSync(backup.file, file);
  figures.restores++;
  let store;
  try {
    store = SqliteEventStore.open({ file, names: NAMES, check: true });
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    figures.refused++;
    return;
  }
  try {
    if (store.damage() !== null) {
      figures.refused++;
      return;
    }
    const { findings, events } = await store.verify();
    const whole = await store.head();
    const newest = await store.newest();
    if (findings.length > 0 || events !== whole.at) figures.broken++;
    else if (whole.is(kill.head)) figures.atHeadOfKill++;
    else if (whole.is(backup.head)) figures.atHeadOfBackup++;
    else figures.elsewhere++;
    if (newest?.position.is(whole) !== true) figures.untold++;
  } finally {
    await store.close();
  }
}
