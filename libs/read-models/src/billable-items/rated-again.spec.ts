import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { rate } from '@billtrail/billing';
import { START, type EventStore } from '@billtrail/event-store';
import { PROJECTIONS, ReadModels } from '../read-models.js';
import type { Projection } from '../runner/projection.js';
import { dump } from '../spec-kit/dump.js';
import { approved, contract, event, logged, MANAGED, requested, resolved, Story } from '../spec-kit/story.js';
import { billableItemsRatedBy } from './projection.js';

const READS: ReadonlySet<string | symbol> = new Set(['readAll', 'readStream', 'subscribe']);

describe('client-periods that are rated again from the facts at hand', () => {
  let folder: string;
  let file: string;
  let story: Story;
  let store: EventStore;
  /** What was read of the log: the name of each call. */
  let reads: string[];
  let rated: string[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rated-again-'));
    file = join(folder, 'read-models.db');
    story = new Story();
    await story.house();
    await story.tell('contract-acme-1', ...contract('acme', MANAGED).slice(1));
    await story.ticket('T1', requested('T1'), logged('W1'), approved('W1'), resolved());
    await story.ticket('T2', requested('T2'), logged('W2', 30, '2026-02-03'), resolved());
    await story.ticket('T3', requested('T3', { clientId: null }), logged('W3'));
    await story.ticket('T4', requested('T4'));
    await story.ticket('T5', requested('T5'), resolved(), event('TicketMerged', { into: 'T4', reason: 'one outage' }));
    reads = [];
    rated = [];
    store = new Proxy(story.store, {
      get(target, name) {
        if (READS.has(name)) reads.push(String(name));
        const member: unknown = Reflect.get(target, name);
        return typeof member === 'function' ? (member.bind(target) as unknown) : member;
      },
    });
  });
  afterEach(async () => {
    await story.store.close();
    rmSync(folder, { recursive: true });
  });

  const counting = (versions: Readonly<Record<string, number>> = {}): readonly Projection[] =>
    PROJECTIONS.map((projection) => {
      const counted =
        projection.name !== 'billable-items'
          ? projection
          : billableItemsRatedBy((facts) => {
              rated.push(`${facts.clientId} ${facts.period}`);
              return rate(facts);
            });
      return { ...counted, schemaVersion: versions[projection.name] ?? counted.schemaVersion };
    });
  const open = (versions: Readonly<Record<string, number>> = {}): Promise<ReadModels> =>
    ReadModels.open({ file, store, projections: counting(versions) });
  const caughtUp = async (versions: Readonly<Record<string, number>> = {}): Promise<void> => {
    const models = await open(versions);
    await models.catchUp();
    await models.close();
  };
  /** What was read and rated since it was last asked. */
  const since = () => ({ reads: reads.splice(0), rated: rated.splice(0).sort() });

  it('reads the log once, for the facts', async () => {
    await caughtUp();
    const { reads: read, rated: periods } = since();
    expect(new Set(read)).toEqual(new Set(['readAll']));
    expect(periods).toEqual(['acme 2026-01', 'acme 2026-02', 'acme 2026-03']);
  });

  it('does not read it when the results have another schema version: all of them are made anew', async () => {
    await caughtUp({ 'billable-items': 0, sla: 0 });
    const rows = dump(file);
    const before = since();
    const models = await open();
    expect(models.status().map(({ name, state }) => [name, state])).toEqual(
      PROJECTIONS.map(({ name }) => [
        name,
        ['billable-items', 'gap-ledger', 'sla'].includes(name) ? 'rebuilding' : 'live',
      ]),
    );
    expect(models.position()).toEqual(START);
    expect(await models.billableItems.ofTicket('T1')).toEqual([]);
    await models.catchUp();
    expect(await models.billableItems.ofTicket('T1')).not.toEqual([]);
    expect(await models.billableItems.byId('W3')).toHaveLength(1);
    expect(models.position()).toEqual(await story.store.head());
    await models.close();
    expect(since()).toEqual({ reads: [], rated: before.rated });
    expect(versionless(dump(file))).toBe(versionless(rows));
  });

  it('does not read it to rebuild the results, and gives the same rows', async () => {
    const models = await open();
    await models.catchUp();
    const rows = dump(file);
    const before = since();
    await models.rebuild(['billable-items', 'sla']);
    expect(models.status().every(({ state }) => state === 'live')).toBe(true);
    await models.close();
    expect(since()).toEqual({ reads: [], rated: before.rated });
    expect(dump(file)).toBe(rows);
  });

  it('makes the results anew with the facts: beside other facts nobody sees them', async () => {
    await caughtUp({ 'rating-facts': 0 });
    since();
    const models = await open();
    expect(await models.billableItems.ofTicket('T1')).toEqual([]);
    expect(
      models
        .status()
        .filter(({ state }) => state === 'rebuilding')
        .map(({ name }) => name),
    ).toEqual(['rating-facts', 'billable-items', 'gap-ledger', 'sla']);
    await models.catchUp();
    await models.close();
    expect(since().rated).toEqual(['acme 2026-01', 'acme 2026-02', 'acme 2026-03']);
  });

  it('goes on after a crash between facts and results, and in the middle of the results', async () => {
    const models = await open();
    await models.catchUp();
    await models.close();
    await story.ticket('T1', logged('W4', 45));
    await story.ticket('T2', logged('W5', 45, '2026-02-04'));
    since();
    let left = 1;
    const crashing = PROJECTIONS.map((projection) =>
      projection.name === 'billable-items'
        ? billableItemsRatedBy((facts) => {
            if (left-- === 0) throw Object.assign(new Error('gone'), { code: 'SQLITE_IOERR' });
            return rate(facts);
          })
        : projection,
    );
    const crashed = await ReadModels.open({ file, store, projections: crashing });
    await expect(crashed.catchUp()).rejects.toThrow('gone');
    await crashed.close();
    await caughtUp();
    expect(since().rated).toEqual(['acme 2026-02', 'acme 2026-03']);
    const fresh = join(folder, 'fresh.db');
    const others = await ReadModels.open({ file: fresh, store: story.store });
    await others.catchUp();
    await others.close();
    expect(dump(file)).toBe(dump(fresh));
  });

  it('goes on folding facts while rating fails, and rates them when it can, without reading the log again', async () => {
    const failing = PROJECTIONS.map((projection) =>
      projection.name === 'billable-items'
        ? billableItemsRatedBy(() => {
            throw new Error('no rate');
          })
        : projection,
    );
    const models = await ReadModels.open({ file, store, projections: failing });
    await models.catchUp();
    await story.ticket('T1', event('NoteAdded', { noteId: 'N', author: 'e', text: 'router', visibility: 'internal' }));
    await models.catchUp();
    const stopped = models.status().filter(({ state }) => state === 'stopped');
    expect(stopped).toMatchObject([{ name: 'billable-items', position: START, error: 'no rate', errorPosition: null }]);
    expect(models.status()[0]?.position).toEqual(await story.store.head());
    await models.close();
    since();
    await caughtUp();
    expect(since()).toEqual({ reads: [], rated: ['acme 2026-01', 'acme 2026-02', 'acme 2026-03'] });
  });
});

/** Without the checkpoints, which hold the schema version. */
function versionless(rows: string): string {
  return rows.slice(0, rows.indexOf('checkpoints'));
}
