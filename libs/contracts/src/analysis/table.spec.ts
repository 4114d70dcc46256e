import { describe, expect, it } from '@jest/globals';
import { analyseCoverage } from '../coverage-analysis.js';
import { contractOf, rule, termsOf, version } from '../testing/contracts-to-analyse.js';
import { mergedRows } from './merged-rows.js';
import { coverageTable } from './table.js';

const TERMS = termsOf(rule('network', 'billable', { categories: ['Network'] }), rule('rest', 'billable'));

describe('the table of the check', () => {
  it('tells work that is treated alike in one row', () => {
    const terms = termsOf(
      rule('projects', 'excluded', { workTypes: ['project'], rateClasses: ['business', 'weekend'] }),
      rule('senior', 'included', { workTypes: ['remote', 'onsite'], engineerRoles: ['senior'] }),
      rule('rest', 'billable'),
    );
    const analysis = analyseCoverage({ contracts: [contractOf('k', 1, version(1, '2026-01-01', null, terms))] });
    const { rows } = coverageTable(analysis);
    expect(rows.map((row) => row.slice(2, 6).join(' | '))).toEqual([
      'time | onsite, remote | senior | (any)',
      'time | onsite, remote | (other) | (any)',
      'time | project | (any) | business, weekend',
      'time | project | (any) | (other)',
      'time | (other) | (any) | (any)',
      'material | (any) | (any) | (any)',
      'expense | (any) | (any) | (any)',
    ]);
    // Nothing is lost: each row stands for as many as it names.
    const told = mergedRows(analysis.stretches).map(({ facets }) =>
      facets.reduce((all, { length }) => all * length, 1),
    );
    const asked = analysis.stretches.flatMap((one) => one.rows);
    expect(told.reduce((sum, one) => sum + one, 0)).toBe(asked.length);
  });

  it('tells the fixed price of a ticket beside what it includes', () => {
    const incident = { price: '90.00', taxCategory: 'GST' };
    const terms = termsOf(
      { ...rule('network', 'included', { categories: ['Network'] }), incident: { ...incident, includedPerPeriod: 5 } },
      { ...rule('rest', 'included'), incident },
    );
    const { rows } = coverageTable(
      analyseCoverage({ contracts: [contractOf('k', 1, version(1, '2026-01-01', null, terms))] }),
    );
    expect(rows.filter(([, , kind]) => kind === 'time').map((row) => row.slice(8).join(' | '))).toEqual([
      'network | included | 90.00 AUD once/ticket after 5 a month',
      'rest | included | 90.00 AUD once/ticket',
    ]);
  });

  it('tells days that follow each other in one row where nothing changes', () => {
    const beside = contractOf('other', 2, version(1, '2026-06-01', '2026-06-30', TERMS));
    const terms = termsOf(rule('rest', 'billable'));
    const contracts = [contractOf('k', 1, version(1, '2026-01-01', null, terms)), beside];
    const days = coverageTable(analyseCoverage({ contracts })).rows.map((row) => row.slice(0, 2).join('..'));
    expect(new Set(days)).toEqual(new Set(['2026-01-01..']));
  });
});
