import { Decimal, type LocalDate, type Minutes, Money, type MoneyJson, addTo } from '@billtrail/kernel';
import type { ClientPeriodFacts } from '../client-period.js';
import type { Draw } from '../item/draw.js';
import type { MadeItem } from '../item/made-item.js';
import type { Assessed } from '../rating/assessed.js';
import type { Assessor } from '../rating/assess.js';
import type { InForce } from '../rating/coverage/placement.js';
import type { WorkItem } from '../rating/facts.js';
import type { Pricers } from '../rating/price/pricing.js';
import type { PrepaidStock } from '../rating/prepaid/prepaid-stock.js';
import { isPending, isRatedAgain, standingOf } from '../rating/standing.js';
import { taxOfDay } from '../tax-rules.js';
import { classOf, versionOf } from '../settled/priced-then.js';
import type { SettledWork, SettledWorkById } from '../settled/settled-work.js';
import { SharedRounding } from '../settled/shared-rounding.js';
import { Groups, pricedOverNow } from '../settled/shared-scopes.js';
import { type PricedLine, type ToldLine, toldDraft, toldLines } from './as-one-line.js';

/** What was decided on work, with the terms of then and of now. */
export interface RecheckCandidate extends ToldLine {
  readonly isDraft: boolean;
  readonly work: WorkItem;
  readonly frozenUnder: InForce;
  /** The stretches of the work that the line carries, as they are placed now, in order of time. */
  readonly now: readonly Assessed[];
  /** True where another contract, version, rule, class, discount or tax takes it than then. */
  readonly hasOtherTerms: boolean;
  /** Equal for work that shares a minimum, an increment or a price, then or now. null: it shares none. */
  readonly group: string | null;
  /** True where work that shares it was counted elsewhere then. */
  readonly isSharedAnew: boolean;
  /** The scope of minimum and increment that it shares now; null: it is rounded by itself. */
  readonly roundedIn: string | null;
  /** The day on which the work lies now, where the tax of the line is another on it; null: it is the same. */
  readonly otherTaxDay: LocalDate | null;
}

/** A line before it is known what it shares with others. */
interface Placed extends Omit<RecheckCandidate, 'group' | 'isSharedAnew'> {
  readonly scopes: readonly string[];
  /** True of what is settled and not rated again: what it holds of its scopes is held against what they come to. */
  readonly isKept: boolean;
  readonly wasMoved: boolean;
}

/** What rating made of the work of the period. */
export interface RatedNow {
  /** Of each piece of work. */
  readonly segments: readonly (readonly Assessed[])[];
  readonly items: readonly MadeItem[];
  /** What they leave of what is prepaid. */
  readonly stock: Pick<PrepaidStock, 'of'>;
}

/**
 * What was decided on work and may be worth something else by the facts of now: another contract, version, rule or class takes it, another discount is about
 * its ticket; or it is settled and shares a minimum, an increment or a price, for what others hold of that may have changed. Drafts, which are rated anew
 * before they are issued, only where they share it with other work than then.
 */
export function toRecheck(
  facts: ClientPeriodFacts,
  settled: SettledWorkById,
  assessor: Assessor,
  pricers: Pricers,
  rated: RatedNow,
): readonly RecheckCandidate[] {
  const { drafted = [] } = facts;
  if (settled.size === 0 && drafted.length === 0) return [];
  const of = { facts, assessor, pricers, rounding: new SharedRounding(facts) };
  const work = new Map(facts.work.map((one) => [one.workItemId, one]));
  const placed = [
    ...settledLines(settled, work, rated).flatMap((one) => placedNow(one, of)),
    ...drafted.flatMap(({ line, invoiceId }) => {
      const now = work.get(line.workItemId);
      const told = now === undefined ? [] : toldDraft(line, invoiceId, now);
      return told.flatMap((one) => placedNow({ told: one, work: now, isDraft: true, isKept: false }, of));
    }),
  ];
  if (placed.length === 0) return [];
  const groups = new Groups();
  for (const { line, scopes } of placed) groups.join(line.workItemId, scopes);
  const moved = new Set(placed.flatMap(({ line, wasMoved }) => (wasMoved ? [groups.of(line.workItemId)] : [])));
  return placed.flatMap(({ scopes, isKept, wasMoved: _wasMoved, ...one }) => {
    const group = scopes.length === 0 ? null : groups.of(one.line.workItemId);
    const isSharedAnew = group !== null && moved.has(group);
    const isShared = group !== null && (isKept || (one.isDraft && isSharedAnew));
    return isShared || one.hasOtherTerms ? [{ ...one, group, isSharedAnew }] : [];
  });
}

interface ToPlace {
  readonly told: ToldLine;
  readonly work: WorkItem | undefined;
  readonly isDraft: boolean;
  readonly isKept: boolean;
}

/** A correction that was rejected is rated as if it were alone: until it is corrected or voided its work is told by no line. */
function settledLines(
  settled: SettledWorkById,
  work: ReadonlyMap<string, WorkItem>,
  { segments, items }: RatedNow,
): readonly ToPlace[] {
  const rated = new Map<string, readonly Assessed[]>();
  for (const ofWork of segments) if (ofWork[0]?.earlier != null) rated.set(ofWork[0].work.workItemId, ofWork);
  const made = new Map<string, MadeItem[]>();
  for (const one of items) if (settled.has(one.item.workItemId)) addTo(made, one.item.workItemId, one);
  return [...settled.values()].flatMap((then: SettledWork) => {
    const now = work.get(then.workItemId);
    const ofWork = rated.get(then.workItemId);
    if (now === undefined || ofWork === undefined) return [];
    if (standingOf(now) === 'alone' && ofWork.some(isPending)) return [];
    const isKept = !ofWork.some(isRatedAgain);
    const told = toldLines(then, now, made.get(then.workItemId) ?? []);
    return told.map((one) => ({ told: one, work: now, isDraft: false, isKept }));
  });
}

interface Around {
  readonly facts: ClientPeriodFacts;
  readonly assessor: Assessor;
  readonly pricers: Pricers;
  readonly rounding: SharedRounding;
}

/** None where the terms of then, or the place of the work, can't be told. */
function placedNow(
  { told, work, isDraft, isKept }: ToPlace,
  { facts, assessor, pricers, rounding }: Around,
): readonly Placed[] {
  const { line, draws, forgone } = told;
  if (work === undefined || work.ticketId !== line.ticketId) return [];
  const ofPeriod = assessor.assess(work, null);
  // What was invoiced here stays here, also where it would be another month's now.
  const anywhere = ofPeriod.length === 0 ? assessor.assessAnywhere(work) : ofPeriod;
  const now = anywhere.flatMap((one) => within(line, asDecided(one)));
  const frozenUnder = versionOf(line, facts);
  const [first] = now;
  if (frozenUnder === null || first === undefined) return [];
  // What an adjustment stands beside of a block is an input while the terms of now draw on blocks.
  if (draws.length > 0 && line.draw === undefined && now.some(({ placement }) => placement?.as === 'prepaid'))
    return [];
  const isUnderOthers = !now.every((one) => isAsThen(line, one));
  const otherTaxDay = taxDayOf(line, now, facts.configuration);
  const hasOtherTerms = isUnderOthers || otherTaxDay !== null || hasOtherDiscount(line, now, pricers);
  // What nobody was asked for has no terms to keep.
  if (hasOtherTerms && !Money.from(line.net).isZero() && forgone.equals(Money.from(line.net))) return [];
  const scopesThen = [line.basis.rounding?.scopeId, line.basis.price?.scope].filter(
    (scope) => typeof scope === 'string',
  );
  const scopesNow = now.flatMap((one) =>
    [rounding.ofAssessed(one), pricedOverNow(one)].filter((scope) => scope !== null),
  );
  return [
    {
      ...told,
      isDraft,
      work,
      frozenUnder,
      now,
      otherTaxDay,
      hasOtherTerms,
      roundedIn: now.length === 1 ? rounding.ofAssessed(first) : null,
      // What is rounded by itself shares nothing with others.
      scopes: scopesNow.length === 0 ? [] : [...scopesThen, ...scopesNow],
      isKept,
      wasMoved: !isUnderOthers && now.some((one) => isElsewhere(line, one, rounding)),
    },
  ];
}

/** What somebody decided on counts as approved, whatever became of the approval. */
function asDecided(one: Assessed): Assessed {
  const { work } = one;
  return work.approval === undefined || work.approval === 'approved'
    ? one
    : { ...one, work: { ...work, approval: 'approved' } };
}

/** The first day of now with another tax than the day of the line has. */
function taxDayOf(
  { taxCategory, workDate }: PricedLine,
  now: readonly Assessed[],
  rules: ClientPeriodFacts['configuration'],
): LocalDate | null {
  if (rules.taxDate !== 'supply') return null;
  const then = taxOfDay(taxCategory, workDate, rules);
  return now.find(({ date }) => taxOfDay(taxCategory, date, rules) !== then)?.date ?? null;
}

/** True where the same terms count the work to another scope of minimum and increment, or of a price, than then. */
function isElsewhere({ basis }: PricedLine, one: Assessed, rounding: SharedRounding): boolean {
  const isOther = (then: string | null | undefined, now: string | null): boolean =>
    typeof then === 'string' && now !== null && then !== now;
  return isOther(basis.rounding?.scopeId, rounding.ofAssessed(one)) || isOther(basis.price?.scope, pricedOverNow(one));
}

function hasOtherDiscount({ basis }: PricedLine, now: readonly Assessed[], pricers: Pricers): boolean {
  const { beforeMinimumPercent = '0', afterMinimumPercent = '0' } = basis.discount ?? {};
  return now.some((one) => {
    const { placement } = one;
    if (placement?.as !== 'billable' && placement?.as !== 'prepaid') return false;
    const off = pricers.of(placement.inForce.version.terms).offOf(one);
    return off.beforeMinimumPercent !== beforeMinimumPercent || off.afterMinimumPercent !== afterMinimumPercent;
  });
}

/** What of a segment of now lies in the stretch that a line carries. */
function within({ segment, actualMinutes }: PricedLine, one: Assessed): readonly Assessed[] {
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

/** True where the very rule of the very version that priced the line prices it now, by the very version of a card: neither ever changes. */
function isAsThen(line: PricedLine, { placement, rateClass }: Assessed): boolean {
  if (placement === null) return true;
  if (placement.as === 'no-charge' || placement.as === 'unpriced') return false;
  const { contract, version } = placement.inForce;
  return (
    contract.contractId === line.contractId &&
    version.versionNumber === line.contractVersion &&
    version.terms.rateCard.taken?.version === line.basis.card?.version &&
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
