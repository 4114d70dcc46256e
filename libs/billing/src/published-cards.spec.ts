import { describe, expect, it } from '@jest/globals';
import { PUBLISHED_CARDS } from '@billtrail/contracts/testing';
import type { ExplainedItem } from './item/billable-item.js';
import { contractFacts, facts, only, time } from './testing/facts.js';
import type { WorkItem } from './rating/facts.js';
import { rateExplained as rate } from './rate.js';

type Time = Extract<WorkItem, { kind: 'time' }>;

/** An entry under the first plan of a published card. */
function underCard(cardId: string, work: Partial<Time>): ExplainedItem {
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
    expect(underCard('computerman-au', work).net).toEqual({ amount: net, currency: 'AUD' });
  });

  it.each<[string, string, Partial<Time>, string]>([
    // Prices that the pages give with GST are net here: 110.00 is 100.00, 132.00 is 120.00.
    ['an hour at least on site', 'argyle-au-nsw', { workType: 'onsite', minutes: 20 }, '100.00'],
    ['by the quarter of an hour from there', 'argyle-au-nsw', { workType: 'onsite', minutes: 70 }, '125.00'],
    [
      'remote under half an hour, 55.00 with GST',
      'argyle-au-nsw',
      { workType: 'remote-under-30', minutes: 20 },
      '50.00',
    ],
    [
      'a remote call-out is 88 x 1.5 with GST',
      'argyle-au-nsw',
      { workType: 'remote', rateClass: 'after-hours' },
      '120.00',
    ],
    [
      'a call-out on site is 110 x 1.5 with GST',
      'argyle-au-nsw',
      { workType: 'onsite', rateClass: 'weekend' },
      '150.00',
    ],
    [
      'arranged before: two hours at the ordinary rate',
      'argyle-au-nsw',
      { workType: 'onsite-arranged', minutes: 30 },
      '200.00',
    ],
    ['35.00 per quarter', 'abitofit-au', { workType: 'remote', minutes: 20 }, '70.00'],
    ['200.00 an hour out of hours', 'abitofit-au', { workType: 'onsite', rateClass: 'after-hours' }, '200.00'],
    ['two hours at least of regular work', 'abitofit-au', { workType: 'scheduled', minutes: 45 }, '220.00'],
    ['half a day for 400.00', 'abitofit-au', { workType: 'scheduled-half-day', minutes: 240 }, '400.00'],
    ['half an hour of travel is free', 'abitofit-au', { workType: 'travel', minutes: 50 }, '50.00'],
    [
      'one and a half, an hour at least',
      'pcservices-za',
      { workType: 'consulting', minutes: 20, rateClass: 'time-and-a-half' },
      '150.00',
    ],
    [
      'double, an hour and a half at least',
      'pcservices-za',
      { workType: 'consulting', minutes: 20, rateClass: 'double' },
      '300.00',
    ],
    ['a tenth less under the plan', 'linuxbox-us', { workType: 'support', minutes: 60 }, '90.00'],
    [
      'a quarter at least, by five minutes, weekend at 1.5',
      'linuxbox-us',
      { workType: 'support', minutes: 22, rateClass: 'weekend' },
      '56.25',
    ],
    ['tenths of an hour', 'adelyte-us', { workType: 'support', minutes: 7 }, '30.00'],
    ['off hours at 1.5', 'adelyte-us', { workType: 'support', minutes: 60, rateClass: 'after-hours' }, '225.00'],
    ['on site the next day: 500.00 on top', 'adelyte-us', { workType: 'onsite-next-day', minutes: 60 }, '650.00'],
    [
      'a day of seven and a half hours',
      'gcloud8-scc-sfia-gbp-per-day',
      { workType: 'business-change', engineerRole: 'level-3-apply', minutes: 450 },
      '619.00',
    ],
    [
      'half as much again on a weekend',
      'gcloud8-scc-sfia-gbp-per-day',
      { workType: 'service-management', engineerRole: 'level-4-enable', minutes: 450, rateClass: 'weekend' },
      '1072.50',
    ],
    [
      'a day of eight hours',
      'gcloud12-sfia-gbp-per-day',
      { workType: 'business-change', engineerRole: 'level-5-ensure-or-advise', minutes: 480 },
      '1115.00',
    ],
  ])('%s (%s)', (_case, cardId, work, net) => {
    expect(underCard(cardId, { minutes: 60, ...work }).net?.amount).toBe(net);
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
