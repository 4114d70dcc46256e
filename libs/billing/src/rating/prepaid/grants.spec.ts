import { describe, expect, it } from '@jest/globals';
import type { Allotment, ContractTerms, Proration } from '@billtrail/contracts';
import { allotment, contractWith, minutes, money, versionsFrom } from '../../testing/charges.js';
import type { ContractFacts } from '../facts.js';
import { grantsOf } from './grants.js';

const DAILY: Proration = { increases: 'daily', decreases: 'daily' };
const granting = (base: Allotment['base'], changes: Partial<Allotment> = {}): Partial<ContractTerms> => ({
  prepaid: { allotment: allotment({ base, ...changes }) },
});
const inOctober = (contract: ContractFacts) =>
  grantsOf(contract, '2026-10').map(({ allotment: { id, base } }) =>
    base.unit === 'minutes' ? `${id} ${base.minutes} min` : `${id} ${base.money.amount} ${base.money.currency}`,
  );
const from = (...list: readonly (readonly [string, Partial<ContractTerms>])[]) =>
  contractWith({}, versionsFrom(...list));

describe('the base of a part of a month', () => {
  it('is all of it, where nothing is said', () => {
    expect(inOctober(from(['2026-10-17', granting(minutes(600))]))).toEqual(['base 600 min']);
    expect(inOctober(from(['2026-11-01', granting(minutes(600))]))).toEqual([]);
  });

  it('is by the day where the terms say so: 15 of 31 days of 600 min, or of 620.00', () => {
    const proration = DAILY;
    expect(inOctober(from(['2026-10-17', granting(minutes(600), { proration })]))).toEqual(['base 290 min']);
    expect(inOctober(from(['2026-10-17', granting(money('620.00'), { proration })]))).toEqual(['base 300.00 AUD']);
    expect(inOctober(from(['2026-01-01', granting(minutes(600), { proration })]))).toEqual(['base 600 min']);
  });

  it('that changes is the larger, or by the days of each where the terms say so', () => {
    const change = (before: Partial<Allotment>, after: Partial<Allotment>) =>
      inOctober(from(['2026-01-01', granting(minutes(600), before)], ['2026-10-17', granting(minutes(1200), after)]));
    expect(change({}, {})).toEqual(['base 1200 min']);
    // 600 x 16 of 31 days and 1,200 x 15 of 31.
    expect(change({ proration: DAILY }, { proration: DAILY })).toEqual(['base 890 min']);
    // The version that raises it says how.
    expect(change({}, { proration: DAILY })).toEqual(['base 890 min']);
  });

  it('that is in another unit by now is granted whole', () => {
    const proration = DAILY;
    expect(
      inOctober(
        from(
          ['2026-01-01', granting(minutes(600), { proration })],
          ['2026-10-17', granting(money('620.00'), { proration })],
        ),
      ),
    ).toEqual(['base 620.00 AUD']);
  });

  it('that changes holds for all of the month by what the terms do not say: a raise at once, and a cut not yet', () => {
    const change = (before: number, after: number, proration: Proration) =>
      inOctober(
        from(['2026-01-01', granting(minutes(before))], ['2026-10-17', granting(minutes(after), { proration })]),
      );
    expect(change(600, 1200, { decreases: 'daily' })).toEqual(['base 1200 min']);
    expect(change(1200, 600, { increases: 'daily' })).toEqual(['base 1200 min']);
  });

  it('is less the days on which the contract was suspended, of its own alone', () => {
    const proration = DAILY;
    const suspensions = [{ from: '2026-10-11', resumedOn: '2026-10-21' }];
    const contract = contractWith(granting(minutes(620), { proration }), { suspensions });
    expect(inOctober(contract)).toEqual(['base 420 min']);
    const other = granting(minutes(620), { id: 'other', proration });
    const list = versionsFrom(['2026-01-01', granting(minutes(620), { proration })], ['2026-10-21', other]);
    // Ten days of the one, then eleven of the other.
    expect(inOctober(contractWith({}, { ...list, suspensions }))).toEqual(['base 200 min', 'other 220 min']);
  });

  it('begins with its own terms, though the contract rested under others before: from the next month on is none now', () => {
    const proration: Proration = { increases: 'next-period', decreases: 'daily' };
    const list = versionsFrom(
      ['2026-01-01', {}],
      ['2026-10-03', { prepaid: {} }],
      ['2026-10-06', granting(minutes(620), { id: 'other', proration })],
      ['2026-10-11', granting(minutes(620), { proration })],
    );
    const suspensions = [{ from: '2026-09-20', resumedOn: '2026-10-21' }];
    expect(inOctober(contractWith({}, { ...list, suspensions }))).toEqual([]);
  });
});
