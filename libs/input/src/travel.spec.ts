import { describe, expect, it } from '@jest/globals';
import {
  analyseCoverage,
  chargesTable,
  decideSite,
  siteDetails,
  type TravelTerm,
  unpricedTable,
} from '@billtrail/contracts';
import { contractOf, rule, termsOf, version } from '@billtrail/contracts/testing';
import { problemsOfShape } from './check.js';
import { problemsInTerms } from './testing/problems-in-terms.js';

type TravelPrice = TravelTerm['price'];

const AMOUNT = 'must be a decimal number in a string, such as "150.00"';

const HOURS: TravelPrice = { kind: 'hours', factor: '0.5', way: 'return', freeMinutes: 30 };
const TERM: TravelTerm = {
  id: 'way',
  name: 'Travel',
  match: { workTypes: ['onsite'] },
  price: HOURS,
  taxCategory: 'GST',
};
const TERMS = termsOf(rule('all', 'billable'));

function problems(term: object): readonly string[] {
  return problemsInTerms({ ...TERMS, travel: [{ ...TERM, ...term }] }, 'AUD', []).map(
    ({ path, problem }) => `${path.replace('terms.travel[0].', '')} ${problem}`,
  );
}

describe('travel terms (K27)', () => {
  it.each<[object, readonly string[]]>([
    [{}, []],
    [{ price: { kind: 'zone-fee', zones: [], otherZones: '10.00' } }, []],
    [{ match: undefined }, ['match is required']],
    [{ match: { kinds: ['material', 'time'] } }, []],
    [
      { match: { kinds: ['material', 'expense'] } },
      ['match.kinds has no time, and a visit is time: nothing would be charged; add time, or leave kinds out'],
    ],
    [
      {
        price: {
          kind: 'zone-fee',
          zones: ['\u0000', 'metro\u0000', '\u200b', 'Zürich 1'].map((zone) => ({ zone, fee: '1.00' })),
        },
      },
      [0, 1, 2].map(
        (index) =>
          `price.zones[${index}].zone has characters that nobody sees (control characters, direction marks, zero-width spaces): write it anew`,
      ),
    ],
    [
      { match: { workTypes: ['onsite'], rateClasses: ['nihgt'] } },
      [
        'match.rateClasses[0] nihgt is no rate class of this contract, of its client and its sites, or of the organisation; known: business, after-hours, weekend, holiday',
      ],
    ],
    [{ cap: '10.005' }, ['cap must be whole minor units: AUD has 2 decimals']],
    [{ cap: '0' }, [`cap ${AMOUNT}, more than zero and at most 100000000`]],
    [{ price: { kind: 'miles' } }, ['price.kind must be one of: zone-fee, hours, kilometres']],
    [{ price: { ...HOURS, way: undefined } }, ['price.way is required, one of: one-way, return']],
    [{ price: { ...HOURS, factor: '0' } }, [`price.factor ${AMOUNT}, more than zero and at most 100`]],
    [{ price: { ...HOURS, freeMinutes: 1.5 } }, ['price.freeMinutes must be a whole number from 1 to 525600']],
    [
      { price: { ...HOURS, zones: [] } },
      ['price.zones belongs to kind zone-fee; allowed here: kind, pricePerHour, factor, freeMinutes, way'],
    ],
    [
      { price: { kind: 'kilometres', pricePerKilometre: '-1', freeKilometres: '0', way: 'there' } },
      [
        `price.pricePerKilometre ${AMOUNT}, not negative and at most 100000000`,
        `price.freeKilometres ${AMOUNT}, more than zero and at most 100000`,
        'price.way must be one of: one-way, return',
      ],
    ],
    [
      { price: { kind: 'zone-fee', zones: [] } },
      ['price.zones is empty: no visit would have a price; state otherZones, or a zone'],
    ],
    [
      {
        price: {
          kind: 'zone-fee',
          zones: [
            { zone: 'a', fee: '1.001' },
            { zone: 'a', fee: '2' },
          ],
          otherZones: '0.999',
        },
      },
      [
        'price.zones[1].zone a is already terms.travel[0].price.zones[0]',
        'price.otherZones must be whole minor units: AUD has 2 decimals',
        'price.zones[0].fee must be whole minor units: AUD has 2 decimals',
      ],
    ],
  ])('%j: %j', (term, expected) => expect(problems(term)).toEqual(expected));

  it('have an id that no other term has', () => {
    expect(
      problemsInTerms({ ...TERMS, travel: [TERM, TERM] }, 'AUD').map(({ path, problem }) => `${path} ${problem}`),
    ).toEqual(['terms.travel[1].id way is already the id of terms.travel[0]']);
  });

  it('are rows of the table of a check', () => {
    const zones: TravelPrice = { kind: 'zone-fee', zones: [{ zone: 'metro', fee: '45.00' }], otherZones: '120.00' };
    const km: TravelPrice = { kind: 'kilometres', pricePerKilometre: '0.88', freeKilometres: '20', way: 'one-way' };
    const travel = [
      { ...TERM, cap: '100.00' },
      { ...TERM, id: 'fee', price: zones },
      { ...TERM, id: 'km', price: km, match: { sites: ['depot'] } },
    ];
    const versions = [
      version(1, '2026-01-01', null, { ...TERMS, travel }),
      version(2, '2026-07-01', null, { ...TERMS, travel }),
    ];
    const analysis = analyseCoverage({ contracts: [contractOf('a', 1, ...versions)] });
    expect(unpricedTable(analysis).rows).toEqual([]);
    expect(chargesTable(analysis).rows.map((row) => row.join(' | '))).toEqual([
      "2026-01-01 |  | a | way | travel | the work's price of an hour x 0.5, return, 30 min free, at most 100.00 | once a visit, work type onsite | GST",
      '2026-01-01 |  | a | fee | travel | metro 45.00, others 120.00 AUD | once a visit, work type onsite | GST',
      '2026-01-01 |  | a | km | travel | 0.88 AUD/km, one-way, 20 km free | once a visit, site depot | GST',
    ]);
  });
});

describe('the way to a site (K27)', () => {
  const details = { name: 'Depot', address: null, timeZone: null, calendar: null, holidays: null, billTo: null };
  const site = { type: 'RegisterSite', clientId: 'c', siteId: 's', from: '2026-01-01', ...details } as const;
  const issued = { at: '2026-03-01T09:00:00Z', by: { id: 'o', role: 'operations' } } as const;

  it('is recorded with it, or not at all', () => {
    const travel = { zone: 'metro', minutes: 25, kilometres: '18.5' };
    expect(decideSite({ ...site, ...issued, travel }, [])).toMatchObject([{ data: { travel } }]);
    expect(decideSite({ ...site, ...issued }, [])).not.toMatchObject([{ data: { travel: expect.anything() } }]);
  });

  it.each([
    [{ zones: 'a' }, 'travel.zones is unknown; allowed here: zone, minutes, kilometres'],
    [{ zone: '' }, 'travel.zone must be a text of 1 to 200 characters, not blank'],
    [{ minutes: 0 }, 'travel.minutes must be a whole number from 1 to 100000'],
    [{ kilometres: 12 }, `travel.kilometres ${AMOUNT}, more than zero and at most 100000`],
  ])('%j is refused: %s', (travel, expected) => {
    const told = problemsOfShape(siteDetails.travel, travel, 'travel').map(({ path, problem }) => `${path} ${problem}`);
    expect(told).toEqual([expected]);
  });
});
