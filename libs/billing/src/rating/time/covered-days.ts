import { type LocalDate, addDays, daysBetween } from '@billtrail/kernel';
import type { ContractVersion } from '@billtrail/contracts';
import type { ContractFacts, VersionEvent } from '../facts.js';
import { isSuspendedOn, versionOn } from '../coverage/step-1-contract.js';

/** Consecutive days, both ends included, on which one version of a contract is in force and the contract does not rest. */
export interface CoveredDays {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly version: ContractVersion;
}

/** The events by which a version is in force on some days: its publication, and the renewals whose terms have any of them. */
export function eventsInForce({ versionEvents = [] }: ContractFacts, days: CoveredDays): readonly VersionEvent[] {
  return versionEvents.filter(
    ({ versionNumber, renewal }) =>
      versionNumber === days.version.versionNumber &&
      (renewal === undefined || (renewal.on <= days.to && (renewal.until === null || renewal.until >= days.from))),
  );
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
  const edges = edgesWithin(contract, from, to);
  for (const [index, day] of edges.entries()) {
    const next = edges[index + 1];
    const last = next === undefined ? to : addDays(next, -1);
    const version = isSuspendedOn(contract, day) ? null : versionOn(contract, day);
    if (version === null) current = null;
    else if (current !== null && current.version === version) current.to = last;
    else {
      current = { from: day, to: last, version };
      runs.push(current);
    }
  }
  return runs;
}

/** The days of a stretch on which a version of a contract is in force and the contract rests, in order, cut where the version changes. */
export function restingDays(contract: ContractFacts, from: LocalDate, to: LocalDate): readonly CoveredDays[] {
  const { suspensions = [] } = contract;
  if (suspensions.length === 0) return [];
  const runs = coveredDays({ ...contract, suspensions: [] }, from, to);
  return runs.flatMap((run) =>
    suspensions.flatMap((one) => {
      const lastDay = one.resumedOn === null ? run.to : addDays(one.resumedOn, -1);
      const rest = { ...run, from: one.from > run.from ? one.from : run.from, to: lastDay < run.to ? lastDay : run.to };
      return rest.from > rest.to ? [] : [rest];
    }),
  );
}

/** The first of some days, and those after it on which another version may hold or a suspension begins or ends: until the next one nothing changes. */
function edgesWithin(contract: ContractFacts, from: LocalDate, to: LocalDate): readonly LocalDate[] {
  if (from > to) return [];
  const edges = new Set([from]);
  const add = (day: LocalDate | null): void => {
    if (day !== null && from < day && day <= to) edges.add(day);
  };
  const addAfter = (day: LocalDate | null): void => {
    if (day !== null && from <= day && day < to) edges.add(addDays(day, 1));
  };
  for (const { effectiveFrom, effectiveTo } of contract.versions) {
    add(effectiveFrom);
    addAfter(effectiveTo);
  }
  for (const suspension of contract.suspensions ?? []) {
    add(suspension.from);
    add(suspension.resumedOn);
  }
  addAfter(contract.lastDay);
  return [...edges].sort();
}
