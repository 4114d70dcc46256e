import { describe, expect, it } from '@jest/globals';
import { expense, material, time } from '../../testing/facts.js';
import { aud } from '../../testing/charges.js';
import type { WorkItem } from '../facts.js';
import type { TraceStep } from '../../item/trace.js';
import { isSameWork, workStep } from './work-facts.js';

const override = { pricePerHour: aud('99.00'), reason: 'agreed', overriddenBy: 'accounts-1', eventId: 'ev-o' };
const placed = { startedAt: '2026-03-10T09:00:00+11:00', endedAt: '2026-03-10T10:00:00+11:00' };
const isSame = (then: WorkItem, now: WorkItem): boolean => isSameWork([workStep(then)], workStep(now));

describe('the facts that a price rests on', () => {
  it('of time are its minutes, its kind and its day; times and an override where there are such', () => {
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

describe('work is what it was when it was frozen', () => {
  it('where all of its facts are, whatever it is described as', () => {
    expect(isSame(time(), time({ description: 'Other words', approval: 'rejected', position: 9 }))).toBe(true);
    expect(isSame(material(), material({ description: 'Other words' }))).toBe(true);
    expect(isSame(expense(), expense({ receiptReference: 'R-1' }))).toBe(true);
    expect(isSame(time({ ...placed, override }), time({ ...placed, override }))).toBe(true);
  });

  it.each<[string, WorkItem, WorkItem]>([
    ['its minutes', time(), time({ minutes: 61 })],
    ['its day', time(), time({ workDate: '2026-03-11' })],
    ['its work type', time(), time({ workType: 'onsite' })],
    ['its role', time(), time({ engineerRole: 'senior' })],
    ['its class', time(), time({ rateClass: 'after-hours' })],
    ['what was stated to bill', time(), time({ statedBillableMinutes: 60 })],
    ['its beginning', time(placed), time({ ...placed, startedAt: '2026-03-10T08:59:00+11:00' })],
    ['its end', time(placed), time({ ...placed, endedAt: '2026-03-10T10:01:00+11:00' })],
    ['its times, which are not stated any more', time(placed), time()],
    ['an override that came', time(), time({ override })],
    ['an override that went', time({ override }), time()],
    ['another override', time({ override }), time({ override: { ...override, pricePerHour: aud('98.00') } })],
    ['pieces', material(), material({ quantity: '4' })],
    ['a list price', material(), material({ listPrice: null })],
    ['its warranty', material(), material({ underWarranty: true })],
    ['a cost', expense(), expense({ cost: aud('20.01') })],
    ['its kind', material(), expense()],
  ])('and not where it differs by %s', (_case, then, now) => {
    expect(isSame(then, now)).toBe(false);
  });

  it('also where times came to be stated since: an old item says nothing about them', () => {
    expect(isSame(time(), time(placed))).toBe(true);
  });

  it('and not while a cap holds a part of it back, nor where the frozen item does not say what it was', () => {
    const step = workStep(time());
    const cap = (facts: TraceStep['facts']): TraceStep => ({ step: 'cap', text: 'a cap', facts });
    expect(isSameWork([step, cap({ heldBack: '10.00' })], step)).toBe(false);
    expect(isSameWork([step, cap({ billed: '10.00' })], step)).toBe(true);
    expect(isSameWork([step, { ...cap({ heldBack: '10.00' }), step: 'rate' }], step)).toBe(true);
    expect(isSameWork([], step)).toBe(false);
    expect(isSameWork([{ ...step, step: 'charge' }], step)).toBe(false);
  });
});
