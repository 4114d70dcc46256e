import { invariant, isLocalDate, isTimeZone, unreachable, type LocalDate } from '@billtrail/kernel';
import type { ContractEvent } from '@billtrail/contracts';

/** What else than a slip of the hand is far away: each month until then would be a period of its own. */
const FIRST_DAY: LocalDate = '1900-01-01';
const LAST_DAY: LocalDate = '2199-12-31';

/** @throws InvariantViolation where a version or a block begins on a day that can't be meant, or a version has its days in a zone that there is not */
export function checkStated(event: ContractEvent): void {
  const day =
    event.type === 'ContractVersionPublished'
      ? event.data.effectiveFrom
      : event.type === 'PrepaidBlockPurchased'
        ? event.data.purchasedOn
        : null;
  if (day !== null)
    invariant(isLocalDate(day) && FIRST_DAY <= day && day <= LAST_DAY, 'its day is none that can be reckoned with');
  const zone = event.type === 'ContractVersionPublished' ? (event.data.terms.timeZone ?? null) : null;
  if (zone !== null) invariant(isTimeZone(zone), 'there is no such time zone');
}

/** What a taken event states, and all that it stands in the place of: of versions each earlier one. */
export function supersededBy(event: ContractEvent): readonly string[] {
  if (event.type !== 'ContractVersionPublished') return [statedBy(event)];
  return Array.from({ length: event.data.versionNumber }, (_, index) => versionOf(index + 1));
}

const versionOf = (versionNumber: number): string => `version ${versionNumber}`;

/** What of a contract an event states: a later event about the same stands in its place. */
export function statedBy(event: ContractEvent): string {
  switch (event.type) {
    case 'ContractActivated':
      return 'contract';
    case 'ContractVersionPublished':
      return versionOf(event.data.versionNumber);
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
