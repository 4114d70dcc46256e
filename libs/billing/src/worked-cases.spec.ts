import { describe, expect, it } from '@jest/globals';
import { card, contractFacts, facts, only, terms, time } from './testing/facts.js';
import { rateExplained as rate } from './rate.js';

// The worked cases of rating.md that this slice answers, by their numbers. R16 stands with the account's specs.
describe('worked cases', () => {
  it('R1: 70 min, minimum 30, increment 15, 150.00/h: 1.25 h, 187.50', () => {
    const contracts = [contractFacts({ terms: terms({ minimumMinutes: 30, incrementMinutes: 15 }) })];
    const item = only(rate(facts([time({ minutes: 70 })], { contracts })).items);
    expect(item).toMatchObject({
      disposition: 'billable',
      actualMinutes: 70,
      billableMinutes: 75,
      quantity: '1.25',
      unit: 'h',
      unitPrice: { amount: '150.00', currency: 'AUD' },
      net: { amount: '187.50', currency: 'AUD' },
    });
    expect(item.trace.find((step) => step.step === 'billable-time')?.text).toBe(
      '70 min, minimum 30, increment 15 -> 75 min (1.25 h)',
    );
  });

  it('R2: elapsed 2 h, billable stated 45 min, 150.00/h: 112.50', () => {
    const item = only(rate(facts([time({ minutes: 120, statedBillableMinutes: 45 })])).items);
    expect(item).toMatchObject({
      actualMinutes: 120,
      billableMinutes: 45,
      quantity: '0.75',
      net: { amount: '112.50' },
    });
  });

  it("R4: no rate in the contract's currency: gap unpriced, no line", () => {
    const contracts = [contractFacts({ terms: { ...terms(), rateCard: card({ currency: 'USD', labour: [] }) } })];
    const { items, gaps } = rate(facts([time()], { contracts }));
    expect(only(items)).toMatchObject({ disposition: 'unpriced', unitPrice: null, net: null, actualMinutes: 60 });
    expect(only(gaps)).toMatchObject({
      kind: 'unpriced',
      workItemId: 'w-1',
      valueAtRisk: { money: null, minutes: 60 },
      dueOn: null,
    });
    expect(only(gaps).cause).toContain('no rate in USD for remote by engineer');
  });

  it.each([
    ['ticket', ['57', '57', '6'], 120],
    ['ticket-day', ['57', '57', '6'], 120],
    ['entry', ['60', '60', '60'], 180],
  ] as const)('R12: entries 45 + 45 + 5 min, minimum and increment 60, scope %s', (roundingScope, shares, total) => {
    const contracts = [contractFacts({ terms: terms({ minimumMinutes: 60, incrementMinutes: 60, roundingScope }) })];
    const work = [
      time({ workItemId: 'w-1', position: 1, minutes: 45 }),
      time({ workItemId: 'w-2', position: 2, minutes: 45 }),
      time({ workItemId: 'w-3', position: 3, minutes: 5 }),
    ];
    const { items } = rate(facts(work, { contracts }));
    expect(items.map((item) => String(item.billableMinutes))).toEqual(shares);
    expect(items.reduce((sum, item) => sum + (item.billableMinutes ?? 0), 0)).toBe(total);
  });
});
