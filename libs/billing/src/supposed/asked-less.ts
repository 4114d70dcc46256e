import { Money, type MoneyJson } from '@billtrail/kernel';
import type { ClientPeriodFacts } from '../client-period.js';
import type { GapKind } from '../events.js';
import { gapKey } from '../gaps/identity.js';
import { type BillableItem, type Disposition, valueDrawn } from '../item/billable-item.js';
import type { Charge } from '../item/charge-item.js';
import { rate } from '../rate.js';
import type { DerivedGap, RatingResult } from '../rating/facts.js';
import { moneyForgone } from '../second-person.js';
import { drawnUnpaid, paidBeforeAlone, prepaidDraw, type PrepaidDraw } from './prepaid-draws.js';

/** What less is asked of one ticket. */
export interface AskedLess {
  /** null: of a charge, which is of no ticket. */
  readonly ticketId: string | null;
  /** Positive. null: less is asked, and nobody can state how much. */
  readonly money: Money | null;
}

/**
 * What of work is looked at: a supposition about a whole ticket takes nothing from work that nobody approved, whose ticket was never resolved. `workItemId`: the
 * name under which it is rated; null: what is of the whole ticket.
 */
export type IsHeld = (work: { readonly ticketId: string; readonly workItemId: string | null }) => boolean;

/** Documents ask these, or will. */
const ASKED: ReadonlySet<Disposition> = new Set(['billable', 'claimed', 'invoiced', 'deferred']);

/** These say of work that is not asked what might be: no item has their money. */
const NOT_ASKED: ReadonlySet<GapKind> = new Set(['unpriced', 'cap-exceeded', 'scope-suspected']);

/** By currency. */
type Sums = Map<string, Money>;

interface Worth {
  readonly sums: Sums;
  /** Gaps of which nobody can state a value, each with all that is told of it. */
  readonly unstated: Set<string>;
}

/**
 * What clients are asked less, ticket by ticket: the client-periods as they are beside the same ones as they would be. Worth is what is or will be asked, what is
 * drawn from what was prepaid, and what a gap tells of work that nobody asks: without a price by its cost, or the assumed price of an hour. So
 * - what goes back to a block counts at its standard value: the client has it anew, for work that was done;
 * - what is drawn in its place of an allotment, or of a block that expires, counts as far as something was drawn of it before: the rest would have lapsed; of another block the
 *   rest counts at most at its share of what the block was sold for;
 * - what a contract includes counts nothing, for nobody is asked for it, but for what a gap tells of its scope;
 * - what a supplier owes under warranty counts at what its gap tells;
 * - what was written off, or is free of charge, was given up before, and counts nothing;
 * - what moves to another ticket, month or client is asked there: only what is asked less in all counts, of the tickets that lose it;
 * - what has a price now and would have none counts whole: nobody can say that it is ever asked;
 * - what lacks to a minimum commitment takes the place of no work: anybody may end the minimum from tomorrow on.
 * Empty: nothing is asked less. Later months are not looked at: what they draw or ask in place of this is worth the same.
 */
export function askedLess(
  now: readonly ClientPeriodFacts[],
  then: readonly ClientPeriodFacts[],
  isHeld: IsHeld = () => true,
): readonly AskedLess[] {
  const before: PrepaidDraw[] = [];
  const after: PrepaidDraw[] = [];
  const was = worthByTicket(now, { isHeld, draws: before, keyOf: keyOfWork });
  const is = worthByTicket(then, { isHeld, draws: after, keyOf: keyOfWork });
  lessWhatIsUnpaid(is, before, after);
  noMoreThan(is.get(OF_MINIMUMS)?.sums, was.get(OF_MINIMUMS));
  return namedOf(lessOf(was, is));
}

/** Client-periods before and after a change of terms. */
export interface UnderTerms {
  readonly now: readonly ClientPeriodFacts[];
  /** The same change made today: it takes nothing from days that have passed. Where nobody could make it then, as they are. */
  readonly fromToday: readonly ClientPeriodFacts[];
  readonly underThem: readonly ClientPeriodFacts[];
}

/**
 * The same where other terms are in force. Of the work, what is asked now is held beside what is asked under them. What is drawn only by them is paid for by what they ask for the block, so it counts nothing
 * itself; nor does what draws on a block or an allotment that comes by them in place of one that was paid for, for the client has that one anew. Of fees, minimums and discounts counts what they ask less, invoiced or not, than the same terms of today: anybody may state those tomorrow. What they ask more of these takes the
 * place of no work, for it may fall again; the price of a block does, for that can be taken back only as money is.
 */
export function askedLessUnder({ now, fromToday, underThem }: UnderTerms, isHeld: IsHeld): readonly AskedLess[] {
  const drawn = new Set<string>();
  const draws: PrepaidDraw[] = [];
  const drawsUnderThem: PrepaidDraw[] = [];
  const before = worthByTicket(now, { isHeld, drawn, draws, keyOf: keyUnderTerms });
  const after = worthByTicket(underThem, { isHeld, drawnBefore: drawn, draws: drawsUnderThem, keyOf: keyUnderTerms });
  lessWhatIsUnpaid(after, draws, drawsUnderThem.map(paidBeforeAlone(now)));
  if (fromToday !== now) {
    const beside = worthByTicket(fromToday, { isHeld, keyOf: keyUnderTerms });
    const minimums = minimumsBeside(before.get(OF_MINIMUMS), beside.get(OF_MINIMUMS), after.get(OF_MINIMUMS));
    for (const key of [BESIDE, OF_BLOCKS]) before.set(key, beside.get(key) ?? nothing());
    before.set(OF_MINIMUMS, minimums);
  }
  for (const worth of [before, after]) countMinimumsBeside(worth);
  noMoreThan(after.get(BESIDE)?.sums, before.get(BESIDE));
  return namedOf(lessOf(before, after));
}

/**
 * What lacks to minimums, as the same change of today is held to. A minimum that is raised asks from today on for what work of days that have passed has no part in: where it asks that work
 * for as much as is asked now, nobody is asked less.
 */
function minimumsBeside(now: Worth | undefined, fromToday: Worth | undefined, underThem: Worth | undefined): Worth {
  const sums: Sums = new Map();
  for (const [currency, today] of fromToday?.sums ?? []) {
    const [was, is] = [sumIn(now, currency), sumIn(underThem, currency)];
    // Of what today's would ask more than is asked now, nothing is lost.
    const least = greater(is, lesser(was, today));
    sums.set(currency, lesser(today, least));
  }
  return { sums, unstated: new Set() };
}

function countMinimumsBeside(worth: Map<string | null, Worth>): void {
  const beside = worth.get(BESIDE) ?? nothing();
  for (const money of worth.get(OF_MINIMUMS)?.sums.values() ?? []) add(beside.sums, money);
  worth.delete(OF_MINIMUMS);
  worth.set(BESIDE, beside);
}

function lesser(one: Money, other: Money): Money {
  return one.compare(other) < 0 ? one : other;
}

function greater(one: Money, other: Money): Money {
  return one.compare(other) > 0 ? one : other;
}

/** What is more takes the place of nothing. */
function noMoreThan(sums: Sums | undefined, before: Worth | undefined): void {
  for (const [currency, money] of sums ?? []) {
    const was = sumIn(before, currency);
    if (money.compare(was) > 0) sums?.set(currency, was);
  }
}

function nothing(): Worth {
  return { sums: new Map(), unstated: new Set() };
}

/** Charges that are of no ticket are told as that. */
function namedOf(less: readonly AskedLess[]): readonly AskedLess[] {
  return less.map((one) =>
    one.ticketId !== null && OF_NO_TICKET.has(one.ticketId) ? { ...one, ticketId: null } : one,
  );
}

/**
 * The same where a document gives free what it held, to be rated as of now: `then` is the client-periods without it. A fee that falls, or is asked in another month,
 * follows the terms by itself, as does the price of a block: only what they bring more counts.
 */
export function askedLessOnceFree(
  now: readonly ClientPeriodFacts[],
  then: readonly ClientPeriodFacts[],
): readonly AskedLess[] {
  const weighed = { isHeld: () => true, keyOf: keyOfCharge };
  const before: PrepaidDraw[] = [];
  const after: PrepaidDraw[] = [];
  const was = worthByTicket(now, { ...weighed, draws: before });
  const is = worthByTicket(then, { ...weighed, draws: after });
  lessWhatIsUnpaid(is, before, after);
  return lessOfWork(was, is);
}

function lessWhatIsUnpaid(is: WorthByTicket, before: readonly PrepaidDraw[], after: readonly PrepaidDraw[]): void {
  for (const { ticketId, money } of drawnUnpaid(before, after)) {
    const sums = is.get(ticketId)?.sums;
    if (sums !== undefined) add(sums, money.negated());
  }
}

/** Of charges beside the work only what they bring more counts. */
function lessOfWork(before: Map<string | null, Worth>, after: Map<string | null, Worth>): readonly AskedLess[] {
  const [was, is] = [before.get(null)?.sums ?? new Map<string, Money>(), after.get(null)?.sums];
  for (const [currency, money] of was)
    if (money.compare(sumIn(after.get(null), currency)) > 0) is?.set(currency, money);
  if (is === undefined) before.delete(null);
  return namedOf(lessOf(before, after));
}

/** Stands for charges of the work of several tickets. */
const OF_WORK = '';
/** Stands for the prices of blocks. No ticket has such an id. */
const OF_BLOCKS = ' blocks';
/** Stands for what lacks to minimum commitments. */
const OF_MINIMUMS = ' minimums';
const OF_NO_TICKET: ReadonlySet<string> = new Set([OF_WORK, OF_BLOCKS, OF_MINIMUMS]);
/** Fees, minimums and discounts. */
const BESIDE = null;

function keyOfWork({ kind, ticketId }: Charge): string | null {
  return kind === 'minimum' ? OF_MINIMUMS : ticketId;
}

function keyUnderTerms({ kind, ticketId }: Charge): string | null {
  if (kind === 'prepaid-block') return OF_BLOCKS;
  if (kind === 'minimum') return OF_MINIMUMS;
  return ticketId ?? (kind === 'travel' ? OF_WORK : BESIDE);
}

/** Ways and discounts are of the work; fees, blocks and minimums stand beside it. */
function keyOfCharge({ kind, ticketId }: Charge): string | null {
  return ticketId ?? (kind === 'travel' || kind === 'discount' ? OF_WORK : null);
}

function lessOf(before: WorthByTicket, after: WorthByTicket): readonly AskedLess[] {
  const losses: { readonly ticketId: string | null; money: Money }[] = [];
  const gains: Sums = new Map();
  const unstated: AskedLess[] = [];
  for (const ticketId of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(ticketId), after.get(ticketId)];
    if ([...(was?.unstated ?? [])].some((gap) => is?.unstated.has(gap) !== true))
      unstated.push({ ticketId, money: null });
    for (const currency of new Set([...(was?.sums.keys() ?? []), ...(is?.sums.keys() ?? [])])) {
      const less = sumIn(was, currency).minus(sumIn(is, currency)).rounded();
      if (less.isNegative()) add(gains, less.negated());
      else if (!less.isZero()) losses.push({ ticketId, money: less });
    }
  }
  return [...netOf(losses, gains), ...unstated];
}

/** What others are asked more is taken off in turn. */
function netOf(losses: readonly { ticketId: string | null; money: Money }[], gains: Sums): readonly AskedLess[] {
  return losses.flatMap(({ ticketId, money }) => {
    const gain = gains.get(money.currency) ?? Money.zero(money.currency);
    const made = gain.compare(money) > 0 ? money : gain;
    gains.set(money.currency, gain.minus(made));
    const left = money.minus(made);
    return left.isZero() ? [] : [{ ticketId, money: left }];
  });
}

function sumIn(worth: Worth | undefined, currency: string): Money {
  return worth?.sums.get(currency) ?? Money.zero(currency);
}

function add(sums: Sums, money: Money): void {
  sums.set(money.currency, sums.get(money.currency)?.plus(money) ?? money);
}

type WorthByTicket = ReadonlyMap<string | null, Worth>;

interface Weighed {
  readonly isHeld: IsHeld;
  /** Takes the work that draws on a block. */
  readonly drawn?: Set<string>;
  /** Only what of this work is drawn counts. Absent: all. */
  readonly drawnBefore?: ReadonlySet<string>;
  /** Takes what is drawn from what was prepaid. */
  readonly draws?: PrepaidDraw[];
  /** Under which key a charge counts. Absent: that of its ticket. */
  readonly keyOf?: (charge: Charge) => string | null;
}

function worthByTicket(
  periods: readonly ClientPeriodFacts[],
  { isHeld, drawn: drawing, drawnBefore, draws, keyOf = ({ ticketId }) => ticketId }: Weighed,
): Map<string | null, Worth> {
  const worth = new Map<string | null, Worth>();
  const of = (ticketId: string | null): Worth => {
    const known = worth.get(ticketId) ?? nothing();
    worth.set(ticketId, known);
    return known;
  };
  for (const facts of periods) {
    const result = rate(facts);
    const drawn = new Map<string, Sums>();
    const asked = new Set<string>();
    for (const item of result.items) {
      if (!isHeld(item)) continue;
      if (item.draw !== undefined) drawing?.add(item.workItemId);
      if (item.draw !== undefined && drawnBefore?.has(item.workItemId) === false) continue;
      const money = worthOf(item);
      if (money === null) continue;
      asked.add(item.workItemId);
      const draw = draws && prepaidDraw(item, Money.from(money), facts);
      if (draw) draws.push(draw);
      add(of(item.ticketId).sums, Money.from(money));
      if (item.draw !== undefined) add(entry(drawn, item.ticketId), Money.from(money));
    }
    // Of charges only what changes with the work is told: all else is the same on both sides.
    for (const charge of result.charges) add(of(keyOf(charge)).sums, Money.from(charge.net));
    for (const gap of notAsked(result, asked, isHeld)) {
      const money = moneyForgone(gap.valueAtRisk, facts.configuration);
      if (money === null) of(gap.ticketId).unstated.add(JSON.stringify([gapKey(gap), gap.valueAtRisk]));
      else add(of(gap.ticketId).sums, beyondDrawn(gap, money, facts, drawn));
    }
  }
  return worth;
}

function entry(drawn: Map<string, Sums>, ticketId: string): Sums {
  const sums = drawn.get(ticketId) ?? new Map<string, Money>();
  drawn.set(ticketId, sums);
  return sums;
}

/** null: nobody is asked for it, or it has no price. */
function worthOf(item: BillableItem): MoneyJson | null {
  if (item.draw !== undefined) return valueDrawn(item);
  return ASKED.has(item.disposition) ? item.net : null;
}

/** What is unbilled and asked of nobody is what a supplier owes. `asked`: work that somebody is asked for. */
function notAsked({ gaps }: RatingResult, asked: ReadonlySet<string>, isHeld: IsHeld): readonly DerivedGap[] {
  return gaps.filter(({ kind, ticketId, workItemId }) => {
    const isOwed = kind === 'unbilled' && workItemId !== null && !asked.has(workItemId);
    return (NOT_ASKED.has(kind) || isOwed) && ticketId !== null && isHeld({ ticketId, workItemId });
  });
}

/** What was declared out of scope and is drawn is worth what it draws already. */
function beyondDrawn(
  { kind, ticketId }: DerivedGap,
  money: Money,
  { tickets }: ClientPeriodFacts,
  drawn: ReadonlyMap<string, Sums>,
): Money {
  const isDeclared = tickets.get(ticketId ?? '')?.scope?.some(({ scope }) => scope === 'out-of-scope') === true;
  if (kind !== 'scope-suspected' || !isDeclared) return money;
  const left = money.minus(drawn.get(ticketId ?? '')?.get(money.currency) ?? Money.zero(money.currency));
  return left.isNegative() ? Money.zero(money.currency) : left;
}
