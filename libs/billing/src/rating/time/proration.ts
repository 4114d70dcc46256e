import { Decimal, type LocalDate, addDays, at } from '@billtrail/kernel';
import type { Proration, ProrationRule } from '@billtrail/contracts';
import { type Cycle, monthsOfCycle } from './cycle.js';
import { dayCount } from './covered-days.js';

interface Days {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** Days of a cycle on which something is there, each fact that may change by itself (a price, a count), and how changes count. */
export interface Sized extends Days {
  readonly sizes: readonly Decimal[];
  readonly proration: Required<Proration>;
}

/** What else is known of a cycle's days; on all others there is nothing. */
export interface OtherDays {
  /** On these it is there and rests. */
  readonly rests: readonly Days[];
  /** These are of another cycle of the same. */
  readonly elsewhere: readonly Days[];
}

/** Days of a cycle that count. `by`: of each fact the sized days whose size holds on them. */
export interface CountingDays extends Days {
  readonly by: readonly number[];
}

/** For how much of its cycle something counts: so many days or thirtieths of all. */
export interface Share {
  readonly counted: Decimal;
  readonly of: number;
  /** Those that made it so, each once. */
  readonly rules: readonly ProrationRule[];
}

/**
 * Which days of a cycle count, and with what: each fact is judged by itself, an increase by the one rule and a decrease by the other, against what counts
 * until then. To begin is an increase; to end, and to rest, is a decrease. A rest that is over is no change: what there was counts again. Nor is it one
 * that another cycle begins or ends: its days are never counted here.
 */
export function countingDays(
  sized: readonly Sized[],
  others: OtherDays,
  cycle: Days,
): { readonly days: readonly CountingDays[] } & CountedBy {
  const rules = new Changes();
  const parts = partsOf(sized, others, cycle);
  const isThere = presence(parts, sized, rules);
  const counts = withoutRests(parts, isThere, sized, rules);
  const facts = sized[0]?.sizes.map((_size, fact) => holding(parts, isThere, sized, fact, rules)) ?? [];
  const days = parts.flatMap(({ from, to }, index) =>
    counts[index] === true ? [{ from, to, by: facts.map((by) => at(by, index, 'what counts on a day')) }] : [],
  );
  return { days, rules: rules.all, edges: rules.edges };
}

/** By which rules the changes of a cycle count. */
export interface CountedBy {
  /** Each once. */
  readonly rules: readonly ProrationRule[];
  /** The rule by which the change of a day counts: the later of two that meet begins there by it. */
  readonly edges: ReadonlyMap<LocalDate, ProrationRule>;
}

/** The rules of changes, as they are found. */
class Changes {
  readonly edges = new Map<LocalDate, ProrationRule>();
  private readonly rules = new Set<ProrationRule>();

  get all(): readonly ProrationRule[] {
    return [...this.rules];
  }

  /** Of two changes of one day the one by thirtieths says where the day lies. */
  add(rule: ProrationRule, day: LocalDate): void {
    this.rules.add(rule);
    if (this.edges.get(day) !== 'thirtieths') this.edges.set(day, rule);
  }
}

/** Days of a cycle that are alike. `by`: the sized days that they are of. */
type Part = Days &
  ({ readonly is: 'counted'; readonly by: number } | { readonly is: 'rest' | 'elsewhere' | 'nothing' });

function partsOf(sized: readonly Sized[], { rests, elsewhere }: OtherDays, cycle: Days): readonly Part[] {
  const known: readonly Part[] = [
    ...sized.map(({ from, to }, by): Part => ({ from, to, is: 'counted', by })),
    ...elsewhere.map(({ from, to }): Part => ({ from, to, is: 'elsewhere' })),
    ...rests.map(({ from, to }): Part => ({ from, to, is: 'rest' })),
  ];
  const edges = known
    .flatMap(({ from, to }) => [from, addDays(to, 1)])
    .filter((day) => cycle.from < day && day <= cycle.to);
  const starts = [...new Set([cycle.from, ...edges])].sort();
  return starts.map((from, index): Part => {
    const next = starts[index + 1];
    const to = next === undefined ? cycle.to : addDays(next, -1);
    // What is charged for although it rests is charged for: a commitment.
    const found = known.find((one) => one.from <= from && from <= one.to);
    return found === undefined ? { from, to, is: 'nothing' } : { ...found, from, to };
  });
}

/** True where a change takes effect with the next cycle only, as what there was holds for all of this one. */
function isWithheld(rule: ProrationRule, isIncrease: boolean): boolean {
  return rule === 'next-period' || (rule === 'whole-period' && !isIncrease);
}

/** How changes count by the nearest terms: a beginning by those that begin, an end by those that were. */
function prorationNear(near: readonly Part[], sized: readonly Sized[]): Required<Proration> {
  const part = near.find(({ is }) => is === 'counted');
  return part?.is === 'counted' ? at(sized, part.by, 'the days of a part').proration : BY_THE_DAY;
}

const BY_THE_DAY: Required<Proration> = { increases: 'daily', decreases: 'daily' };

/** Of each part, whether it is there: begun and not ended. */
function presence(parts: readonly Part[], sized: readonly Sized[], rules: Changes): readonly boolean[] {
  const there: boolean[] = [];
  for (const [index, { is, from }] of parts.entries()) {
    const before = there.at(-1);
    const isNow = is !== 'nothing';
    if (before === undefined || before === isNow) {
      there.push(isNow);
      continue;
    }
    const rule = isNow
      ? prorationNear(parts.slice(index), sized).increases
      : prorationNear(parts.slice(0, index).toReversed(), sized).decreases;
    rules.add(rule, from);
    if (rule === 'whole-period' && isNow) there.fill(true);
    there.push(isWithheld(rule, isNow) ? before : isNow);
  }
  return there;
}

/** Of each part, whether it counts: it is there and does not rest, unless it counts on for this cycle; and it is of no other cycle. */
function withoutRests(
  parts: readonly Part[],
  isThere: readonly boolean[],
  sized: readonly Sized[],
  rules: Changes,
): readonly boolean[] {
  const counts: boolean[] = [];
  for (const [index, { is, from, to }] of parts.entries()) {
    const before = counts.at(-1) === true;
    const there = isThere[index] === true && is !== 'elsewhere';
    if (is !== 'rest' || !there || !before) {
      // One that rests from before the cycle takes effect now, whatever the rule; its days are those that the rule counts.
      if (is === 'rest' && there && prorationNear(parts.slice(index), sized).decreases === 'thirtieths')
        rules.add('thirtieths', addDays(to, 1));
      counts.push(there && is !== 'rest');
      continue;
    }
    const rule = prorationNear(parts.slice(0, index).toReversed(), sized).decreases;
    // It counts again by the rule by which it rested.
    rules.add(rule, from);
    rules.add(rule, addDays(to, 1));
    counts.push(isWithheld(rule, false));
  }
  return counts;
}

/** Of each part, the sized days whose size of a fact holds on it. */
function holding(
  parts: readonly Part[],
  isThere: readonly boolean[],
  sized: readonly Sized[],
  fact: number,
  rules: Changes,
): readonly number[] {
  const sizeOf = (by: number): Decimal => at(at(sized, by, 'the days of a part').sizes, fact, 'the size of a fact');
  const held: (number | null)[] = [];
  let current: number | null = null;
  for (const [index, part] of parts.entries()) {
    if (part.is !== 'counted') {
      held.push(current);
      continue;
    }
    const hasBegun = index === 0 || isThere[index - 1] !== true;
    const change = current === null || hasBegun ? 0 : sizeOf(part.by).comparedTo(sizeOf(current));
    const { increases, decreases } = at(sized, part.by, 'the days of a part').proration;
    const rule = change > 0 ? increases : decreases;
    if (change !== 0) rules.add(rule, part.from);
    if (change === 0 || !isWithheld(rule, change > 0)) current = part.by;
    if (change > 0 && rule === 'whole-period')
      for (const [earlier, by] of held.entries())
        if (by === null || sizeOf(by).lessThan(sizeOf(part.by))) held[earlier] = part.by;
    held.push(current);
  }
  const first = held.find((by) => by !== null) ?? 0;
  return held.map((by) => by ?? first);
}

/**
 * Days that follow each other, each with how much of its cycle it counts for: from where the change lies that begins it to where the one lies that ends it, by the
 * rule of each. Where some count by the day and others by thirtieths, each lies where its own rule puts it, whatever other changes the cycle has.
 */
export function withShares<D extends Days>(
  days: readonly D[],
  { rules, edges }: CountedBy,
  cycle: Cycle,
): readonly (D & { readonly share: Share })[] {
  const months = rules.includes('thirtieths') ? monthsOfCycle(cycle) : null;
  const isMixed = rules.includes('daily');
  return days.map((one, index) => {
    const own = new Decimal(dayCount(one));
    if (months === null) return { ...one, share: { counted: own, of: dayCount(cycle), rules } };
    const next = addDays(one.to, 1);
    const [begins, ends] = [measureOf(one.from, edges, cycle, isMixed), measureOf(next, edges, cycle, isMixed)];
    if (begins !== 'thirtieths' && ends !== 'thirtieths' && (begins === 'daily' || ends === 'daily'))
      return {
        ...one,
        share: { counted: own, of: dayCount(cycle), rules: rules.filter((rule) => rule !== 'thirtieths') },
      };
    const of = THIRTY * months.length;
    const isFollowed = days[index + 1]?.from === next;
    const lies = (day: LocalDate, measure: Measure): Decimal =>
      measure === 'daily'
        ? new Decimal(dayCount({ from: cycle.from, to: day }) - 1).times(of).dividedBy(dayCount(cycle))
        : new Decimal(thirtiethOf(day, months, cycle) - 1);
    const until =
      next > cycle.to || (!isFollowed && ends !== 'daily')
        ? new Decimal(thirtiethOf(one.to, months, cycle))
        : lies(next, ends);
    return { ...one, share: { counted: until.minus(lies(one.from, begins)), of, rules } };
  });
}

/** How a day is placed in its cycle; `either`: it is the first of it, or the first of the next. */
type Measure = 'daily' | 'thirtieths' | 'either';

function measureOf(day: LocalDate, edges: CountedBy['edges'], cycle: Days, isMixed: boolean): Measure {
  if (day <= cycle.from || day > cycle.to) return 'either';
  return isMixed && edges.get(day) !== 'thirtieths' ? 'daily' : 'thirtieths';
}

const THIRTY = 30;

/**
 * Which thirtieth of the cycle a day is, from 1 on, where each month of it has thirty days: its 31st day counts as its 30th, and so does the last day of a
 * shorter month. What begins on a day counts from that thirtieth on, and what ends with nothing after it counts to it; of two that meet, the later one
 * decides. So all days of a cycle come to the whole, wherever it is cut. `months`: their first days.
 */
function thirtiethOf(day: LocalDate, months: readonly LocalDate[], cycle: Cycle): number {
  const index = months.findLastIndex((first) => first <= day);
  const from = at(months, index, `the month of ${day} in its cycle`);
  const next = months[index + 1];
  const isLast = day === (next === undefined ? cycle.to : addDays(next, -1));
  return THIRTY * index + (isLast ? THIRTY : Math.min(dayCount({ from, to: day }), THIRTY));
}
