import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ReadDatabase } from '../database/read-database.js';
import { Checkpoints } from './checkpoints.js';
import type { Projection } from './projection.js';
import { RunningModel } from './running-model.js';

describe('a read model that two processes settle in turns', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'read-models-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('forgets what it remembers of rows when the other has settled a step, though no checkpoint moved', () => {
    const starts: string[] = [];
    const projectionOf = (name: string): Projection => ({
      name: 'steps',
      schemaVersion: 1,
      types: [],
      tables: [],
      definitions: () => [],
      start: (database) => {
        starts.push(name);
        return {
          apply: () => undefined,
          // A step of several: rows change, and more is left.
          settle: () => {
            database.exec('CREATE TABLE IF NOT EXISTS step (done INTEGER) STRICT; INSERT INTO step VALUES (1)');
            return true;
          },
          unsettled: () => true,
        };
      },
    });
    const databases = ['one', 'other'].map(() => new ReadDatabase(join(folder, 'steps.db')));
    const [one, other] = ['one', 'other'].map((name, index) => {
      const database = databases[index]!;
      return RunningModel.open(projectionOf(name), database, new Checkpoints(database), 0);
    });
    one!.project(0, [], 5);
    other!.adopt();
    starts.length = 0;
    const settle = (model: RunningModel | undefined): boolean | undefined => model?.settle(0, () => 0);
    expect([settle(other), settle(other)]).toEqual([true, true]);
    expect(starts).toEqual([]);
    expect(settle(one)).toBe(true);
    expect(starts).toEqual(['one']);
    expect(settle(one)).toBe(true);
    expect(starts).toEqual(['one']);
    for (const database of databases) database.close();
  });
});
