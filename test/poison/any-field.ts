import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { invariant } from '@billtrail/kernel';
import { storedNames } from '@billtrail/application';
import { SqliteEventStore, type StoredAppend, type StoredEvent } from '@billtrail/event-store';
import { ReadModels } from '@billtrail/read-models';
import type { Random } from '../crash/random.js';
import { Fixture } from '../fixtures/fixture.js';

const DAY = '2026-06-30';
const NOW = '2026-06-30T00:00:00.000Z';
const MONTHS = ['2026-02', '2026-03', '2026-04', '2026-05'] as const;

/** A field of an event that stands in a log in an odd way. */
export interface OddField {
  readonly storedName: string;
  readonly stream: string;
  readonly eventId: string;
  readonly path: readonly string[];
  /** Undefined: the field is missing. */
  readonly value: unknown;
}

/** What each client-period answers; null: that is not known. */
type Answers = ReadonlyMap<string, string | null>;

/** What takes the place of a value: another type, nothing, an extreme, a kind or a day that does not exist. */
const ODD: readonly unknown[] = [
  undefined,
  null,
  '',
  'soon',
  [],
  {},
  [null],
  true,
  -1,
  0,
  1.5,
  1e300,
  '9'.repeat(40),
  '-1',
  '1e400',
  '10000-01-01',
  '0001-01-01',
  '2026-02-30',
  'Mars/Base',
  'ZZZ',
];

/** Every path in data, of values and of what holds them. */
function pathsIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  const own = path.length === 0 ? [] : [path];
  if (typeof value !== 'object' || value === null) return own;
  return [...own, ...Object.entries(value).flatMap(([name, each]) => pathsIn(each, [...path, name]))];
}

function withOdd(json: string, { path, value }: OddField): string {
  const data = JSON.parse(json) as Record<string, unknown>;
  let holder = data;
  for (const name of path.slice(0, -1)) holder = holder[name] as Record<string, unknown>;
  const last = path.at(-1) ?? '';
  if (value === undefined && !Array.isArray(holder)) delete holder[last];
  else holder[last] = value ?? null;
  return JSON.stringify(data);
}

/** A log with all kinds of events that an earlier version wrote, and what is answered of it. */
export class WholeStory {
  private constructor(
    private readonly appends: readonly StoredAppend[],
    private readonly without: Answers,
    private readonly clients: readonly string[],
    private readonly clientsOf: ReadonlyMap<string, ReadonlySet<string>>,
  ) {}

  static async read(): Promise<WholeStory> {
    const { dataDir, remove } = Fixture.of('schema-1').unpack();
    const folder = mkdtempSync(join(tmpdir(), 'billtrail-poison-'));
    try {
      const file = join(dataDir, 'events.db');
      const store = SqliteEventStore.open({ file, names: storedNames, clock: () => NOW });
      const appends: StoredAppend[] = [];
      const copying = store.capability('copying');
      invariant(copying, 'a log in a file can be copied');
      for await (const append of copying.copyOut().appends()) appends.push(append);
      const filled = join(folder, 'read-models.db');
      const models = await ReadModels.open({ file: filled, store });
      await models.catchUp();
      const rows = new BetterSqlite(filled, { readonly: true });
      const told = rows.prepare('SELECT client_id, stream FROM client_streams').raw().all() as [string, string][];
      rows.close();
      const clientsOf = new Map<string, Set<string>>();
      for (const [clientId, stream] of told)
        clientsOf.set(stream, (clientsOf.get(stream) ?? new Set<string>()).add(clientId));
      const clients = [...new Set(told.map(([clientId]) => clientId))].sort();
      const without = await answersOf(models, clients);
      await models.close();
      await store.close();
      return new WholeStory(appends, without, clients, clientsOf);
    } finally {
      remove();
      rmSync(folder, { recursive: true });
    }
  }

  /** One field of one event, kinds of events equally often. */
  oddField(random: Random): OddField {
    const events = this.appends.flatMap(({ stream, events: all }) =>
      all.filter(({ json }) => json !== '{}').map((event) => ({ stream, event })),
    );
    const names = [...new Set(events.map(({ event }) => event.storedName))].sort();
    const storedName = random.pick(names);
    const { stream, event } = random.pick(events.filter((one) => one.event.storedName === storedName));
    const path = random.pick(pathsIn(JSON.parse(event.json)));
    const { value } = random.pick(ODD.map((one) => ({ value: one })));
    return { storedName, stream, eventId: event.id, path, value };
  }

  /** That field of the first event of a kind that has it. */
  odd(storedName: string, path: readonly string[], value: unknown): OddField {
    const holds = (json: string) => pathsIn(JSON.parse(json)).some((one) => one.join('.') === path.join('.'));
    for (const { stream, events } of this.appends) {
      const event = events.find((one) => one.storedName === storedName && holds(one.json));
      if (event !== undefined) return { storedName, stream, eventId: event.id, path, value };
    }
    throw new Error(`no ${storedName} has ${path.join('.')}`);
  }

  /** The log with that field. Answers what is not as it must be: no read model stops, no other client's answers change, a rebuild says the same. */
  async poisoned(odd: OddField): Promise<readonly string[]> {
    const wrong: string[] = [];
    const store = SqliteEventStore.open({ file: ':memory:', names: storedNames, clock: () => NOW });
    const { appends } = this;
    const changed = (event: StoredEvent) =>
      event.id === odd.eventId ? { ...event, json: withOdd(event.json, odd) } : event;
    const log = {
      plainEvents: 0,
      appends: async function* () {
        for (const append of appends) yield { ...append, events: append.events.map(changed) };
      },
    };
    await store.capability('copying')?.copyIn(log);
    const models = await ReadModels.open({ file: ':memory:', store });
    try {
      await models.catchUp();
      for (const { name, state, error } of models.status()) if (state !== 'live') wrong.push(`${name} stops: ${error}`);
      if (wrong.length > 0) return wrong;
      const found = await answersOf(models, this.clients);
      const own = this.clientsOf.get(odd.stream);
      for (const [name, answer] of found)
        if (own !== undefined && !own.has(name.split(' ')[0] ?? '') && answer !== this.without.get(name))
          wrong.push(`${name} is ${answer === null ? 'parked' : 'changed'}`);
      await models.rebuild();
      const anew = await answersOf(models, this.clients);
      for (const [name, answer] of found) if (answer !== anew.get(name)) wrong.push(`${name} is another, rebuilt`);
    } catch (error) {
      wrong.push((error as Error).stack?.split('\n').slice(0, 4).join(' | ') ?? String(error));
    } finally {
      await models.close();
      await store.close();
    }
    return wrong;
  }
}

/** All that is asked of client-periods: money, and what a reconciliation says. @throws whatever is no `NotKnown` */
async function answersOf(models: ReadModels, clients: readonly string[]): Promise<Answers> {
  const answers = new Map<string, string | null>();
  const put = async (name: string, ask: () => Promise<unknown>): Promise<void> => {
    try {
      answers.set(name, JSON.stringify(await ask()));
    } catch (error) {
      if ((error as Error).name !== 'NotKnown') throw error;
      answers.set(name, null);
    }
  };
  for (const clientId of clients) {
    await put(`${clientId} documents`, async () => [
      await models.invoices.list({ clientId }, {}),
      await models.creditNotes.list({ clientId }, {}),
    ]);
    for (const period of MONTHS)
      await put(`${clientId} ${period}`, async () => [
        await models.billableItems.ofPeriod(clientId, period),
        await models.charges.ofPeriod(clientId, period),
        await models.reconciliation.of(DAY, { clientId, period }),
      ]);
  }
  return answers;
}
