import { type LocalDate, type Month, addDays, monthOf, monthsLater } from '@billtrail/kernel';
import { type RecurringCharge, termEndOf } from '@billtrail/contracts';
import type { ContractFacts } from '../facts.js';
import type { RecurringStretch } from './stretch.js';

/**
 * True of units that are charged in advance for cycles of several months, where the term says from when these count: units that join or leave within a
 * cycle are charged, or given back, to its end in the account of the month in which they do.
 */
export function isJoined({ basis, billed, everyMonths = 1, cycleAnchor }: RecurringCharge): boolean {
  const isCounted = basis === 'per-device' || basis === 'per-user';
  return isCounted && billed === 'in-advance' && everyMonths > 1 && cycleAnchor !== undefined;
}

/**
 * What a month's account has of a cycle: by how much the counts that are known by its end differ, day by day, from those that were known before it. So
 * the first month that is charged has the units that there are by its end, and each later one those that joined in it (or left: a negative count), to
 * the end of the cycle. Each stretch of days with one number of units is rounded once; where none joined, it is 0.
 */
export function joinedIn(
  now: readonly RecurringStretch[],
  before: readonly RecurringStretch[],
): readonly RecurringStretch[] {
  const joined: RecurringStretch[] = [];
  for (const stretch of now) {
    for (const { from, to, count: known } of cutBy(before, stretch.days)) {
      const count = (stretch.count ?? 0) - known;
      const last = joined.at(-1);
      const isAlike =
        last?.days.version === stretch.days.version &&
        last.count === count &&
        // What units come to depends on those before them only where there are tiers.
        (stretch.charge.tiers === undefined || (last.unitsBefore ?? 0) === known);
      if (isAlike && addDays(last.days.to, 1) === from)
        joined[joined.length - 1] = { ...last, days: { ...last.days, to } };
      else
        joined.push({
          ...stretch,
          days: { ...stretch.days, from, to },
          count,
          ...(known === 0 ? {} : { unitsBefore: known }),
        });
    }
  }
  return joined;
}

interface CountedDays {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly count: number;
}

/** Some days as other stretches count them; where none does, nothing was counted. */
function cutBy(before: readonly RecurringStretch[], { from, to }: RecurringStretch['days']): readonly CountedDays[] {
  const cut: CountedDays[] = [];
  let next = from;
  for (const { days, count } of before) {
    if (days.to < next || days.from > to) continue;
    if (days.from > next) cut.push({ from: next, to: addDays(days.from, -1), count: 0 });
    const begins = days.from > next ? days.from : next;
    const ends = days.to < to ? days.to : to;
    cut.push({ from: begins, to: ends, count: count ?? 0 });
    next = addDays(ends, 1);
  }
  return next > to ? cut : [...cut, { from: next, to, count: 0 }];
}

type KnownCount = NonNullable<ContractFacts['counts']>[number];

/** The contract with the counts that are known by the end of a month. */
export function knownBy(contract: ContractFacts, month: Month): ContractFacts {
  const { counts = [] } = contract;
  return { ...contract, counts: counts.filter((count) => knownIn(contract, count) <= month) };
}

/**
 * The month in which a count is known: that of its day, unless it was recorded after the month that follows; then the month in which it was recorded,
 * or the last one in which the contract charges anything. What was recorded with the first count of its kind was there when the counting began.
 */
export function knownIn(contract: ContractFacts, { countOf, from, recordedOn }: KnownCount): Month {
  const own = monthOf(from);
  if (recordedOn === undefined) return own;
  const recorded = monthOf(recordedOn);
  const first = contract.counts?.find((one) => one.countOf === countOf)?.recordedOn;
  if (recorded <= monthsLater(own, 1) || first === undefined || recorded <= monthOf(first)) return own;
  const last = lastMonthCharged(contract);
  if (last === null || recorded <= last) return recorded;
  return last > own ? last : own;
}

/** null: it goes on. */
function lastMonthCharged(contract: ContractFacts): Month | null {
  const { versions, lastDay } = contract;
  const term = termEndOf(contract)?.lastDay ?? null;
  const end = term !== null && (lastDay === null || term < lastDay) ? term : lastDay;
  if (end === null) return null;
  const committed = versions.flatMap(({ terms }) =>
    (terms.recurringCharges ?? []).flatMap(({ commitment }) =>
      commitment?.increaseOnly === true ? [commitment.until] : [],
    ),
  );
  return monthOf([end, ...committed].sort().at(-1) ?? end);
}
