import { describe, expect, it } from '@jest/globals';
import { Decimal } from '@billtrail/kernel';
import type { PrepaidSource } from '../item/draw.js';
import { type Supply, withdrawn } from '../rating/prepaid/supply.js';
import { LeftToDraw } from './left-to-draw.js';

const block: PrepaidSource = { from: 'block', contractId: 'K1', blockId: 'b' };
const allotment: PrepaidSource = { from: 'allotment', contractId: 'K1', allotmentId: 'a', month: '2026-03' };
const supply = (left: number, changes: Partial<Supply> = {}): Supply => ({
  ...withdrawn(block, null, undefined),
  left: new Decimal(left),
  firstDay: '2026-03-01',
  lastDay: '2026-03-31',
  ...changes,
});
/** What is found of minutes, one after another, on a day: of the contract, and of the place of the work. */
const found = (
  supplies: readonly Supply[],
  asked: readonly number[],
  contractDate = '2026-03-10',
  date = contractDate,
) => {
  const left = new LeftToDraw({ of: () => supplies });
  return asked.map((minutes) => left.take('K1', new Decimal(minutes), { contractDate, date }).toNumber());
};

describe('what settled work could still draw', () => {
  it('is what is left, and there for nothing else once it is taken', () => {
    expect(found([supply(90)], [60, 60, 10])).toEqual([60, 30, 0]);
    expect(found([supply(30), supply(100)], [60, 60])).toEqual([60, 60]);
    expect(found([], [60])).toEqual([0]);
    expect(found([supply(0)], [60])).toEqual([0]);
    expect(found([supply(90, { heldForLater: new Decimal(60) })], [60])).toEqual([30]);
  });

  it('is good from its first day to its last, which may be none', () => {
    for (const day of ['2026-03-01', '2026-03-31']) expect(found([supply(90)], [60], day)).toEqual([60]);
    for (const day of ['2026-02-28', '2026-04-01']) expect(found([supply(90)], [60], day)).toEqual([0]);
    expect(found([supply(90, { lastDay: null })], [60], '2027-01-01')).toEqual([60]);
    expect(found([supply(90, { lastDay: null })], [60], '2026-02-28')).toEqual([0]);
  });

  it('goes by the day of the contract for a block, and by that of the work for an allotment', () => {
    const [inMarch, inApril] = ['2026-03-31', '2026-04-01'] as const;
    expect(found([supply(90)], [60], inMarch, inApril)).toEqual([60]);
    expect(found([supply(90)], [60], inApril, inMarch)).toEqual([0]);
    const ofMonth = supply(90, { source: allotment });
    expect(found([ofMonth], [60], inMarch, inApril)).toEqual([0]);
    expect(found([ofMonth], [60], inApril, inMarch)).toEqual([60]);
  });

  it('is minutes, and no money', () => {
    expect(found([supply(90, { currency: 'AUD' }), supply(20)], [60])).toEqual([20]);
  });

  it('is what other settled work of the contract gave back, first of all', () => {
    const stock = [supply(30)];
    const left = new LeftToDraw({ of: () => stock });
    const take = (contractId: string, minutes: number) =>
      left.take(contractId, new Decimal(minutes), { contractDate: '2026-03-10', date: '2026-03-10' }).toNumber();
    left.giveBack('K1', new Decimal(20));
    left.giveBack('K1', new Decimal(5));
    expect([take('K1', 10), take('K1', 60), take('K1', 60)]).toEqual([10, 45, 0]);
    left.giveBack('K2', new Decimal(20));
    expect(take('K1', 60)).toBe(0);
  });
});
