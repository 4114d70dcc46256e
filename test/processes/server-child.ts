import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { Billtrail, makeKey } from '@billtrail/application';
import type { Role } from '@billtrail/kernel';
import { createServer } from '../../apps/api/src/server.js';

/** What the parent asks of a server, as JSON in its first argument. */
export interface ServerTask {
  readonly dataDir: string;
  /** The time, which stands still. */
  readonly now: string;
  /** Whoever will call, by role and number: `admin-1`. */
  readonly callers: readonly string[];
}

/** What it tells: where it listens and the callers' keys or that following the log has failed. */
export type Told =
  { readonly address: string; readonly keys: Readonly<Record<string, string>> } | { readonly failed: string };

const task = JSON.parse(process.argv[2] ?? '') as ServerTask;

function tell(told: Told): void {
  process.send?.(told);
}

// Nobody is left to ask it anything.
process.on('disconnect', () => process.exit(0));

const app = await createServer({
  dataDir: task.dataDir,
  follow: true,
  checkFiles: true,
  clock: () => task.now,
  suspectClock: true,
  onFailure: (error) => {
    tell({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    process.exit(1);
  },
});
Logger.overrideLogger(false);
const { vault } = app.get(Billtrail);
const keys: Record<string, string> = {};
for (const caller of task.callers)
  keys[caller] = (await makeKey(vault, caller, caller.split('-')[0] as Role, task.now)).key;
await app.listen(0, '127.0.0.1');
tell({ address: await app.getUrl(), keys });
