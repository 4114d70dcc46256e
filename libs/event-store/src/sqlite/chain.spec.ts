import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { NAMES, everything, note, request, time } from '../contract-suite/fixtures.js';
import type { ChainFinding, ChainReport } from '../capabilities.js';
import type { RecordedEvent } from '../port.js';
import { Position, START } from '../position.js';
import { GENESIS, chainHash, encodeAppend } from './chain.js';
import { MAX_FINDINGS } from './verification.js';
import { SqliteEventStore } from './sqlite-event-store.js';

/** The log of these tests: appends of one event and of several, in streams that take turns. */
async function fill(store: SqliteEventStore): Promise<void> {
  for (let n = 0; n < 20; n++) {
    const events = n % 3 === 0 ? [note(`${n}a`), time(n), note(`${n}c`)] : [note(`${n}`)];
    await store.append(request(`${n % 2 ? 'ticket' : 'client'}-${n % 5}`, `c${n}`, events));
  }
}

let folder: string;
let file: string;
let store: SqliteEventStore;
let events: readonly RecordedEvent[];
let intact: ChainReport;

/** Changes the file behind the back of the store, as someone with access to the disk would. */
function tamper(...statements: readonly string[]): void {
  const db = new Database(file);
  for (const trigger of ['events_never_change', 'events_never_go', 'appends_never_change', 'appends_never_go']) {
    db.exec(`DROP TRIGGER IF EXISTS ${trigger}`);
  }
  for (const statement of statements) db.exec(statement);
  db.close();
}

function named(event: RecordedEvent | undefined): Partial<ChainFinding> {
  return { position: event?.position ?? -1, stream: event?.stream ?? '', version: event?.version ?? -1 };
}

async function open(): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'billtrail-chain-'));
  file = join(folder, 'log.db');
  store = SqliteEventStore.open({ file, names: NAMES });
  await fill(store);
  events = await everything(store);
  intact = await store.verify();
}

async function remove(): Promise<void> {
  await store.close();
  rmSync(folder, { recursive: true });
}

describe('the chain of an untouched log', () => {
  beforeEach(open);
  afterEach(remove);

  it('verifies, and tells its head', async () => {
    const progress: number[] = [];
    const report = await store.verify({
      expectedHeadHash: intact.headHash,
      onProgress: (position) => progress.push(position),
    });
    expect(report).toEqual({ events: 34, head: 34, headHash: intact.headHash, plainUpTo: 0, findings: [] });
    expect(progress.at(-1)).toBe(34);
    expect(intact.headHash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('of an empty log is the genesis value', async () => {
    const empty = SqliteEventStore.open({ file: ':memory:', names: NAMES });
    expect(await empty.verify({ expectedHeadHash: GENESIS })).toEqual({
      events: 0,
      head: 0,
      headHash: GENESIS,
      plainUpTo: 0,
      findings: [],
    });
    await empty.close();
  });

  it('is what the store can do beyond the port, is the same once the log is opened again, and is refused of a closed one', async () => {
    await store.close();
    await expect(store.verify()).rejects.toMatchObject({ problem: 'closed' });
    store = SqliteEventStore.open({ file, names: NAMES });
    expect(await store.capability('chain')?.verify({ expectedHeadHash: intact.headHash })).toEqual(intact);
  });

  it('an older head is still found after the log has grown', async () => {
    await store.append(request('ticket-1', 'later', [note('later')]));
    expect((await store.verify({ expectedHeadHash: intact.headHash })).findings).toEqual([]);
  });

  it('the triggers stop a stray UPDATE or DELETE', () => {
    const db = new Database(file);
    expect(() => db.exec(`UPDATE events SET data = '{}' WHERE position = 3`)).toThrow('events never change');
    expect(() => db.exec('DELETE FROM events WHERE position = 34')).toThrow('events are never deleted');
    expect(() => db.exec(`UPDATE appends SET actor_id = 'x'`)).toThrow('appends never change');
    expect(() => db.exec('DELETE FROM appends')).toThrow('appends are never deleted');
    db.close();
  });

  it('the encoding is unambiguous: moving a character from one field to the next gives another hash', () => {
    const facts = {
      stream: 'a',
      actor: { id: 'u', role: 'admin' },
      commandId: 'c',
      fingerprint: null,
    } as const;
    const ids = (correlationId: string, causationId: string | null): string =>
      encodeAppend({ ...facts, correlationId, causationId }, 't');
    expect(new Set([ids('ab', 'c'), ids('a', 'bc'), ids('abc', ''), ids('abc', null), ids('ab1:c', null)]).size).toBe(
      5,
    );
    const event = { id: 'i', version: 1, position: 12, storedName: 'n', schemaVersion: 1, occurredAt: 't', json: '{}' };
    const hashes = [event, { ...event, version: 11, position: 2 }, { ...event, storedName: 'n1', schemaVersion: 1 }];
    expect(new Set(hashes.map((each) => chainHash(GENESIS, 'x', each))).size).toBe(3);
  });
});

describe('L10: a change of any stored event is found, and the finding names the event', () => {
  beforeAll(open);
  afterAll(remove);

  const columns = [
    `id = 'f' || substr(id, 2) || 'x'`,
    'version = version + 1000',
    `occurred_at = '2020-01-01T00:00:00Z'`,
    `data = replace(data, '{', '{ ')`,
    `data = '{}'`,
    `data = 'no json'`,
    `hash = replace(hash, substr(hash, 1, 1), 'g')`,
    'kind = kind % 3 + 1',
    'stream = stream % 5 + 1',
    'append = append + 1000',
  ];

  it('one change, one finding: any column of any event', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...columns), fc.integer({ min: 1, max: 34 }), async (column, position) => {
        const db = new Database(file);
        db.exec('DROP TRIGGER IF EXISTS events_never_change');
        const before = db.prepare('SELECT * FROM events WHERE position = ?').get(position) as Record<string, unknown>;
        // A unique index may forbid the change in this place: the next version number up is free.
        db.exec(`UPDATE OR IGNORE events SET ${column} WHERE position = ${position}`);
        const changed =
          JSON.stringify(db.prepare('SELECT * FROM events WHERE position = ?').get(position)) !==
          JSON.stringify(before);
        const { findings } = await store.verify();
        const names = Object.keys(before).filter((name) => name !== 'position');
        db.prepare(
          `UPDATE events SET ${names.map((name) => `${name} = @${name}`).join(', ')} WHERE position = @position`,
        ).run(before);
        db.close();
        expect(findings.map((finding) => finding.position)).toEqual(changed ? [position] : []);
        if (changed && !/^(stream|version)/.test(column)) expect(findings).toMatchObject([named(events[position - 1])]);
        expect((await store.verify()).findings).toEqual([]);
      }),
      { numRuns: 150, seed: 20260331 },
    );
  });
});

describe('what else can be done to a log', () => {
  beforeEach(open);
  afterEach(remove);

  it.each(['recorded_at', 'actor_id', 'actor_role', 'command_id', 'correlation_id', 'causation_id', 'fingerprint'])(
    'a changed %s is found in each event of its append',
    async (column) => {
      tamper(`UPDATE appends SET ${column} = 'support2' WHERE append = 8`);
      const { findings } = await store.verify();
      expect(findings).toMatchObject(events.slice(5, 8).map((event) => ({ problem: 'changed', ...named(event) })));
    },
  );

  it.each(['version = version + 1', 'stream = stream % 5 + 1', 'event_count = event_count + 1'])(
    'bookkeeping outside of the chain is checked as well: %s',
    async (change) => {
      tamper(`UPDATE appends SET ${change} WHERE append = 5`);
      expect((await store.verify()).findings).toMatchObject([{ problem: 'changed', ...named(events[4]) }]);
    },
  );

  it('a renamed stream or kind is found in all its events', async () => {
    tamper(`UPDATE streams SET name = 'ticket-99' WHERE name = 'ticket-3'`);
    const { findings } = await store.verify();
    expect(findings.map((finding) => finding.position)).toEqual(
      events.filter((event) => event.stream === 'ticket-3').map((event) => event.position),
    );
    tamper(
      `UPDATE streams SET name = 'ticket-3' WHERE name = 'ticket-99'`,
      `UPDATE kinds SET category = 'tickets' WHERE category = 'ticket'`,
    );
    expect((await store.verify()).findings[0]).toMatchObject({ problem: 'changed', ...named(events[3]) });
  });

  it('any dropped event is named, by one finding', async () => {
    for (const event of events.slice(0, -1)) {
      const db = new Database(file);
      db.exec('DROP TRIGGER IF EXISTS events_never_go');
      const row = db.prepare('SELECT * FROM events WHERE position = ?').get(event.position) as Record<string, unknown>;
      db.exec(`DELETE FROM events WHERE position = ${event.position}`);
      const { findings } = await store.verify();
      db.prepare(
        `INSERT INTO events VALUES (${Object.keys(row)
          .map((name) => `@${name}`)
          .join(', ')})`,
      ).run(row);
      db.close();
      expect(findings).toMatchObject([{ problem: 'missing', ...named(event) }]);
    }
    expect((await store.verify()).findings).toEqual([]);
  });

  it('an index that lost an event is found, though every event is there as it was written', async () => {
    await store.close();
    const db = new Database(file);
    const root = db
      .prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_events_1'")
      .pluck()
      .get() as number;
    const pageSize = db.pragma('page_size', { simple: true }) as number;
    db.close();
    const handle = openSync(file, 'r+');
    // The number of cells of a page is at its fourth byte: one less than there are.
    const cells = Buffer.alloc(2);
    readSync(handle, cells, 0, 2, (root - 1) * pageSize + 3);
    cells.writeUInt16BE(cells.readUInt16BE() - 1);
    writeSync(handle, cells, 0, 2, (root - 1) * pageSize + 3);
    closeSync(handle);
    store = SqliteEventStore.open({ file, names: NAMES });
    const report = await store.verify();
    expect(report).toMatchObject({ events: intact.events, headHash: intact.headHash });
    expect(report.findings).toMatchObject([
      { position: 0, stream: null, problem: 'unreadable', message: expect.stringContaining('is damaged') },
    ]);
  });

  it('a dropped append is a hole, also where its own record was dropped with it', async () => {
    tamper('DELETE FROM events WHERE position BETWEEN 13 AND 15', 'DELETE FROM appends WHERE append = 15');
    const { findings } = await store.verify();
    expect(findings[0]).toMatchObject({ problem: 'missing', position: 13 });
    expect(findings[0]?.message).toContain('3 events');
  });

  it('two holes are two findings', async () => {
    tamper('DELETE FROM events WHERE position IN (5, 20)');
    expect((await store.verify()).findings).toMatchObject([
      { problem: 'missing', ...named(events[4]) },
      { problem: 'missing', ...named(events[19]) },
    ]);
  });

  it('two events that changed places are one finding, whichever they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 34 }), fc.integer({ min: 1, max: 34 }), async (a, b) => {
        fc.pre(a !== b);
        const swap = [
          `UPDATE events SET position = -1 WHERE position = ${a}`,
          `UPDATE events SET position = ${a} WHERE position = ${b}`,
          `UPDATE events SET position = ${b} WHERE position = -1`,
        ];
        tamper(...swap);
        const { findings } = await store.verify();
        tamper(...swap);
        const [first, second] = [Math.min(a, b), Math.max(a, b)];
        // The event that now stands in the first place is the one that was recorded in the second.
        const moved = { ...named(events[second - 1]), position: first };
        expect(findings).toMatchObject([{ problem: 'reordered', ...moved }]);
        expect(findings[0]?.message).toContain(`${second}`);
      }),
      { numRuns: 60, seed: 20260331 },
    );
  });

  it('events cut off the end are found: by their appends, and without these by the expected head', async () => {
    tamper('DELETE FROM events WHERE position > 30');
    expect((await store.verify()).findings).toMatchObject([{ problem: 'truncated', ...named(events[30]) }]);
    tamper(
      'DELETE FROM appends WHERE append > 30',
      'DELETE FROM streams WHERE stream NOT IN (SELECT stream FROM events)',
    );
    // All traces are gone: only who kept the value of the head can tell.
    expect((await store.verify()).findings).toEqual([]);
    const { findings } = await store.verify({ expectedHeadHash: intact.headHash });
    expect(findings).toMatchObject([{ problem: 'truncated', position: 31 }]);
  });

  it('a forged continuation does not come to the expected head', async () => {
    tamper('DELETE FROM events WHERE position > 30', 'DELETE FROM appends WHERE append > 30');
    for (let n = 0; n < 4; n++) await store.append(request('ticket-1', `forged${n}`, [note('forged')]));
    const { findings, head } = await store.verify({ expectedHeadHash: intact.headHash });
    expect(findings).toMatchObject([{ problem: 'truncated', position: head + 1 }]);
  });

  it('an event that lost its stream, its type or its append is unreadable', async () => {
    tamper(
      'UPDATE events SET kind = 77 WHERE position = 4',
      "DELETE FROM streams WHERE name = 'client-4'",
      'DELETE FROM appends WHERE append = 23',
    );
    const { findings } = await store.verify();
    const at = (position: number) => findings.find((finding) => finding.position === position);
    expect(at(4)).toMatchObject({ problem: 'unreadable', ...named(events[3]) });
    for (const event of events.filter(({ stream }) => stream === 'client-4'))
      expect(at(event.position)?.problem).toBe('unreadable');
    expect(at(23)).toMatchObject({ problem: 'unreadable', ...named(events[22]) });
  });

  it.each([
    ['type', 'UPDATE events SET kind = 77 WHERE position = 4'],
    ['stream', `DELETE FROM streams WHERE name = 'ticket-1'`],
    ['append', 'DELETE FROM appends WHERE append = 4'],
    ['data', `UPDATE events SET data = 'no json' WHERE position = 4`],
  ])('reading comes to a damaged event: its %s', async (_what, statement) => {
    const third = Position.of(events[2]!);
    // Opened anew: names that were read before are remembered.
    await store.close();
    tamper(statement);
    store = SqliteEventStore.open({ file, names: NAMES });
    const refused = await store.readAll({ after: START, limit: 100 }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ problem: 'corrupt', message: expect.stringContaining('position 4') });
    expect((await store.readAll({ after: START, upTo: third, limit: 100 })).events).toHaveLength(3);
  });

  it('an added record of an append, that would answer a command nobody gave, is found', async () => {
    const one = events.find((event) => event.commandId === 'c3');
    tamper(
      `INSERT INTO appends SELECT ${one?.position}, stream, 'forged', NULL, version, 1, recorded_at, actor_id, actor_role, correlation_id, NULL
       FROM appends WHERE append = 10`,
    );
    expect((await store.verify()).findings).toMatchObject([{ problem: 'changed', position: one?.position }]);
  });

  it('a damaged page is reported as unreadable, and the rest is still verified', async () => {
    for (let n = 0; n < 200; n++) await store.append(request('ticket-1', `more${n}`, [note('x'.repeat(1_000))]));
    await store.close();
    const db = new Database(file);
    db.pragma('wal_checkpoint(TRUNCATE)');
    const leaves = db
      .prepare(`SELECT pageno FROM dbstat WHERE name = 'events' AND pagetype = 'leaf' ORDER BY path`)
      .pluck()
      .all() as number[];
    db.close();
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.alloc(8192, 0xff), 0, 8192, ((leaves[5] as number) - 1) * 8192);
    closeSync(handle);
    store = SqliteEventStore.open({ file, names: NAMES });
    const { findings, head } = await store.verify();
    expect(head).toBe(234);
    expect(findings[0]).toMatchObject({ problem: 'unreadable' });
    expect(findings).toHaveLength(1);
    await expect(everything(store)).rejects.toMatchObject({ problem: 'corrupt' });
  });

  it(`lists at most ${MAX_FINDINGS} findings`, async () => {
    await store.append(
      request(
        'ticket-1',
        'many',
        Array.from({ length: MAX_FINDINGS + 100 }, () => note('x')),
      ),
    );
    tamper(`UPDATE events SET data = '{}'`);
    expect((await store.verify()).findings).toHaveLength(MAX_FINDINGS);
  });
});
