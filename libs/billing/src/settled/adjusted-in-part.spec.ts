import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Cap, CoverageRule } from '@billtrail/contracts';
import { Decimal, type Month } from '@billtrail/kernel';
import type { ExplainedItem } from '../item/billable-item.js';
import type { ContractFacts, WorkItem } from '../rating/facts.js';
import { ClientAccounts } from '../testing/client-accounts.js';
import { contractFacts, terms, time } from '../testing/facts.js';

type Time = Extract<WorkItem, { kind: 'time' }>;

const [JUNE, JULY] = ['2026-06', '2026-07'] as const;
const PERIODS: readonly Month[] = [JUNE, JULY];
const PREPAID: CoverageRule = { id: 'pre', name: 'Prepaid', match: {}, outcome: 'prepaid' };
const capped = (above: Cap['above']): ContractFacts =>
  contractFacts({
    terms: { ...terms(), caps: [{ id: 'cap', name: 'Budget', scope: 'period', amount: '100.00', above }] },
  });
const block = {
  blockId: 'b',
  amount: { unit: 'minutes', minutes: 40 },
  purchasedOn: '2026-01-01',
  expiresOn: null,
} as const;
const CONTRACTS = {
  'by the hour': contractFacts(),
  'above a cap for nobody': capped('write-down'),
  'above a cap a gap': capped('gap'),
  prepaid: contractFacts({ terms: terms({}, [PREPAID]), blocks: [{ ...block, price: null, eventId: 'ev-b' }] }),
};

/** An entry from so many minutes before the end of June in Sydney. */
function entry(before: number, minutes: number, pricePerHour: string): Time {
  const startedAt = new Date(Date.parse('2026-06-30T14:00:00Z') - before * 60_000).toISOString();
  const endedAt = new Date(Date.parse(startedAt) + minutes * 60_000).toISOString();
  const price = { amount: pricePerHour, currency: 'AUD' };
  return time({
    minutes,
    workDate: before > 0 ? '2026-06-30' : '2026-07-01',
    startedAt,
    endedAt,
    override: { pricePerHour: price, reason: 'agreed', overriddenBy: 'accounts-1', eventId: `ev-${pricePerHour}` },
  });
}

const change = fc.record({
  do: fc.constant('correct' as const),
  before: fc.constantFrom(0, 30, 90),
  minutes: fc.constantFrom(20, 60, 75, 120),
  pricePerHour: fc.constantFrom('150.00', '150.00', '180.00'),
});
const settling = fc.record({
  do: fc.constantFrom('invoice' as const, 'writeOff' as const),
  period: fc.constantFrom(JUNE, JULY),
  /** Which of the items of the period. */
  which: fc.constantFrom(0, 1, 2, null),
});
const moving = fc.record({
  do: fc.constant('move' as const),
  zone: fc.constantFrom('Australia/Perth', 'Australia/Sydney', 'Pacific/Auckland', 'Europe/London'),
});
const told = fc.array(fc.oneof(change, settling, settling, moving), { minLength: 4, maxLength: 14 });

function sumOf(items: readonly ExplainedItem[], figure: (item: ExplainedItem) => number | string): Decimal {
  return items.reduce((sum, item) => sum.plus(figure(item)), new Decimal(0));
}

describe('work of which a part is settled, corrected, and settled in part again', () => {
  it.each(Object.entries(CONTRACTS))(
    'is accounted for to the minute and to the cent over all periods: %s',
    (_, contract) => {
      fc.assert(
        fc.property(change, told, fc.boolean(), (first, steps, namesBeside) => {
          let work = entry(first.before, first.minutes, first.pricePerHour);
          const client = new ClientAccounts(PERIODS, [work]);
          client.contracts = [contract];
          client.namesBeside = namesBeside;
          steps.forEach((step, index) => {
            if (step.do === 'correct') {
              work = {
                ...entry(step.before, step.minutes, step.pricePerHour),
                sourceEventIds: ['ev-w-1', `ev-${index}`],
              };
              client.work = [work];
            } else if (step.do === 'move') client.zone = step.zone;
            else {
              const open = client.items(step.period).filter(({ disposition }) => disposition !== 'invoiced');
              const chosen = step.which === null ? null : open[step.which % Math.max(open.length, 1)]?.itemId;
              const isChosen = ({ itemId }: { readonly itemId: string }): boolean =>
                chosen === null || itemId === chosen;
              if (step.do === 'invoice')
                client.invoice(
                  step.period,
                  (item) => isChosen(item) && (item.disposition === 'billable' || item.disposition === 'covered'),
                );
              else
                client.writeOff(
                  step.period,
                  (item) => isChosen(item) && (item.disposition === 'billable' || item.disposition === 'unpriced'),
                );
            }
            const items = client.all();
            expect(sumOf(items, ({ actualMinutes }) => actualMinutes ?? 0).toNumber()).toBe(work.minutes);
            // Older documents tell by minutes alone what stood beside an adjustment.
            if (!namesBeside) return;
            // A cap cuts minutes by their money, and what is left of them is rated by the minute.
            if (contract.versions.some(({ terms: { caps } }) => caps !== undefined)) return;
            const asked = items.filter(({ draw }) => draw === undefined);
            const ratio = new Decimal(work.override?.pricePerHour.amount ?? 0).div(60);
            const uncovered = sumOf(asked, ({ actualMinutes }) => actualMinutes ?? 0);
            expect(sumOf(asked, ({ net }) => net?.amount ?? 0).toFixed(2)).toBe(uncovered.times(ratio).toFixed(2));
          });
        }),
        { numRuns: 120 },
      );
    },
  );

  it('is billed as far as a cap lets its higher price through, also where only what is above the cap is written off', () => {
    const client = new ClientAccounts([JULY], [entry(0, 30, '150.00')]);
    client.contracts = [capped('gap')];
    client.freeze(JULY, 'w-1');
    client.work = [{ ...entry(0, 30, '240.00'), sourceEventIds: ['ev-w-1', 'ev-again'] }];
    expect(client.shown(JULY).slice(1)).toEqual([
      ['w-1@a1', 'billable', 0, '25.00'],
      ['w-1@x1', 'unpriced', 0, undefined],
    ]);
    client.writeOff(JULY, ({ itemId }) => itemId === 'w-1@x1');
    expect(client.all().filter(({ disposition }) => disposition === 'billable')).toMatchObject([
      { actualMinutes: 0, net: { amount: '25.00' } },
    ]);
  });
});
