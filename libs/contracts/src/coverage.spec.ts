import { describe, expect, it } from '@jest/globals';
import { type WorkToCover, coverageOf, fitsMatch } from './coverage.js';
import type { CoverageMatch, CoverageRule } from './events.js';

const work: WorkToCover = {
  kind: 'time',
  workType: 'remote',
  engineerRole: 'senior',
  rateClass: 'business',
  category: 'network',
  ticketType: 'incident',
  priority: 'high',
  siteId: 'site-1',
};
const rule = (id: string, match: CoverageMatch, outcome: CoverageRule['outcome'] = 'billable'): CoverageRule => ({
  id,
  name: id,
  match,
  outcome,
});

describe('coverageOf', () => {
  it('the first rule that matches wins; the rules after it are not asked', () => {
    const coverage = [
      rule('a', { categories: ['printer'] }),
      rule('b', { workTypes: ['onsite', 'remote'] }, 'included'),
      rule('c', {}),
    ];
    expect(coverageOf({ coverage }, work)).toEqual({
      rule: coverage[1],
      tried: [
        { ruleId: 'a', failedOn: 'categories' },
        { ruleId: 'b', failedOn: null },
      ],
    });
  });
  it('no match is no rule, never "free"', () => {
    expect(coverageOf({ coverage: [rule('a', { kinds: ['material'] })] }, work)).toEqual({
      rule: null,
      tried: [{ ruleId: 'a', failedOn: 'kinds' }],
    });
  });
  it('every criterion of a rule must fit', () => {
    expect(
      coverageOf({ coverage: [rule('a', { workTypes: ['remote'], priorities: ['low'] })] }, work).tried[0]?.failedOn,
    ).toBe('priorities');
  });
  it.each<[keyof CoverageMatch, CoverageMatch, CoverageMatch, keyof WorkToCover]>([
    ['workTypes', { workTypes: ['remote'] }, { workTypes: ['onsite'] }, 'workType'],
    ['categories', { categories: ['network'] }, { categories: ['x'] }, 'category'],
    ['ticketTypes', { ticketTypes: ['incident'] }, { ticketTypes: ['x'] }, 'ticketType'],
    ['priorities', { priorities: ['high'] }, { priorities: ['low'] }, 'priority'],
    ['engineerRoles', { engineerRoles: ['senior'] }, { engineerRoles: ['x'] }, 'engineerRole'],
    ['sites', { sites: ['site-1'] }, { sites: ['x'] }, 'siteId'],
    ['rateClasses', { rateClasses: ['business'] }, { rateClasses: ['x'] }, 'rateClass'],
  ])('criterion %s fits, does not fit, and never fits work without such a value', (criterion, fits, fitsNot, field) => {
    const failedOn = (match: CoverageMatch, of: WorkToCover) =>
      coverageOf({ coverage: [rule('a', match)] }, of).tried[0]?.failedOn;
    expect(failedOn(fits, work)).toBeNull();
    expect(failedOn(fitsNot, work)).toBe(criterion);
    expect(failedOn(fits, { ...work, [field]: null })).toBe(criterion);
  });
});

describe('fitsMatch', () => {
  it('is true of work that fits every criterion', () => {
    expect(fitsMatch({}, work)).toBe(true);
    expect(fitsMatch({ workTypes: ['remote'], kinds: ['time'] }, work)).toBe(true);
    expect(fitsMatch({ workTypes: ['remote'], kinds: ['material'] }, work)).toBe(false);
  });
});
