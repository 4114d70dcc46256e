import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, ServiceLevels } from '@billtrail/contracts';
import { PUBLISHED_SERVICE_LEVELS } from '@billtrail/contracts/testing';
import { contractFacts, terms } from '../../testing/facts.js';
import type { ContractFacts } from '../facts.js';
import { serviceLevelAt } from './service-level.js';

const AT = '2026-03-12T10:00:00+11:00';
const [published] = PUBLISHED_SERVICE_LEVELS;
const levels = (id: string): ServiceLevels => ({ policy: { ...published!.policy, id }, credits: [] });
const withLevels = (id: string, rest: Partial<ContractTerms> = {}): ContractTerms => ({
  ...terms(),
  serviceLevels: levels(id),
  ...rest,
});

function found(contracts: readonly ContractFacts[], contractId: string | null = null, at = AT): string {
  const level = serviceLevelAt(contracts, { clientId: 'cli-1', contractId }, at, 'Australia/Sydney');
  return level.inForce === null ? `none: ${level.why}` : `${level.policy.id} of ${level.inForce.version.versionNumber}`;
}

describe('the service level of a ticket', () => {
  const first = contractFacts({ contractId: 'a', priority: 1, terms: withLevels('gold') });
  const second = contractFacts({ contractId: 'b', priority: 2, terms: withLevels('silver') });

  it('is that of the contract named on the ticket, else of the first by priority', () => {
    expect(found([second, first])).toBe('gold of 1');
    expect(found([second, first], 'b')).toBe('silver of 1');
  });

  it('is none, and says why, where no contract, several equally, or one of another client is found', () => {
    expect(found([])).toBe('none: no contract of the client is in force on 2026-03-12');
    expect(found([first, { ...second, priority: 1 }])).toMatch(
      /^none: contracts a version 1 and b version 1 .* one priority/,
    );
    expect(found([first], 'of-others')).toMatch(/^none: contract of-others, named on the ticket, is not one of client/);
  });

  it('is none where the contract that is found has none, though the next one has', () => {
    expect(found([contractFacts({ contractId: 'a', priority: 1 }), second])).toBe(
      'none: contract a version 1 has no service levels',
    );
  });

  it('is that of the version in force on the day in the zone of its terms, and of none while the contract rests', () => {
    const versions = [
      { versionNumber: 1, effectiveFrom: '2026-01-01', effectiveTo: null, terms: withLevels('gold') },
      {
        versionNumber: 2,
        effectiveFrom: '2026-03-12',
        effectiveTo: null,
        terms: withLevels('tight', { timeZone: 'America/New_York' }),
      },
    ];
    // In New York it is still the 11th.
    expect(found([contractFacts({ versions })])).toBe('gold of 1');
    expect(found([contractFacts({ versions })], null, '2026-03-13T10:00:00+11:00')).toBe('tight of 2');
    const suspended = contractFacts({ versions, suspensions: [{ from: '2026-03-01', resumedOn: null }] });
    expect(found([suspended])).toMatch(/^none: no contract/);
  });
});
