import { Decimal, type LocalDate, type Minutes, Money, type MoneyJson } from '@billtrail/kernel';
import type { ClientPeriodFacts, FrozenLine } from '../client-period.js';
import type { Draw } from '../item/draw.js';
import type { FrozenItem, InvoiceLine } from '../item/frozen-item.js';
import { isOfWork, itemKeyOf } from '../item/item-key.js';
import type { Assessed } from '../rating/assessed.js';
import type { Assessor } from '../rating/assess.js';
import type { InForce } from '../rating/coverage/placement.js';
import type { WorkItem } from '../rating/facts.js';
import type { Pricers } from '../rating/price/pricing.js';
import { hoursText } from '../rating/quantities.js';
import { isSameWork } from '../settled/earlier-work.js';
import { taxOfDay } from '../tax-rules.js';
import { classOf, versionOf } from '../settled/priced-then.js';
import type { SettledWork, SettledWorkById } from '../settled/settled-work.js';
import { SharedRounding } from '../settled/shared-rounding.js';
import { Groups, pricedOverNow } from '../settled/shared-scopes.js';

/** A line of unchanged work with the terms of then and of now. */
export interface RecheckCandidate {
  readonly line: InvoiceLine;
  readonly invoiceId: string;
  readonly isDraft: boolean;
  readonly work: WorkItem;
  readonly frozenUnder: InForce;
  /** The stretches of the work that the line carries, as they are placed now, in order of time. */
  readonly now: readonly Assessed[];
  /** What it drew of blocks and allotments: of one line, or of all that is settled of work that was corrected. Empty: nothing. */
  readonly draws: readonly Draw[];
  /** True where work that shares its minimum, its increment or its price is other work now: its minutes are shared anew. */
  readonly isSharedAnew: boolean;
  /** The day on which the work lies now, where the tax of the line is another on it; null: it is the same. */
  readonly otherTaxDay: LocalDate | null;
}

/** A line before it is known whether anything that it shares with others was moved. */
interface Placed extends RecheckCandidate {
  readonly hasOtherTerms: boolean;
  readonly scopes: readonly string[];
  readonly wasMoved: boolean;
}

/**
 * The lines of unchanged work that the facts of now may price otherwise: another contract, version, rule or class takes them, another discount is about
 * their ticket, or they share a visit or a day with other work than then, and whatever shares it with them.
 */
export function toRecheck(
  facts: ClientPeriodFacts,
  settled: SettledWorkById,
  assessor: Assessor,
  pricers: Pricers,
): readonly RecheckCandidate[] {
  const { invoiced, drafted = [] } = facts;
  if (invoiced.length === 0 && drafted.length === 0) return [];
  const of = { facts, settled, assessor, pricers, rounding: new SharedRounding(facts.contracts) };
  const work = new Map(facts.work.map((one) => [one.workItemId, one]));
  const placed = [
    ...invoiced.flatMap((one) => placedNow(one, false, work.get(one.line.workItemId), of)),
    ...drafted.flatMap((one) => placedNow(one, true, work.get(one.line.workItemId), of)),
  ];
  if (!placed.some(({ wasMoved }) => wasMoved)) return placed.filter(({ hasOtherTerms }) => hasOtherTerms);
  const groups = new Groups();
  for (const { line, scopes } of placed) groups.join(line.workItemId, scopes);
  const moved = new Set(placed.flatMap(({ line, wasMoved }) => (wasMoved ? [groups.of(line.workItemId)] : [])));
  return placed.flatMap((one) => {
    const isSharedAnew = one.scopes.length > 0 && moved.has(groups.of(one.line.workItemId));
    return isSharedAnew || one.hasOtherTerms ? [{ ...one, isSharedAnew }] : [];
  });
}

interface Around {
  readonly facts: ClientPeriodFacts;
  readonly settled: SettledWorkById;
  readonly assessor: Assessor;
  readonly pricers: Pricers;
  readonly rounding: SharedRounding;
}

/** None where no line tells the price of the work, or the work changed. */
function placedNow(
  { line, invoiceId }: FrozenLine,
  isDraft: boolean,
  work: WorkItem | undefined,
  { facts, settled, assessor, pricers, rounding }: Around,
): readonly Placed[] {
  if (work === undefined || work.ticketId !== line.ticketId) return [];
  const told = asOneLine(line, isDraft ? null : (settled.get(line.workItemId) ?? null));
  if (told === null || !isSameWork(told.whole, work)) return [];
  const { whole, draws } = told;
  const ofPeriod = assessor.assess(work, null);
  // What was invoiced here stays here, also where it would be another month's now.
  const anywhere = ofPeriod.length === 0 ? assessor.assessAnywhere(work) : ofPeriod;
  const now = anywhere.flatMap((one) => within(whole, one));
  const frozenUnder = versionOf(whole, facts.contracts);
  if (frozenUnder === null || now.length === 0) return [];
  // What an adjustment stands beside of a block is an input while the terms of now draw on blocks.
  if (draws.length > 0 && whole.draw === undefined && now.some(({ placement }) => placement?.as === 'prepaid'))
    return [];
  const hasOtherTerms = !now.every((one) => isAsThen(whole, one));
  const otherTaxDay = taxDayOf(whole, now, facts.configuration);
  const scopesThen = [whole.basis.rounding?.scopeId, whole.basis.price?.scope].filter(
    (scope) => typeof scope === 'string',
  );
  const scopesNow = now.flatMap((one) =>
    [rounding.ofAssessed(one), pricedOverNow(one)].filter((scope) => scope !== null),
  );
  return [
    {
      line: whole,
      invoiceId,
      isDraft,
      work,
      frozenUnder,
      now,
      draws,
      isSharedAnew: false,
      otherTaxDay,
      hasOtherTerms: hasOtherTerms || otherTaxDay !== null || hasOtherDiscount(whole, now, pricers),
      scopes: [...scopesThen, ...scopesNow],
      wasMoved: !hasOtherTerms && now.some((one) => isElsewhere(whole, one, rounding)),
    },
  ];
}

/** The first day of now with another tax than the day of the line has. */
function taxDayOf(
  { taxCategory, workDate }: InvoiceLine,
  now: readonly Assessed[],
  rules: ClientPeriodFacts['configuration'],
): LocalDate | null {
  if (rules.taxDate !== 'supply') return null;
  const then = taxOfDay(taxCategory, workDate, rules);
  return now.find(({ date }) => taxOfDay(taxCategory, date, rules) !== then)?.date ?? null;
}

/** True where the same terms count the work to another scope of minimum and increment, or of a price, than then. */
function isElsewhere({ basis }: InvoiceLine, one: Assessed, rounding: SharedRounding): boolean {
  const isOther = (then: string | null | undefined, now: string | null): boolean =>
    typeof then === 'string' && now !== null && then !== now;
  return isOther(basis.rounding?.scopeId, rounding.ofAssessed(one)) || isOther(basis.price?.scope, pricedOverNow(one));
}

function hasOtherDiscount({ basis }: InvoiceLine, now: readonly Assessed[], pricers: Pricers): boolean {
  const { beforeMinimumPercent = '0', afterMinimumPercent = '0' } = basis.discount ?? {};
  return now.some((one) => {
    const { placement } = one;
    if (placement?.as !== 'billable' && placement?.as !== 'prepaid') return false;
    const off = pricers.of(placement.inForce.version.terms).offOf(one);
    return off.beforeMinimumPercent !== beforeMinimumPercent || off.afterMinimumPercent !== afterMinimumPercent;
  });
}

interface Whole {
  readonly whole: InvoiceLine;
  readonly draws: readonly Draw[];
}

/**
 * A line, or, at the last of them, the line and its adjustments as one: an adjustment holds a difference and no work of its own. null: another
 * line speaks for the work, or a part of it was forgone, so that no line tells its price.
 */
function asOneLine(line: InvoiceLine, settled: SettledWork | null): Whole | null {
  if (settled === null || settled.parts.every(({ key }) => isOfWork(key)))
    return isOfWork(itemKeyOf(line.itemId)) ? { whole: line, draws: drawOf(line) } : null;
  const { latest, invoiced, workItemId } = settled;
  if (latest.itemId !== line.itemId || settled.hasWriteOff) return null;
  const isTime = line.kind === 'time';
  const { segment: _segment, draw: _draw, ...rest } = line;
  const whole = {
    ...rest,
    itemId: workItemId,
    actualMinutes: isTime ? invoiced.actualMinutes : null,
    billableMinutes: isTime ? invoiced.billableMinutes : null,
    quantity: isTime ? hoursText(invoiced.billableMinutes) : invoiced.quantity.toFixed(),
    net: Money.of(invoiced.net, line.net.currency).toJSON(),
  };
  return { whole, draws: settled.parts.flatMap(({ item }) => drawOf(item)) };
}

function drawOf({ draw }: FrozenItem): readonly Draw[] {
  return draw === undefined ? [] : [draw];
}

/** What of a segment of now lies in the stretch that a line carries. */
function within({ segment, actualMinutes }: InvoiceLine, one: Assessed): readonly Assessed[] {
  if (one.work.kind !== 'time' || segment === undefined) return [one];
  const fromMinute = Math.max(one.unitFrom, segment.fromMinute);
  const toMinute = Math.min(one.unitTo, segment.toMinute);
  const isWhole = fromMinute === one.unitFrom && toMinute === one.unitTo;
  if (isWhole) return [one];
  // A part of no minutes lies at one point: it is of the stretch that this point is in, and of no other.
  if (toMinute < fromMinute || (toMinute === fromMinute && actualMinutes !== 0)) return [];
  const stretch = { fromMinute, toMinute, date: one.date, rateClass: one.rateClass };
  return [{ ...one, segment: stretch, minutes: toMinute - fromMinute }];
}

/** True where the very rule of the very version that priced the line prices it now: the terms of a version never change. */
function isAsThen(line: InvoiceLine, { placement, rateClass }: Assessed): boolean {
  if (placement === null) return true;
  if (placement.as === 'no-charge' || placement.as === 'unpriced') return false;
  const { contract, version } = placement.inForce;
  return (
    contract.contractId === line.contractId &&
    version.versionNumber === line.contractVersion &&
    placement.rule.id === line.basis.ruleId &&
    rateClass === classOf(line)
  );
}

/** Minutes that draws took of what is prepaid. */
export function drawnMinutes(draws: readonly Draw[]): Minutes {
  const drawn = draws.map(({ amount }) => (amount.unit === 'minutes' ? amount.minutes : 0));
  return Decimal.sum(0, ...drawn).toNumber();
}

/** Money that draws took of what is prepaid. */
export function drawnMoney(draws: readonly Draw[], currency: string): Money {
  const drawn = draws.flatMap(({ amount }): readonly MoneyJson[] => (amount.unit === 'money' ? [amount.money] : []));
  return Money.sum(
    drawn.map((one) => Money.from(one)),
    currency,
  );
}
