import { describe, expect, it } from '@jest/globals';
import { spec } from '@billtrail/kernel/testing';
import { ALL_GATES_ON, DEFAULT_TICKET_POLICY, ticketDecider, ticketPolicyOf } from './index.js';
import * as t from './testing/history.js';

type Stated = Omit<Parameters<typeof ticketPolicyOf>[0], 'materialWords'>;
const policyOf = (stated: Stated) => ticketPolicyOf({ ...stated, materialWords: [] });
const under = (stated: Stated) => spec(ticketDecider(policyOf(stated)));
const { ticketId } = t;

describe('the policy of tickets under a configuration', () => {
  it('is the default where nothing is said, and one gate off leaves the others on', () => {
    expect(policyOf({})).toEqual({ ...DEFAULT_TICKET_POLICY, materialWords: [] });
    expect(policyOf({ gates: { 'category-known': false }, reopenWithinDays: 30 })).toEqual({
      gates: { ...ALL_GATES_ON, 'category-known': false },
      reopenWindowDays: 30,
      materialWords: [],
    });
  });

  it('own time is approved where that is allowed, and recorded as such; other time is not', () => {
    const approve = { type: 'ApproveTimeEntry', ticketId, timeEntryId: 'E-1', at: t.at } as const;
    const ana = { id: 'ana', role: 'support' } as const;
    const given = under({ selfApproval: 'recorded' }).given(...t.inProgressWithWork);
    given.when({ ...approve, by: ana }).thenLike({ data: { approvedBy: 'ana', isOwnWork: true } });
    given
      .when({ ...approve, by: { id: 'otto', role: 'operations' } })
      .then(t.event('TimeEntryApproved', { timeEntryId: 'E-1', approvedBy: 'otto', version: 1 }));
    under({ selfApproval: 'refused' })
      .given(...t.inProgressWithWork)
      .when({ ...approve, by: ana })
      .thenRefused('OwnWork');
  });

  it('a declaration of no charge takes one of the codes, where there is a list', () => {
    const declare = { type: 'DeclareNoCharge', ticketId, reason: 'our mistake', ...t.ops } as const;
    const given = under({ reasonCodes: { noCharge: [{ code: 'own-fault', name: 'Our fault' }] } }).given(
      ...t.inProgress,
    );
    given.when({ ...declare, reasonCode: 'goodwill' }).thenRefused('ReasonCodeUnknown');
    given.when({ ...declare, reasonCode: 'own-fault' }).thenLike({ type: 'NoChargeDeclared' });
  });
});
