import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_READ, START, type Position } from '@billtrail/event-store';
import { readModelsAsOf } from '../as-of.js';
import { ReadModels } from '../read-models.js';
import { dump } from '../spec-kit/dump.js';
import { anyStep, mergeStep, workStep, type Step } from '../spec-kit/random-steps.js';
import { beginning, carryOut } from '../spec-kit/random-story.js';
import { Story } from '../spec-kit/story.js';
import { dueGaps } from '../spec-kit/due-gaps.js';

const MAY = (): string => '2026-05-20T00:00:00.000Z';
const RUNS = 40;
/** A counterexample is made smaller by at most so many stories. */
const MAX_SHRINKS = 200;

/** Stories that come after so many on the way to a smaller counterexample are not told: the smallest until then is reported. */
function shrunkByCount<Inputs extends readonly unknown[]>(
  holds: (...inputs: Inputs) => Promise<void>,
): (...inputs: Inputs) => Promise<void> {
  let toldSinceFailure = -1;
  return async (...inputs) => {
    if (toldSinceFailure >= MAX_SHRINKS) return;
    if (toldSinceFailure >= 0) toldSinceFailure += 1;
    try {
      await holds(...inputs);
    } catch (error) {
      toldSinceFailure = Math.max(toldSinceFailure, 0);
      throw error;
    }
  };
}

const STEPS = { minLength: 10, maxLength: 40 };

describe('L8: rebuild equals live', () => {
  let folder: string;
  let file = 0;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'read-models-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const nextFile = (): string => join(folder, `${++file}.db`);

  /** Tells the story, with the live read models following in batches of the given numbers of steps. Answers their file. */
  const live = async (story: Story, steps: readonly Step[], batches: readonly number[]): Promise<string> => {
    const name = nextFile();
    const models = await ReadModels.open({ file: name, store: story.store });
    let untilCut = batches[0] ?? 1;
    let cut = 0;
    for (const step of steps) {
      await carryOut(story, models, step);
      if (--untilCut > 0) continue;
      await models.catchUp();
      untilCut = batches[++cut % batches.length] ?? 1;
    }
    await models.catchUp();
    expect(models.status().map((status) => status.error)).toEqual(models.status().map(() => null));
    expect(models.known.parkedInShort()).toBeNull();
    await models.close();
    return name;
  };

  /** Holds that the rows are the same whichever way they came about. Answers the types of all events. */
  const sameRows = async (steps: readonly Step[], batches: readonly number[]): Promise<readonly string[]> => {
    const story = new Story(':memory:', MAY);
    await beginning(story);
    const rows = dump(await live(story, steps, batches));

    const fresh = nextFile();
    const models = await ReadModels.open({ file: fresh, store: story.store });
    await models.catchUp();
    const atOnce = dumpOpen(models, fresh);
    await models.rebuild();
    const rebuilt = dumpOpen(models, fresh);
    await models.close();
    const { events } = await story.store.readAll({ after: START, limit: MAX_READ });
    await story.store.close();
    expect(atOnce).toBe(rows);
    expect(rebuilt).toBe(rows);
    return events.map(({ type }) => type);
  };
  const batches = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });

  it('gives the same rows however the batches were cut, and after a rebuild', async () => {
    const told = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.array(anyStep, STEPS), fc.array(workStep, STEPS)),
        batches,
        shrunkByCount(async (steps, cuts) => {
          for (const type of await sameRows(steps, cuts)) told.add(type);
        }),
      ),
      { numRuns: RUNS },
    );
    expect([...told]).toContain('SlaBreached');
  });

  it('gives the same rows of tickets that were merged, resolved, opened again and split in any order', async () => {
    const told = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(mergeStep, STEPS),
        fc.constant([1]),
        shrunkByCount(async (steps, cuts) => {
          for (const type of await sameRows(steps, cuts)) told.add(type);
        }),
      ),
      { numRuns: RUNS / 2 },
    );
    expect([...told]).toEqual(expect.arrayContaining(['TicketSplit', 'TicketReopened', 'ClientDetailsChanged']));
  });

  it('L1: has all recorded work in exactly one disposition, at every position', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyStep, STEPS),
        shrunkByCount(async (steps) => {
          const story = new Story(':memory:', MAY);
          await beginning(story);
          const models = await ReadModels.open({ file: ':memory:', store: story.store });
          for (const step of steps) {
            await carryOut(story, models, step);
            await models.catchUp();
            const whole = await models.reconciliation.of('2026-06-01');
            expect(whole.imbalances).toEqual([]);
            const periods = (await models.reconciliation.byClientPeriod('2026-06-01', {}, { limit: 200 })).items;
            expect(periods.filter((one) => one.imbalances.length > 0)).toEqual([]);
            const { resolved, ...fates } = whole.tickets;
            expect(Object.values(fates).reduce((sum, tickets) => sum + tickets, 0)).toBe(resolved);
          }
          await models.close();
          await story.store.close();
        }),
      ),
      { numRuns: RUNS / 2 },
    );
  });

  it('L9: as of a position is what the live read models were there', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyStep, STEPS),
        fc.nat(),
        shrunkByCount(async (steps, number) => {
          const story = new Story(':memory:', MAY);
          await beginning(story);
          const models = await ReadModels.open({ file: ':memory:', store: story.store });
          let then: { readonly position: Position; readonly answers: string } | null = null;
          for (const [index, step] of steps.entries()) {
            await carryOut(story, models, step);
            const position = await models.catchUp();
            if (index === number % steps.length) then = { position, answers: await answers(models) };
          }
          const past = await readModelsAsOf(story.store, then!.position);
          expect(past.position()).toEqual(then!.position);
          expect(await answers(past)).toBe(then!.answers);
          await past.close();
          await models.close();
          await story.store.close();
        }),
      ),
      { numRuns: RUNS / 2 },
    );
  });
});

/** What the queries of issue and audit answer, as one text. */
async function answers(models: ReadModels): Promise<string> {
  const all = { limit: 200 };
  const prepaid = (await models.prepaid.balances({}, all)).items;
  const statements = await Promise.all(prepaid.map(({ source }) => models.prepaid.statement(source, all)));
  return JSON.stringify([
    await models.billableItems.list({}, all),
    await models.charges.list({}, all),
    await models.unpricedWork.list({}, all),
    await dueGaps(models, '2026-06-01', 1_000),
    await models.sla.list('2026-03-03T09:00:00+11:00', {}, all),
    await models.sla.due('2026-03-03T09:00:00+11:00', null),
    prepaid,
    statements,
  ]);
}

function dumpOpen(models: ReadModels, file: string): string {
  expect(models.status().every((status) => status.state === 'live')).toBe(true);
  return dump(file);
}
