import { Decimal, type LocalDate, addDays, monthNumber, monthOf } from '@billtrail/kernel';
import type { Proration, ProrationRule } from '@billtrail/contracts';
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
  /** Those that made it so, each once. */
  readonly rules: readonly ProrationRule[];
}

/** Size of nothing, on days between the sized ones. */
const NOTHING = new Decimal(0);

/**
 * How much of the cycle each of the sized days counts for, in their order; null: all changes count by the day. Days on which there is nothing are a
 * size of their own, so a start is an increase and an end a decrease. A change is measured against what counts until then.
 */
export function sharesOf(sized: readonly Sized[], cycle: Days): readonly Share[] | null {
  const rules = new Set<ProrationRule>();
  let counting: (Days & { readonly by: Sized | null })[] = [];
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
  const count = rules.has('thirtieths') ? thirtieths : dayCount;
  return sized.map((one) => ({
    counted: counting.filter(({ by }) => by === one).reduce((sum, days) => sum.plus(count(days)), NOTHING),
    of: count(cycle),
    rules: [...rules],
  }));
}

function withHoles(sized: readonly Sized[], { from, to }: Days): readonly (Days & { readonly by: Sized | null })[] {
  const all: (Days & { readonly by: Sized | null })[] = [];
  let next = from;
  for (const one of sized) {
    if (one.from > next) all.push({ from: next, to: addDays(one.from, -1), by: null });
    all.push({ from: one.from, to: one.to, by: one });
    next = addDays(one.to, 1);
  }
  if (next <= to) all.push({ from: next, to, by: null });
  return all;
}

/** The days of a stretch where every month has thirty: its 31st is its 30th once more, and a shorter month ends with the 30th. */
function thirtieths({ from, to }: Days): number {
  return before(addDays(to, 1)) - before(from);
}

function before(day: LocalDate): number {
  return 30 * monthNumber(monthOf(day)) + Math.min(Number(day.slice('YYYY-MM-'.length)), 30) - 1;
}
