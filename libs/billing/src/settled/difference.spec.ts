import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Decimal } from '@billtrail/kernel';
import { differenceOf } from './difference.js';
import { type Holding, NOTHING, plus } from './holding.js';
import { NAMES_NOTHING, type NamedValue } from './named-value.js';

const holding = (net: string, billableMinutes = 0): Holding => ({
  actualMinutes: billableMinutes,
  billableMinutes,
  quantity: new Decimal(0),
  net: new Decimal(net),
  currency: 'AUD',
});
const anyHolding = (range: { readonly min: number; readonly max: number }): fc.Arbitrary<Holding> =>
  fc
    .record({
      actualMinutes: fc.integer(range),
      billableMinutes: fc.integer(range),
      quantity: fc.integer(range),
      cents: fc.integer(range),
    })
    .map(({ actualMinutes, billableMinutes, quantity, cents }) => ({
      actualMinutes,
      billableMinutes,
      quantity: new Decimal(quantity),
      net: new Decimal(cents).dividedBy(100),
      currency: 'AUD',
    }));
const names = (from: number | Decimal, to: number | Decimal): NamedValue => ({
  stretches: [{ from: new Decimal(from), to: new Decimal(to) }],
  below: new Decimal(0),
});
/** What was written off of 225.00 beyond the 150.00 that were invoiced. */
const ABOVE = names(150, 225);
const told = (one: Holding | null) => (one === null ? null : `${one.net.toFixed(2)} for ${one.billableMinutes} min`);

describe('what items hold together', () => {
  it('has one currency, and says which two have no sum', () => {
    expect(plus(holding('1.00'), NOTHING).currency).toBe('AUD');
    expect(() => plus(holding('1.00'), { ...holding('2.00'), currency: 'NZD' })).toThrow(
      'AUD and NZD have no sum: work is settled in one currency',
    );
  });
});

describe('what follows where something should be other than what is settled', () => {
  it.each<[string, Holding, Holding, string]>([
    ['more', holding('150.00', 60), holding('200.00', 80), '50.00 for 20 min'],
    ['less', holding('150.00', 60), holding('100.00', 40), '-50.00 for -20 min'],
    ['the same', holding('150.00', 60), holding('150.00', 60), '0.00 for 0 min'],
    ['nothing', holding('150.00', 60), NOTHING, '-150.00 for -60 min'],
  ])('of what was invoiced alone: %s is asked or owed whole', (_case, invoiced, now, owed) => {
    const difference = differenceOf({ invoiced, forgone: null, named: NAMES_NOTHING, givenBack: null }, now);
    expect(told(difference.owed)).toBe(owed);
    expect(difference.forgone).toBeNull();
  });

  it.each<[string, Holding, string | null, string | null]>([
    ['more than both is asked', holding('250.00', 100), '25.00 for 10 min', null],
    ['as much as both is nothing', holding('225.00', 90), null, '0.00 for 0 min'],
    ['less than both makes what was forgone smaller', holding('175.00', 70), null, '-50.00 for -20 min'],
    ['as much as was invoiced takes all of it back', holding('150.00', 60), null, '-75.00 for -30 min'],
    ['less than was invoiced is owed beyond that', holding('100.00', 40), '-50.00 for -20 min', '-75.00 for -30 min'],
    ['nothing is owed whole', NOTHING, '-150.00 for -60 min', '-75.00 for -30 min'],
  ])('of 150.00 invoiced and 75.00 forgone: %s', (_case, now, owed, forgone) => {
    const settled = { invoiced: holding('150.00', 60), forgone: holding('75.00', 30), givenBack: null, named: ABOVE };
    const difference = differenceOf(settled, now);
    expect([told(difference.owed), told(difference.forgone)]).toEqual([owed, forgone]);
  });

  it.each<[string, Holding, string | null, string | null]>([
    ['more than both is asked', holding('350.00', 140), '50.00 for 20 min', null],
    ['the hour that was forgiven gives back what was invoiced', holding('150.00', 60), '-150.00 for -60 min', null],
    ['in between, what is less is given back', holding('225.00', 90), '-75.00 for -30 min', null],
    ['less than was forgiven ends that much of it', holding('50.00', 20), '-150.00 for -60 min', '-100.00 for -40 min'],
    ['nothing ends it all', NOTHING, '-150.00 for -60 min', '-150.00 for -60 min'],
  ])('of an hour forgone, and an hour more invoiced: %s', (_case, now, owed, forgone) => {
    const settled = { invoiced: holding('150.00', 60), forgone: holding('150.00', 60), givenBack: null };
    const difference = differenceOf({ ...settled, named: names(0, 150) }, now);
    expect([told(difference.owed), told(difference.forgone)]).toEqual([owed, forgone]);
  });

  it.each<[string, Holding, string | null, string | null]>([
    ['all of it asks for what lies below', holding('225.00', 90), '150.00 for 60 min', null],
    [
      'what lies below alone is asked, and nothing is forgone',
      holding('150.00', 60),
      '150.00 for 60 min',
      '-75.00 for -30 min',
    ],
    ['a part of what lies below is asked', holding('100.00', 40), '100.00 for 40 min', '-75.00 for -30 min'],
  ])('of half an hour forgone above an hour that is billed again: %s', (_case, now, owed, forgone) => {
    const settled = { invoiced: NOTHING, forgone: holding('75.00', 30), named: ABOVE, givenBack: null };
    const difference = differenceOf(settled, now);
    expect([told(difference.owed), told(difference.forgone)]).toEqual([owed, forgone]);
  });

  it('of what was forgone for no money: more minutes of it are forgone, or fewer, and nothing is asked', () => {
    const settled = { invoiced: NOTHING, forgone: holding('0.00', 60), givenBack: null, named: NAMES_NOTHING };
    expect(told(differenceOf(settled, holding('0.00', 90)).forgone)).toBe('0.00 for 30 min');
    expect(told(differenceOf(settled, holding('0.00', 40)).forgone)).toBe('0.00 for -20 min');
    expect(differenceOf(settled, holding('0.00', 90)).owed).toBeNull();
  });

  it.each<[string, Holding, string | null, string | null]>([
    ['more is asked beside it', holding('350.00', 140), '50.00 for 20 min', null],
    ['the same is nothing', holding('300.00', 120), '0.00 for 0 min', null],
    ['less is owed whole: what was given back stays', holding('200.00', 80), '-100.00 for -40 min', null],
    ['as much as was given back is all that stays', holding('30.00', 12), '-270.00 for -108 min', null],
    ['less than was given back ends a part of it', holding('20.00', 8), '-270.00 for -112 min', '-10.00 for 0 min'],
    ['nothing gives back what was asked, and not more', NOTHING, '-270.00 for -120 min', '-30.00 for 0 min'],
  ])('of 300.00 invoiced, of which 30.00 were given back (B4): %s', (_case, now, owed, forgone) => {
    const settled = {
      invoiced: holding('270.00', 120),
      forgone: null,
      named: NAMES_NOTHING,
      givenBack: holding('30.00'),
    };
    const difference = differenceOf(settled, now);
    expect([told(difference.owed), told(difference.forgone)]).toEqual([owed, forgone]);
  });

  it('of a part that was written off beside money that was given back: the part gets smaller first', () => {
    // 150.00 on an invoice, 30.00 of it given back; 75.00 never asked.
    const asked = { invoiced: holding('120.00', 60), givenBack: holding('30.00') };
    const settled = { ...asked, forgone: holding('75.00', 30), named: ABOVE };
    const after = (net: string, minutes: number) => {
      const { owed, forgone } = differenceOf(settled, holding(net, minutes));
      return [told(owed), told(forgone)];
    };
    expect(after('175.00', 70)).toEqual([null, '-50.00 for -20 min']);
    expect(after('100.00', 40)).toEqual(['-50.00 for -20 min', '-75.00 for -30 min']);
    expect(after('0.00', 0)).toEqual(['-120.00 for -60 min', '-105.00 for -30 min']);
  });

  it('is, with what is settled, what should be, exactly (L1), and never makes what was forgone more money', () => {
    const any = anyHolding({ min: -500, max: 500 });
    const positive = anyHolding({ min: 0, max: 500 });
    const back = positive.map(({ net }) => holding(net.toFixed()));
    const at = positive.map(({ net }) => net);
    fc.assert(
      fc.property(any, fc.option(positive), fc.option(back), any, at, (invoiced, forgone, givenBack, now, from) => {
        const named = forgone === null ? NAMES_NOTHING : names(from, forgone.net.plus(from));
        const difference = differenceOf({ invoiced, forgone, named, givenBack }, now);
        const settled = plus(plus(invoiced, forgone ?? NOTHING), givenBack ?? NOTHING);
        const sum = plus(settled, plus(difference.owed ?? NOTHING, difference.forgone ?? NOTHING));
        expect(sum).toEqual(now);
        expect(difference.forgone?.net.gt(0) ?? false).toBe(false);
        // No more is taken back of what was forgone than was.
        const all = (forgone ?? NOTHING).net.plus((givenBack ?? NOTHING).net);
        expect((difference.forgone ?? NOTHING).net.plus(all).isNegative()).toBe(false);
        const owed = (difference.owed ?? NOTHING).net;
        // Nothing is credited of what a part was written off above while what should be is not less than what was invoiced.
        if (forgone !== null && givenBack === null && invoiced.net.lte(from) && now.net.gte(invoiced.net))
          expect(owed.isNegative()).toBe(false);
        // The client is never given back more than it was asked.
        if (invoiced.net.gte(0) && now.net.gte(0)) expect(invoiced.net.plus(owed).isNegative()).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});
