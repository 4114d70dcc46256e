import { Decimal, type LocalDate } from '@billtrail/kernel';
import type { ContractVersion, OneTimeFee } from '../events.js';
import { renewalOf } from '../renewal.js';
import { type DaySpan, VersionTimeline } from '../version-timeline.js';
import type { ContractToAnalyse } from './stretches.js';

/**
 * What may be amiss with a fee that is charged once. `fee-never-due`: its version ends before its day, and no other has it then. `fee-charged-again`: it takes
 * the place of one of an earlier version under another id, and both are charged.
 */
export interface OneTimeFeeFinding {
  readonly kind: 'fee-never-due' | 'fee-charged-again';
  readonly contractId: string;
  readonly versionNumber: number;
  readonly termId: string;
  readonly days: DaySpan;
  readonly text: string;
}

export function oneTimeFeeFindings(contract: ContractToAnalyse): readonly OneTimeFeeFinding[] {
  const feesOf = ({ terms }: ContractVersion): readonly OneTimeFee[] => terms.oneTimeFees ?? [];
  if (contract.versions.every((version) => feesOf(version).length === 0)) return [];
  const timeline = new VersionTimeline(contract);
  const renews = renewalOf(contract) !== null;
  const all = contract.versions.flatMap(feesOf);
  // It comes once, by whichever version has it first.
  const dueOf = ({ id }: OneTimeFee): LocalDate | null =>
    all.flatMap((one) => (one.id === id ? (dueOn(one, timeline) ?? []) : [])).sort()[0] ?? null;
  return contract.versions.flatMap((version, index): readonly OneTimeFeeFinding[] => {
    const { versionNumber, effectiveFrom: from, effectiveTo: to } = version;
    const earlier = contract.versions.slice(0, index).flatMap(feesOf);
    const later = contract.versions.slice(index + 1).flatMap(feesOf);
    const has = (fees: readonly OneTimeFee[], { id }: OneTimeFee): boolean => fees.some((one) => one.id === id);
    const which = `of contract ${contract.contractId} version ${versionNumber}`;
    return feesOf(version).flatMap((fee): readonly OneTimeFeeFinding[] => {
      const of = { contractId: contract.contractId, versionNumber, termId: fee.id, days: { from, to } };
      const on = fee.on ?? from;
      const ends = [to, contract.lastDay].filter((day) => day !== null).sort()[0];
      // A version that follows without it, where this one had no end, took it out.
      if (ends !== undefined && ends < on && !renews && !has(later, fee) && dueOf(fee) === null) {
        const text = `one-time fee ${fee.id} ${which} is due on ${on}, and the version ends on ${ends}: it is charged only by a version that is in force on that day, or later`;
        return [{ kind: 'fee-never-due', ...of, text }];
      }
      const same = earlier.find((one) => !has(feesOf(version), one) && isAlike(one, fee) && dueOf(one) !== null);
      if (same === undefined || has(earlier, fee) || dueOf(fee) === null) return [];
      const text = `one-time fee ${fee.id} ${which} looks like ${same.id} of an earlier version, and both are charged: if they are one, give it the id ${same.id}`;
      return [{ kind: 'fee-charged-again', ...of, text }];
    });
  });
}

/** The first day from its own on that a version which has it is in force; null: there is none. */
function dueOn({ id, on }: OneTimeFee, timeline: VersionTimeline): LocalDate | null {
  const points = timeline.changePoints();
  const days = on === undefined ? points : [on, ...points.filter((day) => day > on)];
  const isDue = (day: LocalDate): boolean =>
    timeline.versionOn(day)?.terms.oneTimeFees?.some((one) => one.id === id) === true;
  return days.find(isDue) ?? null;
}

function isAlike(one: OneTimeFee, other: OneTimeFee): boolean {
  const isSameName = one.name.trim().toLowerCase() === other.name.trim().toLowerCase();
  return isSameName || new Decimal(one.amount).equals(other.amount);
}
