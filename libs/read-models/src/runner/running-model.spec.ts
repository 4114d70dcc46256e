import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Position, START } from '@billtrail/event-store';
import { ReadDatabase } from '../database/read-database.js';
import { Checkpoints } from './checkpoints.js';
import { opened } from './opening.js';
import type { Projection } from './projection.js';
import { DerivedModel, LogModel } from './running-model.js';

const FIFTH = Position.parse('5.0000000e')!;

describe('a read model that two processes derive in turns', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'read-models-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('forgets what it remembers of rows when the other has done a step, though no checkpoint moved', () => {
    const starts: string[] = [];
    const common = { schemaVersion: 1, tables: [] };
    const facts: Projection = {
      ...common,
      name: 'facts',
      types: [],
      categories: [],
      start: () => ({ apply: () => undefined }),
    };
    const projectionOf = (name: string): Projection => ({
      ...common,
      name: 'steps',
      derivedFrom: ['facts'],
      markAll: () => undefined,
      start: (database) => {
        starts.push(name);
        return {
          markParked: () => undefined,
          // A step of several: rows change, and more is left.
          derive: () => {
            database.exec('CREATE TABLE IF NOT EXISTS step (done INTEGER) STRICT; INSERT INTO step VALUES (1)');
            return true;
          },
        };
      },
    });
    const databases = ['one', 'other'].map(() => new ReadDatabase(join(folder, 'steps.db')));
    const [one, other] = ['one', 'other'].map((name, index) => {
      const database = databases[index]!;
      return opened([facts, projectionOf(name)], database, new Checkpoints(database), {
        head: START,
        anew: [],
        schema: null,
      }).models;
    });
    for (const model of one!) if (model instanceof LogModel) model.project(START, [], FIFTH);
    for (const model of other!) model.adopt();
    starts.length = 0;
    const derive = (models: typeof one): readonly boolean[] =>
      models!.filter((model) => model instanceof DerivedModel).map((model) => model.derive(0, () => 0));
    expect([derive(other), derive(other)]).toEqual([[true], [true]]);
    expect(starts).toEqual([]);
    expect(derive(one)).toEqual([true]);
    expect(starts).toEqual(['one']);
    expect(derive(one)).toEqual([true]);
    expect(starts).toEqual(['one']);
    for (const database of databases) database.close();
  });
});
