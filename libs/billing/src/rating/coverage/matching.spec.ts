import { describe, expect, it } from '@jest/globals';
import type { WorkToCover } from '@billtrail/contracts';
import { facts, material, only, ticketFacts, time } from '../../testing/facts.js';
import { contractWith, part } from '../../testing/charges.js';
import { rateExplained as rate } from '../../rate.js';
import { itemToMatch, matches, partToMatch, workToCover } from './matching.js';

const printer = ticketFacts({ category: 'printer', ticketType: 'incident', priority: 'high', siteId: 'site-1' });
const seniorOnsite = time({ workType: 'onsite', engineerRole: 'senior', rateClass: 'weekend' });
const seen: WorkToCover = {
  kind: 'time',
  workType: 'onsite',
  engineerRole: 'senior',
  rateClass: 'weekend',
  category: 'printer',
  ticketType: 'incident',
  priority: 'high',
  siteId: 'site-1',
};
const unknown = { workType: null, engineerRole: null, rateClass: null };
const noTicket = { category: null, ticketType: null, priority: null, siteId: null };

describe('what caps and discounts see of work', () => {
  const contract = contractWith({});

  it('of a part: its work, the class that step 2 found, and its ticket', () => {
    const priced = part(contract, seniorOnsite);
    expect(partToMatch({ ...priced, assessed: { ...priced.assessed, ticket: printer } })).toEqual(seen);
  });

  it('of materials no type of work and no role', () => {
    expect(partToMatch(part(contract, material()))).toEqual({ kind: 'material', ...unknown, ...noTicket });
  });

  it('of an item the same, by the work that its basis states', () => {
    const item = only(rate(facts([seniorOnsite], { contracts: [] })).items);
    expect(itemToMatch(item, item.basis, printer)).toEqual(seen);
    const used = only(rate(facts([material()], { contracts: [] })).items);
    expect(itemToMatch(used, used.basis, ticketFacts())).toEqual({ kind: 'material', ...unknown, ...noTicket });
  });

  it('of an item with a segment the class of that, whatever was declared', () => {
    const item = only(rate(facts([seniorOnsite], { contracts: [] })).items);
    const segment = { fromMinute: 540, toMinute: 600, date: '2026-03-10', rateClass: 'holiday' } as const;
    expect(itemToMatch({ ...item, segment }, item.basis, printer)).toEqual({ ...seen, rateClass: 'holiday' });
  });

  it('of an item whose basis states no work only its kind and its ticket', () => {
    expect(itemToMatch({ kind: 'time' }, { work: null }, printer)).toEqual({ ...seen, ...unknown });
  });

  it('matches by every criterion, and all work where there is none', () => {
    expect(matches(undefined, seen)).toBe(true);
    expect(matches({}, seen)).toBe(true);
    expect(matches({ workTypes: ['onsite'], engineerRoles: ['senior'], categories: ['printer'] }, seen)).toBe(true);
    expect(matches({ workTypes: ['onsite'], engineerRoles: ['junior'] }, seen)).toBe(false);
  });
});

describe('goods, as coverage rules see them', () => {
  it('have no work type, no role and no rate class, whatever class their hour has', () => {
    expect(workToCover(material(), ticketFacts(), 'night')).toMatchObject({
      kind: 'material',
      workType: null,
      engineerRole: null,
      rateClass: null,
    });
  });
});
