import { describe, expect, it } from '@jest/globals';
import { expense, material, time } from '../../testing/facts.js';
import { aud } from '../../testing/charges.js';
import { pricedFacts, workStep } from './work-facts.js';

const override = { pricePerHour: aud('99.00'), reason: 'agreed', overriddenBy: 'accounts-1', eventId: 'ev-o' };
const placed = { startedAt: '2026-03-10T09:00:00+11:00', endedAt: '2026-03-10T10:00:00+11:00' };

describe('the facts that a price rests on', () => {
  it('are frozen as data, of time with or without an override and both of its times', () => {
    const bare = {
      kind: 'time',
      workDate: '2026-03-10',
      actualMinutes: 60,
      statedBillableMinutes: null,
      workType: 'remote',
      engineerRole: 'engineer',
      engineerId: 'eng-1',
      rateClass: null,
      startedAt: null,
      endedAt: null,
      override: null,
    };
    expect(pricedFacts(time())).toEqual(bare);
    expect(pricedFacts(time({ ...placed, override }))).toEqual({ ...bare, ...placed, override: aud('99.00') });
    expect(pricedFacts(time({ ...placed, endedAt: null }))).toEqual(bare);
    expect(pricedFacts(time({ ...placed, startedAt: null }))).toEqual(bare);
    expect(pricedFacts(material({ listPrice: null }))).toEqual({
      kind: 'material',
      workDate: '2026-03-10',
      itemCode: 'CABLE-3M',
      quantity: '3',
      unitCost: aud('8.00'),
      listPrice: null,
      underWarranty: false,
    });
    expect(pricedFacts(expense())).toEqual({ kind: 'expense', workDate: '2026-03-10', cost: aud('20.00') });
  });

  it('are told to people: of time its minutes, its kind and its day; times and an override where there are such', () => {
    expect(workStep(time({ statedBillableMinutes: 45, rateClass: 'after-hours' }))).toEqual({
      step: 'work',
      text: '60 min of remote by engineer on 2026-03-10',
      facts: {
        kind: 'time',
        workDate: '2026-03-10',
        actualMinutes: 60,
        statedBillableMinutes: 45,
        workType: 'remote',
        engineerRole: 'engineer',
        rateClass: 'after-hours',
      },
    });
    expect(workStep(time({ ...placed, override })).facts).toMatchObject({ ...placed, override: '99.00 AUD' });
    for (const half of [
      { ...placed, endedAt: null },
      { ...placed, startedAt: null },
    ])
      expect(Object.keys(workStep(time(half)).facts)).not.toContain('startedAt');
  });

  it('of goods are their quantity and prices, of an expense its cost', () => {
    expect(workStep(material({ listPrice: null })).facts).toEqual({
      kind: 'material',
      workDate: '2026-03-10',
      itemCode: 'CABLE-3M',
      quantity: '3',
      unitCost: '8.00 AUD',
      listPrice: null,
      underWarranty: false,
    });
    expect(workStep(expense())).toEqual({
      step: 'work',
      text: 'expense of 20.00 AUD on 2026-03-10',
      facts: { kind: 'expense', workDate: '2026-03-10', cost: '20.00 AUD' },
    });
  });
});
