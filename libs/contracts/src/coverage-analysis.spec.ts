import { describe, expect, it } from '@jest/globals';
import { coverageTable } from './analysis/table.js';
import { type ContractToAnalyse, type CoverageAnalysis, analyseCoverage, unpricedWork } from './coverage-analysis.js';
import {
  type ContractTerms,
  type ContractVersion,
  type CoverageRule,
  type PrepaidBlock,
  WORK_KINDS,
} from './events.js';
import type { WorkToCover } from './coverage.js';
import { all, contractOf, hundred, rule, termsOf, version, work } from './testing/contracts-to-analyse.js';
import { MAX_ANALYSED_CELLS } from './analysis/rows.js';
import { outcomeFor } from './testing/outcome-for.js';
import { PUBLISHED_CARDS } from './testing/index.js';

const kindsOf = ({ findings }: CoverageAnalysis): string[] => findings.map((one) => one.kind);

describe('coverage analysis', () => {
  it('follows exclusions along the chain and tells tickets apart', () => {
    const first = termsOf(
      rule('vip', 'included', { priorities: ['P1', 'P2'] }),
      rule('projects', 'excluded', { workTypes: ['project'] }),
      rule('rest', 'billable', { kinds: ['time'] }),
    );
    const second = termsOf(rule('p2', 'included', { priorities: ['P2'] }), rule('all', 'billable'));
    const analysis = analyseCoverage({
      contracts: [
        contractOf('b', 20, version(1, '2026-01-01', null, second)),
        contractOf('a', 10, version(1, '2026-01-01', null, first)),
      ],
    });
    const project = { ...work, workType: 'project' };
    const on = (one: WorkToCover) => outcomeFor(analysis, '2026-02-01', one);
    expect(on({ ...project, priority: 'P1' })).toMatchObject({
      as: 'included',
      rules: [{ ruleId: 'vip' }],
      price: null,
    });
    expect(on(project)).toMatchObject({
      as: 'billable',
      rules: [{ ruleId: 'projects' }, { contractId: 'b', ruleId: 'all' }],
    });
    expect(on(work)).toMatchObject({ as: 'billable', rules: [{ contractId: 'a', ruleId: 'rest' }] });
    expect(on({ ...work, kind: 'material' })).toMatchObject({ as: 'unpriced', reason: 'no-coverage' });
    expect(outcomeFor(analysis, '2025-12-31', work)).toBeNull();
    expect(coverageTable(analysis).rows.slice(0, 4)).toEqual([
      ['2026-01-01', '', 'time', 'project', '(any)', '(any)', 'priorities: P1, P2', 'a v1', 'vip', 'included', ''],
      [
        '2026-01-01',
        '',
        'time',
        'project',
        '(any)',
        '(any)',
        'priorities: P2',
        'a v1 > b v1',
        'projects > p2',
        'included',
        '',
      ],
      [
        '2026-01-01',
        '',
        'time',
        'project',
        '(any)',
        '(any)',
        '(all)',
        'a v1 > b v1',
        'projects > all',
        'billable',
        '100 AUD/h (card labour[0])',
      ],
      ['2026-01-01', '', 'time', '(other)', '(any)', '(any)', 'priorities: P1, P2', 'a v1', 'vip', 'included', ''],
    ]);
  });

  it('cuts the days at every change, and says which of them have no contract or several', () => {
    const one = {
      ...contractOf('a', 10, version(1, '2026-01-01', '2026-01-31', all), version(2, '2026-03-01', null, all)),
      lastDay: '2026-05-31',
    };
    const other = contractOf('b', 10, version(1, '2026-05-16', '2026-06-15', all));
    const rested = { ...one, suspensions: [{ from: '2026-04-10', resumedOn: '2026-04-20' }] };
    const analysis = analyseCoverage({ contracts: [rested, other] });
    expect(
      analysis.stretches.map(({ from, to, chain }) => [
        from,
        to,
        chain.map((link) => `${link.contractId}${link.versionNumber}`).join(),
      ]),
    ).toEqual([
      ['2026-01-01', '2026-01-31', 'a1'],
      ['2026-02-01', '2026-02-28', ''],
      ['2026-03-01', '2026-04-09', 'a2'],
      ['2026-04-10', '2026-04-19', ''],
      ['2026-04-20', '2026-05-15', 'a2'],
      ['2026-05-16', '2026-05-31', ''],
      ['2026-06-01', '2026-06-15', 'b1'],
    ]);
    expect(analysis.findings).toMatchObject([
      { kind: 'version-hole', contractId: 'a', days: { from: '2026-02-01', to: '2026-02-28' } },
      { kind: 'contracts-match-equally', contractIds: ['a', 'b'], days: { from: '2026-05-16', to: '2026-05-31' } },
    ]);
    expect(unpricedWork(analysis).map(({ from, outcome }) => `${from} ${outcome.reason}`)).toEqual(
      ['2026-02-01 no-contract', '2026-04-10 no-contract', '2026-05-16 contracts-match-equally'].flatMap((text) =>
        WORK_KINDS.map(() => text),
      ),
    );
  });

  it('goes on beyond the term of a contract that renews by itself, as long as it does (K21)', () => {
    const renewal = { automatic: true, months: 1, noticeDays: 10 };
    const care = contractOf('care', 10, version(1, '2026-01-01', '2026-03-31', { ...all, renewal }));
    const days = (...contracts: ContractToAnalyse[]) =>
      analyseCoverage({ contracts }).stretches.map(({ from, to, chain }) => [
        from,
        to,
        ...chain.map((one) => one.contractId),
      ]);
    expect(days(care)).toEqual([['2026-01-01', null, 'care']]);
    // The notice wanted by 21 March counts for the end of April.
    const notice = { givenOn: '2026-03-25', reason: 'moves', isWithdrawn: false };
    expect(days({ ...care, notice })).toEqual([['2026-01-01', '2026-04-30', 'care']]);
    expect(days({ ...care, notice: { ...notice, isWithdrawn: true } })).toEqual([['2026-01-01', null, 'care']]);
    expect(days({ ...care, lastDay: '2026-05-15' })).toEqual([['2026-01-01', '2026-05-15', 'care']]);
    // The term of June would overlap with the other contract of the same priority.
    const other = contractOf('other', 10, version(1, '2026-06-15', null, all));
    expect(days(care, other)).toEqual([
      ['2026-01-01', '2026-05-31', 'care'],
      ['2026-06-01', '2026-06-14'],
      ['2026-06-15', null, 'other'],
    ]);
    expect(days(care, { ...other, priority: 20 })).toEqual([
      ['2026-01-01', '2026-06-14', 'care'],
      ['2026-06-15', null, 'care', 'other'],
    ]);
  });

  it('names versions that claim the same days, and not those that follow each other', () => {
    const overlaps = (...versions: ContractVersion[]) =>
      kindsOf(analyseCoverage({ contracts: [contractOf('a', 1, ...versions)] }));
    expect(overlaps(version(1, '2026-01-01', null, all), version(2, '2026-02-01', null, all))).toEqual([]);
    expect(overlaps(version(1, '2026-01-01', '2026-01-31', all), version(2, '2026-02-01', null, all))).toEqual([]);
    expect(overlaps(version(1, '2026-01-01', '2026-02-01', all), version(2, '2026-02-01', null, all))).toEqual([
      'versions-overlap',
    ]);
    expect(overlaps(version(1, '2026-01-01', null, all), version(2, '2026-01-01', null, all))).toEqual([
      'versions-overlap',
    ]);
    expect(overlaps(version(1, '2026-01-01', '9999-12-31', all))).toEqual([]);
  });

  it('finds rules that never win, also where several together take their work', () => {
    const shadowed = (...coverage: CoverageRule[]) =>
      analyseCoverage({
        contracts: [contractOf('a', 1, version(1, '2026-01-01', null, termsOf(...coverage)))],
      }).findings.flatMap((one) => (one.kind === 'rule-never-wins' ? [[one.ruleId, ...one.takenBy]] : []));
    expect(shadowed(rule('a', 'billable'), rule('b', 'included', { priorities: ['P1'] }))).toEqual([['b', 'a']]);
    expect(
      shadowed(
        rule('a', 'billable', { workTypes: ['x'] }),
        rule('b', 'billable', { workTypes: ['y'], priorities: ['P1'] }),
        rule('c', 'billable', { workTypes: ['x', 'y'] }),
        rule('d', 'billable', { workTypes: ['y'] }),
        rule('e', 'billable', { kinds: ['material'], workTypes: ['x'] }),
        rule('f', 'billable'),
      ),
    ).toEqual([['d', 'b', 'c'], ['e']]);
    expect(
      shadowed(
        rule('time', 'billable', { kinds: ['time'] }),
        rule('goods', 'billable', { kinds: ['material', 'expense'] }),
        rule('rest', 'billable'),
      ),
    ).toEqual([['rest', 'time', 'goods']]);
  });

  it('shows the one price of prepaid work that has one, whatever overage an hour has', () => {
    const terms = {
      ...termsOf(rule('time', 'prepaid')),
      rateCard: { ...hundred, workTypes: [{ workType: 'onsite', mode: 'flat', price: '140.00', per: 'ticket' }] },
      prepaid: { overage: { pricePerHour: '150.00', multiplied: false } },
    } as const;
    const analysis = analyseCoverage({ contracts: [contractOf('a', 1, version(1, '2026-01-01', null, terms))] });
    const prices = analysis.stretches.flatMap(({ rows }) =>
      rows.flatMap(({ kind, outcomes }) => (kind === 'time' ? outcomes.map(({ price }) => price?.mode) : [])),
    );
    expect(new Set(prices)).toEqual(new Set(['flat', 'overage']));
  });

  it('warns of prepaid work without a block on some day, and of names that the organisation does not have', () => {
    const prepaid = termsOf(
      rule('time', 'prepaid', { kinds: ['time'], workTypes: ['remote'] }),
      rule('rest', 'billable'),
    );
    const block = (blockId: string, purchasedOn: string, expiresOn: string | null): PrepaidBlock => ({
      blockId,
      amount: { unit: 'minutes', minutes: 60 },
      purchasedOn,
      expiresOn,
      price: null,
    });
    const days = (...blocks: PrepaidBlock[]) =>
      analyseCoverage({
        contracts: [{ ...contractOf('a', 1, version(1, '2026-01-01', '2026-12-31', prepaid)), blocks }],
      }).findings.map((one) => `${one.days.from} ${one.days.to}`);
    expect(days()).toEqual(['2026-01-01 2026-12-31']);
    expect(days(block('1', '2025-06-01', null))).toEqual([]);
    expect(days(block('2', '2026-06-01', '2026-12-30'), block('1', '2026-01-01', '2026-03-31'))).toEqual([
      '2026-04-01 2026-05-31',
      '2026-12-31 2026-12-31',
    ]);
    const names = analyseCoverage({
      contracts: [
        contractOf(
          'a',
          1,
          version(1, '2026-01-01', null, {
            ...prepaid,
            prepaid: { allotment: { id: 'h', name: 'H', base: { unit: 'minutes', minutes: 1 }, rollOver: 'none' } },
          }),
        ),
      ],
      workTypes: ['onsite'],
    });
    expect(names.findings).toMatchObject([{ kind: 'name-unknown', names: ['remote'] }]);
  });

  it('shows the price with where it stands: the very work type, then the very role, then the very class', () => {
    const priced = {
      ...hundred,
      labour: [
        ...hundred.labour,
        { workType: null, engineerRole: 'senior', rateClass: 'weekend', pricePerHour: '300' },
        { workType: 'remote', engineerRole: null, pricePerHour: '110' },
        { workType: 'remote', engineerRole: null, rateClass: 'weekend', pricePerHour: '220' },
      ],
      workTypes: [
        { workType: 'twice', mode: 'multiplier', multiplier: '2' },
        { workType: 'visit', mode: 'flat', price: '90', per: 'entry' },
      ],
      rateClassMultipliers: [
        { rateClass: 'night', multiplier: '1.5' },
        { rateClass: 'weekend', multiplier: '3' },
      ],
    } as const;
    const terms: ContractTerms = { coverage: [rule('all', 'billable')], rateCard: priced };
    const analysis = analyseCoverage({ contracts: [contractOf('a', 1, version(1, '2026-01-01', null, terms))] });
    const price = (workType: string, engineerRole: string, rateClass: string | null) =>
      outcomeFor(analysis, '2026-01-01', { ...work, workType, engineerRole, rateClass })?.price;
    expect(price('remote', 'senior', 'weekend')).toMatchObject({ price: '220', multiplier: '1', from: 'labour[3]' });
    expect(price('remote', 'senior', 'night')).toMatchObject({ price: '110', multiplier: '1.5' });
    expect(price('other', 'senior', 'weekend')).toMatchObject({ price: '300', multiplier: '1' });
    expect(price('other', 'junior', 'weekend')).toMatchObject({ price: '100', multiplier: '3' });
    expect(price('twice', 'junior', 'night')).toMatchObject({ price: '100', multiplier: '2' });
    expect(price('visit', 'junior', 'night')).toMatchObject({ mode: 'flat', price: '90', multiplier: '1.5' });
    expect(price('other', 'junior', null)).toMatchObject({ price: '100', multiplier: '1', from: 'labour[0]' });
  });

  it('says so where work has more outcomes by its ticket than are told apart', () => {
    const of = (count: number) => {
      const rules = Array.from({ length: count }, (_, index) =>
        rule(`r${index}`, 'included', { categories: [`c${index}`], kinds: ['time'] }),
      );
      return analyseCoverage({ contracts: [contractOf('a', 10, version(1, '2026-01-01', null, termsOf(...rules)))] });
    };
    // With the last, which no rule takes, a thousand and one.
    expect(of(1_000).isComplete).toBe(true);
    expect(of(1_001).isComplete).toBe(false);
  });

  it('tells no outcome of tickets that an earlier rule takes, nor of any that can not be', () => {
    const first = termsOf(
      rule('p1', 'included', { priorities: ['P1'] }),
      rule('away', 'excluded', { priorities: ['P2'], categories: ['x'] }),
      rule('again', 'billable', { priorities: ['P1'], categories: ['x'] }),
    );
    const second = termsOf(rule('p3', 'included', { priorities: ['P3'] }), rule('all', 'billable'));
    const analysis = analyseCoverage({
      contracts: [
        contractOf('a', 10, version(1, '2026-01-01', null, first)),
        contractOf('b', 20, version(1, '2026-01-01', null, second)),
      ],
    });
    const material = analysis.stretches[0]?.rows.find(({ kind }) => kind === 'material');
    expect(material?.outcomes.map(({ rules, when }) => [rules.map(({ ruleId }) => ruleId).join(' > '), when])).toEqual([
      ['p1', { priorities: ['P1'] }],
      ['away > all', { priorities: ['P2'], categories: ['x'] }],
      ['', {}],
    ]);
  });

  it('says that it is not complete where there are too many kinds of work', () => {
    const names = (count: number) => Array.from({ length: count }, (_, index) => `n-${index}`);
    const contracts = [contractOf('a', 1, version(1, '2026-01-01', null, all))];
    const complete = (workTypes: number, engineerRoles: number) =>
      analyseCoverage({ contracts, workTypes: names(workTypes), engineerRoles: names(engineerRoles) }).isComplete;
    expect(complete(MAX_ANALYSED_CELLS / 20, 20)).toBe(true);
    expect(complete(MAX_ANALYSED_CELLS / 20 + 1, 20)).toBe(false);
  });
});

describe('published cards', () => {
  const plans = PUBLISHED_CARDS.flatMap((published) =>
    published.plans.map((plan) => [plan.contractId, published, plan] as const),
  );
  it.each(plans)('%s has no unpriced work but what the publisher does not do', (_name, published, plan) => {
    const { workTypes, engineerRoles } = published;
    const roles = engineerRoles.length > 0 ? { engineerRoles } : {};
    const contracts = [contractOf('published', 1, version(1, '2026-01-01', null, plan.terms))];
    const analysis = analyseCoverage({ contracts, workTypes, ...roles });
    const unpriced = unpricedWork(analysis).map(({ row }) =>
      row.rateClass.is === 'named' ? row.rateClass.name : row.rateClass.is,
    );
    expect([...new Set(unpriced)]).toEqual(plan.notAvailableIn);
    expect(analysis.findings).toEqual([]);
    expect(analysis.isComplete).toBe(true);
  });
});
