import { describe, expect, it } from '@jest/globals';
import { coverageTable } from './analysis/table.js';
import { analyseCoverage } from './coverage-analysis.js';
import type { Allotment, Burn, ContractTerms, RateCard } from './events.js';
import { problemsOfTerms } from './terms.js';
import { contractOf, hundred, rule, termsOf, version } from './testing/contracts-to-analyse.js';

const prepaid = (terms: ContractTerms['prepaid'], card: Partial<RateCard> = {}): ContractTerms => ({
  ...termsOf(rule('pre', 'prepaid')),
  rateCard: { ...hundred, ...card },
  ...(terms === undefined ? {} : { prepaid: terms }),
});
const problems = (terms: ContractTerms): readonly string[] =>
  problemsOfTerms(terms, { clientCurrency: 'AUD', clientClasses: [] }).map(({ path, problem }) => `${path} ${problem}`);
const analysed = (terms: ContractTerms) =>
  analyseCoverage({ contracts: [contractOf('a', 10, version(1, '2026-01-01', null, terms))] });

describe('terms of prepaid hours that burn weighted', () => {
  const weights = (...list: Extract<Burn, { by: 'weights' }>['weights']): ContractTerms =>
    prepaid({ burn: { by: 'weights', weights: list } });

  it('a weight names work, each once, and classes that there are', () => {
    expect(problems(weights({ weight: '2' }))).toEqual([
      'terms.prepaid.burn.weights[0] must name a workType, a rateClass or both',
    ]);
    expect(problems(weights({ workType: 'remote', weight: '2' }, { workType: 'remote', weight: '3' }))).toEqual([
      'terms.prepaid.burn.weights[1] weighs the same work as terms.prepaid.burn.weights[0]',
    ]);
    expect(problems(weights({ rateClass: 'weekedn', weight: '2' }))[0]).toMatch(
      /^terms\.prepaid\.burn\.weights\[0\]\.rateClass weekedn is no rate class/,
    );
    expect(problems(weights({ workType: 'remote', weight: '2' }, { rateClass: 'weekend', weight: '2' }))).toEqual([]);
  });

  it('the table of the check tells what a minute draws', () => {
    const card = { rateClassMultipliers: [{ rateClass: 'weekend', multiplier: '2' }] };
    const rows = coverageTable(analysed(prepaid({ burn: { by: 'multiplier' } }, card))).rows;
    expect(rows.filter(([, , kind]) => kind === 'time').map((row) => [row[5], row[9]])).toEqual([
      ['weekend', 'prepaid, draws x 2'],
      ['(other)', 'prepaid'],
    ]);
  });
});

describe('terms of unused hours that roll over', () => {
  const of = (changes: Partial<Allotment>): readonly string[] => {
    const base = { unit: 'minutes' as const, minutes: 600 };
    return problems(prepaid({ allotment: { id: 'h', name: 'Hours', base, rollOver: 'none', ...changes } }));
  };
  it('periods and a limit belong to what rolls over, in the unit of the base', () => {
    expect(of({ rollOver: 'periods' })).toEqual(['terms.prepaid.allotment.rollOverPeriods is required']);
    expect(of({ rollOver: 'one-period', rollOverPeriods: 2 })).toEqual([
      'terms.prepaid.allotment.rollOverPeriods belongs to an allotment whose rollOver is periods',
    ]);
    expect(of({ rollOverAtMost: { unit: 'minutes', minutes: 60 } })).toEqual([
      'terms.prepaid.allotment.rollOverAtMost belongs to an allotment that rolls over: state rollOver',
    ]);
    const money = { unit: 'money' as const, money: { amount: '60.00', currency: 'AUD' } };
    expect(of({ rollOver: 'one-period', rollOverAtMost: money })).toEqual([
      'terms.prepaid.allotment.rollOverAtMost.unit must be minutes, as that of the base',
    ]);
    expect(of({ rollOver: 'periods', rollOverPeriods: 3, rollOverAtMost: { unit: 'minutes', minutes: 60 } })).toEqual(
      [],
    );
  });
});

describe('a card that rounds work to nothing', () => {
  const found = (card: Partial<RateCard>): readonly string[] =>
    analysed({ ...termsOf(rule('all', 'billable')), rateCard: { ...hundred, ...card } })
      .findings.filter(({ kind }) => kind === 'rounds-to-nothing')
      .map(({ text }) => text);
  it.each([
    ['down', { rounding: 'down', incrementMinutes: 15 }, 14],
    ['nearest', { rounding: 'nearest', incrementMinutes: 15 }, 7],
    ['nearest, even', { rounding: 'nearest', incrementMinutes: 30 }, 14],
    ['by a rule', { incrementMinutes: 15, roundingRules: [{ workTypes: ['remote'], rounding: 'down' }] }, 14],
  ] as const)('is warned of: %s', (_, card, minutes) => {
    expect(found(card)).toEqual([
      `the rate card of contract a version 1 rounds work of up to ${minutes} min to nothing: state minimumMinutes where it shall be billed`,
    ]);
  });
  it.each([
    { incrementMinutes: 15 },
    { rounding: 'down', incrementMinutes: 15, minimumMinutes: 5 },
    { rounding: 'down' },
  ] as const)('is not, where a minimum or the way holds it: %j', (card) => expect(found(card)).toEqual([]));
});
