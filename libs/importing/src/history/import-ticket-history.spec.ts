import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRefusal, type Refusal } from '@billtrail/kernel';
import { type EventStore, START, StoreUnavailable, TooLarge } from '@billtrail/event-store';
import { LOOK_AHEAD_ROWS } from '../limits.js';
import { importTicketHistory, type ImportProgress, type ImportRequest } from './import-ticket-history.js';
import type { ImportReport } from './report.js';
import { SPEC_MAPPING_YAML, specCsv, type SpecFields, specMapping, specStore } from '../testing/history.js';

let folder: string;
let store: EventStore;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'billtrail-import-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  store = specStore();
});
const { TMPDIR } = process.env;
afterEach(async () => {
  if (TMPDIR === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = TMPDIR;
  await store.close();
});

async function run(csv: string, request: Partial<ImportRequest> = {}): Promise<ImportReport | Refusal> {
  const file = join(folder, 'log.csv');
  await writeFile(file, csv);
  return importTicketHistory({
    file,
    mapping: specMapping(),
    store,
    actor: { id: 'importer', role: 'system' },
    materialWords: () => Promise.resolve([]),
    ...request,
  });
}

async function imported(csv: string, request: Partial<ImportRequest> = {}): Promise<ImportReport> {
  const report = await run(csv, request);
  if (isRefusal(report)) throw new Error(report.message);
  expect(Object.values(report.fates).reduce((sum, count) => sum + count, 0)).toBe(report.rows);
  return report;
}

async function logged(): Promise<string[]> {
  const { events } = await store.readAll({ after: START, limit: 20_000 });
  return events.map(({ stream, type }) => `${stream} ${type}`);
}

/** Moves of `count` tickets in four rows each, ticket by ticket. */
function tickets(count: number): SpecFields[] {
  return Array.from({ length: count }, (_, number) => {
    const id = `T${number}`;
    const client = `Client ${number % 7}`;
    return [
      { id, client, at: '1/6/2026 09:00', seq: '0', state: 'New' },
      { id, client, at: '1/6/2026 10:00', seq: '1', state: 'Active', who: 'Bo' },
      { id, client, at: '1/6/2026 11:00', seq: '2', state: 'Resolved', who: 'Bo' },
      { id, client, at: '6/6/2026 09:00', seq: '3', state: 'Closed', who: 'Bo' },
    ];
  }).flat();
}
const byTime = (rows: readonly SpecFields[]): SpecFields[] => [...rows].sort((a, b) => Number(a.seq) - Number(b.seq));

describe('an import of ticket histories', () => {
  it('registers clients before their tickets and records each ticket whole', async () => {
    const report = await imported(specCsv(...tickets(2)));
    const log = await logged();
    for (const number of [0, 1]) {
      const registered = log.indexOf(`client-Client-${number} ClientRegistered`);
      expect(registered).toBeGreaterThanOrEqual(0);
      expect(registered).toBeLessThan(log.indexOf(`ticket-T${number} TicketRequested`));
      expect(log.filter((entry) => entry.startsWith(`ticket-T${number} `))).toEqual(
        ['TicketRequested', 'TicketTriaged', 'TicketAssigned', 'WorkStarted', 'TicketResolved', 'TicketClosed'].map(
          (type) => `ticket-T${number} ${type}`,
        ),
      );
    }
    expect(log).toHaveLength(14);
    expect(report).toMatchObject({
      rows: 8,
      fates: { moved: 8 },
      tickets: { total: 2, created: 2, grown: 0, unchanged: 0 },
      clients: { total: 2, registered: 2, ticketsWithout: 0 },
      events: { total: 12, appended: 12 },
      timeZone: { name: 'Australia/Sydney', statedBy: 'mapping' },
      nulls: { who: 2, note: 8 },
      statedTimes: { resolvedAt: { same: 0, differs: 0, missing: 2 }, closedAt: null },
    });
    const { events } = await store.readStream('client-Client-1');
    expect(events[0]?.data).toMatchObject({
      clientId: 'Client-1',
      name: 'Client 1',
      currency: 'AUD',
      timeZone: 'Australia/Sydney',
    });
  });

  it('adds nothing a second time', async () => {
    const csv = specCsv(...tickets(20));
    const first = await imported(csv);
    const before = await store.head();
    const second = await imported(csv);
    expect(await store.head()).toEqual(before);
    expect(second.fates).toEqual(first.fates);
    expect(second.events).toEqual({ ...first.events, appended: 0 });
    expect(second).toMatchObject({ tickets: { created: 0, unchanged: 20 }, clients: { total: 7, registered: 0 } });
  });

  it('records which material words its texts name, by the configuration then, and once', async () => {
    const rows: SpecFields[] = [
      { id: 'T1', at: '1/6/2026 09:00', seq: '0', state: 'New' },
      { id: 'T1', at: '1/6/2026 10:00', seq: '1', state: 'Active', who: 'Bo', note: 'Took a switch along' },
      { id: 'T1', at: '1/6/2026 11:00', seq: '2', state: 'Resolved', who: 'Bo', code: 'new SSD and switch' },
    ];
    let watched = [{ word: 'SSD' }];
    const materialWords = () => Promise.resolve(watched);
    const words = async () => {
      const { events } = await store.readStream('ticket-T1');
      return events.flatMap(({ type, data }) => ('materialWords' in data ? [[type, data.materialWords]] : []));
    };
    await imported(specCsv(...rows.slice(0, 2)), { materialWords });
    expect(await words()).toEqual([
      ['TicketRequested', []],
      ['NoteAdded', []],
    ]);
    watched = [{ word: 'SSD' }, { word: 'switch' }];
    await imported(specCsv(...rows), { materialWords });
    const all = [
      ['TicketRequested', []],
      ['NoteAdded', []],
      ['TicketResolved', ['SSD', 'switch']],
    ];
    expect(await words()).toEqual(all);
    watched = [];
    expect(await imported(specCsv(...rows), { materialWords })).toMatchObject({ events: { appended: 0 } });
    expect(await words()).toEqual(all);
  });

  it('adds only what is new of an export that has grown', async () => {
    const rows = tickets(10);
    await imported(specCsv(...rows.slice(0, 34)));
    const grown = await imported(specCsv(...rows));
    expect(grown).toMatchObject({ tickets: { total: 10, created: 1, grown: 1, unchanged: 8 }, fates: { moved: 40 } });
    const once = specStore();
    await imported(specCsv(...rows), { store: once });
    for (let number = 0; number < 10; number++) {
      const [there, expected] = [
        await store.readStream(`ticket-T${number}`),
        await once.readStream(`ticket-T${number}`),
      ];
      expect(there.events.map(({ type, data, occurredAt }) => ({ type, data, occurredAt }))).toEqual(
        expected.events.map(({ type, data, occurredAt }) => ({ type, data, occurredAt })),
      );
    }
    await once.close();
  });

  it.each(['oldest first', 'newest first'])('becomes the same where the file is sorted by time, %s', async (order) => {
    const temporary = await mkdtemp(join(folder, 'tmp-'));
    process.env['TMPDIR'] = temporary;
    const rows = tickets(40);
    const sorted = order === 'oldest first' ? byTime(rows) : byTime(rows).toReversed();
    const adjacent = await imported(specCsv(...rows));
    const scattered = specStore();
    const report = await imported(specCsv(...sorted), { store: scattered });
    expect([adjacent.rowsScattered, report.rowsScattered]).toEqual([false, true]);
    expect(report).toMatchObject({ fates: adjacent.fates, tickets: adjacent.tickets, events: adjacent.events });
    for (let number = 0; number < 40; number++) {
      const [one, other] = [
        await store.readStream(`ticket-T${number}`),
        await scattered.readStream(`ticket-T${number}`),
      ];
      expect(other.events.map(({ type, data, occurredAt }) => ({ type, data, occurredAt }))).toEqual(
        one.events.map(({ type, data, occurredAt }) => ({ type, data, occurredAt })),
      );
    }
    await scattered.close();
    expect(await readdir(temporary)).toEqual([]);
  });

  it('keeps a ticket that comes back after the look-ahead, and goes on with it', async () => {
    const many = Array.from({ length: LOOK_AHEAD_ROWS + 5 }, (_, n): SpecFields => ({
      id: `F${n}`,
      client: '?',
      state: 'New',
    }));
    const late = [0, 100].map((n): SpecFields => ({
      id: `F${n}`,
      client: '?',
      seq: '1',
      at: '1/6/2026 12:00',
      state: 'Active',
    }));
    const report = await imported(specCsv(...many, ...late));
    expect(report).toMatchObject({
      fates: { moved: many.length + 2 },
      tickets: { total: many.length },
      rowsScattered: true,
    });
    expect((await store.readStream('ticket-F100')).events.map(({ type }) => type)).toEqual([
      'TicketRequested',
      'TicketTriaged',
      'WorkStarted',
    ]);
  });

  it.each([1, 5, 11, 19])('goes on after the store failed at append %d', async (failAt) => {
    const csv = specCsv(...tickets(12));
    let appends = 0;
    const failing: EventStore = Object.create(store, {
      append: {
        value: (request: Parameters<EventStore['append']>[0]) => {
          if (++appends >= failAt)
            return Promise.reject(new StoreUnavailable('disk-full', 'the disk is full', 'Make room'));
          return store.append(request);
        },
      },
    }) as EventStore;
    await expect(run(csv, { store: failing })).rejects.toThrow('the disk is full');
    const report = await imported(csv);
    expect(report).toMatchObject({ fates: { moved: 48 }, tickets: { total: 12 }, events: { total: 72 } });
    expect((await logged()).length).toBe(72 + 7);
    expect(new Set(await logged()).size).toBe(72 + 7);
  });

  it('appends what is too large for the store at once in pieces, and a repeat adds nothing', async () => {
    const csv = specCsv(...tickets(2));
    const sizes: number[] = [];
    const small: EventStore = Object.create(store, {
      append: {
        value: async (request: Parameters<EventStore['append']>[0]) => {
          if (request.events.length > 2) throw new TooLarge('the append', request.events.length, 2);
          sizes.push(request.events.length);
          return store.append(request);
        },
      },
    }) as EventStore;
    const whole = { tickets: { total: 2 }, events: { total: 12 } };
    expect(await run(csv, { store: small })).toMatchObject(whole);
    expect(Math.max(...sizes)).toBe(2);
    const { events } = await store.readStream('ticket-T0');
    expect(events.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const again of [small, store]) {
      const head = await store.head();
      await run(csv, { store: again });
      expect(await store.head()).toEqual(head);
    }
  });

  it('can be cancelled, and goes on', async () => {
    const abort = new AbortController();
    const csv = specCsv(...tickets(3_000));
    const refusal = await run(csv, { signal: abort.signal, onProgress: () => abort.abort() });
    expect(refusal).toMatchObject({ code: 'Cancelled', remedy: 'Run it again: it goes on where it ended' });
    expect(await imported(csv)).toMatchObject({ tickets: { total: 3_000 }, events: { total: 18_000 } });
    expect((await store.head()).at).toBe(18_007);
  });

  it('tells its progress', async () => {
    const seen: ImportProgress[] = [];
    await imported(specCsv(...tickets(3)), { onProgress: (progress) => seen.push(progress) });
    const last = seen.at(-1);
    expect(last).toMatchObject({ rows: 12, tickets: 3, eventsAppended: 18 });
    expect(last?.bytesRead).toBe(last?.bytesTotal);
  });

  it('counts local times that happen twice or never', async () => {
    const report = await imported(
      specCsv(
        { at: '5/4/2026 02:30', seq: '0' },
        { at: '5/4/2026 02:40', seq: '1', state: 'Active' },
        { at: '4/10/2026 02:30', seq: '2', state: 'Resolved' },
      ),
    );
    expect(report.clockChanges).toEqual({ ambiguous: 2, nonexistent: 1 });
    expect((await imported(specCsv({ id: 'T2', at: '5/4/2026 02:30' }), { timeZone: 'UTC' })).clockChanges).toEqual({
      ambiguous: 0,
      nonexistent: 0,
    });
  });

  it('refuses a file of which nobody states the zone', async () => {
    const mapping = specMapping(SPEC_MAPPING_YAML.replace(', zone: Australia/Sydney', ''));
    expect(await run(specCsv({}), { mapping })).toMatchObject({
      code: 'TimeZoneMissing',
      remedy: expect.stringContaining('--time-zone'),
    });
    expect(await run(specCsv({}), { mapping, timeZone: 'UTC' })).toMatchObject({
      timeZone: { name: 'UTC', statedBy: 'caller' },
    });
  });
});

describe('broken rows', () => {
  const [whole, broken] = [tickets(3), tickets(3)];
  broken[5] = { ...broken[5], at: '32/6/2026 10:00' };

  it('set their whole ticket aside, in a file that can be mended and imported', async () => {
    const rejectsFile = join(folder, 'rejects.csv');
    const report = await imported(specCsv(...broken), { rejectsFile });
    expect(report).toMatchObject({
      fates: { moved: 8, rejected: 1, 'held-back': 3 },
      tickets: { total: 3, created: 2, heldBack: 1 },
      rejects: {
        rows: 4,
        file: rejectsFile,
        listed: [
          { line: 7, ticket: 'T1', column: 'at', reason: '"32/6/2026 10:00" is not a time of the form d/M/yyyy HH:mm' },
        ],
      },
    });
    const text = await readFile(rejectsFile, 'utf8');
    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(/^billtrail_line,billtrail_reason,id,at,/);
    expect(lines[1]).toMatch(/^6,another row of this ticket was rejected,T1,/);
    expect(lines[2]).toMatch(/^7,"at: ""32\/6\/2026 10:00"" is not a time of the form d\/M\/yyyy HH:mm",T1,/);
    const mended = await imported(text.replaceAll('32/6/2026', '1/6/2026').replaceAll('"at: ""1/6', '"at: ""32/6'));
    expect(mended).toMatchObject({ fates: { moved: 4 }, tickets: { created: 1 }, rejects: { rows: 0, file: null } });
    expect((await imported(specCsv(...whole))).events.appended).toBe(0);
  });

  it('stop the import where it is strict, by file, line, column and remedy, and a new run goes on', async () => {
    const refusal = await run(specCsv(...broken), { strict: true });
    const file = join(folder, 'log.csv');
    expect(refusal).toMatchObject({
      code: 'RowBroken',
      message: `${file}, line 7, column at: "32/6/2026 10:00" is not a time of the form d/M/yyyy HH:mm`,
      remedy: expect.stringContaining('Mend the row and run again'),
      details: { file, line: 7, column: 'at' },
    });
    expect(await imported(specCsv(...whole), { strict: true })).toMatchObject({ events: { total: 18 } });
    expect(await logged()).toHaveLength(21);
  });

  it('with the wrong number of fields or without a ticket are rejected alone or with their ticket', async () => {
    const rejectsFile = join(folder, 'odd.csv');
    const csv = `${specCsv(...tickets(1))}T0,too,few\n?,1/6/2026 09:00,0,?,New,?,?,?,?,?,?,?,?,?\n`;
    const report = await imported(csv, { rejectsFile });
    expect(report).toMatchObject({ fates: { moved: 0, rejected: 2, 'held-back': 4 }, events: { total: 0 } });
    expect(await readFile(rejectsFile, 'utf8')).toMatch(/6,"the row has 3 fields, the header 14",T0,too,few\n/);
  });

  it('are those of a client whose id belongs to another', async () => {
    await imported(specCsv({ id: 'A', client: 'Blue Sky' }));
    const report = await imported(specCsv({ id: 'B', client: 'Blue-Sky' }, { id: 'C', client: 'blue sky' }));
    expect(report).toMatchObject({
      fates: { moved: 1, rejected: 1 },
      rejects: {
        listed: [
          {
            line: 2,
            ticket: 'B',
            column: 'client',
            reason: expect.stringContaining('belongs to the client "Blue Sky"'),
          },
        ],
      },
    });
  });

  it('can not be written over the file that is imported', async () => {
    expect(await run(specCsv(...broken), { rejectsFile: join(folder, 'log.csv') })).toMatchObject({
      code: 'FileUnwritable',
      remedy: expect.stringContaining('another name'),
    });
    expect(await run(specCsv(...broken), { rejectsFile: join(folder, 'no', 'such', 'folder.csv') })).toMatchObject({
      code: 'FileUnwritable',
    });
  });
});
