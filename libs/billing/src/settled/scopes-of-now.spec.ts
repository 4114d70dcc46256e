import { describe, expect, it } from '@jest/globals';
import type { Basis } from '../item/basis.js';
import { HOURLY, hourItem } from '../testing/items.js';
import { frozenOf } from '../account/lines.js';
import { ticketFacts } from '../testing/facts.js';
import { inScopesOfNow } from './scopes-of-now.js';

/** Ticket T-10 was merged into T-2. */
const MERGED = new Map([['T-10', ticketFacts({ ticketId: 'T-2' })]]);
const ROUNDED = { scope: 'ticket', basisMinutes: 60 } as const;
const frozen = (basis: Partial<Basis>, ticketId = 'T-10') =>
  frozenOf(hourItem('w-1', { ticketId, basis: { ...HOURLY, ...basis } }));
type Stands = Parameters<typeof inScopesOfNow>[2];
const scopesOf = (scopeId: string, scope: string, stands: Stands = 'asked', ticketId = 'T-10') => {
  const rounding = { ...ROUNDED, scopeId };
  const price = { mode: 'flat', scope, charged: true, flatPrice: null } as const;
  const { basis } = inScopesOfNow(frozen({ rounding, price }, ticketId), MERGED, stands);
  return [basis.rounding?.scopeId, basis.price?.scope];
};

describe('the scopes of settled work', () => {
  it('are named after the ticket that its ticket was merged into', () => {
    expect(scopesOf('contract K1, ticket T-10', 'contract K1, ticket T-10, rule all')).toEqual([
      'contract K1, ticket T-2',
      'contract K1, ticket T-2, rule all',
    ]);
    expect(scopesOf('contract K1, ticket T-10 on 2026-03-10', 'the visit')).toEqual([
      'contract K1, ticket T-2 on 2026-03-10',
      'the visit',
    ]);
    // Taken out of that ticket again, it is its own.
    expect(scopesOf('contract K1, ticket T-2', 'contract K1, ticket T-2', 'asked', 'T-11')).toEqual([
      'contract K1, ticket T-11',
      'contract K1, ticket T-11',
    ]);
  });

  it('stay what they are of work that was forgone by itself', () => {
    expect(scopesOf('contract K1, ticket T-10', 'contract K1, ticket T-10', 'forgone')).toEqual([
      'contract K1, ticket T-10',
      'contract K1, ticket T-10',
    ]);
    expect(scopesOf('contract K1, ticket T-9', 'contract K1, ticket T-10', 'forgone')).toEqual([
      'contract K1, ticket T-2',
      'contract K1, ticket T-10',
    ]);
  });

  it('of work that was forgone before another ticket was merged into its own are of no ticket', () => {
    const own = scopesOf('contract K1, ticket T-2', 'contract K1, ticket T-2, rule all', 'before-merge', 'T-2');
    expect(own).toEqual(['contract K1, ticket T-2@before-merge', 'contract K1, ticket T-2@before-merge, rule all']);
    expect(scopesOf('contract K1, ticket T-10', 'the visit', 'before-merge')).toEqual([
      'contract K1, ticket T-10',
      'the visit',
    ]);
  });

  it('are none of work that nothing rounded or priced, or of which a document did not tell them', () => {
    for (const item of [frozen({ rounding: null, price: null }), frozen({ rounding: ROUNDED }), frozen({})])
      expect(inScopesOfNow(item, MERGED, 'asked')).toBe(item);
    const renamed = frozen({ rounding: { ...ROUNDED, scopeId: 'contract K1, ticket T-10' }, price: null });
    expect(inScopesOfNow(renamed, MERGED, 'asked').basis).toMatchObject({
      rounding: { ...ROUNDED, scopeId: 'contract K1, ticket T-2' },
      price: null,
    });
  });
});
