import { describe, expect, it } from '@jest/globals';
import type { RateCard, RoundingScope } from '@billtrail/contracts';
import { ALL_BILLABLE, asInvoiced, contractFacts, facts, material, only, terms, time } from '../testing/facts.js';
import { contractWith, part } from '../testing/charges.js';
import type { Assessed } from '../rating/assessed.js';
import type { ContractFacts, WorkItem } from '../rating/facts.js';
import { rateExplained as rate } from '../rate.js';
import { SharedRounding } from './shared-rounding.js';

type Time = Extract<WorkItem, { kind: 'time' }>;

const under = (card: Partial<RateCard>): ContractFacts => contractFacts({ terms: terms(card) });
const hourly: Partial<RateCard> = { roundingScope: 'ticket', minimumMinutes: 60, incrementMinutes: 60 };
const entry = (number: number, changes: Partial<Time> = {}): Time =>
  time({ workItemId: `w-${number}`, position: number, ...changes });
/** The scope of work that is rated now. */
function scopeNow(contract: ContractFacts, work: WorkItem, as: 'billable' | 'prepaid' | 'included' = 'billable') {
  const { assessed, inForce } = part(contract, work);
  const placed: Assessed = {
    ...assessed,
    placement: { as, inForce, rule: { ...ALL_BILLABLE, outcome: as }, steps: [] },
  };
  return new SharedRounding(facts([], { contracts: [contract] })).ofAssessed(placed);
}
/** The scope of work that is on an invoice. */
function scopeThen(contract: ContractFacts, work: WorkItem, contracts = [contract]) {
  const { line } = only(asInvoiced(rate(facts([work], { contracts: [contract] })).items));
  return new SharedRounding(facts([], { contracts })).ofFrozen(line);
}

describe('work that shares a minimum and an increment', () => {
  it('is that of one ticket under one contract, billable or prepaid, on an invoice or not', () => {
    const contract = under(hourly);
    const scope = scopeNow(contract, entry(1));
    expect(scope).toContain('T-1');
    expect(scopeNow(contract, entry(2, { workDate: '2026-03-20' }))).toBe(scope);
    expect(scopeNow(contract, entry(2), 'prepaid')).toBe(scope);
    expect(scopeThen(contract, entry(3))).toBe(scope);
    expect(scopeNow(contract, entry(2, { ticketId: 'T-2' }))).not.toBe(scope);
    expect(scopeThen(contract, entry(2, { ticketId: 'T-2' }))).toBe(scopeNow(contract, entry(4, { ticketId: 'T-2' })));
  });

  it('is that of one day where the card says so', () => {
    const contract = under({ ...hourly, roundingScope: 'ticket-day' });
    const scope = scopeNow(contract, entry(1));
    expect(scopeThen(contract, entry(2))).toBe(scope);
    const next = entry(2, { workDate: '2026-03-11' });
    expect(scopeNow(contract, next)).not.toBe(scope);
    expect(scopeThen(contract, next)).toBe(scopeNow(contract, next));
  });

  it.each<[string, Partial<RateCard>]>([
    ['an increment', { roundingScope: 'ticket', minimumMinutes: 0, incrementMinutes: 15 }],
    ['an increment of two minutes', { roundingScope: 'ticket', minimumMinutes: 0, incrementMinutes: 2 }],
    ['a minimum', { roundingScope: 'ticket', minimumMinutes: 30, incrementMinutes: 1 }],
  ])('is there where there is %s', (_, card) => {
    expect(scopeNow(under(card), entry(1))).toBe(scopeThen(under(card), entry(2)));
    expect(scopeNow(under(card), entry(1))).not.toBeNull();
  });

  it.each<[string, RoundingScope, number, number]>([
    ['nothing is rounded', 'ticket', 0, 1],
    ['each entry is rounded by itself', 'entry', 60, 60],
    ['each entry is by itself, to the minute', 'entry', 0, 1],
  ])('is none where %s', (_, roundingScope, minimumMinutes, incrementMinutes) => {
    const contract = under({ roundingScope, minimumMinutes, incrementMinutes });
    expect(scopeNow(contract, entry(1))).toBeNull();
    expect(scopeThen(contract, entry(1))).toBeNull();
  });

  it('is only time that is asked for: none that is included, none that is frozen as it is, no goods', () => {
    const contract = under(hourly);
    expect(scopeNow(contract, entry(1), 'included')).toBeNull();
    expect(
      new SharedRounding(facts([], { contracts: [contract] })).ofAssessed({
        ...part(contract, entry(1)).assessed,
        placement: null,
      }),
    ).toBeNull();
    expect(scopeNow(contract, material())).toBeNull();
    expect(scopeThen(contract, material())).toBeNull();
    const included = contractWith({ ...terms(hourly), coverage: [{ ...ALL_BILLABLE, outcome: 'included' }] });
    expect(scopeThen(included, entry(1))).toBeNull();
  });

  it('is nobody’s where the contract that rounded it is gone', () => {
    expect(scopeThen(under(hourly), entry(1), [])).toBeNull();
  });

  it('is under one rounding rule: on site and by day have a scope each, on an invoice too', () => {
    const roundingRules = [
      { workTypes: ['onsite'], minimumMinutes: 120 },
      { rateClasses: ['weekend'], minimumMinutes: 90 },
    ];
    const labour = [{ workType: null, engineerRole: null, pricePerHour: '150.00' }];
    const contract = under({ ...hourly, roundingRules, labour });
    const works = [
      entry(1),
      entry(2, { workType: 'onsite' }),
      entry(3, { rateClass: 'weekend' }),
      entry(4, { rateClass: 'business' }),
    ];
    const now = works.map((work) => {
      const { assessed, inForce } = part(contract, work);
      return new SharedRounding(facts([], { contracts: [contract] })).ofAssessed({
        ...assessed,
        placement: { as: 'billable', inForce, rule: ALL_BILLABLE, steps: [] },
      });
    });
    expect(new Set(now).size).toBe(3);
    expect(now[3]).toBe(now[0]);
    expect(works.map((work) => scopeThen(contract, work))).toEqual(now);
  });

  it('an invoiced line that does not tell its work type is under no rule of one', () => {
    const roundingRules = [{ workTypes: ['remote'], minimumMinutes: 120 }];
    const contract = under({ ...hourly, roundingRules });
    const { line } = only(asInvoiced(rate(facts([entry(1)], { contracts: [contract] })).items));
    const scopes = new SharedRounding(facts([], { contracts: [contract] }));
    const untold = {
      ...line,
      basis: { ...line.basis, work: null, rounding: { scope: 'ticket' as const, basisMinutes: 60 } },
    };
    expect(scopes.ofFrozen(line)).toBe(scopeNow(contract, entry(2)));
    expect(scopes.ofFrozen(untold)).toBe(scopeNow(contract, entry(2, { workType: 'onsite' })));
  });
});
