import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import BetterSqlite, { type Database } from 'better-sqlite3';
import { comparedWithLog } from '../compared-with-log.js';
import { ReadModels } from '../read-models.js';
import { beginning } from '../spec-kit/random-story.js';
import { approved, logged, requested, Story } from '../spec-kit/story.js';
import { toldOfSchema } from './file-schema.js';

const KEY = Buffer.alloc(32, 'k');
const MAY = (): string => '2026-05-20T00:00:00.000Z';
const EVIL = `CREATE TRIGGER evil AFTER INSERT ON work_items WHEN NEW.work_item_id = 'T9-W1' BEGIN
  UPDATE work_items SET minutes = 30, facts = json_set(facts, '$.minutes', 30) WHERE work_item_id = NEW.work_item_id; END`;

describe('what the file of the read models is made of', () => {
  let folder: string;
  let story: Story;
  let models: ReadModels;
  let file: Database;
  const open = () => ReadModels.open({ file: join(folder, 'models.db'), store: story.store, comparedUnder: KEY });
  const refusedWith = () => models.comparison!.ofPeriod('acme', '2026-03');
  const compared = () =>
    comparedWithLog(story.store, { file: join(folder, 'models.db'), comparedUnder: KEY }, join(folder, 'fresh.db'));
  const ALL_EQUAL = { schema: [], unfilled: [], facts: [], count: 0, rows: [] };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'schema-'));
    story = new Story(':memory:', MAY);
    models = await open();
    await beginning(story);
    await story.ticket('T9', requested('T9'));
    await models.catchUp();
    file = new BetterSqlite(join(folder, 'models.db'));
  });
  afterEach(async () => {
    file.close();
    await models.close();
    await story.store.close();
    rmSync(folder, { recursive: true });
  });

  it('is what this program makes, before and after a rebuild and at the next opening', async () => {
    expect(models.comparison!.schema.differing()).toEqual([]);
    await models.rebuild(['invoices']);
    file.exec('ANALYZE');
    expect([models.comparison!.schema.differing(), refusedWith()]).toEqual([[], null]);
    await models.close();
    models = await open();
    expect([models.emptiedAtOpening(), models.areUnfilled()]).toEqual([[], false]);
  });

  it.each([
    ['a trigger', EVIL, { object: 'trigger', name: 'evil', is: 'added' }],
    ['a view', 'CREATE VIEW "an ""other""" AS SELECT * FROM gaps', { object: 'view', name: 'an "other"', is: 'added' }],
    ['a table', 'CREATE TABLE other (text)', { object: 'table', name: 'other', is: 'added' }],
    ['an index', 'CREATE UNIQUE INDEX other ON gaps (gap_key)', { object: 'index', name: 'other', is: 'added' }],
    [
      'an index of the same name',
      'DROP INDEX parked_by_stream; CREATE INDEX parked_by_stream ON parked (stream)',
      { object: 'index', name: 'parked_by_stream', is: 'changed' },
    ],
    ['no index', 'DROP INDEX gaps_by_key', { object: 'index', name: 'gaps_by_key', is: 'missing' }],
    [
      'a further column',
      'ALTER TABLE work_items ADD COLUMN more TEXT',
      { object: 'table', name: 'work_items', is: 'changed' },
    ],
    [
      'a further column where sums are kept',
      'ALTER TABLE compared_sums ADD COLUMN more TEXT',
      { object: 'table', name: 'compared_sums', is: 'changed' },
    ],
  ] as const)(
    'with %s is refused by name until it is made anew, by a rebuild or a start',
    async (_what, sql, found) => {
      file.exec(sql);
      expect(refusedWith()).toEqual(found);
      expect((await compared()).schema).toEqual([found]);
      await models.rebuild(['sla']);
      expect([refusedWith(), await compared()]).toEqual([null, ALL_EQUAL]);
      // A connection that knows what is there now.
      file.prepare('SELECT * FROM gaps').all();
      file.exec(sql);
      await models.close();
      models = await open();
      expect(models.emptiedAtOpening()).toEqual([
        `Filled anew, all of them: the file of the read models ${toldOfSchema(found)}`,
      ]);
      expect(models.areUnfilled()).toBe(true);
      await models.catchUp();
      expect([refusedWith(), await compared()]).toEqual([null, ALL_EQUAL]);
    },
  );

  it('with a table that is missing is made anew at a start', async () => {
    file.exec('DROP TABLE work_items');
    await models.close();
    models = await open();
    expect(models.emptiedAtOpening()).toContainEqual(expect.stringContaining('lacks the table "work_items"'));
    await models.catchUp();
    expect([refusedWith(), await compared()]).toEqual([null, ALL_EQUAL]);
  });

  it('changed while rows were written: these fit nothing, also once what changed them is gone again', async () => {
    file.exec(EVIL);
    await story.ticket('T9', logged('T9-W1', 1200), approved('T9-W1'));
    await models.catchUp();
    file.exec('DROP TRIGGER evil');
    expect(refusedWith()).toMatchObject({ clientId: '', period: '' });
    expect(await compared()).toMatchObject({
      schema: [],
      rows: expect.arrayContaining([expect.objectContaining({ table: 'work_items' })]),
    });
    await models.rebuild();
    expect([refusedWith(), await compared()]).toEqual([null, ALL_EQUAL]);
  });

  it('without hashes over all, or with others: a comparison names them and leaves them so, and a start tells it and fills all anew', async () => {
    const roots = () => file.prepare('SELECT * FROM compared_roots').all();
    for (const sql of ['DELETE FROM compared_roots', "UPDATE compared_roots SET hash = hash || 'x'"]) {
      file.exec(`${sql}; UPDATE tickets SET summary = 'other' WHERE ticket_id = 'T9'`);
      const before = roots();
      const found = await compared();
      expect(found.facts.map(({ model }) => model)).toEqual(expect.arrayContaining(['rating-facts', 'invoices']));
      expect(found.rows).toEqual([expect.objectContaining({ table: 'tickets', is: 'changed' })]);
      expect(roots()).toEqual(before);
      await models.close();
      models = await open();
      expect(models.emptiedAtOpening()).toEqual([expect.stringMatching(/missing, does not fit.*rating-facts/)]);
      await models.catchUp();
      expect([refusedWith(), await compared()]).toEqual([null, ALL_EQUAL]);
    }
  });

  it('that can no longer be asked is told by name, with a remedy', async () => {
    file.exec('ALTER TABLE compared_roots DROP COLUMN hash');
    await models.close();
    expect((await compared()).schema).toEqual([{ object: 'table', name: 'compared_roots', is: 'changed' }]);
    await expect(open()).rejects.toMatchObject({
      isDamaged: true,
      message: expect.stringContaining('another table "compared_roots"'),
      remedy: expect.stringContaining('billtrail rebuild'),
    });
    models = await ReadModels.open({ file: ':memory:', store: story.store });
  });
});
