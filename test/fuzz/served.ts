import 'reflect-metadata';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Billtrail, configurationOf, makeKey, todayOf } from '@billtrail/application';
import { MAX_READ, START, type RecordedEvent } from '@billtrail/event-store';
import { unreachable, type Role } from '@billtrail/kernel';
import { createServer } from '../../apps/api/src/server.js';
import type { ApiDocument } from './routes.js';
import type { Operation, Request } from './operation.js';
import { Positions } from './positions.js';

export const BEGINNING = '2026-03-12T09:00:00+11:00';
const HOUR_MILLIS = 3_600_000;
/** In memory where the system has such a folder: what a disk does to a log is another proof's. */
const QUICK_FOLDER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** What the server logged of a failure. */
  readonly logged: string | null;
}

/** The real API in this process, on a folder of its own, with a clock that is told. It follows the log when asked, so that a seed is one run. */
export class Served {
  readonly folder = mkdtempSync(join(QUICK_FOLDER, 'fuzz-'));
  private readonly keys = new Map<string, string>();
  private readonly positions = new Positions();
  private app: NestFastifyApplication | null = null;
  private millis = Date.parse(BEGINNING);
  private logged: string | null = null;

  private constructor(private readonly failsAt: string | null) {}

  /** `failsAt`: the seeded bug, the path of a route that throws what nobody expects. */
  static async open(failsAt: string | null = null): Promise<Served> {
    const served = new Served(failsAt);
    await served.start();
    return served;
  }

  get billtrail(): Billtrail {
    return this.running.get(Billtrail);
  }

  get now(): string {
    return new Date(this.millis).toISOString();
  }

  async document(): Promise<ApiDocument> {
    const answer = await this.running.getHttpAdapter().getInstance().inject({ url: '/openapi.json' });
    return answer.json<ApiDocument>();
  }

  /** null: it was no request. */
  async carryOut(operation: Operation): Promise<Answer | null> {
    switch (operation.do) {
      case 'request':
        return this.request(operation);
      case 'pass':
        this.millis += operation.hours * HOUR_MILLIS;
        break;
      case 'settle':
        await this.settle();
        break;
      case 'rebuild':
        await this.billtrail.models.rebuild();
        break;
      case 'restart':
        await this.stop();
        await this.start();
        break;
      default:
        unreachable(operation);
    }
    return null;
  }

  async settle(): Promise<void> {
    await this.billtrail.catchUp();
  }

  async today(): Promise<string> {
    return todayOf(await configurationOf(this.billtrail.store), this.now);
  }

  async events(): Promise<readonly RecordedEvent[]> {
    const { events, atEnd } = await this.billtrail.store.readAll({ after: START, limit: MAX_READ });
    if (!atEnd) throw new Error('a run of more events than one read gives');
    return events;
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true });
  }

  private get running(): NestFastifyApplication {
    if (this.app === null) throw new Error('the server is not running');
    return this.app;
  }

  private async start(): Promise<void> {
    this.app = await createServer({ dataDir: this.folder, clock: () => this.now, pastInThisThread: true });
    Logger.overrideLogger({ log: () => undefined, warn: () => undefined, error: (told) => this.note(told) });
    const fastify = this.app.getHttpAdapter().getInstance();
    if (this.failsAt !== null)
      fastify.addHook('preHandler', async (request) => {
        if (request.routeOptions.url === this.failsAt) throw new TypeError('the seeded bug');
      });
    await this.app.init();
    await fastify.ready();
  }

  private async stop(): Promise<void> {
    await this.app?.close();
    this.app = null;
  }

  private note(told: unknown): void {
    this.logged ??= typeof told === 'string' ? told : JSON.stringify(told);
  }

  private async request({ as, method, url, body, key, ifMatch }: Request): Promise<Answer> {
    this.logged = null;
    // A minute for each, as in the histories of the laws.
    this.millis += HOUR_MILLIS / 60;
    const answer = await this.running
      .getHttpAdapter()
      .getInstance()
      .inject({
        method,
        url: this.positions.in(url),
        headers: {
          authorization: `Bearer ${await this.keyOf(as)}`,
          ...(body === null ? {} : { 'content-type': 'application/json' }),
          ...(key === null ? {} : { 'idempotency-key': key }),
          ...(ifMatch === null ? {} : { 'if-match': `"${this.positions.in(ifMatch)}"` }),
        },
        ...(body === null ? {} : { payload: body }),
      });
    const answered = parsed(answer.body);
    this.positions.learn(answered);
    return { status: answer.statusCode, body: answered, logged: this.logged };
  }

  private async keyOf(as: string): Promise<string> {
    const known = this.keys.get(as);
    if (known !== undefined) return known;
    const { key } = await makeKey(this.billtrail.vault, as, as.split('-')[0] as Role, this.now);
    this.keys.set(as, key);
    return key;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
