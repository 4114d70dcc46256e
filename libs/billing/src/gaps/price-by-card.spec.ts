import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, CoverageRule, RateCard } from '@billtrail/contracts';
import { Assessor } from '../rating/assess.js';
import type { ContractFacts, WorkItem } from '../rating/facts.js';
import { Pricers } from '../rating/price/pricing.js';
import { ALL_BILLABLE, contractFacts, facts, material, terms, time } from '../testing/facts.js';
import { pricesByCard } from './price-by-card.js';

const INCLUDED: CoverageRule = { id: 'inc', name: 'Included', match: {}, outcome: 'included' };
const included = (changes: Partial<RateCard> = {}, rule = INCLUDED): ContractTerms => ({
  ...terms(changes, [rule]),
  timeZone: 'Australia/Sydney',
});

function prices(work: readonly WorkItem[], contract: ContractFacts = contractFacts({ terms: included() })) {
  const all = facts(work, { contracts: [contract] });
  return [...pricesByCard(work, new Assessor(all), new Pricers(), all)].map(
    ([workItemId, { minutes, money }]) => `${workItemId}: ${minutes} min, ${money.toString()}`,
  );
}

describe('what a card asks for time that a contract includes', () => {
  it('is the price of its minutes, as if no rule included it', () => {
    expect(prices([time({ minutes: 90 })])).toEqual(['w-1: 90 min, 225.00 AUD']);
    const card = included({ minimumMinutes: 60 });
    expect(prices([time({ minutes: 20 })], contractFacts({ terms: card }))).toEqual(['w-1: 20 min, 150.00 AUD']);
  });

  it('is none of goods, which have their own price, and none of time that no rule includes', () => {
    expect(prices([time(), material()])).toEqual(['w-1: 60 min, 150.00 AUD']);
    expect(prices([material()])).toEqual([]);
    expect(prices([time()], contractFacts({ terms: included({}, ALL_BILLABLE) }))).toEqual([]);
  });

  // One hour before midnight, and half an hour after it.
  const night = time({ minutes: 90, startedAt: '2026-03-10T23:00:00+11:00', endedAt: '2026-03-11T00:30:00+11:00' });
  const since = (changed: ContractTerms): ContractFacts => {
    const next = { versionNumber: 2, effectiveFrom: '2026-03-11', effectiveTo: null, terms: changed };
    const contract = contractFacts({ terms: included() });
    return { ...contract, versions: [...contract.versions, next] };
  };

  it('is the sum over its stretches, each by its own card', () => {
    const labour = [{ workType: 'remote', engineerRole: null, pricePerHour: '300.00' }];
    // 150.00 for the hour, 150.00 for half an hour at 300.00.
    expect(prices([night], since(included({ labour })))).toEqual(['w-1: 90 min, 300.00 AUD']);
  });

  it('is none where one of its stretches has no rate: a part of a price would be read as all of it', () => {
    expect(prices([night], since(included({ labour: [] })))).toEqual([]);
    expect(prices([time()], contractFacts({ terms: included({ labour: [] }) }))).toEqual([]);
  });
});
