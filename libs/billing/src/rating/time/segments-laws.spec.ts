import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Money } from '@billtrail/kernel';
import { type ExplainedItem, isReadyToBill } from '../../item/billable-item.js';
import { gapKey } from '../../gaps/identity.js';
import { imbalances } from '../../reconcile.js';
import { richPeriod } from '../../testing/arbitrary-terms.js';
import { asInvoiced, asWrittenOff, contractFacts, facts as factsOf, terms, time } from '../../testing/facts.js';
import type { ClientPeriodFacts } from '../../client-period.js';
import { rateExplained as rate } from '../../rate.js';

const chances = fc.array(fc.constantFrom('invoice', 'write-off', 'leave'), { minLength: 30, maxLength: 30 });

/** Some parts invoiced, some written off: of one piece of work perhaps only a part. */
function frozenSome(facts: ClientPeriodFacts, fate: readonly string[]): ClientPeriodFacts {
  const { items } = rate(facts);
  const chosen = (wanted: string): ExplainedItem[] => items.filter((_, index) => fate[index % fate.length] === wanted);
  const isLine = (item: ExplainedItem) =>
    (item.disposition === 'billable' || item.disposition === 'covered') && isReadyToBill(item);
  return {
    ...facts,
    invoiced: asInvoiced(chosen('invoice').filter(isLine)),
    writtenOff: asWrittenOff(
      chosen('write-off').filter((item) => item.disposition === 'billable' || item.disposition === 'unpriced'),
    ),
  };
}

function cents(items: readonly ExplainedItem[]): bigint {
  return items.reduce((sum, item) => sum + (item.net === null ? 0n : Money.from(item.net).toMinor()), 0n);
}

describe('laws of rating with segments, blocks, caps and discounts', () => {
  it('L1, L3: whatever is frozen of it, all work is in its items, each once', () => {
    fc.assert(
      fc.property(richPeriod, chances, (facts, fate) => {
        for (const point of [facts, frozenSome(facts, fate)]) {
          const { items, gaps } = rate(point);
          expect(imbalances(point.work, items)).toEqual([]);
          expect(new Set(items.map((item) => item.itemId)).size).toBe(items.length);
          expect(new Set(gaps.map(gapKey)).size).toBe(gaps.length);
          for (const item of items) {
            if (item.segment === undefined || item.kind !== 'time') continue;
            expect(item.segment.toMinute - item.segment.fromMinute).toBe(item.actualMinutes);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('the same facts in any order give the same result', () => {
    fc.assert(
      fc.property(richPeriod, chances, (facts, fate) => {
        const some = frozenSome(facts, fate);
        const turned = {
          ...some,
          work: some.work.toReversed(),
          contracts: some.contracts.toReversed(),
          invoiced: some.invoiced.toReversed(),
          writtenOff: some.writtenOff.toReversed(),
        };
        expect(rate(turned)).toEqual(rate(some));
      }),
      { numRuns: 100 },
    );
  });

  it('no block is over-drawn, and what is drawn and what is left are the block', () => {
    fc.assert(
      fc.property(richPeriod, chances, (facts, fate) => {
        for (const point of [facts, frozenSome(facts, fate)]) {
          const { draws, carriedOver } = rate(point);
          for (const { blocks = [], contractId } of point.contracts) {
            for (const block of blocks) {
              if (block.amount.unit !== 'minutes') continue;
              const ofBlock = draws.filter(({ source }) => source.from === 'block' && source.blockId === block.blockId);
              const drawn = ofBlock.reduce(
                (sum, { amount }) => sum + (amount.unit === 'minutes' ? amount.minutes : 0),
                0,
              );
              const balance = carriedOver.balances.find(({ source }) => source.contractId === contractId);
              const left = balance?.left.unit === 'minutes' ? balance.left.minutes : 0;
              expect(drawn + left).toBe(block.amount.minutes);
              expect(left).toBeGreaterThanOrEqual(0);
            }
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('what is frozen is given as it was, with its stretch, also where only a part of its work is', () => {
    fc.assert(
      fc.property(richPeriod, chances, (facts, fate) => {
        const some = frozenSome(facts, fate);
        const before = rate(facts).items;
        const after = rate(some).items;
        const frozenIds = new Set([
          ...some.invoiced.map(({ line }) => line.itemId),
          ...some.writtenOff.map((one) => one.itemId),
        ]);
        const held = (items: readonly ExplainedItem[]) =>
          new Map(
            items
              .filter((item) => frozenIds.has(item.itemId))
              .map((item) => [item.itemId, [item.net, item.actualMinutes, item.segment]]),
          );
        expect(held(after)).toEqual(held(before));
      }),
      { numRuns: 100 },
    );
  });

  it('splitting an entry at an edge of its classes changes nothing in minutes and money of its ticket and day', () => {
    const office = [{ opens: '09:00', closes: '17:00' }];
    const ofVersion = {
      ...terms({
        minimumMinutes: 15,
        incrementMinutes: 6,
        roundingScope: 'ticket-day',
        rateClassMultipliers: [{ rateClass: 'after-hours', multiplier: '1.5' }],
      }),
      timeZone: 'Australia/Sydney',
      rateCalendar: { hours: { tuesday: office }, holidays: [] },
    };
    const contracts = [contractFacts({ terms: ofVersion })];
    const edge = Date.parse('2026-03-10T17:00:00+11:00');
    const entry = (id: string, from: number, to: number) =>
      time({
        workItemId: id,
        minutes: (to - from) / 60_000,
        startedAt: new Date(from).toISOString(),
        endedAt: new Date(to).toISOString(),
      });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 479 }), fc.integer({ min: 1, max: 400 }), (before, after) => {
        const from = edge - before * 60_000;
        const to = edge + after * 60_000;
        const whole = rate(factsOf([entry('w-1', from, to)], { contracts })).items;
        const split = rate(factsOf([entry('w-1', from, edge), entry('w-2', edge, to)], { contracts })).items;
        const figures = (items: readonly ExplainedItem[]) =>
          items.map(({ actualMinutes, billableMinutes, net, unitPrice }) => ({
            actualMinutes,
            billableMinutes,
            net,
            unitPrice,
          }));
        expect(figures(split)).toEqual(figures(whole));
        expect(cents(split)).toBe(cents(whole));
      }),
      { numRuns: 100 },
    );
  });

  it('an entry over the end of a month is whole in its two months together', () => {
    const zones = fc.constantFrom('Australia/Sydney', 'Europe/London', 'Pacific/Kiritimati', 'America/St_Johns');
    fc.assert(
      fc.property(
        zones,
        fc.integer({ min: -1_000, max: 1_000 }),
        fc.integer({ min: 1, max: 1_440 }),
        (timeZone, offset, minutes) => {
          const start = Date.parse('2026-03-31T13:00:00Z') + offset * 60_000;
          const work = time({
            minutes,
            startedAt: new Date(start).toISOString(),
            endedAt: new Date(start + minutes * 60_000).toISOString(),
          });
          const contracts = [contractFacts({ terms: { ...terms(), timeZone } })];
          const months = ['2026-03', '2026-04'].map((period) => rate(factsOf([work], { contracts, period })).items);
          const total = months.flat().reduce((sum, item) => sum + (item.actualMinutes ?? 0), 0);
          expect(total).toBe(minutes);
          expect(months.flat().every((item) => item.workDate.startsWith(item.period))).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });
});
