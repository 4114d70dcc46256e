import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ReadDatabase } from '../database/read-database.js';
import { PROJECTIONS, ReadModels } from '../read-models.js';
import { dump } from '../spec-kit/dump.js';
import { logged, requested, resolved, Story } from '../spec-kit/story.js';

/** What a file of an earlier version has: other checkpoints, tables that are none any more, and gaps as they were derived then. */
const EARLIER = `
  CREATE TABLE read_models (name TEXT PRIMARY KEY, schema_version INTEGER NOT NULL, position INTEGER NOT NULL) STRICT;
  INSERT INTO read_models VALUES ('billable-items', 5, 700), ('sla', 1, 700);
  CREATE TABLE sla_contracts (contract_id TEXT PRIMARY KEY, facts TEXT NOT NULL) STRICT;
  CREATE TABLE tickets (ticket_id TEXT PRIMARY KEY, resolved_on TEXT) STRICT;
  INSERT INTO tickets VALUES ('T9', '2026-01-01');
  CREATE TABLE derived_gaps (ticket_id TEXT NOT NULL, gap_key TEXT NOT NULL) STRICT;
  INSERT INTO derived_gaps VALUES ('T9', 'unbilled|T9|W9|2026-01|acme');
  CREATE TABLE gap_changes (change INTEGER PRIMARY KEY AUTOINCREMENT, gap_key TEXT NOT NULL UNIQUE) STRICT;
  INSERT INTO gap_changes (gap_key) VALUES ('unbilled|T8|W8|2026-01|acme')`;

describe('a file that an earlier version filled', () => {
  let folder: string;
  let story: Story;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'read-models-'));
    story = new Story();
    await story.house();
    await story.ticket('T1', requested('T1'), logged('W1'), resolved());
  });
  afterEach(async () => {
    await story.store.close();
    rmSync(folder, { recursive: true });
  });

  const filled = async (file: string): Promise<readonly string[]> => {
    const models = await ReadModels.open({ file, store: story.store });
    await models.catchUp();
    const keys = (await models.gapLedger.due('2026-12-31')).map(({ key }) => key);
    await models.close();
    return keys;
  };
  const tablesOf = (file: string): readonly string[] => {
    const database = new ReadDatabase(file);
    const names = database.tables();
    database.close();
    return [...names].sort();
  };

  it('is emptied and filled from the log, and keeps nothing of what it had', async () => {
    const [file, fresh] = [join(folder, 'earlier.db'), join(folder, 'fresh.db')];
    const database = new ReadDatabase(file);
    database.exec(EARLIER);
    database.close();
    const keys = await filled(file);
    const now = await filled(fresh);
    expect(keys).toEqual(now);
    expect(now.length).toBeGreaterThan(0);
    expect(dump(file)).toBe(dump(fresh));
    expect(tablesOf(file)).toEqual(tablesOf(fresh));
    expect(tablesOf(file)).toEqual(
      [...PROJECTIONS.flatMap(({ tables }) => tables.map(({ name }) => name)), 'checkpoints', 'parked'].sort(),
    );
  });

  it('is opened while another process holds it, where nothing of it is to be emptied', async () => {
    const file = join(folder, 'read-models.db');
    const before = await filled(file);
    const another = new BetterSqlite(file);
    another.exec('BEGIN IMMEDIATE');
    const models = await ReadModels.open({ file, store: story.store });
    expect(models.emptiedAtOpening()).toEqual([]);
    another.exec('ROLLBACK');
    another.close();
    await models.close();
    expect(await filled(file)).toEqual(before);
  });

  it('refuses what is derived from facts that nobody folds', async () => {
    const alone = PROJECTIONS.filter(({ name }) => name === 'sla');
    await expect(ReadModels.open({ file: ':memory:', store: story.store, projections: alone })).rejects.toThrow(
      'sla is derived from rating-facts, which is not there',
    );
  });
});
