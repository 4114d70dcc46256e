import { unreachable, type LocalDate } from '@billtrail/kernel';
import { reachedMilestones, stateOf, type ClientContracts, type ClientContractsEvent } from '@billtrail/contracts';

/** What an event changes of a contract, and from which day on. */
export interface Change {
  readonly contractId: string;
  readonly day: LocalDate;
  /** What is charged beside the work and changes: the block, the milestone, what is counted. Absent: only the work that was done looks at it. */
  readonly beside?: string;
}

/** The first day that an event changes for work; none: it changes none. */
export function dayOfChange(event: ClientContractsEvent, state: ClientContracts): readonly Change[] {
  switch (event.type) {
    case 'ContractVersionPublished':
      return [{ contractId: event.data.contractId, day: event.data.effectiveFrom }];
    case 'ContractSuspended':
      return [{ contractId: event.data.contractId, day: event.data.from }];
    case 'ContractResumed':
      return [{ contractId: event.data.contractId, day: event.data.resumedOn }];
    case 'PrepaidBlockPurchased':
      return [{ contractId: event.data.contractId, day: event.data.purchasedOn }];
    case 'PrepaidBlockReturned':
      return [{ contractId: event.data.contractId, day: event.data.returnedOn, beside: event.data.blockId }];
    case 'PrepaidBlockWithdrawn': {
      const { contractId, blockId } = event.data;
      const before = stateOf(state, contractId);
      const block = before.status === 'unknown' ? undefined : before.blocks.find((one) => one.blockId === blockId);
      return block === undefined ? [] : [{ contractId, day: block.purchasedOn, beside: blockId }];
    }
    case 'MilestoneDeclarationWithdrawn': {
      const { contractId, milestoneId } = event.data;
      const before = stateOf(state, contractId);
      const reached = before.status === 'unknown' ? [] : reachedMilestones(before);
      const one = reached.find((milestone) => milestone.milestoneId === milestoneId);
      return one === undefined ? [] : [{ contractId, day: one.reachedOn, beside: milestoneId }];
    }
    case 'CountRecorded':
      return [{ contractId: event.data.contractId, day: event.data.from, beside: event.data.countOf }];
    case 'ContractRenewalReversed':
      return [{ contractId: event.data.contractId, day: event.data.effectiveTo }];
    case 'ContractTerminated': {
      const { contractId, lastDay } = event.data;
      const before = stateOf(state, contractId);
      const earlier = before.status === 'terminated' && before.lastDay < lastDay ? before.lastDay : lastDay;
      return [{ contractId, day: earlier }];
    }
    case 'ContractRenewed': {
      const { contractId, versionNumber } = event.data;
      const before = stateOf(state, contractId);
      const version =
        before.status === 'unknown' ? undefined : before.versions.find((one) => one.versionNumber === versionNumber);
      const end = version?.effectiveTo ?? null;
      return end === null ? [] : [{ contractId, day: end }];
    }
    case 'ContractActivated':
    case 'MilestoneReached':
    case 'NoticeRecorded':
    case 'NoticeWithdrawn':
    case 'ContractsListed':
    case 'ForgoingRequested':
    case 'ForgoingWithdrawn':
    case 'ForgoingApproved':
    case 'ForgoingRefused':
      return [];
    default:
      return unreachable(event);
  }
}
