import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { contractCommands as contracts } from '@billtrail/application';
import { Msp, versionOf } from './msp.js';

describe('contracts of one client and one priority', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-02');
    await msp.signs('bluegum');
  });
  afterEach(() => msp.closes());

  const second = (contractId: string, changes: object = {}) => ({
    contractId,
    clientId: 'bluegum',
    name: contractId,
    priority: 20,
    ...versionOf({}),
    ...changes,
  });

  it('two are asked for at once: one of them is in force, for no work may match both', async () => {
    const asked = ['a', 'b', 'c'].map((id) => msp.tries(contracts.ActivateContract, second(id)));
    expect((await Promise.all(asked)).sort()).toEqual(['ContractsOverlap', 'ContractsOverlap', 'accepted']);
  });

  it('a renewal and a new contract that claim the same days at once: one of them has them', async () => {
    const short = second('a', { effectiveTo: '2026-03-31' });
    expect(await msp.tries(contracts.ActivateContract, short)).toBe('accepted');
    const renewal = { contractId: 'a', versionNumber: 1, effectiveTo: '2026-12-31' };
    const asked = [
      msp.tries(contracts.RenewContract, renewal),
      msp.tries(contracts.ActivateContract, second('b', { effectiveFrom: '2026-06-01' })),
    ];
    expect((await Promise.all(asked)).sort()).toEqual(['ContractsOverlap', 'accepted']);
  });
});
