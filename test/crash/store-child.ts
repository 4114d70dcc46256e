import { writeSync } from 'node:fs';
import Database from 'better-sqlite3';
import { SqliteEventStore, START, WrongExpectedVersion, type Carried, type Failpoint } from '@billtrail/event-store';
import { NAMES, claimsOf, commandIdOf, requestOf } from './store-workload.js';

/** What the parent asks of a child, as JSON in its first argument. */
export interface ChildTask {
  readonly file: string;
  /** Prefix of its command ids: each child has its own. */
  readonly life: string;
  readonly callers: number;
  /** Appends of each caller; a child that is to be killed gets more than it can do. */
  readonly appendsPerCaller: number;
  /** Where the child kills itself: at the nth time that it comes to the failpoint. */
  readonly dieAt?: { readonly failpoint: Failpoint; readonly time: number };
  /** The seeded bug: acknowledges before the commit. The proof must catch it. */
  readonly acknowledgeEarly?: boolean;
  /** Expect the version just read, and try again after a conflict, in place of any version. */
  readonly exact?: boolean;
  /** Stop each caller at its first refusal and tell it. */
  readonly tellRefusals?: boolean;
  /** The same, but go on with the next command. */
  readonly goOn?: boolean;
  /** The seeded bug of failing disks: a COMMIT that fails is taken for done. */
  readonly swallowCommit?: boolean;
}

const task = JSON.parse(process.argv[2] ?? '') as ChildTask;

/** Straight into the pipe: what was told is in the parent's hands, even if this process dies in the next instant. */
function tell(line: string): void {
  writeSync(1, `${line}\n`);
}

function acknowledge({ commandId, appended }: Carried): void {
  tell(`ack ${commandId} ${appended.position} ${appended.version}`);
}

if (task.swallowCommit === true) {
  const statements = Object.getPrototypeOf(new Database(':memory:').prepare('SELECT 1')) as Database.Statement;
  const { run } = statements;
  statements.run = function (this: Database.Statement, ...given: unknown[]) {
    try {
      return run.apply(this, given);
    } catch (error) {
      if (this.source !== 'COMMIT') throw error;
      return { changes: 0, lastInsertRowid: 0 };
    }
  };
}

let reached = 0;
const told = new Set<string>();
const store = SqliteEventStore.open({
  file: task.file,
  names: NAMES,
  failpoint: (name, group) => {
    if (task.acknowledgeEarly === true && name === 'before-commit') {
      for (const carried of group) {
        acknowledge(carried);
        told.add(carried.commandId);
      }
    }
    if (name !== task.dieAt?.failpoint || ++reached < task.dieAt.time) return;
    tell(`at ${name}`);
    process.kill(process.pid, 'SIGKILL');
  },
});

/** `isAhead`: the first try expects a version that is not there yet, so that there is a conflict however the processes are scheduled. */
async function appendOnce(commandId: string, isAhead: boolean): Promise<void> {
  const request = requestOf(commandId);
  for (let ahead = isAhead ? 1_000_000 : 0; ; ahead = 0) {
    try {
      const expected =
        task.exact === true ? (await store.readStream(request.stream, { limit: 1 })).version + ahead : 'any';
      const appended = await store.append({ ...request, expected }, claimsOf(commandId));
      if (!told.has(commandId)) acknowledge({ commandId, appended });
      return;
    } catch (error) {
      if (!(error instanceof WrongExpectedVersion)) throw error;
      tell(`conflict ${commandId}`);
    }
  }
}

async function call(caller: number): Promise<void> {
  for (let n = 0; n < task.appendsPerCaller; n++) {
    const commandId = commandIdOf(task.life, caller, n);
    try {
      await appendOnce(commandId, n === 0);
    } catch (error) {
      if (task.tellRefusals !== true) throw error;
      tell(`refused ${commandId} ${(error as { problem?: string }).problem ?? String(error)}`);
      if (task.goOn !== true) return;
    }
  }
}

await Promise.all(Array.from({ length: task.callers }, (_, caller) => call(caller)));
if (task.tellRefusals === true) tell(`read ${(await store.readAll({ after: START, limit: 10_000 })).events.length}`);
await store.close();
tell('done');
