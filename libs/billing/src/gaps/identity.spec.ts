import { describe, expect, it } from '@jest/globals';
import { chargeAdjustmentId, chargeIdOf, nameOfSharedId } from '../item/item-key.js';
import { formerGapKey, gapKey, isSaid } from './identity.js';

type Identity = Parameters<typeof gapKey>[0];

const ofWork = (workItemId: string | null): Identity => ({
  kind: 'unbilled',
  ticketId: 'T-2',
  clientId: 'cli-1',
  period: '2026-03',
  workItemId,
});
const ofCharge = (chargeId: string): Identity => ({
  ...ofWork(null),
  kind: 'contract-mismatch',
  ticketId: null,
  charge: { contractId: 'con-1', chargeId },
});

describe('the key that logs of schema version 1 have for a gap', () => {
  it('is the same where no made id is in it', () => {
    for (const typed of ['w-1', 'w-1~2', 'w-1-a1', 'T-2:w-1', null]) expect(formerGapKey(ofWork(typed))).toBeNull();
  });

  it('of work with an id that two tickets share is the same: work that an old gap names keeps its name', () => {
    const gap = ofWork(nameOfSharedId('T-2', 'w-1'));
    expect(gapKey(gap)).toBe('unbilled|T-2|T-2@@w-1|2026-03|cli-1');
    expect(formerGapKey(gap)).toBeNull();
  });

  it('of a charge, of its adjustment and of a credit likewise', () => {
    const fee = chargeIdOf({ contractId: 'con-1', of: 'fee', termId: 'support', from: '2026-03-01' });
    const credit = { contractId: 'con-1', of: 'credit', termId: 'late', ticketId: 'T-1', target: 'response' } as const;
    const former = (chargeId: string) => formerGapKey(ofCharge(chargeId))?.split('|')[2];
    expect(formerGapKey(ofCharge(fee))).toBe('contract-mismatch||con-1:support:2026-03-01|2026-03|cli-1');
    expect(former(chargeAdjustmentId(fee, 2))).toBe('con-1:support:2026-03-01-a2');
    expect(former(chargeIdOf({ ...credit, run: 1 }))).toBe('con-1:late:T-1:response');
    expect(former(chargeIdOf({ ...credit, run: 2 }))).toBe('con-1:late:T-1:response:2');
  });
});

describe('the cause of a gap', () => {
  it('is the same where it was stored with routes of old: no open gap is valued anew for a change of words', () => {
    const now = '10.00 AUD of block b was given back on credit notes, and its hours were not: return them';
    expect(isSaid(`${now} (POST /v1/contracts/con-1/prepaid-blocks/b/return)`, now)).toBe(true);
    expect(isSaid(now, now)).toBe(true);
    expect(isSaid(`${now} (by 2026-04-01)`, now)).toBe(false);
    const milestone = 'publish a version that has it, or withdraw the declaration';
    const then =
      'publish a version that has it (POST /v1/contracts/con-1/versions), or withdraw the declaration (POST /v1/contracts/con-1/milestones/live/withdraw)';
    expect(isSaid(then, milestone)).toBe(true);
    expect(isSaid(then.replace('publish', 'make'), milestone)).toBe(false);
  });
});
