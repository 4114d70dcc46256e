import { describe, expect, it } from '@jest/globals';
import type { Basis } from '../item/basis.js';
import { NO_BASIS } from '../item/made-item.js';
import type { WorkItem } from '../rating/facts.js';
import { pricedFacts } from '../rating/items/work-facts.js';
import { aud } from '../testing/charges.js';
import { asInvoiced, expense, facts, material, time } from '../testing/facts.js';
import { hourItem } from '../testing/items.js';
import { EarlierWork, isSameWork } from './earlier-work.js';
import { settledWork } from './settled-work.js';

const override = { pricePerHour: aud('99.00'), reason: 'agreed', overriddenBy: 'accounts-1', eventId: 'ev-o' };
const placed = { startedAt: '2026-03-10T09:00:00+11:00', endedAt: '2026-03-10T10:00:00+11:00' };
const isSame = (then: WorkItem, now: WorkItem): boolean =>
  isSameWork({ basis: { ...NO_BASIS, work: pricedFacts(then) } }, now);

describe('what is settled of work', () => {
  it('is of the account that holds it, whatever period asks', () => {
    const june = { period: '2026-06', invoiced: asInvoiced([hourItem('w-1')]), writtenOff: [] };
    const account = facts([], { period: '2026-07', elsewhere: [june] });
    const there = settledWork(account).elsewhere.get('w-1') ?? [];
    expect(there.map(({ settled }) => new EarlierWork(settled, time(), account).period)).toEqual(['2026-06']);
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
    ['its engineer', time(), time({ engineerId: 'eng-2' })],
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

  it('also where times came to be stated since, or the engineer is another than one that was not kept', () => {
    expect(isSame(time(), time(placed))).toBe(true);
    const { engineerId: _engineer, ...work } = { engineerId: '', ...pricedFacts(time()) };
    expect(isSameWork({ basis: { ...NO_BASIS, work } }, time({ engineerId: 'eng-2' }))).toBe(true);
  });

  it('and not while a cap holds a part of it back, a write-off is taken back beside it, or it does not say what it was', () => {
    const work = pricedFacts(time());
    const cap = { contractId: 'con-1', capId: 'cap', currency: 'AUD', above: null, heldBack: null };
    const isSameAs = (changes: Partial<Basis>) => isSameWork({ basis: { ...NO_BASIS, work, ...changes } }, time());
    expect(isSameAs({ cap: { ...cap, heldBack: '10.00' } })).toBe(false);
    expect(isSameAs({ cap: { ...cap, above: '10.00' } })).toBe(true);
    expect(isSameAs({ adjustment: { causedBy: null, writeOffTakenBack: '-10.00' } })).toBe(false);
    expect(isSameAs({ adjustment: { causedBy: ['w-2'], writeOffTakenBack: null } })).toBe(true);
    expect(isSameAs({ work: null })).toBe(false);
    expect(isSameAs({})).toBe(true);
  });
});
