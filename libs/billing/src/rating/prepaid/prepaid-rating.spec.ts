import { describe, expect, it } from '@jest/globals';
import { ALL_BILLABLE, asInvoiced, card, facts, only, time } from '../../testing/facts.js';
import { allotment, aud, block, contractWith, minutes, spent } from '../../testing/charges.js';
import { rateExplained as rate } from '../../rate.js';

const PREPAID = [{ ...ALL_BILLABLE, outcome: 'prepaid' as const }];
const shown = (result: ReturnType<typeof rate>): readonly string[] =>
  result.items.map((one) => `${one.itemId} ${one.disposition} ${one.billableMinutes} ${one.net?.amount ?? '-'}`);

describe('prepaid, from the work to the item', () => {
  it('cuts an entry over midnight at the last day of its block', () => {
    const contract = contractWith(
      { coverage: PREPAID, timeZone: 'Australia/Sydney' },
      { blocks: [block('b', minutes(600), { expiresOn: '2026-03-10' })] },
    );
    const work = time({
      minutes: 120,
      workDate: '2026-03-10',
      startedAt: '2026-03-10T23:10:00+11:00',
      endedAt: '2026-03-11T01:10:00+11:00',
    });
    const result = rate(facts([work], { contracts: [contract] }));
    expect(shown(result)).toEqual(['w-1@p1 covered 50 0.00', 'w-1@p2 billable 70 175.00']);
    expect(only(result.draws)).toMatchObject({ itemId: 'w-1@p1', amount: minutes(50), workDate: '2026-03-10' });
  });

  it('says that the card has no rate, and nothing of a cap, where prepaid work has no price', () => {
    const caps = [{ id: 'cap', name: 'Budget', scope: 'period' as const, amount: '1000.00', above: 'gap' as const }];
    const rateCard = card({ labour: [{ workType: 'onsite', engineerRole: null, pricePerHour: '150.00' }] });
    const { items, gaps } = rate(facts([time()], { contracts: [contractWith({ coverage: PREPAID, caps, rateCard })] }));
    expect(only(items).unpriced?.reason).toBe('no-rate');
    expect(only(items).unpriced?.cause).toContain('no rate');
    expect(gaps.filter(({ kind }) => kind === 'unpriced').map(({ cause }) => cause)).toEqual([
      only(items).unpriced?.cause,
    ]);
  });

  it('draws rounded time: what is billable is what the block gives', () => {
    const contract = contractWith(
      { coverage: PREPAID, rateCard: card({ minimumMinutes: 30, incrementMinutes: 15 }) },
      { blocks: [block('b', minutes(60))] },
    );
    const result = rate(facts([spent(70, '2026-03-10')], { contracts: [contract] }));
    expect(shown(result)).toEqual(['w-1@p1 covered 60 0.00', 'w-1@p2 billable 15 37.50']);
    expect(result.items.map((one) => one.actualMinutes)).toEqual([56, 14]);
  });

  it('takes back-dated work first, in work-date order, whatever its log position', () => {
    const contract = contractWith({ coverage: PREPAID }, { blocks: [block('b', minutes(60))] });
    const result = rate(facts([spent(60, '2026-03-20', 1), spent(60, '2026-03-05', 2)], { contracts: [contract] }));
    expect([...shown(result)].sort()).toEqual(['w-1 billable 60 150.00', 'w-2 covered 60 0.00']);
  });

  it('never takes back what is frozen: back-dated work finds what that left', () => {
    const contract = contractWith({ coverage: PREPAID }, { blocks: [block('b', minutes(90))] });
    const before = rate(facts([spent(60, '2026-03-20', 1)], { contracts: [contract] }));
    const result = rate(
      facts([spent(60, '2026-03-20', 1), spent(60, '2026-03-05', 2)], {
        contracts: [contract],
        invoiced: asInvoiced(before.items),
      }),
    );
    expect([...shown(result)].sort()).toEqual([
      'w-1 invoiced 60 0.00',
      'w-2@p1 covered 30 0.00',
      'w-2@p2 billable 30 75.00',
    ]);
    expect(result.draws.map(({ itemId, frozen }) => [itemId, frozen])).toEqual([
      ['w-1', true],
      ['w-2@p1', false],
    ]);
    expect(only(result.carriedOver.balances).left).toEqual(minutes(0));
  });

  it('bills overage at its own rate', () => {
    const contract = contractWith({
      coverage: PREPAID,
      prepaid: { allotment: allotment({ base: minutes(30) }), overage: { pricePerHour: '210.00', multiplied: false } },
    });
    const result = rate(facts([spent(60, '2026-03-10')], { contracts: [contract] }));
    expect(result.items.at(-1)?.net).toEqual(aud('105.00'));
  });

  it('asks a cap for overage and not for what is covered', () => {
    const caps = [{ id: 'c', name: 'Budget', scope: 'period', amount: '50.00', above: 'gap' }] as const;
    const contract = contractWith({ coverage: PREPAID, caps }, { blocks: [block('b', minutes(30))] });
    const result = rate(facts([spent(60, '2026-03-10')], { contracts: [contract] }));
    expect(result.items.map(({ disposition, actualMinutes }) => [disposition, actualMinutes])).toEqual([
      ['covered', 30],
      ['billable', 20],
      ['unpriced', 10],
    ]);
    expect(result.gaps.map(({ kind }) => kind)).toContain('cap-exceeded');
  });

  it('makes a gap of overage that has no rate, and covers what a block of hours holds', () => {
    const contract = contractWith(
      { coverage: PREPAID, rateCard: card({ labour: [] }) },
      { blocks: [block('b', minutes(30)), block('m', { unit: 'money', money: aud('100.00') })] },
    );
    const result = rate(facts([spent(60, '2026-03-10')], { contracts: [contract] }));
    expect(result.items.map(({ disposition, actualMinutes, net }) => [disposition, actualMinutes, net])).toEqual([
      ['covered', 30, aud('0.00')],
      ['unpriced', 30, null],
    ]);
    expect(result.gaps.find(({ kind }) => kind === 'unpriced')?.cause).toContain('has no rate');
  });

  it.each([
    [90, 600, ['w-1 invoiced 60 0.00', 'w-1@d1 covered 30 0.00'], 510],
    [45, 600, ['w-1 invoiced 60 0.00', 'w-1@d1 covered -15 0.00'], 555],
    [90, 60, ['w-1 invoiced 60 0.00', 'w-1@a1 billable 30 75.00'], 0],
  ])(
    'work of 60 min that is corrected to %i draws what it grew by, or gives back what it shrank by, on a block of %i',
    (now, whole, expected, left) => {
      const contract = contractWith({ coverage: PREPAID }, { blocks: [block('b', minutes(whole))] });
      const before = rate(facts([spent(60, '2026-03-10')], { contracts: [contract] }));
      const invoiced = asInvoiced(before.items);
      const result = rate(facts([spent(now, '2026-03-10')], { contracts: [contract], invoiced }));
      expect(shown(result)).toEqual(expected);
      expect(only(result.carriedOver.balances).left).toEqual(minutes(left));
    },
  );
});
