import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Position, START, type RecordedEvent } from '@billtrail/event-store';
import { RandomlyStepping, RandomSteps } from '@billtrail/event-store/contract-suite';
import { readModelsAsOf } from '../as-of.js';
import { ratingFactsProjection } from '../rating-facts/projection.js';
import { ReadDatabase } from '../database/read-database.js';
import { PROJECTIONS, ReadModels } from '../read-models.js';
import { dump } from '../spec-kit/dump.js';
import { approved, event, logged, requested, resolved, Story } from '../spec-kit/story.js';
import { Checkpoints } from './checkpoints.js';
import { FenceLost, ReadModelsBehind, ReadModelStopped } from './errors.js';
import type { Projection } from './projection.js';

const AT_ONCE = { steps: 0 };
/** That no log of these tests reaches. */
const BEYOND = Position.parse('1000000.00000000')!;

/** Like `projection`, but `before` is asked before each event and may throw. What is derived is left as it is. */
function disturbed(projection: Projection, before: (event: RecordedEvent) => void, also: string[] = []): Projection {
  if (projection.derivedFrom !== undefined) return projection;
  return {
    ...projection,
    types: [...projection.types, ...also],
    start: (database) => {
      const fold = projection.start(database);
      return {
        apply: (recorded) => {
          before(recorded);
          fold.apply(recorded);
        },
      };
    },
  };
}

describe('the runner of the read models', () => {
  let folder: string;
  let file: string;
  let story: Story;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'read-models-'));
    file = join(folder, 'read-models.db');
    story = new Story();
    await story.house();
    await story.ticket('T1', requested('T1'), logged('W1'), approved('W1'), resolved());
    await story.ticket('T2', requested('T2'), resolved());
  });
  afterEach(async () => {
    await story.store.close();
    rmSync(folder, { recursive: true });
  });

  const open = (projections: readonly Projection[] = PROJECTIONS): Promise<ReadModels> =>
    ReadModels.open({ file, store: story.store, projections });
  const undisturbed = async (): Promise<string> => {
    const name = join(folder, 'undisturbed.db');
    const models = await ReadModels.open({ file: name, store: story.store });
    await models.catchUp();
    await models.close();
    return dump(name);
  };

  it('catches up to the end, tells how far it is, and keeps its place over a restart', async () => {
    const models = await open();
    expect(models.position()).toEqual(START);
    const seen: Position[] = [];
    const head = await story.store.head();
    expect(await models.catchUp({ onProgress: ({ position }) => seen.push(position) })).toEqual(head);
    expect(seen.at(-1)).toEqual(head);
    await models.close();
    const again = await open();
    expect(again.position()).toEqual(head);
    expect(again.status().map(({ name, state }) => [name, state])).toEqual(
      PROJECTIONS.map(({ name }) => [name, 'live']),
    );
    await again.close();
  });

  it('works the same over a log whose positions rise by random steps: nobody computes one', async () => {
    const store = new RandomlyStepping(story.store, new RandomSteps());
    const stepping = await ReadModels.open({ file, store });
    await stepping.catchUp();
    expect(stepping.position()).toEqual(await store.head());
    const abort = new AbortController();
    const following = stepping.follow(abort.signal);
    await story.ticket('T3', requested('T3'), logged('W3'), approved('W3'), resolved());
    await stepping.waitFor(await store.head());
    await stepping.rebuild();
    abort.abort();
    await following;
    const beside = await ReadModels.open({ file: join(folder, 'beside.db'), store: story.store });
    await beside.catchUp();
    const told = async (models: ReadModels) => [
      await models.billableItems.list({}, {}),
      await models.gaps.totals(),
      (await models.timeline.timeline('T3'))!.items.map(({ eventId, sentence }) => [eventId, sentence]),
      await models.reconciliation.of('2026-05-01'),
    ];
    expect(await told(stepping)).toEqual(await told(beside));
    const { events } = await store.readAll({ after: START, limit: 100 });
    for (const position of events.slice(-3).map((one) => Position.of(one))) {
      const past = await readModelsAsOf(store, position);
      expect(past.position()).toEqual(position);
      await past.close();
    }
    await stepping.close();
    const again = await ReadModels.open({ file, store });
    expect([again.filledFromAnotherLog(), again.position()]).toEqual([[], await store.head()]);
    await again.close();
    await beside.close();
  });

  it('stops at the position it is asked to', async () => {
    const models = await open();
    const { events } = await story.store.readAll({ after: START, limit: 5 });
    const fifth = Position.of(events[4]!);
    expect(await models.catchUp({ upTo: fifth })).toEqual(fifth);
    await models.close();
  });

  it('goes on where a crash between two read models left them', async () => {
    const crash = PROJECTIONS.map((projection, index) =>
      index < 2
        ? projection
        : disturbed(projection, () => {
            throw Object.assign(new Error('the disk is gone'), { code: 'SQLITE_IOERR_WRITE' });
          }, ['TicketResolved']),
    );
    const models = await open(crash);
    await expect(models.catchUp()).rejects.toThrow('the disk is gone');
    expect(models.status().map(({ state }) => state)).toEqual(PROJECTIONS.map(() => 'live'));
    await models.close();
    const again = await open();
    await again.catchUp();
    await again.close();
    expect(dump(file)).toBe(await undisturbed());
  });

  it('takes nothing of a batch whose transaction failed in its middle', async () => {
    let left = 9;
    const models = await open(
      PROJECTIONS.map((projection) =>
        disturbed(projection, () => {
          if (--left === 0) throw Object.assign(new Error('locked'), { code: 'SQLITE_BUSY' });
        }),
      ),
    );
    await expect(models.catchUp()).rejects.toThrow('locked');
    expect(models.position()).toEqual(START);
    await models.catchUp();
    await models.close();
    expect(dump(file)).toBe(await undisturbed());
  });

  it('stops one read model at a poison event, names it, and lets the others go on; a later version takes it', async () => {
    const poisoned = PROJECTIONS.map((projection) =>
      projection !== ratingFactsProjection
        ? projection
        : disturbed(projection, ({ type, data }) => {
            if (type === 'TimeEntryLogged' && (data as { timeEntryId: string }).timeEntryId === 'W1')
              throw new Error('bad minutes');
          }),
    );
    const models = await open(poisoned);
    await models.catchUp();
    const [, facts, ...others] = models.status();
    expect(facts).toMatchObject({
      name: 'rating-facts',
      state: 'stopped',
      error: expect.stringMatching(/^TimeEntryLogged .*bad minutes$/),
    });
    const { events } = await story.store.readStream('ticket-T1');
    expect(facts?.errorPosition).toEqual(Position.of(events[1]!));
    const head = await story.store.head();
    // What is derived goes as far as its facts go.
    const derived = new Set(PROJECTIONS.flatMap(({ name, derivedFrom }) => (derivedFrom === undefined ? [] : [name])));
    expect(others.map(({ state, position }) => [state, position])).toEqual(
      others.map(({ name }) => ['live', derived.has(name) ? facts?.position : head]),
    );
    await expect(models.waitFor(head)).rejects.toThrow(ReadModelStopped);
    await models.close();

    const mended = await open();
    expect(mended.status()[1]?.state).toBe('stopped');
    await mended.catchUp();
    await mended.close();
    expect(dump(file)).toBe(await undisturbed());
  });

  it('shares a file with another process: each batch is applied once, by whoever is first', async () => {
    const first = await open();
    await first.catchUp();
    const second = await open();
    for (const ticketId of ['T3', 'T4', 'T5', 'T6']) {
      await story.ticket(ticketId, requested(ticketId));
      await Promise.all([second.catchUp(), first.catchUp()]);
    }
    const head = await story.store.head();
    expect([first.position(), second.position()]).toEqual([head, head]);
    await first.close();
    await second.close();
    expect(dump(file)).toBe(await undisturbed());
  });

  it('goes on after another process rebuilt, even where the position is the same again', async () => {
    const first = await open();
    await first.catchUp();
    const second = await open();
    await second.rebuild();
    expect(second.position()).toEqual(first.position());
    await story.ticket('T3', requested('T3'));
    await first.catchUp();
    expect(first.position()).toEqual(await story.store.head());
    await first.close();
    await second.close();
    expect(dump(file)).toBe(await undisturbed());
  });

  it('never applies a batch to rows that another process has moved on: the fence refuses it', async () => {
    const models = await open();
    const checkpoints = new Checkpoints(new ReadDatabase(file));
    const before = checkpoints.read('gaps')!;
    await models.catchUp();
    expect(() => checkpoints.advance(before, { position: BEYOND })).toThrow(FenceLost);
    await models.close();
  });

  it('goes on with a rebuild that a crash interrupted', async () => {
    const models = await open();
    await models.catchUp();
    await models.close();
    let left = 3;
    const crashing = await open(
      PROJECTIONS.map((projection) =>
        disturbed(projection, () => {
          if (--left < 0) throw Object.assign(new Error('gone'), { code: 'SQLITE_IOERR' });
        }),
      ),
    );
    await expect(crashing.rebuild()).rejects.toThrow('gone');
    await crashing.close();
    const again = await open();
    expect(again.status().map(({ state }) => state)).toEqual(PROJECTIONS.map(() => 'rebuilding'));
    await again.catchUp();
    expect(again.status().map(({ state }) => state)).toEqual(PROJECTIONS.map(() => 'live'));
    await again.close();
    expect(dump(file)).toBe(await undisturbed());
  });

  it('rebuilds the one named, and refuses a name it does not know', async () => {
    const models = await open();
    await models.catchUp();
    await models.rebuild(['gaps']);
    await expect(models.rebuild(['prices'])).rejects.toThrow(
      /No read model "prices".*rating-facts, billable-items, approvals, gaps/,
    );
    await models.close();
    expect(dump(file)).toBe(await undisturbed());
  });

  it('fills a read model again whose schema version changed', async () => {
    const models = await open(PROJECTIONS.map((projection) => ({ ...projection, schemaVersion: 0 })));
    await models.catchUp();
    await models.close();
    const newer = await open();
    expect(newer.status().map(({ state }) => state)).toEqual(PROJECTIONS.map(() => 'rebuilding'));
    expect(newer.position()).toEqual(START);
    await newer.catchUp();
    await newer.close();
    expect(dump(file)).toBe(await undisturbed());
  });

  it.each([
    ['shorter than theirs', 0],
    ['longer by now, with another event where they stand (Z1, G3)', 40],
  ])('are emptied and filled anew where the log is another one, %s; told by name', async (_what, more) => {
    const models = await open();
    await models.catchUp();
    expect(models.filledFromAnotherLog()).toEqual([]);
    await models.close();
    const other = new Story();
    await other.house();
    for (let n = 0; n < more; n++) await other.ticket(`O${n}`, requested(`O${n}`));
    const filled = await ReadModels.open({ file, store: other.store });
    expect(filled.filledFromAnotherLog()).toEqual(PROJECTIONS.map(({ name }) => name));
    expect(filled.position()).toEqual(START);
    await filled.catchUp();
    const [mine, fresh] = [dump(file), join(folder, 'fresh.db')];
    await filled.close();
    const again = await ReadModels.open({ file: fresh, store: other.store });
    await again.catchUp();
    await again.close();
    expect(mine).toBe(dump(fresh));
    const known = await ReadModels.open({ file, store: other.store });
    expect(known.filledFromAnotherLog()).toEqual([]);
    await known.close();
    await other.store.close();
  });

  it('resolves a wait as soon as the position is reached, and does not wait for what is not to be waited for', async () => {
    const models = await open();
    const head = await story.store.head();
    await expect(models.waitFor(head, AT_ONCE)).rejects.toThrow(ReadModelsBehind);
    const reached: string[] = [];
    const wait = models.waitFor(head).then(() => reached.push('waited'));
    await models.catchUp();
    reached.push('caught up');
    await wait;
    expect(reached.sort()).toEqual(['caught up', 'waited']);
    await models.waitFor(head, AT_ONCE);
    await models.close();
  });

  it('lets requests have their turn between the read models while it catches up', async () => {
    const models = await open();
    const seen = new Set<number>();
    let isOver = false;
    const look = (): void => {
      seen.add(models.status().filter(({ position }) => position.isAfter(START)).length);
      if (!isOver) setImmediate(look);
    };
    setImmediate(look);
    await models.catchUp();
    isOver = true;
    // One batch holds the whole log: none, one, two ... of them have read it.
    expect(seen.size).toBeGreaterThanOrEqual(PROJECTIONS.filter((one) => one.derivedFrom === undefined).length);
    await models.close();
  });

  it('gives up a wait after so many steps, however long each takes', async () => {
    const models = await open();
    const before = await story.store.head();
    const wait = models.waitFor(BEYOND, { steps: 2 }).catch((error: unknown) => error);
    await models.catchUp();
    await story.ticket('T3', requested('T3'));
    // This one has been waited for by one step more.
    const given = models.waitFor(BEYOND, { steps: 2 }).catch((error: unknown) => error);
    await models.catchUp();
    // The event is read by then; what is derived from it is not there yet.
    expect(await wait).toEqual(new ReadModelsBehind(BEYOND, before));
    expect(await Promise.race([given, Promise.resolve('still waits')])).toBe('still waits');
    await models.close();
  });

  it('lets nobody wait for a log that the runner no longer follows', async () => {
    const models = await open();
    const abort = new AbortController();
    const following = models.follow(abort.signal);
    const wait = models.waitFor(BEYOND, { steps: Infinity }).catch((error: unknown) => error);
    abort.abort();
    await following;
    expect(await wait).toMatchObject({ message: expect.stringContaining('no longer follows the log') });
    await expect(models.waitFor(BEYOND)).rejects.toThrow('no longer follows the log');
    await models.close();
  });

  it('follows the log live, through a rebuild too, and ends when it is told to', async () => {
    const models = await open();
    const abort = new AbortController();
    const complete: Position[] = [];
    const unsubscribe = models.onComplete((position) => complete.push(position));
    const following = models.follow(abort.signal);
    await models.waitFor(await story.ticket('T3', requested('T3'), logged('W3')));
    expect(await models.billableItems.byId('W3')).toHaveLength(1);
    const rebuilt = models.rebuild();
    const position = await story.ticket(
      'T3',
      logged('W4'),
      event('TimerStarted', { timerId: 'X', engineerId: 'e', startedAt: '2026-03-03T09:00:00Z' }),
    );
    await rebuilt;
    await models.waitFor(position);
    expect(await models.billableItems.byId('W4')).toHaveLength(1);
    expect(complete).toContainEqual(position);
    unsubscribe();
    abort.abort();
    await following;
    await models.close();
    expect(dump(file)).toBe(await undisturbed());
  });

  it('goes on following when another process rebuilds under it', async () => {
    const models = await open();
    const abort = new AbortController();
    const following = models.follow(abort.signal);
    await models.waitFor(await story.store.head());
    const other = await open();
    await other.rebuild();
    const position = await story.ticket('T3', requested('T3'));
    await models.waitFor(position);
    await other.close();
    abort.abort();
    await following;
    await models.close();
    expect(dump(file)).toBe(await undisturbed());
  });
});
