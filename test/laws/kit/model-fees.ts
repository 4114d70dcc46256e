import { addDays, at } from '@billtrail/kernel';
import type { ContractVersion, RecurringCharge } from '@billtrail/contracts';
import { minorUnits } from './integers.js';
import { type ModelContract, countOn, unitsOf, versionOn } from './model-contracts.js';

/**
 * What units that join within a year come to in all of its accounts, in minor units: each day of the calendar years that have begun at the count of
 * that day, which falls no lower until the commitment ends, and is charged for to then whatever became of the contract, unless its end released it. null: the fee is no such one. Its
 * price of a day is whole minor units.
 */
export function joinedFees(contract: ModelContract, name: string, horizon: string): bigint | null {
  const has = (version: ContractVersion | null): RecurringCharge | undefined =>
    version?.terms.recurringCharges?.find((one) => one.name === name);
  const known = contract.versions.map(has).find((fee) => fee?.cycleAnchor === 'calendar');
  if (known === undefined) return null;
  const until = heldUntil(contract, known.commitment?.until ?? '');
  const first = contract.versions.map(({ effectiveFrom }) => effectiveFrom).sort();
  let sum = 0n;
  let highest = 0;
  for (let day = at(first, 0, 'the first day'); day <= `${horizon.slice(0, 4)}-12-31`; day = addDays(day, 1)) {
    const present = countOn(contract, known, day);
    if (day <= until) highest = Math.max(highest, present ?? 0);
    const version = versionOn(contract, day) ?? (day <= until ? heldBy(contract, day) : null);
    const fee = has(version);
    if (version === null || fee === undefined || present === undefined) continue;
    const [over, under] = unitsOf(fee, day <= until ? highest : present);
    sum += (over * minorUnits(version.terms.rateCard.currency)) / (under * 365n);
  }
  return sum;
}

function heldUntil({ lastDay, isReleased }: ModelContract, until: string): string {
  return isReleased && lastDay !== null && lastDay < until ? lastDay : until;
}

/** The version that would be in force on a day if the contract had neither ended nor rested; after all of them the one that ends last. */
function heldBy(contract: ModelContract, day: string): ContractVersion | null {
  const goesOn = { ...contract, lastDay: null, suspensions: [] };
  const version = versionOn(goesOn, day);
  if (version !== null) return version;
  const starts = contract.versions.map(({ effectiveFrom }) => effectiveFrom).sort();
  const ends = contract.versions.map(({ effectiveFrom, effectiveTo }) => {
    const next = starts.find((start) => start > effectiveFrom);
    return effectiveTo ?? (next === undefined ? null : addDays(next, -1));
  });
  if (ends.includes(null)) return null;
  const last =
    ends
      .map((end) => end ?? '')
      .sort()
      .at(-1) ?? '';
  return day > last ? versionOn(goesOn, last) : null;
}
