import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ContractToAnalyse, analyseCoverage } from './coverage-analysis.js';
import { type WorkToCover, coverageOf } from './coverage.js';
import { WORK_KINDS } from './events.js';
import { contractOf, rule, termsOf, version } from './testing/contracts-to-analyse.js';
import { outcomeFor } from './testing/outcome-for.js';
import { VersionTimeline } from './version-timeline.js';

describe('the analysis and the rules themselves', () => {
  const some = (...values: string[]) => fc.subarray(values, { minLength: 1 });
  const match = fc.record(
    {
      kinds: fc.subarray([...WORK_KINDS], { minLength: 1 }),
      workTypes: some('remote', 'onsite'),
      engineerRoles: some('senior', 'junior'),
      rateClasses: some('business', 'weekend'),
      categories: some('net', 'mail'),
      priorities: some('P1', 'P2'),
    },
    { requiredKeys: [] },
  );
  const outcome = fc.constantFrom('included', 'prepaid', 'billable', 'excluded', 'excluded');
  const coverage = fc
    .array(fc.tuple(match, outcome), { minLength: 1, maxLength: 6 })
    .map((rules) => rules.map(([one, of], index) => rule(`r${index}`, of, one)));
  const day = fc.integer({ min: 1, max: 28 }).map((number) => `2026-02-${String(number).padStart(2, '0')}`);
  const versions = fc
    .array(fc.tuple(day, fc.option(day), coverage), { minLength: 1, maxLength: 3 })
    .map((list) =>
      list.map(([from, to, rules], index) =>
        version(index + 1, from, to !== null && to < from ? from : to, termsOf(...rules)),
      ),
    );
  const suspensions = fc.array(fc.tuple(day, fc.option(day)), { maxLength: 1 });
  const contracts = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 3 }), versions, fc.option(day), suspensions), {
      minLength: 1,
      maxLength: 3,
    })
    .map((list) =>
      list.map(([priority, ofContract, lastDay, rests], index): ContractToAnalyse => ({
        ...contractOf(`c${index}`, priority, ...ofContract),
        lastDay,
        suspensions: rests.map(([from, resumedOn]) => ({ from, resumedOn })),
      })),
    );
  const value = (...values: string[]) => fc.option(fc.constantFrom(...values, 'unheard-of'));
  const time = {
    workType: value('remote', 'onsite'),
    engineerRole: value('senior', 'junior'),
    rateClass: value('business', 'weekend'),
  };
  const ticket = { category: value('net', 'mail'), priority: value('P1', 'P2'), ticketType: value(), siteId: value() };
  const nothing = { workType: fc.constant(null), engineerRole: fc.constant(null), rateClass: fc.constant(null) };
  const anyWork: fc.Arbitrary<WorkToCover> = fc.oneof(
    fc.record({ kind: fc.constant('time' as const), ...time, ...ticket }),
    fc.record({ kind: fc.constantFrom('material' as const, 'expense' as const), ...nothing, ...ticket }),
  );

  /** Steps 1 and 3 of the rating rules, one question at a time. */
  function ruled(list: readonly ContractToAnalyse[], on: string, of: WorkToCover): readonly string[] {
    const inForce = list.flatMap((contract) => {
      const found = new VersionTimeline(contract).versionOn(on);
      return found === null ? [] : [{ contract, found }];
    });
    const taken: string[] = [];
    for (const priority of [1, 2, 3]) {
      const here = inForce.filter((one) => one.contract.priority === priority);
      const [only] = here;
      if (only === undefined) continue;
      if (here.length > 1) return [...taken, 'contracts-match-equally'];
      const asked = coverageOf(only.found.terms, of).rule;
      if (asked === null) return [...taken, 'no-coverage'];
      taken.push(`${only.contract.contractId} ${only.found.versionNumber} ${asked.id}`);
      if (asked.outcome !== 'excluded') return [...taken, asked.outcome];
    }
    return [...taken, taken.length > 0 ? 'excluded' : 'no-contract'];
  }

  it('agree on random work under random contracts', () => {
    fc.assert(
      fc.property(contracts, day, fc.array(anyWork, { minLength: 10, maxLength: 10 }), (list, on, works) => {
        const analysis = analyseCoverage({ contracts: list });
        expect(analysis.isComplete).toBe(true);
        for (const one of works) {
          const found = outcomeFor(analysis, on, one);
          const rules = found?.rules.map((taken) => `${taken.contractId} ${taken.versionNumber} ${taken.ruleId}`) ?? [];
          const expected = ruled(list, on, one);
          // Days before the first contract and after the last are no part of the analysis.
          if (found === null) expect(expected).toEqual(['no-contract']);
          else expect([...rules, found.reason ?? found.as]).toEqual(expected);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('agree on which rules never win', () => {
    fc.assert(
      fc.property(coverage, fc.array(anyWork, { maxLength: 60 }), (rules, works) => {
        const analysis = analyseCoverage({
          contracts: [contractOf('a', 1, version(1, '2026-02-01', null, termsOf(...rules)))],
        });
        const never = analysis.findings.flatMap((one) => (one.kind === 'rule-never-wins' ? [one.ruleId] : []));
        for (const one of works) expect(never).not.toContain(coverageOf({ coverage: rules }, one).rule?.id);
        const shown = new Set(
          analysis.stretches[0]?.rows.flatMap((row) =>
            row.outcomes.flatMap((found) => found.rules.map((taken) => taken.ruleId)),
          ),
        );
        for (const { id } of rules) if (!never.includes(id)) expect(shown).toContain(id);
      }),
      { numRuns: 300 },
    );
  });
});
