import { describe, expect, it } from '@jest/globals';
import { MAX_COVERAGE_RULES, type TermsInForce } from '@billtrail/contracts';
import { problemsInTerms } from './testing/problems-in-terms.js';

const terms: TermsInForce = {
  coverage: [{ id: 'all', name: 'All work', match: {}, outcome: 'billable' }],
  rateCard: {
    id: 'card-1',
    name: 'Standard',
    currency: 'AUD',
    labour: [{ workType: 'remote', engineerRole: null, pricePerHour: '150.00' }],
    minimumMinutes: 15,
    incrementMinutes: 15,
    roundingScope: 'entry',
    materials: { pricing: 'cost-plus', markupPercent: '20' },
    expenses: { markupPercent: '0' },
    taxCategories: { time: 'GST', material: 'GST', expense: 'GST' },
  },
};
describe('terms', () => {
  const paths = (broken: unknown, currency: string | null = null): string[] =>
    problemsInTerms(broken, currency).map(({ path }) => path);
  const withCard = (changes: object): unknown => ({ ...terms, rateCard: { ...terms.rateCard, ...changes } });
  const withRule = (changes: object): unknown => ({ ...terms, coverage: [{ ...terms.coverage[0], ...changes }] });

  it('are sound', () => expect(problemsInTerms(terms, 'AUD')).toEqual([]));
  it.each<[string, unknown, string[]]>([
    ['no object', null, ['terms']],
    ['nothing in them', {}, ['terms.rateCard']],
    ['an unknown property', { ...terms, discount: '5' }, ['terms.discount']],
    ['an unknown currency', withCard({ currency: 'AUS' }), ['terms.rateCard.currency']],
    [
      'a negative price',
      withCard({ labour: [{ workType: 'a', engineerRole: null, pricePerHour: '-0.01' }] }),
      ['terms.rateCard.labour[0].pricePerHour'],
    ],
    [
      'a price that is a number',
      withCard({ labour: [{ workType: 'a', engineerRole: null, pricePerHour: 150 }] }),
      ['terms.rateCard.labour[0].pricePerHour'],
    ],
    [
      'a rate twice',
      withCard({ labour: [...terms.rateCard.labour, ...terms.rateCard.labour] }),
      ['terms.rateCard.labour[1]'],
    ],
    ['an increment of 0', withCard({ incrementMinutes: 0 }), ['terms.rateCard.incrementMinutes']],
    ['a minimum of half a minute', withCard({ minimumMinutes: 0.5 }), ['terms.rateCard.minimumMinutes']],
    ['an unknown scope', withCard({ roundingScope: 'week' }), ['terms.rateCard.roundingScope']],
    ['a visit by nobody', withCard({ visitBy: 'ticket' }), ['terms.rateCard.visitBy']],
    [
      'a rule with an unknown scope',
      withCard({ roundingRules: [{ workTypes: ['onsite'], roundingScope: 'day' }] }),
      ['terms.rateCard.roundingRules[0].roundingScope'],
    ],
    [
      'a markup that is no number',
      withCard({ expenses: { markupPercent: 'ten' } }),
      ['terms.rateCard.expenses.markupPercent'],
    ],
    [
      'cost-plus without a markup',
      withCard({ materials: { pricing: 'cost-plus' } }),
      ['terms.rateCard.materials.markupPercent'],
    ],
    [
      'list price with a markup',
      withCard({ materials: { pricing: 'list', markupPercent: '5' } }),
      ['terms.rateCard.materials.markupPercent'],
    ],
    [
      'a missing tax category',
      withCard({ taxCategories: { time: 'GST', material: 'GST' } }),
      ['terms.rateCard.taxCategories.expense'],
    ],
    ['a rule id twice', { ...terms, coverage: [...terms.coverage, ...terms.coverage] }, ['terms.coverage[1].id']],
    ['an unknown outcome', withRule({ outcome: 'free' }), ['terms.coverage[0].outcome']],
    ['a misspelt criterion', withRule({ match: { workType: ['a'] } }), ['terms.coverage[0].match.workType']],
    ['an empty criterion', withRule({ match: { workTypes: [] } }), ['terms.coverage[0].match.workTypes']],
    ['an unknown kind', withRule({ match: { kinds: ['travel'] } }), ['terms.coverage[0].match.kinds[0]']],
    [
      'a limit on billable work',
      withRule({ includedMinutesPerTicket: 60 }),
      ['terms.coverage[0].includedMinutesPerTicket'],
    ],
    [
      'a fixed price of tickets on billable work',
      withRule({ incident: { price: '90.00', taxCategory: 'GST' } }),
      ['terms.coverage[0].incident'],
    ],
    [
      'a fixed price of tickets in parts of a cent, without a tax category, for no ticket of a month',
      withRule({ outcome: 'included', incident: { price: '90.005', includedPerPeriod: 0 } }),
      [
        'terms.coverage[0].incident.includedPerPeriod',
        'terms.coverage[0].incident.taxCategory',
        'terms.coverage[0].incident.price',
      ],
    ],
    [
      'a limit of 0',
      withRule({ outcome: 'included', includedMinutesPerTicket: 0 }),
      ['terms.coverage[0].includedMinutesPerTicket'],
    ],
  ])('refuse %s', (_case, broken, expected) => expect(paths(broken)).toEqual(expected));

  it("refuse another currency than the client's", () =>
    expect(paths(terms, 'NZD')).toEqual(['terms.rateCard.currency']));
  it('take a hundred rules twice over and no more', () => {
    const rules = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ ...terms.coverage[0], id: `r-${index}` }));
    expect(paths({ ...terms, coverage: rules(MAX_COVERAGE_RULES) })).toEqual([]);
    expect(paths({ ...terms, coverage: rules(MAX_COVERAGE_RULES + 1) })).toEqual(['terms.coverage']);
  });
});
