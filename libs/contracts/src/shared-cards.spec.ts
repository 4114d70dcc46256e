import { describe, expect, it } from '@jest/globals';
import { problemsNoted } from './problems.js';
import {
  cardDays,
  cardVersionOn,
  filledCards,
  inspectCards,
  inspectChangedCards,
  inspectNamedCard,
  speltOut,
  versionInForce,
} from './shared-cards.js';
import type { ContractVersion } from './terms/contract-terms.js';
import type { NamedRateCard, RateCard } from './terms/rate-card.js';
import type { SharedCard, SharedCards } from './terms/shared-cards.js';

type Written = Parameters<typeof filledCards>[0];

/** 150.00 an hour, on site 170.00, rounded to 15 min; from July 156.00 and 177.00. */
const WRITTEN = {
  standard: {
    name: 'Standard',
    versions: [
      {
        from: '2026-01-01',
        taxCategory: 'GST',
        labour: [{ pricePerHour: '150.00' }, { workType: 'onsite', pricePerHour: '170.00' }],
        incrementMinutes: 15,
        rateClassMultipliers: [{ rateClass: 'weekend', multiplier: '2' }],
        workTypes: [{ workType: 'callout', mode: 'flat', price: '90.00', per: 'visit' }],
        expenses: { markupPercent: '10', types: [{ type: 'mileage', pricePerUnit: '0.88' }] },
      },
      { from: '2026-07-01', taxCategory: 'GST', labour: [{ pricePerHour: '156.00' }] },
    ],
  },
} as unknown as Written;
const rateCards = filledCards(WRITTEN, 'AUD');
const standard = rateCards['standard'] as SharedCard;
const shared: SharedCards = { rateCards };

function version(rateCard: Partial<NamedRateCard> = {}): ContractVersion {
  return {
    versionNumber: 1,
    effectiveFrom: '2026-01-01',
    effectiveTo: null,
    terms: { coverage: [], rateCard: { card: 'standard', currency: 'AUD', ...rateCard } },
  };
}
const cardOn = (day: string, own: Partial<NamedRateCard> = {}, pricedBy?: number): RateCard =>
  versionInForce(version(own), day, shared, pricedBy).terms.rateCard;

describe('rate cards of a configuration', () => {
  it('are filled as cards of contracts are: name, currency, what is left out of a version', () => {
    expect(filledCards({ house: { versions: [{ from: '2026-01-01' }] } } as unknown as Written, 'NZD')).toEqual({
      house: {
        name: 'house',
        currency: 'NZD',
        versions: [
          {
            from: '2026-01-01',
            labour: [],
            minimumMinutes: 0,
            incrementMinutes: 1,
            roundingScope: 'entry',
            materials: { pricing: 'list' },
            expenses: { markupPercent: '0' },
            taxCategories: {},
          },
        ],
      },
    });
    expect(standard.versions[0]?.labour[0]).toEqual({ workType: null, engineerRole: null, pricePerHour: '150.00' });
    expect(standard.versions[0]?.taxCategories).toEqual({ time: 'GST', material: 'GST', expense: 'GST' });
    expect(filledCards(rateCards, 'AUD')).toEqual(rateCards);
  });

  it('hold from day to day; of two versions with one first day the one further down holds', () => {
    const versions = ['2026-01-01', '2026-07-01', '2026-03-01', '2026-07-01'].map((from) => ({
      ...(standard.versions[0] as SharedCard['versions'][number]),
      from,
    }));
    const on = (day: string) => cardVersionOn({ versions }, day);
    expect(['2025-12-31', '2026-01-01', '2026-02-28', '2026-03-01', '2026-06-30', '2026-07-01'].map(on)).toEqual([
      null,
      1,
      1,
      3,
      3,
      4,
    ]);
    expect(cardDays(version().terms, shared)).toEqual(['2026-01-01', '2026-07-01']);
    expect(cardDays(version({ card: 'other' }).terms, shared)).toEqual([]);
  });

  it('give a contract that names one the prices of the day, the same object each time', () => {
    const one = version();
    const before = versionInForce(one, '2026-06-30', shared);
    expect(before.terms.rateCard.labour.map(({ pricePerHour }) => pricePerHour)).toEqual(['150.00', '170.00']);
    expect(before.terms.rateCard).toMatchObject({
      id: 'standard',
      name: 'Standard',
      currency: 'AUD',
      incrementMinutes: 15,
      taken: { card: 'standard', version: 1, from: '2026-01-01' },
    });
    expect('card' in before.terms.rateCard).toBe(false);
    expect(versionInForce(one, '2026-01-01', shared)).toBe(before);
    const after = versionInForce(one, '2026-07-01', shared);
    expect(after.terms.rateCard.labour.map(({ pricePerHour }) => pricePerHour)).toEqual(['156.00']);
    // What priced something then is asked by its number.
    expect(versionInForce(one, '2026-07-01', shared, 1)).toBe(before);
  });

  it('are replaced price by price by what the contract states beside the name, and member by member', () => {
    const own = cardOn('2026-01-01', {
      labour: [
        { workType: null, engineerRole: null, pricePerHour: '140.00' },
        { workType: null, engineerRole: 'senior', pricePerHour: '190.00' },
      ],
      workTypes: [{ workType: 'callout', mode: 'flat', price: '60.00', per: 'visit' }],
      rateClassMultipliers: [{ rateClass: 'weekend', multiplier: '1.5' }],
      roundingRules: [{ workTypes: ['onsite'], minimumMinutes: 60 }],
      minimumMinutes: 30,
      expenses: { types: [{ type: 'meals', capPerUnit: '40' }] },
      taxCategories: { material: 'GST-FREE' },
    });
    expect(own.labour).toEqual([
      { workType: null, engineerRole: null, pricePerHour: '140.00', isOfContract: true },
      { workType: 'onsite', engineerRole: null, pricePerHour: '170.00' },
      { workType: null, engineerRole: 'senior', pricePerHour: '190.00', isOfContract: true },
    ]);
    expect(own).toMatchObject({
      workTypes: [{ price: '60.00' }],
      rateClassMultipliers: [{ multiplier: '1.5' }],
      roundingRules: [{ minimumMinutes: 60 }],
      minimumMinutes: 30,
      incrementMinutes: 15,
      expenses: { markupPercent: '10', types: [{ type: 'mileage' }, { type: 'meals' }] },
      taxCategories: { time: 'GST', material: 'GST-FREE', expense: 'GST' },
    });
    expect(cardOn('2026-01-01', { expenses: { marginPercent: '5' } }).expenses).toEqual({
      marginPercent: '5',
      types: [{ type: 'mileage', pricePerUnit: '0.88' }],
    });
  });

  it('throw by name where there is none of the name, or none on the day: publishing and commands refuse both', () => {
    expect(() => versionInForce(version({ card: 'gold' }), '2026-01-01', shared)).toThrow('no rate card gold');
    expect(() => cardOn('2025-12-31')).toThrow('rate card standard has no version on 2025-12-31');
    expect(() => cardOn('2026-01-01', {}, 7)).toThrow('rate card standard has no version');
    expect(() => speltOut(version().terms)).toThrow('name a card');
    const spelt = { ...version().terms, rateCard: cardOn('2026-01-01') };
    const stated = { ...version(), terms: spelt };
    expect(speltOut(spelt).rateCard).toBe(spelt.rateCard);
    expect(versionInForce(stated, '1999-01-01', {})).toBe(stated);
  });
});

describe('what can not be meant', () => {
  const noted = (look: Parameters<typeof problemsNoted>[0]) =>
    problemsNoted(look).map(({ path, problem }) => `${path} ${problem}`);

  it('of a card: a price twice, a part of a cent, a tax category that there is not, or none', () => {
    const one = {
      from: '2026-01-01',
      taxCategories: { time: 'GST', material: 'GTS' },
      labour: [{ workType: null, engineerRole: null, pricePerHour: '1' }].flatMap((rate) => [rate, rate]),
      workTypes: [{ workType: 'callout', mode: 'flat', price: '90.005', per: 'visit' }],
    } as const;
    const found = noted((note) => {
      inspectCards(note, { rateCards: { house: { versions: [one] } } }, { taxCategories: ['GST'], currency: 'AUD' });
    });
    expect(found).toEqual([
      'rateCards.house.versions[0].labour[1] has the same work type, role and rate class as rateCards.house.versions[0].labour[0]',
      expect.stringContaining('rateCards.house.versions[0].workTypes[0].price'),
      'rateCards.house.versions[0].taxCategories.expense is required, or taxCategory for all that state none',
      'rateCards.house.versions[0].taxCategories.material GTS is none of the tax categories in taxRates',
    ]);
  });

  it('of names that nobody could tell apart', () => {
    const alike = { std: { versions: [] }, 'std ': { versions: [] }, STD: { versions: [] } };
    expect(noted((note) => inspectCards(note, { rateCards: alike }, { taxCategories: [], currency: 'AUD' }))).toEqual([
      'rateCards.std  has a name that begins or ends with a space: nobody sees it',
      'rateCards.std  has a name that nobody could tell from std: choose another',
      'rateCards.STD has a name that nobody could tell from std: choose another',
    ]);
  });

  it('of a change: a published version that is another now, or gone, or another currency', () => {
    const changed = (changes: object) =>
      noted((note) => {
        inspectChangedCards(note, shared, { rateCards: { standard: { ...standard, ...changes } } });
      });
    const [first, second] = standard.versions;
    expect(changed({ versions: [...standard.versions, first] })).toEqual([]);
    expect(changed({ name: 'Our prices' })).toEqual([]);
    expect(changed({ versions: [first] })).toEqual([
      'rateCards.standard.versions[1] was published, from 2026-07-01, and stays as it was: leave it, and add a version with the same or another first day at the end of the list',
    ]);
    expect(changed({ versions: [second, first] })).toHaveLength(2);
    expect(changed({ currency: 'NZD' })).toEqual([
      'rateCards.standard.currency was published as AUD and stays so: give other prices another name',
    ]);
    expect(noted((note) => inspectChangedCards(note, shared, {}))).toEqual([]);
  });

  it('of terms: a card that there is not, in another currency, or that begins after them', () => {
    const named = (card: string, currency = 'AUD', from = '2026-01-01', of = shared) =>
      noted((note) => {
        inspectNamedCard(note, { card, currency }, from, of);
      });
    expect(named('standard')).toEqual([]);
    expect(named('standrad')).toEqual([
      'terms.rateCard.card standrad is no rate card of the configuration, which has standard',
    ]);
    expect(named('toString')).toEqual([
      'terms.rateCard.card toString is no rate card of the configuration, which has standard',
    ]);
    expect(named('standard', 'AUD', '2026-01-01', {})).toEqual([
      'terms.rateCard.card standard is no rate card of the configuration, which has none',
    ]);
    expect(named('standard', 'NZD')).toEqual(['terms.rateCard.card standard is in AUD, but the contract is in NZD']);
    expect(named('standard', 'AUD', '2025-12-31')).toEqual([
      'terms.rateCard.card standard has prices from 2026-01-01 on, and these terms hold from 2025-12-31: let them begin then, or publish a version of the card with an earlier first day',
    ]);
    expect(noted((note) => inspectNamedCard(note, cardOn('2026-01-01'), '2025-01-01', {}))).toEqual([]);
  });
});
