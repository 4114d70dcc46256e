import { type LocalDate, addDays, dayMonthsLater, daysOf, monthNumber, monthOf, monthsLater } from '@billtrail/kernel';
import type { ContractVersion, RecurringCharge } from '@billtrail/contracts';
import type { ContractFacts } from '../facts.js';
import type { Cycle } from '../time/cycle.js';

/**
 * The cycle that a day lies in. By the calendar it is whole months, counted from the month in which the contract's first version begins; of a term
 * whose cycles changed, or that came later, from the month in which the first version begins that has it so. By the contract's day it is counted from
 * the first day of that version.
 */
export function cycleOn(
  contract: ContractFacts,
  version: ContractVersion,
  charge: RecurringCharge,
  day: LocalDate,
): Cycle {
  const length = charge.everyMonths ?? 1;
  const month = monthOf(day);
  if (charge.cycleAnchor === 'contract-day') {
    const since = sinceWhen(contract, version, charge);
    const passed = Math.floor((monthNumber(month) - monthNumber(monthOf(since))) / length) * length;
    const begun = dayMonthsLater(since, passed) <= day ? passed : passed - length;
    const from = dayMonthsLater(since, begun);
    return { from, to: addDays(dayMonthsLater(since, begun + length), -1), anchor: since };
  }
  const anchor = length === 1 ? 0 : monthNumber(monthOf(sinceWhen(contract, version, charge)));
  const into = (((monthNumber(month) - anchor) % length) + length) % length;
  return { from: `${monthsLater(month, -into)}-01`, to: daysOf(monthsLater(month, length - 1 - into)).last };
}

/** The cycles with days in a month: one, or two where they do not begin with a month. */
export function cyclesIn(
  contract: ContractFacts,
  version: ContractVersion,
  charge: RecurringCharge,
  month: string,
): readonly Cycle[] {
  const { first, last } = daysOf(month);
  const cycle = cycleOn(contract, version, charge, first);
  return cycle.to >= last ? [cycle] : [cycle, cycleOn(contract, version, charge, last)];
}

/** True where each cycle is a month of the calendar, and so in one account whatever becomes of it. */
export function isMonthOfCalendar({ everyMonths = 1, cycleAnchor }: RecurringCharge): boolean {
  return everyMonths === 1 && cycleAnchor !== 'contract-day';
}

function cycleKey({ everyMonths = 1, cycleAnchor }: RecurringCharge): string {
  return cycleAnchor === 'contract-day' ? `${everyMonths} from the day` : String(everyMonths);
}

/** The first day of the versions up to this one that have the term at its billing frequency, anchored alike, without a break. */
function sinceWhen({ versions }: ContractFacts, version: ContractVersion, charge: RecurringCharge): LocalDate {
  const isAlike = ({ terms }: ContractVersion): boolean =>
    terms.recurringCharges?.some((one) => one.id === charge.id && cycleKey(one) === cycleKey(charge)) === true;
  const before = versions
    .filter(({ effectiveFrom }) => effectiveFrom < version.effectiveFrom)
    .sort((a, b) =>
      a.effectiveFrom > b.effectiveFrom
        ? -1
        : a.effectiveFrom < b.effectiveFrom
          ? 1
          : b.versionNumber - a.versionNumber,
    );
  let since = version.effectiveFrom;
  let day: LocalDate | null = null;
  for (const one of before) {
    // Of several versions of one day the one published last is in force.
    if (one.effectiveFrom === day) continue;
    day = one.effectiveFrom;
    if (!isAlike(one)) break;
    since = one.effectiveFrom;
  }
  return since;
}

/**
 * True where a fee may come to be in the account of another month than it was: its billing frequency, or when it is billed, changes; its cycles may begin on
 * another day than they did; or it is billed in arrears of more than a month, which end where the contract does.
 */
export function changesCycles(versions: readonly ContractVersion[]): boolean {
  const cycles = new Map<string, string>();
  return versions.some(({ terms }) =>
    (terms.recurringCharges ?? []).some((charge) => {
      const { id, billed } = charge;
      if (!isMonthOfCalendar(charge) && (billed === 'in-arrears' || mayBeginAnew(versions, id))) return true;
      const cycle = `${cycleKey(charge)} ${billed}`;
      const before = cycles.get(id) ?? cycle;
      cycles.set(id, cycle);
      return before !== cycle;
    }),
  );
}

/** True where a version between those with a term lacks it, superseded or not, or one that was published later has it from an earlier day: its cycles are counted from there. */
function mayBeginAnew(versions: readonly ContractVersion[], termId: string): boolean {
  const hasTerm = ({ terms }: ContractVersion): boolean =>
    terms.recurringCharges?.some(({ id }) => id === termId) === true;
  const having = versions.filter(hasTerm);
  const days = having.map(({ effectiveFrom }) => effectiveFrom).sort();
  const [first = '', last = ''] = [days[0], days.at(-1)];
  const isLeftOut = versions.some((one) => !hasTerm(one) && one.effectiveFrom >= first && one.effectiveFrom <= last);
  const published = Math.min(...having.map(({ versionNumber }) => versionNumber));
  const isBackDated = having.some((one) => one.versionNumber === published && one.effectiveFrom !== first);
  return isLeftOut || isBackDated;
}
