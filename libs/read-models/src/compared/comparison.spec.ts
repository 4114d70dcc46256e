import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import BetterSqlite, { type Database } from 'better-sqlite3';
import fc from 'fast-check';
import { START } from '@billtrail/event-store';
import { comparedWithLog } from '../compared-with-log.js';
import { PROJECTIONS, ReadModels } from '../read-models.js';
import { anyStep, TICKETS } from '../spec-kit/random-steps.js';
import { creditUnderWay } from '../spec-kit/random-credits.js';
import { beginning, carryOut, drawsOnBlocks } from '../spec-kit/random-story.js';
import { approved, event, forgoes, logged, requested, Story } from '../spec-kit/story.js';
import type { TableOf } from '../runner/projection.js';
import { ALL_CLIENTS, type Place } from './compared-rows.js';
import type { Difference } from './comparison.js';
import type { SchemaDifference } from './file-schema.js';

const MAY = (): string => '2026-05-20T00:00:00.000Z';
const KEY = Buffer.alloc(32, 'k');
const RUNS = 6;
/** A history that leaves rows in every table. */
const SEED = 26;
const STEPS_TOLD = 100;
/** Rows of a table that are tried, so that a large one takes no longer. */
const MOST_ROWS = 1;

const TABLES = PROJECTIONS.flatMap(({ name, tables }) => tables.map((table) => ({ model: name, table })));
const COMPARED = TABLES.filter(({ table }) => table.compared !== 'never');
const NEVER = TABLES.filter(({ table }) => table.compared === 'never');

/** Those with work in the story. */
const TICKETS_TOLD = [...TICKETS, 'T8', 'T9', 'T-gamma'];
/** What is still to be worked out: no row is left once all is. */
const EMPTY_AT_REST = new Set([
  'stale_periods',
  'stale_tickets',
  'stale_clocks',
  'stale_derived_gaps',
  'stale_recorded_gaps',
]);

/** Of an allotment that lapses and a block that is to be renewed: the balance of prepaid tells them, and no document. */
const NOT_TOLD = ['lapses', 'blocks_due'];

/** A row as another program finds it. */
type Row = Readonly<Record<string, string | bigint | null>>;

function rowsOf(file: Database, { name }: TableOf, most = MOST_ROWS): readonly Row[] {
  return file.prepare(`SELECT * FROM ${name} LIMIT ${most}`).all() as Row[];
}

function put(file: Database, { name }: TableOf, row: Row): void {
  const columns = Object.keys(row);
  file
    .prepare(`INSERT INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`)
    .run(...Object.values(row));
}

function remove(file: Database, { name, keyColumns }: TableOf, row: Row): void {
  const key = keyColumns.split(', ');
  file
    .prepare(`DELETE FROM ${name} WHERE ${key.map((column) => `${column} = ?`).join(' AND ')}`)
    .run(...key.map((column) => row[column]));
}

function copy(file: Database, { name, columns }: Pick<TableOf, 'name' | 'columns'>, from: string, to: string): void {
  const into = columns === '*' ? '' : `(${columns})`;
  file.exec(`DELETE FROM ${to}.${name}; INSERT INTO ${to}.${name} ${into} SELECT ${columns} FROM ${from}.${name}`);
}

/** Another value of the same kind, that no row has. */
function other(value: string | bigint | null): string | bigint {
  return typeof value === 'bigint' ? value + 1_000_003n : `${value ?? ''}7`;
}

describe('what money rests on in the read models', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'read-models-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('fits its hashes after every batch of any history, whichever of two processes wrote it, and after a rebuild', async () => {
    let files = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 25 }), async (steps) => {
        const story = new Story(':memory:', MAY);
        const file = join(folder, `history-${++files}.db`);
        const open = () => ReadModels.open({ file, store: story.store, comparedUnder: KEY });
        const processes = [await open(), await open()] as const;
        try {
          await beginning(story);
          await forgoes(story);
          for (const [index, step] of steps.entries()) {
            const models = processes[index % 3 === 0 ? 1 : 0];
            await carryOut(story, models, step);
            await models.catchUp();
            expect(models.comparison?.all()).toEqual([]);
          }
          await processes[0].rebuild(['invoices']);
          await processes[1].catchUp();
          await processes[1].rebuild();
          await carryOut(story, processes[0], steps[0]!);
          await processes[0].catchUp();
          expect(processes[0].comparison?.all()).toEqual([]);
          for (const { clientId, period } of await processes[1].billableItems.periods())
            expect(processes[1].comparison?.ofPeriod(clientId, period)).toBeNull();
          expect(processes[1].comparison?.ofApprovals(TICKETS)).toBeNull();
        } finally {
          for (const models of processes) await models.close();
          await story.store.close();
        }
      }),
      { numRuns: RUNS },
    );
  });

  describe('and another program changes', () => {
    let story: Story;
    let models: ReadModels;
    let file: Database;
    let periods: readonly Place[];
    let requestIds: readonly string[];
    beforeAll(async () => {
      const name = join(folder, 'changed.db');
      story = new Story(':memory:', MAY);
      models = await ReadModels.open({ file: name, store: story.store, comparedUnder: KEY });
      await beginning(story);
      for (const step of fc.sample(anyStep, { seed: SEED, numRuns: STEPS_TOLD })) await carryOut(story, models, step);
      await story.ticket('T8', requested('T8'));
      await story.ticket('T9', requested('T9'), logged('T9-W1'), approved('T9-W1'));
      await story.ticket('T9', event('TicketMerged', { into: 'T8', reason: 'the same' }));
      await story.ticket('T8', event('TicketMerged', { into: 'T9', reason: 'the same' }));
      await forgoes(story);
      await drawsOnBlocks(story, 'gamma');
      await creditUnderWay(story, 'gamma', '2026-03');
      await models.catchUp();
      file = new BetterSqlite(name).defaultSafeIntegers(true);
      file.exec(`VACUUM INTO '${join(folder, 'kept.db')}'`);
      file.exec(`ATTACH '${join(folder, 'kept.db')}' AS kept`);
      periods = await models.billableItems.periods();
      requestIds = (await models.approvals.list()).items.map(({ requestId }) => requestId);
    });
    afterAll(async () => {
      file.close();
      await models.close();
      await story.store.close();
    });

    /** What a document of any client-period is refused with. */
    const refusedWith = (): readonly (Difference | SchemaDifference)[] => [
      ...periods.flatMap(({ clientId, period }) => models.comparison!.ofPeriod(clientId, period) ?? []),
      ...[models.comparison!.ofApprovals(TICKETS_TOLD) ?? []].flat(),
    ];

    /** Sees that a change is told, and that nothing is any more once it is taken back. */
    const seen = (model: string, change: () => void, back: () => void, isAsked = true): void => {
      change();
      const told = refusedWith();
      const all = models.comparison!.all();
      back();
      expect([...told, ...all]).toContainEqual(expect.objectContaining({ model }));
      if (isAsked) expect(told.length).toBeGreaterThan(0);
      expect(all.length).toBeGreaterThan(0);
      expect(refusedWith()).toEqual([]);
    };

    afterEach(() => {
      for (const { table } of TABLES) copy(file, table, 'kept', 'main');
    });

    it('nothing: all is equal, and the history holds what is to be changed', () => {
      expect(refusedWith()).toEqual([]);
      const empty = TABLES.filter(({ table }) => rowsOf(file, table).length === 0).map(({ table }) => table.name);
      expect(empty.filter((name) => !EMPTY_AT_REST.has(name))).toEqual(NOT_TOLD);
    });

    it.each(COMPARED.map(({ model, table }) => [table.name, model, table] as const))(
      'a cell of a row in %s, takes a row away, or adds one',
      (_name, model, table) => {
        // Documents are not made of names, but the work that is recorded: what folds it looks at them.
        const isOfDocuments = table.name !== 'work_item_names';
        for (const row of rowsOf(file, table)) {
          for (const [column, value] of Object.entries(row)) {
            const changed = { ...row, [column]: other(value) };
            const swap = (from: Row, to: Row) => () => {
              remove(file, table, from);
              put(file, table, to);
            };
            seen(model, swap(row, changed), swap(changed, row), isOfDocuments);
          }
          seen(
            model,
            () => remove(file, table, row),
            () => put(file, table, row),
            isOfDocuments,
          );
          const key = table.keyColumns.split(', ').at(-1)!;
          const added = { ...row, [key]: other(row[key]!) };
          seen(
            model,
            () => put(file, table, added),
            () => remove(file, table, added),
            // A further client has no client-period that a document could be of.
            isOfDocuments && key !== 'client_id',
          );
        }
      },
    );

    /** All that documents of all client-periods are decided on, and acts that forgo money. */
    const facts = (): string =>
      JSON.stringify(
        [
          periods.map(({ clientId, period }) => models.documentFacts.of({ clientId, period }, START)),
          requestIds.map((requestId) => models.approvals.judgedNow(requestId)),
          TICKETS_TOLD.map((ticketId) => models.approvals.rulesNow([{ ticketId, workItemId: null }])),
        ],
        (_key, value: unknown) => (value instanceof Map ? [...value] : value),
      );

    it.each(NEVER.map(({ table }) => [table.name, table] as const))(
      'all of %s, which is named as never compared, and neither a document nor an act that forgoes money rests on it',
      (_name, table) => {
        const before = facts();
        expect(before).not.toContain('ReadModelsDiffer');
        file.exec(`DELETE FROM ${table.name}`);
        expect(facts()).toBe(before);
      },
    );

    const sums = (where: string) =>
      file.prepare(`SELECT * FROM compared_sums WHERE ${where} ORDER BY model, client_id, period`).all() as Row[];
    const setBack = (): void => {
      file.exec('DELETE FROM compared_sums; INSERT INTO compared_sums SELECT * FROM kept.compared_sums');
    };

    it('the hash of a client-period, for that of another', () => {
      const [one, another] = sums(`model = 'rating-facts' AND period <> ''`);
      file
        .prepare('UPDATE compared_sums SET sum = ? WHERE model = ? AND client_id = ? AND period = ?')
        .run(another!['sum'], one!['model'], one!['client_id'], one!['period']);
      expect(refusedWith()).toContainEqual(expect.objectContaining({ model: 'rating-facts' }));
      setBack();
      expect(refusedWith()).toEqual([]);
    });

    it('the rows of a client-period, and takes its hash away, or that of the client, or all', () => {
      for (const gone of [`period = '2026-03'`, `client_id = 'acme'`, 'TRUE']) {
        file.exec(
          `DELETE FROM work_items WHERE client_id = 'acme' AND period = '2026-03'; DELETE FROM compared_sums WHERE ${gone}`,
        );
        expect(refusedWith().length).toBeGreaterThan(0);
        setBack();
      }
    });

    it('the rows of a client-period and its hash for earlier ones that did fit', async () => {
      await story.ticket('T1', logged('more', 90), approved('more'));
      await models.catchUp();
      expect(refusedWith()).toEqual([]);
      for (const { table } of COMPARED) copy(file, table, 'kept', 'main');
      setBack();
      expect(refusedWith()[0]).toEqual({ model: 'rating-facts', ...ALL_CLIENTS });
      // With the place in the log up to which they went, they are read models that are behind, and read on.
      for (const name of ['checkpoints', 'compared_roots']) copy(file, { name, columns: '*' }, 'kept', 'main');
      await models.catchUp();
      expect(refusedWith()).toEqual([]);
      await models.rebuild();
      const others = ['compared_sums', 'compared_roots', 'checkpoints'].map((name) => ({ name, columns: '*' }));
      for (const table of [...others, ...TABLES.map((one) => one.table)]) copy(file, table, 'main', 'kept');
    });

    it('a row, and others are written after it: it differs still, and no more once all is filled anew', async () => {
      file.exec(
        `UPDATE work_items SET minutes = minutes + 1, facts = json_set(facts, '$.minutes', minutes + 1) WHERE work_item_id = 'T9-W1'`,
      );
      await story.ticket('T8', logged('T8-W1'), approved('T8-W1'));
      await story.ticket('T9', event('TimeEntryVoided', { timeEntryId: 'T9-W1', reason: 'double' }));
      await models.catchUp();
      expect(refusedWith().length).toBeGreaterThan(0);
      await models.rebuild();
      expect(refusedWith()).toEqual([]);
    });

    it('the key: what was kept under another is filled anew', async () => {
      const name = join(folder, 'other-key.db');
      file.exec(`VACUUM main INTO '${name}'`);
      const again = await ReadModels.open({ file: name, store: story.store, comparedUnder: Buffer.alloc(32, 'o') });
      expect(again.areUnfilled()).toBe(true);
      await again.catchUp();
      expect(again.comparison!.all()).toEqual([]);
      await again.close();
      const same = await ReadModels.open({ file: name, store: story.store, comparedUnder: Buffer.alloc(32, 'o') });
      expect(same.areUnfilled()).toBe(false);
      await same.close();
    });

    it('a row, adds one or takes one away, of any table: a comparison with the log names each', async () => {
      const fresh = join(folder, 'fresh.db');
      const kept = { file: join(folder, 'changed.db'), comparedUnder: KEY };
      await models.rebuild();
      expect(await comparedWithLog(story.store, kept, fresh)).toEqual({
        schema: [],
        unfilled: [],
        facts: [],
        count: 0,
        rows: [],
      });
      file.exec(`UPDATE billable_items SET net_minor = net_minor + 1 WHERE (client_id, period, item_id) IN (SELECT client_id, period, item_id FROM billable_items WHERE net_minor IS NOT NULL LIMIT 1);
        DELETE FROM ticket_mentions WHERE (ticket_id, position) IN (SELECT ticket_id, position FROM ticket_mentions LIMIT 1);
        INSERT INTO credited_work VALUES ('acme', '2026-03', 'nothing')`);
      const { facts: told, count, rows } = await comparedWithLog(story.store, kept, fresh);
      expect(told).toEqual([{ model: 'rating-facts', clientId: 'acme', period: '2026-03' }]);
      expect(count).toBe(3);
      expect(rows.map(({ table, is, columns }) => [table, is, columns])).toEqual([
        ['credited_work', 'added', []],
        ['billable_items', 'changed', ['net_minor']],
        ['ticket_mentions', 'missing', []],
      ]);
      expect(rows[0]!.key).toEqual({ client_id: 'acme', period: '2026-03', work_item_id: 'nothing' });
      expect(readdirSync(folder).filter((name) => name.startsWith('fresh'))).toEqual([]);
    });
  });
});
