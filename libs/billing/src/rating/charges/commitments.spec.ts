import { describe, expect, it } from '@jest/globals';
import { monthsBetween } from '@billtrail/kernel';
import type { RecurringCharge } from '@billtrail/contracts';
import { contractWith, fee, monthOf, onInvoice, spent, versionsFrom } from '../../testing/charges.js';
import { charged } from '../../testing/steps.js';
import type { ContractFacts } from '../facts.js';
import { releasedCommitments } from './released.js';
import { unusedLicencesOn } from './unused-licences.js';

const counts = [{ countOf: 'seat', count: 44, from: '2026-03-01', eventId: 'ev-1' }];
const UNTIL = '2027-02-28';

function seats(changes: Partial<RecurringCharge> = {}): RecurringCharge {
  const commitment = { until: UNTIL, increaseOnly: true };
  return fee({ id: 'seats', basis: 'per-user', countOf: 'seat', price: '21.00', commitment, ...changes });
}
function contractOf(charge: RecurringCharge, rest: Partial<ContractFacts> = {}): ContractFacts {
  return contractWith({}, { ...versionsFrom(['2026-03-01', { recurringCharges: [charge] }]), counts, ...rest });
}
const of = (period: string, contract: ContractFacts, changes = {}) =>
  charged(monthOf(period, [contract], changes), []).charges;
const nets = (period: string, contract: ContractFacts, changes = {}): readonly string[] =>
  of(period, contract, changes).map(({ net }) => net.amount);
const ENDED: Partial<ContractFacts> = { lastDay: '2026-08-15' };
const RESTED: Partial<ContractFacts> = { suspensions: [{ from: '2026-08-16', resumedOn: '2026-11-01' }] };

describe('a commitment holds to its end (K25)', () => {
  it.each([
    ['terminated', ENDED],
    ['suspended', RESTED],
    [
      'run out',
      {
        versions: versionsFrom(['2026-03-01', { recurringCharges: [seats()] }]).versions.map((one) => ({
          ...one,
          effectiveTo: '2026-08-15',
        })),
      },
    ],
  ])('month by month, where the contract is %s in August', (_how, rest) => {
    for (const billed of ['in-advance', 'in-arrears'] as const) {
      const contract = contractOf(seats({ billed }), rest);
      // 44 x 21.00, in the month that it breaks off too, and not a day after February.
      for (const month of ['2026-08', '2026-09', '2026-12', '2027-02'])
        expect([month, nets(month, contract)]).toEqual([month, ['924.00']]);
    }
    expect(nets('2027-03', contractOf(seats(), ENDED))).toEqual([]);
  });
  it('to a day within a month', () => {
    const charge = seats({ commitment: { until: '2027-02-14', increaseOnly: true } });
    // 924.00 x 14/28.
    expect(nets('2027-02', contractOf(charge, ENDED))).toEqual(['462.00']);
    expect(nets('2027-03', contractOf(charge, ENDED))).toEqual([]);
  });
  it.each(['calendar', 'contract-day', undefined] as const)(
    'of a year in advance: nothing goes back, by cycles from %s',
    (cycleAnchor) => {
      const charge = seats({ price: '252.00', everyMonths: 12, ...(cycleAnchor === undefined ? {} : { cycleAnchor }) });
      const before = of('2026-03', contractOf(charge));
      const invoiced = { invoicedCharges: onInvoice(before) };
      expect(before.map(({ net }) => net.amount)).toEqual(['11088.00']);
      for (const rest of [ENDED, RESTED]) {
        expect(nets('2026-03', contractOf(charge, rest), invoiced)).toEqual(['11088.00']);
        expect(nets('2026-08', contractOf(charge, rest))).toEqual([]);
      }
      // Released, 11,088.00 x 197/365 goes back: 16 + 30 + 31 + 30 + 31 + 31 + 28 days from 16 August to 28 February.
      const released = contractOf(charge, { ...ENDED, releasesCommitments: true });
      expect(nets('2026-03', released, invoiced)).toEqual(['11088.00', '-5984.48']);
    },
  );
  it('is released by a termination that says so, and by a version without it', () => {
    const released = contractOf(seats(), { ...ENDED, releasesCommitments: true });
    // 924.00 x 15/31.
    expect([nets('2026-08', released), nets('2026-09', released)]).toEqual([['447.10'], []]);
    const { commitment: _commitment, ...free } = seats();
    const without = contractWith(
      {},
      {
        ...versionsFrom(['2026-03-01', { recurringCharges: [seats()] }], ['2026-08-01', { recurringCharges: [free] }]),
        counts,
        ...ENDED,
      },
    );
    expect([nets('2026-08', without), nets('2026-09', without)]).toEqual([['447.10'], []]);
    const gone = contractWith(
      {},
      { ...versionsFrom(['2026-03-01', { recurringCharges: [seats()] }], ['2026-08-01', {}]), counts },
    );
    expect(nets('2026-09', gone)).toEqual([]);
  });
  it('tells in money what a termination releases, by the counts that would be charged', () => {
    const fewer = [...counts, { countOf: 'seat', count: 38, from: '2026-06-10', eventId: 'ev-2' }];
    const released = (charge: RecurringCharge, rest: Partial<ContractFacts> = {}) =>
      releasedCommitments(contractOf(charge, { ...ENDED, releasesCommitments: true, ...rest })).map(
        ({ chargeId, until, net }) => [chargeId, until, net?.amount],
      );
    // 924.00 x 16/31 of August, and six months at 924.00: 476.90 + 5,544.00.
    expect(released(seats())).toEqual([['seats', UNTIL, '6020.90']]);
    expect(released(seats(), { counts: fewer })).toEqual([['seats', UNTIL, '6020.90']]);
    // 11,088.00 x 197/365.
    const yearly = seats({ price: '252.00', everyMonths: 12 });
    expect(released(yearly)).toEqual([['seats', UNTIL, '5984.48']]);
    expect(released(seats(), { counts: [] })).toEqual([['seats', UNTIL, undefined]]);
    expect(released(seats(), { releasesCommitments: false })).toEqual([]);
    expect(released(seats({ commitment: { until: '2026-08-15', increaseOnly: true } }))).toEqual([]);
  });
  it('is told where the fee is explained, with the licences that nobody uses', () => {
    const fewer = [...counts, { countOf: 'seat', count: 38, from: '2026-06-10', eventId: 'ev-2' }];
    const [charge] = of('2026-09', contractOf(seats(), { ...ENDED, counts: fewer }));
    expect(charge?.trace.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        '38 seat recorded from 2026-06-10 on: 6 unused licences, committed until 2027-02-28',
        'committed until 2027-02-28: charged for on 30 days without the contract in force',
      ]),
    );
    expect(charge?.basis.fee).toMatchObject([{ quantity: '44', unused: 6 }]);
    expect(of('2026-03', contractOf(seats(), { counts: fewer }))[0]?.basis.fee?.[0]).not.toHaveProperty('unused');
  });
  it('lists unused licences of a day, with what they cost in a cycle', () => {
    const fewer = [...counts, { countOf: 'seat', count: 38, from: '2026-06-10', eventId: 'ev-2' }];
    const contract = contractOf(seats(), { ...ENDED, counts: fewer });
    expect(unusedLicencesOn(contract, '2026-06-09')).toEqual([]);
    for (const day of ['2026-06-10', '2026-09-01', UNTIL])
      expect(unusedLicencesOn(contract, day)).toEqual([
        {
          contractId: 'con-1',
          clientId: contract.clientId,
          chargeId: 'seats',
          name: 'Managed service',
          countOf: 'seat',
          charged: 44,
          used: 38,
          unused: 6,
          from: '2026-06-10',
          until: UNTIL,
          net: { amount: '126.00', currency: 'AUD' },
          everyMonths: 1,
        },
      ]);
    expect(unusedLicencesOn(contract, '2027-03-01')).toEqual([]);
  });
  it('is no gap of what is missed after the end, as other fees are', () => {
    const terms = { recurringCharges: [seats(), fee()] };
    const contract = contractWith({}, { ...versionsFrom(['2026-03-01', terms]), counts, ...ENDED });
    const { gaps } = charged(monthOf('2026-09', [contract], { work: [spent(60, '2026-09-05')] }), []);
    const missed = gaps.filter(({ cause }) => cause.includes('nothing follows it'));
    expect(missed.map(({ charge, valueAtRisk }) => [charge?.chargeId, valueAtRisk])).toEqual([
      ['con-1@fee@fee@2026-09-01', { minutes: null, money: { amount: '1000.00', currency: 'AUD' } }],
    ]);
  });
  describe('and no longer, whatever other versions state', () => {
    const TEN = [
      { countOf: 'seat', count: 10, from: '2026-08-01', eventId: 'ev-1' },
      { countOf: 'seat', count: 6, from: '2026-09-01', eventId: 'ev-2' },
    ];
    const until = (day: string | null): RecurringCharge => {
      const { commitment: _commitment, ...free } = seats({ price: '31.00' });
      return day === null ? free : { ...free, commitment: { until: day, increaseOnly: true } };
    };
    /** How many are charged for in the months from August on; to each version from when it is in force, and until when it commits. */
    const charges = (last: string, ...versions: readonly (readonly [string, string | null])[]) => {
      const contract = contractWith(
        {},
        {
          ...versionsFrom(...versions.map(([from, day]) => [from, { recurringCharges: [until(day)] }] as const)),
          counts: TEN,
        },
      );
      return monthsBetween('2026-08', last).map((month) => of(month, contract).map(({ quantity }) => Number(quantity)));
    };
    it.each([
      // A version without it forgoes it: the seats that are stated anew are those that there are.
      [
        'dropped and stated again',
        [
          ['2026-08-01', '2026-12-31'],
          ['2026-10-01', null],
          ['2026-11-01', '2026-12-31'],
        ],
        [10, 10, 6, 6, 6],
      ],
      // To the day that was stated before a lower count takes no effect; from then on it does, as at any renewal.
      [
        'prolonged within it',
        [
          ['2026-08-01', '2026-10-31'],
          ['2026-10-01', '2027-10-31'],
        ],
        [10, 10, 10, 6, 6],
      ],
      [
        'renewed at its end',
        [
          ['2026-08-01', '2026-09-30'],
          ['2026-10-01', '2027-09-30'],
        ],
        [10, 10, 6, 6, 6],
      ],
      [
        'prolonged twice',
        [
          ['2026-08-01', '2026-11-30'],
          ['2026-09-01', '2027-01-31'],
          ['2026-10-01', '2027-10-31'],
        ],
        [10, 10, 10, 10, 6],
      ],
      [
        'shortened',
        [
          ['2026-08-01', '2026-12-31'],
          ['2026-10-01', '2026-10-31'],
        ],
        [10, 10, 10, 6, 6],
      ],
      [
        'shortened and stated again',
        [
          ['2026-08-01', '2026-12-31'],
          ['2026-09-15', '2026-10-31'],
          ['2026-10-01', '2026-12-31'],
        ],
        [10, [10, 10], 10, 6, 6],
      ],
      [
        'that changes nothing of it',
        [
          ['2026-08-01', '2026-12-31'],
          ['2026-10-01', '2026-12-31'],
        ],
        [10, 10, 10, 10, 10],
      ],
    ] as const)('%s', (_how, versions, expected) => {
      expect(charges('2026-12', ...versions)).toEqual(expected.map((one) => (typeof one === 'number' ? [one] : one)));
    });
    it('of a version for some days only that lies between', () => {
      const { versions } = versionsFrom(
        ['2026-08-01', { recurringCharges: [until('2026-12-31')] }],
        ['2026-10-01', { recurringCharges: [until(null)] }],
      );
      const between = versions.map((one, index) => ({
        ...one,
        effectiveTo: index === 0 ? '2027-07-31' : '2026-10-31',
      }));
      const contract = contractWith({}, { versions: between, counts: TEN });
      expect(['2026-09', '2026-10', '2026-11'].map((month) => nets(month, contract))).toEqual([
        ['310.00'],
        ['186.00'],
        ['186.00'],
      ]);
    });
  });
});
