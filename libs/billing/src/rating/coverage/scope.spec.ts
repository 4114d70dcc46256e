import { describe, expect, it } from '@jest/globals';
import type { CoverageRule } from '@billtrail/contracts';
import { contractFacts, terms, ticketFacts } from '../../testing/facts.js';
import type { ScopeStatement } from '../facts.js';
import { declaredOutOfScope, passedOn, ratedOutOfScope } from './scope.js';

const said = (by: ScopeStatement['by'], scope: ScopeStatement['scope'], position: number): ScopeStatement => ({
  by,
  scope,
  reason: 'read it',
  position,
  eventId: `ev-${position}`,
});
const DECLARED = said('resolution', 'out-of-scope', 10);
const DECIDED = said('operations', 'out-of-scope', 20);

describe('whether work is out of scope', () => {
  const of = (...scope: readonly ScopeStatement[]) => {
    const ticket = ticketFacts({ scope });
    return { declared: declaredOutOfScope(ticket, 1), rated: ratedOutOfScope(ticket, 1) };
  };

  it('is asked of who decides, once a resolution declares it', () => {
    expect(of(DECLARED)).toEqual({ declared: DECLARED, rated: null });
    expect(of(DECLARED, DECIDED)).toEqual({ declared: null, rated: DECIDED });
  });

  it('is not asked where it was resolved, or decided, as in the contract, or nobody said anything', () => {
    const nothing = { declared: null, rated: null };
    expect(of(said('resolution', 'in-contract', 10))).toEqual(nothing);
    expect(of(DECLARED, said('operations', 'in-contract', 20))).toEqual(nothing);
    expect(of()).toEqual(nothing);
    expect(declaredOutOfScope(ticketFacts(), 1)).toBeNull();
  });

  it('is told with the rule that would have taken it, and who said so', () => {
    const rule: CoverageRule = { id: 'inc', name: 'Included', match: {}, outcome: 'included' };
    const version = { versionNumber: 1, effectiveFrom: '2026-01-01', effectiveTo: null, terms: terms() };
    expect(passedOn({ contract: contractFacts(), version }, rule, DECIDED)()).toEqual({
      step: 'coverage',
      text: 'rated as out of scope of contract con-1 version 1, whose rule Included makes it included: read it',
      facts: {
        contractId: 'con-1',
        contractVersion: 1,
        outcome: 'included',
        scope: 'out-of-scope',
        eventId: 'ev-20',
      },
    });
  });
});
