import type { LocalDate } from '@billtrail/kernel';
import { renewalOf, type TermEnd } from '../renewal.js';
import { type ContractToAnalyse, stretchesOf } from './stretches.js';

/**
 * The contracts with the terms that follow by themselves: one that renews has no end, unless a notice or a termination ends it, or the next term would
 * overlap with another contract at the same priority.
 */
export function renewing(contracts: readonly ContractToAnalyse[]): readonly ContractToAnalyse[] {
  return contracts.map((contract) =>
    renewed(
      contract,
      contracts.filter((one) => one !== contract && one.priority === contract.priority),
    ),
  );
}

function renewed(contract: ContractToAnalyse, others: readonly ContractToAnalyse[]): ContractToAnalyse {
  let current = contract;
  for (let next = renewalOf(current); next !== null; next = renewalOf(current)) {
    const endless = until(current, next, null);
    if (!isNoticeAhead(current) && !overlaps(endless, others, next.lastDay)) return endless;
    const longer = until(current, next, next.until);
    if (overlaps(longer, others, next.lastDay)) break;
    current = longer;
  }
  return current;
}

/** A notice that is too late for this term ends a later one. */
function isNoticeAhead({ notice }: ContractToAnalyse): boolean {
  return notice !== undefined && !notice.isWithdrawn;
}

function until(contract: ContractToAnalyse, { version }: TermEnd, effectiveTo: LocalDate | null): ContractToAnalyse {
  const versions = contract.versions.map((one) =>
    one.versionNumber === version.versionNumber ? { ...one, effectiveTo } : one,
  );
  return { ...contract, versions };
}

function overlaps(contract: ContractToAnalyse, others: readonly ContractToAnalyse[], after: LocalDate): boolean {
  return others.some((other) =>
    stretchesOf([contract, other]).some(({ equal, to }) => equal.length > 0 && (to === null || to > after)),
  );
}
