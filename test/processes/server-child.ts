import 'reflect-metadata';
import { writeSync } from 'node:fs';
import { Logger } from '@nestjs/common';
import { Billtrail, makeKey } from '@billtrail/application';
import type { AppendRequest, Claim, EventStore } from '@billtrail/event-store';
import type { Role } from '@billtrail/kernel';
import { createServer } from '../../apps/api/src/server.js';
import { seed, type SeededBug } from './seeded-bugs.js';

/** What the time of a server is: one that stands still, or that of the machine and so much more. */
export type ToldClock = { readonly at: string } | { readonly aheadMs: number };

/** What the parent asks of a server, as JSON in its first argument. */
export interface ServerTask {
  readonly dataDir: string;
  /** An EventStoreDB that holds the log: then it is a node, and one of them leads. Without it the log is in the folder. */
  readonly storeUrl?: string | undefined;
  readonly clock: ToldClock;
  /** Whoever will call, by role and number: `admin-1`. */
  readonly callers: readonly string[];
  readonly bug?: SeededBug | undefined;
  /** It kills itself the nth time that it has appended one of these types of events, before anything follows. */
  readonly dies?: { readonly after: readonly string[]; readonly time: number } | undefined;
}

/** What it tells: where it listens and the callers' keys; a type of event that it appends; that following the log has failed. */
export type Told =
  | { readonly address: string; readonly keys: Readonly<Record<string, string>> }
  | { readonly appends: string }
  | { readonly failed: string };

const task = JSON.parse(process.argv[2] ?? '') as ServerTask;
let clock = task.clock;

function tell(told: Told): void {
  process.send?.(told);
}

function now(): string {
  return 'at' in clock ? clock.at : new Date(Date.now() + clock.aheadMs).toISOString();
}

/** Tells each kind of append that there is, and kills itself after the one where it is to die: what was to follow does not. */
function watchAppends(store: EventStore): void {
  const append = store.append.bind(store);
  const known = new Set<string>();
  let reached = 0;
  store.append = async (request: AppendRequest, claims?: readonly Claim[]) => {
    const appended = await append(request, claims);
    const type = request.events.at(-1)?.type ?? '';
    if (!known.has(type)) tell({ appends: type });
    known.add(type);
    if (task.dies?.after.includes(type) !== true || appended.repeated || ++reached < task.dies.time) return appended;
    // Straight into the pipe: it is in the parent's hands even if this process dies in the next instant.
    writeSync(1, `${type}\n`);
    process.kill(process.pid, 'SIGKILL');
    return appended;
  };
}

process.on('message', (told: { readonly clock?: ToldClock }) => (clock = told.clock ?? clock));
// Nobody is left to ask it anything.
process.on('disconnect', () => process.exit(0));

const app = await createServer({
  dataDir: task.dataDir,
  // Where one alone leads, a fence that is off rarely shows: what it keeps apart are several that act.
  ...(task.storeUrl !== undefined && { storeUrl: task.storeUrl, lease: task.bug !== 'fence-off' }),
  follow: true,
  checkFiles: true,
  clock: now,
  suspectClock: true,
  onFailure: (error) => {
    tell({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    process.exit(1);
  },
});
Logger.overrideLogger(false);
const { store, vault } = app.get(Billtrail);
if (task.bug !== undefined) seed(task.bug, app.get(Billtrail));
watchAppends(store);
const keys: Record<string, string> = {};
for (const caller of task.callers)
  keys[caller] = (await makeKey(vault, caller, caller.split('-')[0] as Role, now())).key;
await app.listen(0, '127.0.0.1');
tell({ address: await app.getUrl(), keys });
