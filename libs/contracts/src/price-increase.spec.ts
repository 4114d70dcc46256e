import { describe, expect, it } from '@jest/globals';
import type { Shape } from '@billtrail/kernel';
import { contractTerms, type ContractTerms } from './terms/contract-terms.js';
import type { ContractVersion } from './events.js';
import { type PriceIncrease, increasedPrice, increasedTerms, raisedFrom } from './price-increase.js';
import { NUMBERS_OF_TERMS } from './price-terms.js';

const FOUR: PriceIncrease = { percent: '4', from: '2027-07-01', roundTo: null, terms: [] };
const MATCH = {};

const TERMS: ContractTerms = {
  coverage: [{ id: 'all', name: 'All work', match: MATCH, outcome: 'billable' }],
  rateCard: {
    id: 'card',
    name: 'Rates',
    currency: 'AUD',
    labour: [{ workType: null, engineerRole: null, pricePerHour: '150.00' }],
    workTypes: [{ workType: 'onsite', mode: 'flat', price: '99.95', per: 'visit' }],
    minimumMinutes: 15,
    incrementMinutes: 15,
    roundingScope: 'entry',
    materials: { pricing: 'cost-plus', markupPercent: '20' },
    expenses: { markupPercent: '0', types: [{ type: 'mileage', pricePerUnit: '0.885' }] },
    taxCategories: { time: 'GST', material: 'GST', expense: 'GST' },
  },
  recurringCharges: [
    {
      id: 'seat',
      name: 'Seat',
      basis: 'per-user',
      countOf: 'user',
      price: '45.00',
      billed: 'in-advance',
      taxCategory: 'GST',
    },
    {
      id: 'licence',
      name: 'Licence',
      basis: 'per-user',
      countOf: 'licence',
      price: '20.00',
      billed: 'in-advance',
      taxCategory: 'GST',
      commitment: { until: '2028-06-30', increaseOnly: true },
    },
  ],
  caps: [{ id: 'cap', name: 'At most', scope: 'ticket', amount: '1000.00', above: 'gap' }],
};

const changes = (increase: PriceIncrease, terms = TERMS): readonly string[] =>
  increasedTerms(terms, increase).prices.map(
    ({ path, before, after }) => `${path}: ${String(before)} -> ${String(after)}`,
  );

/** Where a decimal number stands in a shape, as NUMBERS_OF_TERMS writes it. */
function numbersIn(shape: Shape<unknown>, path = ''): readonly string[] {
  const {
    properties = {},
    items,
    oneOf = [],
    errorMessage = '',
  } = shape as {
    readonly properties?: Readonly<Record<string, Shape<unknown>>>;
    readonly items?: Shape<unknown>;
    readonly oneOf?: readonly Shape<unknown>[];
    readonly errorMessage?: string;
  };
  return [
    ...(errorMessage.includes('decimal number in a string') ? [path] : []),
    ...Object.entries(properties).flatMap(([name, one]) => numbersIn(one, path === '' ? name : `${path}.${name}`)),
    ...(items === undefined ? [] : numbersIn(items, `${path}[]`)),
    ...oneOf.flatMap((one) => numbersIn(one, path)),
  ];
}

describe('the numbers of the terms', () => {
  it('are each known as a price, as an agreed amount, or as no money: classify a new one in price-terms.ts', () => {
    expect(Object.keys(NUMBERS_OF_TERMS).sort()).toEqual([...new Set(numbersIn(contractTerms))].sort());
  });
});

describe('an increase of prices', () => {
  it('raises each price by its percent, to the minor unit or as fine as it was', () => {
    // 150.00 x 1.04, 99.95 x 1.04 = 103.948, 0.885 x 1.04 = 0.9204, 45.00 x 1.04.
    expect(changes(FOUR)).toEqual([
      'rateCard.labour[0].pricePerHour: 150.00 -> 156.00',
      'rateCard.workTypes[0].price: 99.95 -> 103.95',
      'rateCard.expenses.types[0].pricePerUnit: 0.885 -> 0.92',
      'recurringCharges[seat].price: 45.00 -> 46.80',
    ]);
  });

  it('leaves what was agreed, and says which and why', () => {
    expect(increasedTerms(TERMS, FOUR).left).toEqual([
      { term: 'Licence', why: 'its units are committed until 2028-06-30 at this price' },
      { term: 'At most', why: 'a cap' },
    ]);
    const renewing = { ...TERMS, prepaid: { renewBlocks: { below: { unit: 'minutes', minutes: 60 } } } } as const;
    expect(increasedTerms(renewing, FOUR).left).toContainEqual({
      term: 'Blocks that renew',
      why: 'each costs what the block before it did: buy the next one at its new price',
    });
    const later = { ...FOUR, from: '2028-07-01' };
    expect(changes(later)).toContain('recurringCharges[licence].price: 20.00 -> 20.80');
  });

  it('is about the terms that are named, by name or id', () => {
    expect(changes({ ...FOUR, terms: ['SEAT'] })).toEqual(['recurringCharges[seat].price: 45.00 -> 46.80']);
    expect(changes({ ...FOUR, terms: ['Rates'] })).toHaveLength(3);
    expect(changes({ ...FOUR, terms: ['nothing'] })).toEqual([]);
  });

  it('tells of a price that rounding leaves where it is', () => {
    const whole = { ...FOUR, percent: '0.5', roundTo: '1', terms: ['seat'] };
    expect(increasedTerms(TERMS, whole)).toMatchObject({
      prices: [],
      left: [{ term: 'Seat', why: '0.5 % of 45.00 is less than rounding moves' }],
    });
  });

  it('raises no price twice from one day: neither one that was raised nor one agreed anew since, but one that was given back', () => {
    const version = (versionNumber: number, terms: ContractTerms, ofVersion?: number): ContractVersion => {
      const increase = ofVersion === undefined ? {} : { increase: { percent: '4', ofVersion } };
      return {
        versionNumber,
        effectiveFrom: versionNumber === 1 ? '2027-01-01' : FOUR.from,
        effectiveTo: null,
        terms,
        ...increase,
      };
    };
    const priced = (terms: ContractTerms, price: string): ContractTerms => {
      const [seat, ...others] = terms.recurringCharges ?? [];
      return { ...terms, recurringCharges: [{ ...seat!, price }, ...others] };
    };
    const paths = (versions: readonly ContractVersion[]): readonly string[] => [
      ...raisedFrom(versions, FOUR.from, versions.at(-1)!).keys(),
    ];
    const first = version(1, TERMS);
    const seat = version(2, increasedTerms(TERMS, { ...FOUR, terms: ['seat'] }).terms, 1);
    expect(paths([first, seat])).toEqual(['recurringCharges[seat].price']);
    const card = version(3, increasedTerms(seat.terms, { ...FOUR, terms: ['rates'] }).terms, 2);
    expect(paths([first, seat, card])).toHaveLength(4);
    const rest = increasedTerms(card.terms, FOUR, raisedFrom([first, seat, card], FOUR.from, card));
    expect(rest).toMatchObject({ prices: [], raisedBefore: ['4'] });
    expect(paths([first, seat, version(3, priced(seat.terms, '46.00'))])).toEqual(['recurringCharges[seat].price']);
    expect(paths([first, seat, version(3, priced(seat.terms, '45.00'))])).toEqual([]);
  });

  it('rounds to a multiple, half up, and never below what it was', () => {
    const by = (before: string, percent: string, roundTo: string | null, digits = 2) =>
      increasedPrice(before, { percent, roundTo }, digits);
    expect(by('150.00', '4', '1')).toBe('156.00');
    expect(by('45.00', '4', '0.05')).toBe('46.80');
    // 46.35 is 46.35 of 0.05; 45.00 x 1.033 = 46.485 is nearer to 46.50.
    expect(by('45.00', '3.3', '0.05')).toBe('46.50');
    // 0.40 x 1.04 would be 0 of whole units.
    expect(by('0.40', '4', '1')).toBe('0.40');
    expect(by('1', '0.5', null)).toBe('1.01');
    expect(by('12000', '2.5', null, 0)).toBe('12300');
    expect(by('0', '4', null)).toBe('0');
  });
});
