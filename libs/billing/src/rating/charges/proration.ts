import { Decimal, type LocalDate, addDays, at } from '@billtrail/kernel';
import type { Proration, ProrationRule } from '@billtrail/contracts';
import { type Cycle, monthsOfCycle } from './cycles.js';
import { dayCount } from '../time/covered-days.js';

interface Days {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** Days of a cycle on which something has one size, and how changes of it count. */
export interface Sized extends Days {
  readonly size: Decimal;
  readonly proration: Required<Proration>;
}

/** For how much of its cycle something counts: so many days or thirtieths of all. */
export interface Share {
  readonly counted: Decimal;
  readonly of: number;
  /** The days for which it counts; null: for none. Not its own where it counts for all of the cycle, or until its end. */
  readonly countsFor: Days | null;
  /** Those that made it so, each once. */
  readonly rules: readonly ProrationRule[];
}

/** Size of nothing, on days between the sized ones. */
const NOTHING = new Decimal(0);

/**
 * How much of the cycle each of the sized days counts for, in their order; null: all changes count by the day. Days on which there is nothing are a
 * size of their own, so a start is an increase and an end a decrease. A change is measured against what counts until then.
 */
export function sharesOf(sized: readonly Sized[], cycle: Cycle): readonly Share[] | null {
  const rules = new Set<ProrationRule>();
  let counting: Counting[] = [];
  let current: Sized | null = null;
  for (const next of withHoles(sized, cycle)) {
    const isFirst = counting.length === 0;
    const change = isFirst ? 0 : (next.by?.size ?? NOTHING).comparedTo(current?.size ?? NOTHING);
    const of = (next.by ?? current)?.proration;
    const rule = change === 0 || of === undefined ? 'daily' : change > 0 ? of.increases : of.decreases;
    if (change !== 0) rules.add(rule);
    if (rule === 'next-period' || (rule === 'whole-period' && change < 0)) {
      counting.push({ ...next, by: current });
      continue;
    }
    current = next.by;
    if (rule === 'whole-period') counting = [{ ...next, from: cycle.from }];
    else counting.push(next);
  }
  if ([...rules].every((rule) => rule === 'daily')) return null;
  const counts = rules.has('thirtieths') ? inThirtieths(counting, cycle) : counting.map(dayCount);
  const of = counts.reduce((sum, count) => sum + count, 0);
  return sized.map((one) => {
    const own = counting.flatMap((days, index) => (days.by === one ? [{ ...days, index }] : []));
    const [first] = own;
    const last = own.at(-1);
    return {
      counted: own.reduce((sum, { index }) => sum.plus(at(counts, index, 'the count of days')), NOTHING),
      of,
      countsFor: first === undefined || last === undefined ? null : { from: first.from, to: last.to },
      rules: [...rules],
    };
  });
}

/** Days of a cycle, and what counts on them; null: nothing does. */
interface Counting extends Days {
  readonly by: Sized | null;
}

function withHoles(sized: readonly Sized[], { from, to }: Days): readonly Counting[] {
  const all: Counting[] = [];
  let next = from;
  for (const one of sized) {
    if (one.from > next) all.push({ from: next, to: addDays(one.from, -1), by: null });
    all.push({ from: one.from, to: one.to, by: one });
    next = addDays(one.to, 1);
  }
  if (next <= to) all.push({ from: next, to, by: null });
  return all;
}

/**
 * What stretches that follow each other count for where each month of the cycle has thirty days: its 31st day counts as its 30th, and so does the last day
 * of a shorter month. What begins on a day counts from that thirtieth on, and what ends with nothing after it counts to it; of two that meet, the later
 * one decides. So all stretches of a cycle come to the whole, wherever it is cut.
 */
function inThirtieths(stretches: readonly Counting[], cycle: Cycle): readonly number[] {
  const months = monthsOfCycle(cycle);
  const edges = stretches.map(({ from, by }, index) => {
    if (index === 0) return 0;
    return by === null ? thirtiethOf(addDays(from, -1), months, cycle) : thirtiethOf(from, months, cycle) - 1;
  });
  return edges.map((edge, index) => (edges[index + 1] ?? THIRTY * months.length) - edge);
}

const THIRTY = 30;

/** Which thirtieth of the cycle a day is, from 1 on. `months`: their first days. */
function thirtiethOf(day: LocalDate, months: readonly LocalDate[], cycle: Cycle): number {
  const index = months.findLastIndex((first) => first <= day);
  const from = at(months, index, `the month of ${day} in its cycle`);
  const next = months[index + 1];
  const isLast = day === (next === undefined ? cycle.to : addDays(next, -1));
  return THIRTY * index + (isLast ? THIRTY : Math.min(dayCount({ from, to: day }), THIRTY));
}
