import { at } from '@billtrail/kernel';
import type { ClientPeriodFacts } from '../client-period.js';
import { rate } from '../rate.js';
import { mostAskedLess } from './asked-less-by.js';
import { askedLess, askedLessUnder, type AskedLess, type IsHeld } from './asked-less.js';
import { heldIn, keptAlone } from './held.js';

/** A client's month as it is, and with other contracts in force. */
export interface MonthUnderTerms {
  readonly now: ClientPeriodFacts;
  /** Asked only where something of it may be asked less. */
  readonly underThem: () => ClientPeriodFacts;
  /** With the same contracts in force from today on alone. Absent: what is charged beside the work can't fall, and only work that was done is looked at. */
  readonly fromToday?: () => ClientPeriodFacts;
}

/**
 * What a client would be asked less if other contracts were in force: for work that was approved, or whose ticket was resolved, and for what was charged beside it for days that
 * have passed: beside all work, and as if there were none that nothing holds, whichever is more. `months`: one after the other, from the first that is concerned; each begins with what the one before would leave of blocks, allotments and caps. What a document
 * holds of work stays, and counts nothing; of charges it counts, for what falls is given back. Months without either are not rated.
 */
export function askedLessByTerms(months: readonly MonthUnderTerms[]): readonly AskedLess[] {
  const now = months.map((month) => month.now);
  const isHeld = heldIn(now);
  const whole = lessByTerms(months, isHeld);
  const kept = keptAlone(now, isHeld);
  if (kept === now) return whole;
  const alone = (facts: ClientPeriodFacts): ClientPeriodFacts => keptAlone([facts], isHeld)[0] ?? facts;
  const monthsAlone = months.map((month) => ({
    now: alone(month.now),
    underThem: () => alone(month.underThem()),
    ...withFromToday(month, alone),
  }));
  return mostAskedLess(whole, lessByTerms(monthsAlone, isHeld));
}

function withFromToday(
  { fromToday }: MonthUnderTerms,
  change: (facts: ClientPeriodFacts) => ClientPeriodFacts,
): Pick<MonthUnderTerms, 'fromToday'> {
  return fromToday === undefined ? {} : { fromToday: () => change(fromToday()) };
}

function lessByTerms(months: readonly MonthUnderTerms[], isHeld: IsHeld): readonly AskedLess[] {
  const last = months.findLastIndex(({ now, fromToday }) => fromToday !== undefined || isAnyOpen(now, isHeld));
  if (last < 0) return [];
  const concerned = months.slice(0, last + 1);
  const now = concerned.map((month) => month.now);
  const fromToday = concerned.some((month) => month.fromToday !== undefined)
    ? chained(concerned.map((month) => month.fromToday ?? (() => month.now)))
    : now;
  return askedLessUnder({ now, fromToday, underThem: chained(concerned.map((month) => month.underThem)) }, isHeld);
}

/**
 * The same where what is charged beside the work may fall: a count, what goes back of a block, a milestone. That is what was asked for days that have passed, invoiced or not,
 * so all of it counts, less what is asked more in its place.
 */
export function askedLessBeside(months: readonly MonthUnderTerms[]): readonly AskedLess[] {
  const now = months.map((month) => month.now);
  return askedLess(now, chained(months.map(({ underThem }) => underThem)), heldIn(now));
}

/** The same months where other contracts are in force before the change: those that `left` has under them. */
export function monthsAfter<Month extends MonthUnderTerms>(
  left: readonly MonthUnderTerms[],
  months: readonly Month[],
): readonly Month[] {
  const now = chained(left.map(({ underThem }) => underThem));
  return months.map((month, index) => ({ ...month, now: at(now, index, 'a month of the same client') }));
}

function chained(months: readonly (() => ClientPeriodFacts)[]): readonly ClientPeriodFacts[] {
  const then: ClientPeriodFacts[] = [];
  let carriedOver: ClientPeriodFacts['carriedOver'];
  for (const month of months) {
    const facts = carriedOver === undefined ? month() : { ...month(), carriedOver };
    then.push(facts);
    ({ carriedOver } = rate(facts));
  }
  return then;
}

/** Whether some of its held work is on no invoice yet, or not in all its parts: what an invoice has of an entry says nothing of its other parts, so that is rated. */
function isAnyOpen(month: ClientPeriodFacts, isHeld: IsHeld): boolean {
  const settled = new Set(month.invoiced.map(({ line }) => line.workItemId));
  const held = month.work.filter(isHeld);
  if (held.some(({ workItemId }) => !settled.has(workItemId))) return true;
  return held.length > 0 && rate(month).items.some((item) => item.disposition !== 'invoiced' && isHeld(item));
}
