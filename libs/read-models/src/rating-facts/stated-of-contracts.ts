import { invariant, isLocalDate, unreachable, type LocalDate } from '@billtrail/kernel';
import type { ContractEvent } from '@billtrail/contracts';

/** What else than a slip of the hand is far away: each month until then would be a period of its own. */
const FIRST_DAY: LocalDate = '1900-01-01';
const LAST_DAY: LocalDate = '2199-12-31';

/** @throws InvariantViolation where a version or a block begins on a day that can't be meant */
export function checkDays(event: ContractEvent): void {
  const day =
    event.type === 'ContractVersionPublished'
      ? event.data.effectiveFrom
      : event.type === 'PrepaidBlockPurchased'
        ? event.data.purchasedOn
        : null;
  if (day !== null)
    invariant(isLocalDate(day) && FIRST_DAY <= day && day <= LAST_DAY, 'its day is none that can be reckoned with');
}

/** What of a contract an event states: a later event about the same stands in its place. */
export function statedBy(event: ContractEvent): string {
  switch (event.type) {
    case 'ContractActivated':
      return 'contract';
    case 'ContractVersionPublished':
      return `version ${event.data.versionNumber}`;
    case 'PrepaidBlockPurchased':
    case 'PrepaidBlockReturned':
    case 'PrepaidBlockWithdrawn':
      return `block ${event.data.blockId}`;
    case 'CountRecorded':
      return `count ${event.data.countOf}`;
    case 'MilestoneReached':
    case 'MilestoneDeclarationWithdrawn':
      return `milestone ${event.data.milestoneId}`;
    case 'ContractSuspended':
    case 'ContractResumed':
      return 'suspension';
    case 'ContractRenewed':
    case 'ContractRenewalReversed':
      return 'renewal';
    case 'NoticeRecorded':
    case 'NoticeWithdrawn':
      return 'notice';
    case 'ContractTerminated':
      return 'end';
    default:
      return unreachable(event);
  }
}
