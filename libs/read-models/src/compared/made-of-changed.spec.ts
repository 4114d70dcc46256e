import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import BetterSqlite, { type Database } from 'better-sqlite3';
import { PROJECTIONS, ReadModels } from '../read-models.js';
import { beginning } from '../spec-kit/random-story.js';
import {
  approved,
  CONFIGURATION,
  event,
  forgoes,
  logged,
  MANAGED,
  configured,
  requested,
  Story,
  version,
} from '../spec-kit/story.js';
import { SUMS } from './sums.js';

const MAY = (): string => '2026-05-20T00:00:00.000Z';
const KEY = Buffer.alloc(32, 'k');
const KEPT = ['work_items', 'tickets', 'contracts', 'rating_configuration', 'rated_periods', 'forgone_sums'];

/** What was changed is set back once something was made of it. */
describe('what is made of rows that another program changed (Z2)', () => {
  let folder: string;
  let story: Story;
  let models: ReadModels;
  let file: Database;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'made-of-changed-'));
    const name = join(folder, 'read-models.db');
    story = new Story(':memory:', MAY);
    await beginning(story);
    await story.ticket('T7', requested('T7', { clientId: null }));
    await forgoes(story);
    // What is filled by this process alone is known to be its own: it is opened again.
    const before = await ReadModels.open({ file: name, store: story.store, comparedUnder: KEY });
    await before.catchUp();
    await before.close();
    models = await ReadModels.open({ file: name, store: story.store, comparedUnder: KEY });
    file = new BetterSqlite(name);
    file.exec(`ATTACH '${join(folder, 'kept.db')}' AS kept`);
    for (const table of KEPT) file.exec(`CREATE TABLE kept.${table} AS SELECT * FROM main.${table}`);
  });
  afterEach(async () => {
    file.close();
    await models.close();
    await story.store.close();
    rmSync(folder, { recursive: true });
  });

  /** What a document of any client-period, or an act that forgoes money, is refused with. */
  async function refused(): Promise<number> {
    const periods = await models.billableItems.periods();
    const documents = periods.map(({ clientId, period }) => models.comparison!.ofPeriod(clientId, period));
    return [...documents, models.comparison!.ofApprovals(['T1'])].filter((found) => found !== null).length;
  }

  const more = (ticketId: string) =>
    story.ticket(ticketId, logged(`${ticketId}-more`, 90), approved(`${ticketId}-more`));
  const columnsOf = (table: string) =>
    (file.pragma(`main.table_info(${table})`) as { name: string }[]).map(({ name }) => name);
  const setBack = (table: string) => {
    const columns = columnsOf(table);
    const key = (file.pragma(`main.table_info(${table})`) as { name: string; pk: number }[]).filter(({ pk }) => pk > 0);
    const isSame = key.map(({ name }) => `k.${name} = t.${name}`).join(' AND ');
    const values = columns.map((one) => `${one} = k.${one}`).join(', ');
    file.exec(`UPDATE main.${table} AS t SET ${values} FROM kept.${table} k WHERE ${isSame}`);
  };

  it.each([
    [
      'the client of a ticket',
      'tickets',
      `UPDATE tickets SET client_id = 'beta' WHERE ticket_id = 'T1'`,
      () => more('T1'),
    ],
    ['that it has one', 'tickets', `UPDATE tickets SET client_id = NULL WHERE ticket_id = 'T1'`, () => more('T1')],
    ['that it has none', 'tickets', `UPDATE tickets SET client_id = 'beta' WHERE ticket_id = 'T7'`, () => more('T7')],
    [
      'the minutes of work',
      'work_items',
      `UPDATE work_items SET minutes = 6000, facts = json_set(facts, '$.minutes', 6000) WHERE ticket_id = 'T1'`,
      () => more('T1'),
    ],
    [
      'the terms of a contract',
      'contracts',
      `UPDATE contracts SET state = replace(state, '"300.00"', '"3000.00"') WHERE client_id = 'acme'`,
      () => more('T1'),
    ],
    [
      'the work of another client than what comes is about',
      'work_items',
      `UPDATE work_items SET minutes = 1, facts = json_set(facts, '$.minutes', 1) WHERE ticket_id = 'T1'`,
      () => story.tell('configuration', configured({ ...CONFIGURATION, unbilledAfterDays: 10 })),
    ],
    [
      'the configuration',
      'rating_configuration',
      `UPDATE rating_configuration SET configuration = replace(configuration, '"AUD"', '"NZD"')`,
      () => more('T1'),
    ],
    [
      'what a month hands on to the next',
      'rated_periods',
      `UPDATE rated_periods SET carried_out = replace(carried_out, '60', '6') WHERE client_id = 'acme'`,
      () => story.tell('contract-acme-1', version('acme-1', 3, MANAGED, '2026-04-01')),
    ],
    [
      'the sums of what was forgone',
      'forgone_sums',
      'UPDATE forgone_sums SET minor = minor - 1000000',
      () => forgoes(story, 'again'),
    ],
  ])(
    '%s: nothing is decided on it, also once it is set back, until all is filled anew',
    async (_what, table, change, tell) => {
      await models.catchUp();
      expect(await refused()).toBe(0);
      expect(file.prepare(change).run().changes).toBeGreaterThan(0);
      await tell();
      await models.catchUp();
      setBack(table);
      expect(await refused()).toBeGreaterThan(0);
      await models.rebuild();
      expect(await refused()).toBe(0);
    },
  );

  it('all rows with their sums, set back to what they were: what is written after them fits no more than they do', async () => {
    const tables = [...PROJECTIONS.flatMap((one) => one.tables), SUMS];
    for (const { name, columns } of tables)
      file.exec(`CREATE TABLE kept.back_${name} AS SELECT ${columns} FROM main.${name}`);
    await more('T1');
    await models.catchUp();
    for (const { name, columns } of tables)
      file.exec(`DELETE FROM main.${name}; INSERT INTO main.${name} (${columns}) SELECT * FROM kept.back_${name}`);
    await more('T2');
    await models.catchUp();
    expect(await refused()).toBeGreaterThan(0);
    await models.rebuild();
    expect(await refused()).toBe(0);
  });

  it('nothing, where others only read, or the rows are as they were: another process of Billtrail may write in turns', async () => {
    const other = await ReadModels.open({
      file: join(folder, 'read-models.db'),
      store: story.store,
      comparedUnder: KEY,
    });
    for (const [index, ticketId] of ['T1', 'T2', 'T7', 'T1'].entries()) {
      await story.ticket(
        ticketId,
        event('NoteAdded', { noteId: 'N', author: 'eng-1', text: 'x', visibility: 'internal' }),
      );
      await story.ticket(ticketId, logged(`turn-${index}`));
      await (index % 2 === 0 ? models : other).catchUp();
      await models.catchUp();
      expect(await refused()).toBe(0);
    }
    await other.close();
  });
});
