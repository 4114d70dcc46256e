import { describe, expect, it } from '@jest/globals';
import { checkContractFile } from './contract-files.js';

const goodCard = {
  id: 'card',
  name: 'Standard',
  currency: 'AUD',
  labour: [{ workType: 'remote', engineerRole: null, pricePerHour: '150.00' }],
  minimumMinutes: 0,
  incrementMinutes: 1,
  roundingScope: 'entry',
  materials: { pricing: 'list' },
  expenses: { markupPercent: '0' },
  taxCategories: { time: 'GST', material: 'GST', expense: 'GST' },
};
const all = { id: 'all', name: 'All work', match: {}, outcome: 'billable' };

/** Twelve defects, one of each sort. */
const version = {
  effectiveFrom: '2026-02-30',
  terms: {
    timeZone: 'Australia/Sidney',
    coverage: [
      { ...all, match: { workTyps: ['remote'] } },
      { ...all, id: 'free', outcome: 'free' },
    ],
    rateCard: {
      ...goodCard,
      currency: 'USD',
      labour: [{ workType: 'remote', engineerRole: null, pricePerHour: 150 }],
      incrementMinutes: 0,
      roundingScope: 'week',
      expenses: { markupPercent: '-5' },
    },
    caps: [{ id: 'cap', name: 'Budget', scope: 'month', amount: '100.00', above: 'gap' }],
    discounts: [{ id: 'd', name: 'Loyal', kind: 'percent', percent: '120', order: 'before-minimum' }],
  },
};
const about = { contractId: 'k-1', name: 'Support', priority: -1 };

/** Path within the contract, and what is wrong with it or what to do. */
const DEFECTS: readonly (readonly [string, RegExp])[] = [
  ['priority', /whole number from 0/],
  ['effectiveFrom', /date that exists/],
  ['terms.timeZone', /time zone/],
  ['terms.coverage[0].match.workTyps', /is unknown; allowed here: .*workTypes/],
  ['terms.coverage[1].outcome', /one of: included, prepaid/],
  ['terms.rateCard.currency', /AUD/],
  ['terms.rateCard.labour[0].pricePerHour', /decimal number in a string/],
  ['terms.rateCard.incrementMinutes', /whole number from 1/],
  ['terms.rateCard.roundingScope', /one of: entry/],
  ['terms.rateCard.expenses.markupPercent', /negative/],
  ['terms.caps[0].scope', /one of: ticket, period/],
  ['terms.discounts[0].percent', /at most 100/],
];

describe('every error in one answer', () => {
  it('a file with twelve defects: all are named, each with its path, what is wrong and what is right', () => {
    const { problems, isSound } = checkContractFile({
      clients: [{ clientId: 'acme', currency: 'AUD', contracts: [{ ...about, ...version }] }],
    });
    expect(isSound).toBe(false);
    for (const [path, text] of DEFECTS)
      expect(problems).toContainEqual({
        path: `clients[0].contracts[0].${path}`,
        problem: expect.stringMatching(text),
      });
    expect(problems).toHaveLength(DEFECTS.length);
  });
});

describe('holes and overlaps name the work that would have no price', () => {
  const findings = (contracts: readonly object[]) =>
    checkContractFile({
      workTypes: ['remote', 'project'],
      engineerRoles: ['engineer'],
      clients: [{ clientId: 'acme', currency: 'AUD', contracts }],
    }).analyses.flatMap(({ analysis }) => analysis.findings.filter(({ severity }) => severity === 'error'));
  const terms = { coverage: [all], rateCard: goodCard };
  const named = (contractId: string, priority: number, rest: object) => ({
    contractId,
    name: contractId,
    priority,
    effectiveFrom: '2026-01-01',
    terms,
    ...rest,
  });

  it('contracts that overlap at the same priority leave all work of these days without one', () => {
    const [equal] = findings([named('k-1', 10, {}), named('k-2', 10, {})]);
    expect(equal).toMatchObject({ kind: 'contracts-match-equally' });
    expect(equal?.text).toMatch(/without a price: time, material, expense$/);
  });

  it('a hole between versions is refused with its days, and says that their work would have no price', () => {
    const hole = named('k-1', 10, {
      effectiveTo: '2026-06-30',
      laterVersions: [{ effectiveFrom: '2026-08-01', terms }],
    });
    const { problems } = checkContractFile({ clients: [{ clientId: 'acme', currency: 'AUD', contracts: [hole] }] });
    expect(problems).toEqual([
      {
        path: 'clients[0].contracts[0].laterVersions[0]',
        problem: expect.stringMatching(/no terms from 2026-07-01 to 2026-07-31.*work on those days no price/),
      },
    ]);
  });

  it('versions that overlap leave without one what the later of them has no rate for', () => {
    const [overlap] = findings([
      named('k-1', 10, { effectiveTo: '2026-06-30', laterVersions: [{ effectiveFrom: '2026-06-01', terms }] }),
    ]);
    expect(overlap).toMatchObject({ kind: 'versions-overlap', days: { from: '2026-06-01', to: '2026-06-30' } });
    expect(overlap?.text).toMatch(/without a price: time project$/);
  });
});
