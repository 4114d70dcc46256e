import { Decimal, type LocalDate, type Month, addDays, daysOf } from '@billtrail/kernel';
import type { Count, RecurringCharge } from '@billtrail/contracts';
import { versionOn } from '../coverage/step-1-contract.js';
import { type CoveredDays, coveredDays } from '../time/covered-days.js';
import type { ContractFacts } from '../facts.js';
import type { Cycle } from '../time/cycle.js';
import type { RecurringStretch } from './stretch.js';

/**
 * Cuts days with one version where the count changes. `by`: as it is at the end of that month, for all days after it: what a commitment holds leaves when
 * that is over, and not when the lower count is recorded.
 */
export function byCount(
  contract: ContractFacts,
  charge: RecurringCharge,
  days: CoveredDays,
  cycle: Cycle,
  by: Month | null = null,
): readonly RecurringStretch[] {
  const { countOf } = charge;
  if (!isCounted(charge))
    return [{ contract, charge, days, cycle, daysBefore: new Decimal(0), count: 1, countEventIds: [] }];
  const counts = (contract.counts ?? []).filter((count) => count.countOf === countOf);
  const last = by === null ? null : daysOf(by).last;
  const before = last !== null && last < days.from ? termOn(contract, charge, last) : null;
  const on = before === null ? null : last;
  const committed = commitmentsOf(contract, before ?? charge, on === null ? days : { to: on });
  const afterwards = committed.map(({ until }) => addDays(until, 1));
  const edges = [...counts.map((count) => count.from), ...afterwards].filter(
    (day) => day > days.from && day <= days.to && (last === null || day <= last),
  );
  const starts = [days.from, ...new Set(edges)].sort();
  const stretches: RecurringStretch[] = [];
  let previous: { count: (Count & { readonly eventId: string }) | null; from: LocalDate } | null = null;
  const close = (to: LocalDate): void => {
    if (previous === null) return;
    stretches.push({
      contract,
      charge,
      days: { ...days, from: previous.from, to },
      cycle,
      daysBefore: new Decimal(0),
      count: previous.count?.count ?? null,
      countEventIds: previous.count === null ? [] : [previous.count.eventId],
    });
  };
  for (const start of starts) {
    const count = atLeast(charge, countCharged(counts, on ?? start, committed));
    if (previous !== null && previous.count?.count === count?.count) continue;
    close(addDays(start, -1));
    previous = { count, from: start };
  }
  close(days.to);
  return stretches;
}

/** A term as it counts the same on a day before; null: it did not. */
function termOn(contract: ContractFacts, { id, countOf }: RecurringCharge, day: LocalDate): RecurringCharge | null {
  const { terms } = versionOn({ versions: contract.versions, lastDay: null }, day) ?? {};
  return terms?.recurringCharges?.find((one) => one.id === id && one.countOf === countOf) ?? null;
}

export function isCounted(charge: RecurringCharge): boolean {
  return charge.basis === 'per-device' || charge.basis === 'per-user';
}

/** The count from the latest day up to the one asked; of several from one day the one recorded last. */
export function countOn<C extends Count>(counts: readonly C[], day: LocalDate): C | null {
  let latest: C | null = null;
  for (const count of counts) {
    if (count.from <= day && (latest === null || count.from >= latest.from)) latest = count;
  }
  return latest;
}

/** Days on which the count only rises. */
interface Commitment {
  readonly from: LocalDate;
  readonly until: LocalDate;
}

/**
 * The commitments of a term that may hold on days with one version: its own, and those of the versions before it that have one without a break. Each holds
 * to the last day that it states, or to an earlier one that a later version states: whoever prolongs it holds what was held to the day that was stated before.
 */
function commitmentsOf(contract: ContractFacts, { id, commitment }: RecurringCharge, { to }: Pick<CoveredDays, 'to'>) {
  if (commitment?.increaseOnly !== true) return [];
  const began = contract.versions.map(({ effectiveFrom }) => effectiveFrom).sort()[0] ?? to;
  const inForce = coveredDays({ ...contract, suspensions: [], lastDay: null }, began, to);
  const commitments: Commitment[] = [];
  let { until } = commitment;
  for (const { from, version } of inForce.toReversed()) {
    const term = version.terms.recurringCharges?.find((one) => one.id === id);
    if (term?.commitment?.increaseOnly !== true) break;
    if (term.commitment.until < until) ({ until } = term.commitment);
    commitments.push({ from, until });
  }
  return commitments;
}

/** The count that is charged for on a day: within commitments the highest of their days so far. */
function countCharged<C extends Count>(
  counts: readonly C[],
  day: LocalDate,
  committed: readonly Commitment[],
): C | null {
  const present = countOn(counts, day);
  const [since] = committed.flatMap(({ from, until }) => (day <= until ? [from] : [])).sort();
  if (since === undefined) return present;
  const days = counts.map(({ from }) => from).filter((from) => from > since && from < day);
  let highest = present;
  for (const one of [since, ...days].map((from) => countOn(counts, from)))
    if (one !== null && (highest === null || one.count > highest.count)) highest = one;
  return highest;
}

/** A count, raised to the least that a charge is for. Without one nobody knows what there is, and the least is no answer to that. */
function atLeast<C extends Count>({ minimumCount = 0 }: RecurringCharge, count: C | null): C | null {
  return count === null || count.count >= minimumCount ? count : { ...count, count: minimumCount };
}

/** The count of a day where the least that a charge is for is charged instead of it; null: it is not. `charged`: all units of the day. */
export function belowMinimumOn(
  { counts = [] }: ContractFacts,
  { countOf, minimumCount }: RecurringCharge,
  charged: number | null,
  day: LocalDate,
): number | null {
  if (minimumCount === undefined || charged !== minimumCount) return null;
  const present = countOn(
    counts.filter((one) => one.countOf === countOf),
    day,
  );
  return present === null || present.count >= minimumCount ? null : present.count;
}

/** Licences that are charged for and that nobody uses any more at the end of some days, with the count that says so; null: there are none. */
export function unusedOn(
  { counts = [] }: ContractFacts,
  { countOf }: RecurringCharge,
  charged: number | null,
  day: LocalDate,
) {
  const present = countOn(
    counts.filter((one) => one.countOf === countOf),
    day,
  );
  return present === null || charged === null || present.count >= charged
    ? null
    : { unused: charged - present.count, recorded: present.count, from: present.from };
}
