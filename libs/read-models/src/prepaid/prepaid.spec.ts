import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ReadModels } from '../read-models.js';
import {
  contract,
  configured,
  event,
  logged,
  purchased,
  registered,
  requested,
  Story,
  TERMS,
} from '../spec-kit/story.js';

const PREPAID = { ...TERMS, coverage: [{ ...TERMS.coverage[0]!, outcome: 'prepaid' as const }] };
const BLOCKS = [
  { id: 'early', minutes: 90, from: '2026-03-01', to: '2026-04-15' },
  { id: 'late', minutes: 200, from: '2026-03-10', to: null },
] as const;
const DAYS = ['2026-03-05', '2026-03-20', '2026-04-10', '2026-04-20', '2026-05-02'] as const;

describe('prepaid balances and statements', () => {
  let story: Story;
  let models: ReadModels;
  beforeEach(async () => {
    story = new Story();
    models = await ReadModels.open({ file: ':memory:', store: story.store });
    await story.tell('configuration', configured());
    await story.tell('client-acme', registered());
    await story.tell('contract-acme-1', ...contract('acme', PREPAID));
    for (const { id, minutes, from, to } of BLOCKS)
      await story.tell('contract-acme-1', purchased('acme-1', id, minutes, from, to));
  });
  afterEach(async () => {
    await models.close();
    await story.store.close();
  });

  const sourceOf = (blockId: string) => ({ from: 'block', contractId: 'acme-1', blockId }) as const;

  it('equal a model of ten lines: work by date draws on the block that expires first', async () => {
    const work = fc.record({ day: fc.constantFrom(...DAYS), quarters: fc.integer({ min: 2, max: 8 }) });
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(work, { minLength: 1, maxLength: 6 }), async (entries) => {
        const ticketId = `T${++number}`;
        const ids = entries.map((_, index) => `${ticketId}-W${index}`);
        await story.ticket(
          ticketId,
          requested(ticketId),
          ...entries.map(({ day, quarters }, index) => logged(ids[index]!, quarters * 15, day)),
        );
        await models.catchUp();

        const left = new Map<string, number>(BLOCKS.map(({ id, minutes }) => [id, minutes]));
        const expected = new Map<string, [string, number, number][]>(BLOCKS.map(({ id }) => [id, []]));
        const inOrder = entries
          .map((entry, index) => ({ ...entry, id: ids[index]! }))
          .sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
        for (const { id: workItemId, day, quarters } of inOrder) {
          let need = quarters * 15;
          for (const { id, from, to } of BLOCKS) {
            const taken = day >= from && (to === null || day <= to) ? Math.min(need, left.get(id) ?? 0) : 0;
            if (taken === 0) continue;
            need -= taken;
            left.set(id, (left.get(id) ?? 0) - taken);
            expected.get(id)?.push([workItemId, taken, left.get(id) ?? 0]);
          }
        }

        const balances = (await models.prepaid.balances({ clientId: 'acme' })).items;
        expect(balances.map(({ source, left: rest }) => [source.from === 'block' && source.blockId, rest])).toEqual(
          BLOCKS.map(({ id }) => [id, { unit: 'minutes', minutes: left.get(id) }]),
        );
        for (const { id } of BLOCKS) {
          const lines = await statement(id);
          expect(lines).toEqual(expected.get(id));
        }
        for (const workItemId of ids)
          await story.ticket(ticketId, event('TimeEntryVoided', { timeEntryId: workItemId, reason: 'next run' }));
        await models.catchUp();
      }),
      { numRuns: 30 },
    );
  });

  /** Line by line in pages of one, so that the running balance goes over the pages. */
  const statement = async (blockId: string): Promise<unknown[]> => {
    const lines: unknown[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await models.prepaid.statement(sourceOf(blockId), { limit: 1, cursor });
      for (const { draw, leftAfter, item } of page?.items ?? []) {
        expect(item?.draw).toEqual(draw);
        lines.push([draw.workItemId, minutesOf(draw.amount), minutesOf(leftAfter)]);
      }
      if (!page?.nextCursor) return lines;
      cursor = page.nextCursor;
    }
  };

  it('knows what is in force on a day, and forgets a block that was withdrawn', async () => {
    await models.catchUp();
    const names = async (inForceOn: string) =>
      (await models.prepaid.balances({ contractId: 'acme-1', inForceOn })).items.map(({ name }) => name);
    expect(await names('2026-03-05')).toEqual(['early']);
    expect(await names('2026-04-15')).toEqual(['early', 'late']);
    expect(await names('2026-04-16')).toEqual(['late']);
    await story.tell(
      'contract-acme-1',
      event('ContractTerminated', { contractId: 'acme-1', lastDay: '2026-04-20', reason: 'moved' }),
    );
    await models.catchUp();
    expect(await names('2026-04-20')).toEqual(['late']);
    expect(await names('2026-04-21')).toEqual([]);
    await story.ticket('T1', requested('T1'), logged('W1', 60, '2026-03-05'));
    await story.tell(
      'contract-acme-1',
      event('PrepaidBlockWithdrawn', { contractId: 'acme-1', blockId: 'early', reason: 'in error' }),
    );
    await models.catchUp();
    expect(await names('2026-04-15')).toEqual(['late']);
    expect(await models.prepaid.statement(sourceOf('early'))).toBeNull();
    expect(await models.prepaid.balance(sourceOf('early'))).toBeNull();
    expect((await models.billableItems.byId('W1')).map(({ disposition }) => disposition)).toEqual(['billable']);
  });

  it('tells what has lapsed on a day, which nobody can draw (K10)', async () => {
    await story.ticket('T1', requested('T1'), logged('W1', 60, '2026-03-05'));
    await models.catchUp();
    const on = async (asOf?: string) =>
      (await models.prepaid.balances({ clientId: 'acme' }, {}, asOf)).items.map(({ name, lapsed, left }) => [
        name,
        lapsed && minutesOf(lapsed),
        minutesOf(left),
      ]);
    expect(await on()).toEqual([
      ['early', undefined, 30],
      ['late', undefined, 200],
    ]);
    expect(await on('2026-04-15')).toEqual([
      ['early', 0, 30],
      ['late', 0, 200],
    ]);
    expect(await on('2026-04-16')).toEqual([
      ['early', 30, 0],
      ['late', 0, 200],
    ]);
  });

  it('R5: of an allotment that rolls over, each month has a balance and a statement of its own', async () => {
    const allotment = {
      id: 'base',
      name: 'base',
      base: { unit: 'minutes', minutes: 600 },
      rollOver: 'one-period',
    } as const;
    await story.tell('client-beta', registered('beta'));
    await story.tell('contract-beta-1', ...contract('beta', { ...PREPAID, prepaid: { allotment } }, '2026-03-01'));
    await story.ticket(
      'T1',
      requested('T1', { clientId: 'beta' }),
      logged('W3', 360, '2026-03-10'),
      logged('W4', 900, '2026-04-10'),
      logged('W5', 660, '2026-05-10'),
    );
    await models.catchUp();
    const balances = (await models.prepaid.balances({ clientId: 'beta' })).items;
    expect(
      balances.map(({ source, drawn, left, lastDay }) => [source, minutesOf(drawn), minutesOf(left), lastDay]),
    ).toEqual(
      [
        ['2026-03', 600, 0, '2026-04-30'],
        ['2026-04', 600, 0, '2026-05-31'],
        ['2026-05', 600, 0, '2026-06-30'],
      ].map(([month, ...rest]) => [{ from: 'allotment', contractId: 'beta-1', allotmentId: 'base', month }, ...rest]),
    );
    const lines = (await models.prepaid.statement(balances[0]!.source))?.items ?? [];
    expect(lines.map(({ period, draw }) => [period, minutesOf(draw.amount)])).toEqual([
      ['2026-03', 360],
      ['2026-04', 240],
    ]);
    const overage = (await models.billableItems.list({ clientId: 'beta', disposition: 'billable' })).items;
    expect(overage.map(({ period, billableMinutes }) => [period, billableMinutes])).toEqual([
      ['2026-04', 60],
      ['2026-05', 60],
    ]);
    const burnDown = await models.prepaid.burnDown('beta-1', '2026-05-20');
    expect(burnDown?.blocks).toEqual([]);
    expect(burnDown?.allotments).toMatchObject([{ unit: 'minutes', left: { minutes: 0 }, forecastOn: '2026-05-10' }]);
    expect(await models.prepaid.burnDown('nobody', '2026-05-20')).toBeNull();
  });
});

function minutesOf(
  amount: { readonly unit: 'minutes'; readonly minutes: number } | { readonly unit: 'money' },
): number {
  return amount.unit === 'minutes' ? amount.minutes : Number.NaN;
}
