import { describe, expect, it } from '@jest/globals';
import { PUBLISHED_CARDS } from '../../../contracts/src/testing/index.js';
import { contractFacts, facts, only, time } from '../testing/facts.js';
import type { BillableItem, WorkItem } from './facts.js';
import { rate } from './rate.js';

type Time = Extract<WorkItem, { kind: 'time' }>;

/** An entry under the first plan of a published card. */
function underCard(cardId: string, work: Partial<Time>): BillableItem {
  const plan = PUBLISHED_CARDS.find((one) => one.id === cardId)?.plans[0];
  if (plan === undefined) throw new Error(`no published card ${cardId}`);
  const { currency } = plan.terms.rateCard;
  return only(rate(facts([time(work)], { currency, contracts: [contractFacts({ terms: plan.terms })] })).items);
}

describe('published rate cards, priced without code', () => {
  it.each<[string, Partial<Time>, string]>([
    ['after hours, minimum charge', { workType: 'after-hours', minutes: 20 }, '510.00'],
    ['after hours beyond the minimum', { workType: 'after-hours', minutes: 180 }, '765.00'],
    ['a minimum of a quarter of an hour', { workType: 'remote', minutes: 5 }, '42.50'],
    ['an hour on site', { workType: 'onsite', minutes: 60 }, '170.00'],
    ['a call-out, whatever the minutes', { workType: 'callout', minutes: 35 }, '127.50'],
    ['an emergency upgrade', { workType: 'emergency-upgrade', minutes: 60 }, '212.50'],
  ])('170.00 an hour: %s', (_case, work, net) => {
    expect(underCard('computerman_au', work).net).toEqual({ amount: net, currency: 'AUD' });
  });

  it('every plan gives work of its types and roles an outcome with a reason, in its currency, and never a price of nothing by default', () => {
    const cases = PUBLISHED_CARDS.flatMap((card) =>
      card.plans.flatMap(({ terms }) =>
        card.workTypes.flatMap((workType) =>
          (card.engineerRoles.length === 0 ? ['engineer'] : card.engineerRoles).map((engineerRole) => {
            const contracts = [contractFacts({ terms })];
            const { currency } = terms.rateCard;
            const work = time({ workType, engineerRole, minutes: 60 });
            return { currency, result: rate(facts([work], { currency, contracts })) };
          }),
        ),
      ),
    );
    expect(cases.length).toBeGreaterThan(20);
    for (const { currency, result } of cases) {
      for (const item of result.items) {
        if (item.disposition === 'unpriced') {
          expect(result.gaps.map((gap) => gap.kind)).toContain('unpriced');
          continue;
        }
        expect(item.net?.currency).toBe(currency);
        if (item.disposition === 'billable') expect(Number(item.net?.amount)).toBeGreaterThan(0);
      }
    }
  });
});
