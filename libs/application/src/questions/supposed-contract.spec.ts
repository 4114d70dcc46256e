import { describe, expect, it } from '@jest/globals';
import type { ContractState } from '@billtrail/contracts';
import { supposedContract } from './supposed-contract.js';

const about = { contractId: 'con-1', clientId: 'cli-1', name: 'Care', priority: 10, versions: [] };
const block = (blockId: string) => ({
  blockId,
  amount: { unit: 'minutes', minutes: 600 } as const,
  purchasedOn: '2026-03-01',
  expiresOn: null,
  price: null,
});
const count = { countOf: 'user', count: 12, from: '2026-03-01' };
const notice = { givenOn: '2026-03-05', reason: 'moves', isWithdrawn: false };
const known: ContractState = {
  ...about,
  status: 'terminated',
  lastDay: '2026-08-31',
  reason: 'moves',
  releasesCommitments: true,
  published: [],
  suspensions: [{ from: '2026-05-01', resumedOn: null }],
  blocks: [block('b-1'), block('b-2')],
  withdrawnBlockIds: ['b-0'],
  withdrawnBlocks: [block('b-0')],
  counts: [count, { ...count, count: 13, from: '2026-04-01' }],
  notice,
};

describe('a contract that is supposed', () => {
  it('has all that decides on its charges: its end, what that releases, its notice, its rests', () => {
    expect(supposedContract(known, null)).toMatchObject({
      ...about,
      lastDay: '2026-08-31',
      releasesCommitments: true,
      notice,
      suspensions: [{ from: '2026-05-01', resumedOn: null }],
    });
    const { status: _status, lastDay: _lastDay, ...rest } = known;
    expect(supposedContract({ ...rest, status: 'active' }, null)).toMatchObject({ lastDay: null });
  });

  it('names the events that recorded its blocks and counts, and the day of a count; of what nobody recorded none', () => {
    const recorded = {
      ...about,
      lastDay: null,
      blocks: [{ ...block('b-1'), eventId: 'ev-b1' }],
      withdrawnBlocks: [{ ...block('b-0'), eventId: 'ev-b0' }],
      counts: [{ ...count, eventId: 'ev-c1', recordedOn: '2026-06-10' }],
    };
    const supposed = supposedContract(known, recorded);
    expect(supposed?.blocks?.map(({ eventId }) => eventId)).toEqual(['ev-b1', 'supposed']);
    expect(supposed?.withdrawnBlocks?.map(({ eventId }) => eventId)).toEqual(['ev-b0']);
    expect(supposed?.counts?.map(({ eventId, recordedOn }) => [eventId, recordedOn])).toEqual([
      ['ev-c1', '2026-06-10'],
      ['supposed', undefined],
    ]);
  });

  it('is none where it was never activated', () => {
    expect(supposedContract({ status: 'unknown' }, null)).toBeNull();
  });
});
