import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from '@nestjs/common';
import { expect, jest } from '@jest/globals';
import request from 'supertest';
import { Billtrail, makeKey, storedNames, type ApplicationOptions } from '@billtrail/application';
import { SqliteEventStore } from '@billtrail/event-store';
import { NAMED_CONFIGURATION } from '@billtrail/billing/testing';
import type { Role } from '@billtrail/kernel';
import type { Limits } from '../../apps/api/src/http/limits.js';
import { DocumentedAnswers } from '../fuzz/documented.js';
import { temporaryFolder } from './temporary-folder.js';

// The page of the documentation serves its files by a package that Jest can't load on Node 20 (it requires an ES module). The page is looked at
// where the built server runs; here the routes and their document are.
jest.unstable_mockModule('@fastify/static', () => ({ default: () => Promise.resolve() }));
const { createServer } = await import('../../apps/api/src/server.js');
const { LIMITS } = await import('../../apps/api/src/http/limits.js');

/** The time at which everything in these tests happens, unless a test moves it. */
export const NOW = '2026-03-20T02:00:00Z';

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly remedy: string;
  readonly correlationId: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface WriteAnswer {
  readonly stream: string;
  readonly version: number;
  readonly position: string;
  readonly repeated: boolean;
}

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** The last of positions of one log, as answers give them: `912.3f0a96d1`. */
export function lastOf(positions: readonly (string | undefined)[]): string {
  const at = (position: string): number => Number(position.split('.')[0]);
  return positions.reduce<string>((last, one) => (one !== undefined && at(one) > at(last) ? one : last), '0.00000000');
}

/** Someone with an API key, talking HTTP. */
export class Person {
  constructor(
    private readonly address: string,
    private readonly key: string | (() => Promise<string>) | null,
    private readonly documented: DocumentedAnswers,
  ) {}

  async get<Body = Problem>(path: string, headers: Record<string, string> = {}): Promise<Answer<Body>> {
    return this.send(request(this.address).get(path), { method: 'get', url: path }, headers);
  }

  async post<Body = Problem>(
    path: string,
    body: string | object = {},
    headers: Record<string, string> = {},
  ): Promise<Answer<Body>> {
    return this.send(request(this.address).post(path).send(body), { method: 'post', url: path }, headers);
  }

  /** A write that must succeed. */
  async does<Made extends object = object>(
    path: string,
    body: object = {},
    headers: Record<string, string> = {},
  ): Promise<WriteAnswer & Made> {
    const answer = await this.post<WriteAnswer & Made>(path, body, headers);
    if (answer.status >= 300) throw new Error(`POST ${path} answered ${answer.status}: ${answer.text}`);
    return answer.body;
  }

  /** A read that must succeed. */
  async reads<Body>(path: string): Promise<Body> {
    const answer = await this.get<Body>(path);
    if (answer.status !== 200) throw new Error(`GET ${path} answered ${answer.status}: ${answer.text}`);
    return answer.body;
  }

  /** A list, page by page to its end. */
  async readsAll<Item>(path: string, limit = 200): Promise<readonly Item[]> {
    const found: Item[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const separator = path.includes('?') ? '&' : '?';
      const page: Page<Item> = await this.reads(
        `${path}${separator}limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      found.push(...page.items);
      cursor = page.nextCursor;
    }
    return found;
  }

  /** Whatever is asked in these tests, the answer is as the API documents it. */
  private async send<Body>(
    test: request.Test,
    asked: { readonly method: string; readonly url: string },
    headers: Record<string, string>,
  ): Promise<Answer<Body>> {
    if (this.key !== null)
      void test.set('authorization', `Bearer ${typeof this.key === 'string' ? this.key : await this.key()}`);
    const { status, body, headers: answered, text } = await test.set(headers);
    const difference = this.documented.difference({ ...asked, status, body });
    if (difference !== null) throw new Error(notAsDocumented(`${asked.method.toUpperCase()} ${asked.url}`, difference));
    return { status, body: body as Body, headers: answered, text };
  }
}

/** What is told is of March 2026, and the command line goes by the clock of the machine. */
const OF_STORIES = { ...NAMED_CONFIGURATION, issueDates: { daysBeforeWork: 31, daysAhead: 31, daysBack: 3660 } };

function notAsDocumented(route: string, difference: string): string {
  return `${route} does not answer as /openapi.json says: ${difference}. What it says is made from types and code: npm run contract`;
}

/** Of the whole process: the document is the same of every server. */
let documented: DocumentedAnswers | undefined;

/** What several nodes share; without it, it is in the data folder. */
type StoresOfNode = Pick<ApplicationOptions, 'storeUrl' | 'vaultUrl'>;

/** The API on a data folder and a port of its own, with a clock that stands still until it is moved. */
export class Api {
  /** What followers of the log reported; a test that expects none need not look: {@link close} does. */
  readonly failures: unknown[] = [];
  private time = NOW;
  private server: NestFastifyApplication | null = null;
  private address = '';

  private constructor(
    readonly dataDir: string,
    private readonly remove: () => void,
    private readonly limits: Limits,
    private readonly suspectClock: boolean,
    private readonly trustedProxies: readonly string[],
    private readonly stores: StoresOfNode,
  ) {}

  /** Its organisation is named, or not yet. */
  static async open({
    isNamed = true,
    limits = LIMITS,
    suspectClock = false,
    trustedProxies = [],
    ...stores
  }: StoresOfNode & {
    readonly isNamed?: boolean;
    readonly limits?: Limits;
    readonly suspectClock?: boolean;
    readonly trustedProxies?: readonly string[];
  } = {}): Promise<Api> {
    const folder = temporaryFolder();
    const api = new Api(folder.path, () => folder.remove(), limits, suspectClock, trustedProxies, stores);
    await api.start();
    if (isNamed) await api.as('admin').does('/v1/configuration', { configuration: OF_STORIES });
    return api;
  }

  get app(): NestFastifyApplication {
    if (this.server === null) throw new Error('the server is not running');
    return this.server;
  }

  get billtrail(): Billtrail {
    return this.app.get(Billtrail);
  }

  get url(): string {
    return this.address;
  }

  async start(): Promise<void> {
    this.server = await createServer(
      {
        dataDir: this.dataDir,
        ...this.stores,
        follow: true,
        checkFiles: true,
        pastInThisThread: true,
        clock: () => this.time,
        suspectClock: this.suspectClock,
        onFailure: (error) => this.failures.push(error),
      },
      this.limits,
      this.trustedProxies,
    );
    // What goes wrong is asserted; the log would bury it.
    Logger.overrideLogger(false);
    await this.server.listen(0, '127.0.0.1');
    this.address = await this.server.getUrl();
    documented ??= new DocumentedAnswers((await request(this.address).get('/openapi.json')).body as never);
  }

  async stop(): Promise<void> {
    await this.server?.close();
    this.server = null;
  }

  /** Stops it and leaves the data folder to the command line, which has the machine's clock, and the key of an admin. */
  async leaveToCommandLine(): Promise<void> {
    process.env['BILLTRAIL_KEY'] = await this.keyOf('admin', 'owner');
    await this.stop();
    const store = SqliteEventStore.open({ file: join(this.dataDir, 'events.db'), names: storedNames });
    await store.append({
      stream: 'clock',
      expected: 'any',
      events: [{ type: 'ClockAccepted', data: { lastRecordedAt: this.time }, occurredAt: this.time }],
      actor: { id: 'admin-1', role: 'admin' },
      commandId: randomUUID(),
      correlationId: 'clock',
      causationId: null,
      acceptsClock: true,
      fingerprint: 'clock',
    });
    await store.close();
  }

  /** The same data folder, opened by a new server. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async close(): Promise<void> {
    await this.stop();
    this.remove();
    expect(this.failures).toEqual([]);
  }

  moveTo(time: string): void {
    this.time = time;
  }

  as(role: Role, actorId: string = `${role}-1`): Person {
    let key: Promise<string> | undefined;
    return new Person(this.address, () => (key ??= this.keyOf(role, actorId)), this.document);
  }

  async keyOf(role: Role, actorId: string): Promise<string> {
    return (await makeKey(this.billtrail.vault, actorId, role, NOW)).key;
  }

  /** Whoever has this key. */
  nobody(key: string | null = null): Person {
    return new Person(this.address, key, this.document);
  }

  private get document(): DocumentedAnswers {
    if (documented === undefined) throw new Error('the server never ran');
    return documented;
  }
}

const MOST_TRIES = 2_000;

/** Asks again until the answer fits: for what a policy does after the write was answered. Fails with the last answer. */
export async function eventually<Answered>(
  ask: () => Promise<Answered>,
  fits: (answer: Answered) => boolean,
): Promise<Answered> {
  let answer = await ask();
  for (let tries = 1; !fits(answer); tries++) {
    if (tries === MOST_TRIES) throw new Error(`never came to be; the last answer was ${JSON.stringify(answer)}`);
    answer = await ask();
  }
  return answer;
}
