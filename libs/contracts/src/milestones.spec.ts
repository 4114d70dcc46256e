import { describe, expect, it } from '@jest/globals';
import { type Issued, fold, isRefusal } from '@billtrail/kernel';
import { spec } from '@billtrail/kernel/testing';
import { contract } from './contract.js';
import type { ContractEvent, ContractTerms } from './events.js';
import { reachedMilestones } from './milestones.js';
import { PUBLISHED_CARDS } from './testing/index.js';

const issued: Issued = { at: '2026-03-10T00:00:00Z', by: { id: 'acc-1', role: 'accounts' } };
const occurredAt = issued.at;
const contractId = 'con-1';
const card = PUBLISHED_CARDS[0]?.plans[0]?.terms as ContractTerms;
const terms: ContractTerms = {
  ...card,
  timeZone: 'Australia/Sydney',
  milestones: [{ id: 'live', name: 'Go-live', amount: '800.00', taxCategory: 'GST' }],
};
const project: readonly ContractEvent[] = [
  { type: 'ContractActivated', data: { contractId, clientId: 'cli-1', name: 'Project', priority: 10 }, occurredAt },
  {
    type: 'ContractVersionPublished',
    data: { contractId, versionNumber: 1, effectiveFrom: '2026-02-01', effectiveTo: null, terms },
    occurredAt,
  },
];
const of = { contractId, milestoneId: 'live' } as const;
const declare = (reachedOn: string, milestoneId = 'live') =>
  ({ type: 'DeclareMilestoneReached', contractId, milestoneId, reachedOn, acceptedBy: 'R. Moss', ...issued }) as const;
const withdraw = { type: 'WithdrawMilestoneDeclaration', ...of, reason: 'a fault', ...issued } as const;
const reached = (reachedOn: string): ContractEvent => ({
  type: 'MilestoneReached',
  data: { ...of, reachedOn, acceptedBy: 'R. Moss' },
  occurredAt,
});
const withdrawn: ContractEvent = {
  type: 'MilestoneDeclarationWithdrawn',
  data: { ...of, reason: 'a fault' },
  occurredAt,
};
const code = (command: Parameters<typeof contract.decide>[0], ...history: readonly ContractEvent[]) => {
  const decision = contract.decide(command, fold(contract, history));
  return isRefusal(decision) ? decision.code : decision.length;
};

describe('a milestone', () => {
  it('is declared reached with its day and who accepted it, and yields nothing on repeat', () => {
    spec(contract)
      .given(...project)
      .when(declare('2026-03-10'))
      .then(reached('2026-03-10'));
    expect(code(declare('2026-03-10'), ...project, reached('2026-03-10'))).toBe(0);
  });
  it('is refused where no version has it, and on a day that is to come or before the terms', () => {
    expect(code(declare('2026-03-10'))).toBe('ContractUnknown');
    expect(code(declare('2026-03-10', 'lvie'), ...project)).toBe('MilestoneUnknown');
    expect(code(declare('2026-03-11'), ...project)).toBe('MilestoneMalformed');
    expect(code(declare('2026-01-31'), ...project)).toBe('MilestoneMalformed');
    expect(code(declare('2026-03-09'), ...project, reached('2026-03-10'))).toBe('MilestoneReachedBefore');
  });
  it('is taken back, once, and may be reached again', () => {
    spec(contract)
      .given(...project, reached('2026-03-10'))
      .when(withdraw)
      .then(withdrawn);
    expect(code(withdraw, ...project, reached('2026-03-10'), withdrawn)).toBe(0);
    expect(code(withdraw)).toBe('ContractUnknown');
    expect(code(withdraw, ...project)).toBe('MilestoneNotReached');
    const state = fold(contract, [...project, reached('2026-03-08'), withdrawn]);
    expect(state.status === 'unknown' ? null : reachedMilestones(state)).toEqual([]);
    expect(code(declare('2026-03-10'), ...project, reached('2026-03-08'), withdrawn)).toBe(1);
  });
});
