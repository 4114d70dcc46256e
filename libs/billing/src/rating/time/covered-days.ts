import { type LocalDate, addDays, daysBetween } from '@billtrail/kernel';
import type { ContractVersion } from '@billtrail/contracts';
import type { ContractFacts } from '../facts.js';
import { isSuspendedOn, versionOn } from '../coverage/step-1-contract.js';

/** Consecutive days, both ends included, on which one version of a contract is in force and the contract does not rest. */
export interface CoveredDays {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly version: ContractVersion;
}

/** Number of days from `from` to `to`, both included. */
export function dayCount(days: { readonly from: LocalDate; readonly to: LocalDate }): number {
  return daysBetween(days.from, days.to) + 1;
}

/**
 * The days of a stretch on which a contract is in force, in order, cut where the version changes and where a suspension lies. Days without a
 * version, after the contract's last day and of a suspension are not covered.
 */
export function coveredDays(contract: ContractFacts, from: LocalDate, to: LocalDate): readonly CoveredDays[] {
  const runs: { from: LocalDate; to: LocalDate; version: ContractVersion }[] = [];
  let current: (typeof runs)[number] | null = null;
  for (let day = from; day <= to; day = addDays(day, 1)) {
    const version = isSuspendedOn(contract, day) ? null : versionOn(contract, day);
    if (version === null) current = null;
    else if (current !== null && current.version === version) current.to = day;
    else {
      current = { from: day, to: day, version };
      runs.push(current);
    }
  }
  return runs;
}
