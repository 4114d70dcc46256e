import { piecesOf } from '../rating/quantities.js';
import {
  type Currency,
  type Decimal,
  type Minutes,
  Money,
  type MoneyJson,
  type Month,
  invariant,
} from '@billtrail/kernel';
import type { Cap } from '@billtrail/contracts';
import type { PricedFacts } from '../item/basis.js';
import { beforeCourtesy, givenOn } from '../item/courtesy.js';
import type { FrozenItem } from '../item/frozen-item.js';
import type { FreeStretch, PlacedStretch } from '../rating/placed.js';
import type { InForce, Placement } from '../rating/coverage/placement.js';
import type { ChainLink } from '../rating/coverage/placement.js';
import type { Earlier, MinuteRange, MonthOfWork } from '../rating/earlier.js';
import type { ClientPeriodFacts } from '../client-period.js';
import type { WorkItem } from '../rating/facts.js';
import { pricedFacts } from '../rating/items/work-facts.js';
import type { Stretch } from '../rating/time/step-2-segments.js';
import type { DrawnBefore } from '../rating/prepaid/drawn-before.js';
import { beyondTheirMinutes } from './cut-at-caps.js';
import { drawnBefore } from './draws.js';
import { flatPricesLeft, takenOfFlatPrice } from './flat-price-left.js';
import { heldMinutes } from './held-minutes.js';
import { placedThen, pricedUnder } from './priced-then.js';
import { isOfWork } from '../item/item-key.js';
import { type SettledWork, atItsValue, isForgiven } from './settled-work.js';
import { countsUnder } from './under-cap.js';

type Facts = Pick<ClientPeriodFacts, 'contracts' | 'configuration' | 'tickets' | 'creditedWork'>;

/** What is settled of work, as the steps of rating ask it. */
export class EarlierWork implements Earlier {
  readonly mode: Earlier['mode'];
  readonly isAsItWas: boolean;
  private before: DrawnBefore | null = null;

  /**
   * `isReopened`: it is what it was, and shares a price with settled work that changed. `isInPart`: it is what it was, and not all of the adjustments
   * that made it so are settled.
   */
  constructor(
    readonly settled: SettledWork,
    readonly work: WorkItem,
    private readonly facts: Facts,
    private readonly isReopened = false,
    isInPart = false,
  ) {
    this.isAsItWas =
      isReopened ||
      (isSameWork(settled.latest, work) && !wasFreedBesideAdjustments(settled, facts) && !isGivenLess(settled, work));
    const isRatedAgain = !this.isAsItWas || isReopened || isInPart;
    this.mode = isRatedAgain ? 'again' : isWhollySettled(settled, work) ? 'kept' : 'rest';
  }

  get period(): Month {
    return this.settled.period;
  }

  get isAdjusted(): boolean {
    return isAdjusted(this.settled);
  }

  of(minutes: Minutes): Earlier {
    const { settled, work, facts } = this;
    if (this.mode !== 'kept' || !this.isAdjusted || isAllSettled(settled, work, minutes)) return this;
    return new EarlierWork(settled, work, facts, false, true);
  }

  holds(stretches: readonly Stretch[], monthOfWork: MonthOfWork): readonly MinuteRange[] {
    return heldMinutes(this, stretches, monthOfWork);
  }

  get isForgone(): boolean {
    return this.settled.isForgone;
  }

  get quantity(): Decimal {
    return this.settled.quantity;
  }

  get takenNumbers(): ReadonlySet<number> {
    return new Set(this.settled.parts.flatMap(({ key }) => (isOfWork(key) ? [key.number] : [])));
  }

  get wasRoundedInTurn(): boolean {
    return this.settled.parts.some(({ item: { basis } }) => {
      const { rounding } = basis;
      return rounding !== null && rounding.scope !== 'entry' && rounding.scopeId === undefined;
    });
  }

  placementAt(minute: Minutes, under: (link: ChainLink) => Placement): Placement | null {
    if (this.mode !== 'again') return null;
    const { settled } = this;
    const then = this.isReopened ? placedThen(settled, this.facts, minute) : null;
    if (then !== null) return then;
    const link = pricedUnder(settled, this.facts, minute);
    return link === null ? null : under(link);
  }

  free(one: PlacedStretch): readonly FreeStretch[] {
    const { stretches } = this.settled;
    const free: FreeStretch[] = [];
    const unit = { ...one, unitFrom: one.fromMinute, unitTo: one.toMinute, isRest: true };
    let from = one.fromMinute;
    for (const taken of stretches) {
      if (taken.toMinute <= from || taken.fromMinute >= one.toMinute) continue;
      if (taken.fromMinute > from) free.push({ ...unit, fromMinute: from, toMinute: taken.fromMinute });
      invariant(taken.toMinute >= taken.fromMinute, 'a settled stretch ends before it begins');
      from = Math.max(from, taken.toMinute);
    }
    const isEmpty = one.fromMinute === one.toMinute;
    if (from < one.toMinute || (isEmpty && stretches.length === 0)) free.push({ ...unit, fromMinute: from });
    else if (
      free.length === 0 &&
      flatPricesLeft(this.settled).some((end) => isEmpty || (end > one.fromMinute && end <= one.toMinute))
    )
      free.push({ ...unit, fromMinute: one.toMinute });
    invariant(
      free.every(({ fromMinute, toMinute }) => fromMinute >= one.fromMinute && toMinute <= one.toMinute),
      'what is left of a stretch lies outside of it',
    );
    return free;
  }

  drawnBefore(): DrawnBefore {
    this.before ??= drawnBefore(this.settled);
    return this.before;
  }

  underCap(cap: Cap, inForce: InForce, currency: Currency): { readonly invoiced: Money; readonly forgone: Money } {
    let invoiced = Money.zero(currency);
    let forgone = Money.zero(currency);
    for (const part of this.settled.parts) {
      const { item: frozen, invoiceId } = part;
      const item = beforeCourtesy(invoiceId === null ? atItsValue(frozen) : frozen);
      if (!countsUnder(item, inForce.contract.contractId, cap, this.facts.tickets)) continue;
      if (invoiceId === null && !isForgiven(part)) forgone = forgone.plus(Money.from(item.net));
      else invoiced = invoiced.plus(Money.from(item.net));
    }
    return { invoiced, forgone };
  }

  beyondItsMinutes(currency: Currency): Money {
    return beyondTheirMinutes(this.settled, currency);
  }

  given(currency: Currency): Money {
    return givenOn(
      this.settled.parts.map(({ item }) => item),
      currency,
    );
  }

  takenOfFlatPrice(currency: Currency): readonly Money[] {
    return takenOfFlatPrice(this.settled, currency);
  }
}

/**
 * True where nothing of the work is left to rate, if it is what it was: the whole is frozen, or was corrected and the difference is frozen too,
 * or its parts make up the whole.
 */
function isWhollySettled(settled: SettledWork, work: WorkItem): boolean {
  if (settled.parts.some(({ key }) => key.role !== 'part')) return true;
  if (work.kind !== 'time') return settled.quantity.gte(piecesOf(work));
  return settled.actualMinutes >= work.minutes && flatPricesLeft(settled).length === 0;
}

function isAdjusted({ parts }: SettledWork): boolean {
  return parts.some(({ key }) => !isOfWork(key));
}

/**
 * False where of the items that adjust the work some are on no document, such as what a cap let through while what is above it was written off, or a change
 * of a draw while the difference in money was credited: what is not settled of them is still to be accounted for. `minutes`: what of the work is the
 * account's. Older documents do not name what stood beside an item; there the minutes and pieces tell.
 */
function isAllSettled(settled: SettledWork, work: WorkItem, minutes: Minutes): boolean {
  const { parts, latest, actualMinutes, quantity } = settled;
  const isOfAll = work.kind === 'time' ? actualMinutes === minutes : quantity.equals(piecesOf(work));
  const { beside = [] } = latest.basis.adjustment ?? {};
  return isOfAll && beside.every((id) => parts.some(({ item }) => item.itemId === id));
}

/** True where a credit note gave what was adjusted free to be billed again. */
function wasFreedBesideAdjustments(settled: SettledWork, { creditedWork }: Facts): boolean {
  return isAdjusted(settled) && creditedWork?.has(settled.workItemId) === true;
}

/**
 * True where a courtesy was withdrawn, or given anew with less, after what it left was written off: nobody forgave the rest. What an invoice holds keeps its
 * courtesy.
 */
function isGivenLess({ parts }: SettledWork, { courtesy }: WorkItem): boolean {
  const standing = parts.filter((part) => !isForgiven(part)).map(({ item }) => item);
  const currency = standing.find((item) => item.courtesy !== undefined)?.courtesy?.amount.currency;
  if (currency === undefined) return false;
  const given = givenOn(standing, currency);
  if (courtesy === undefined) return !given.isZero() && !given.isNegative();
  return courtesy.amount.currency === currency && given.compare(Money.from(courtesy.amount)) > 0;
}

/**
 * True where the work is, in all that its price rests on, what it was when the item was frozen. Items that were frozen without start and end, or
 * without the engineer, say nothing about those. An adjustment that does not hold all of the work tells nothing: one that a cap held back, until the
 * cap lets the rest through, and one beside which a write-off is taken back.
 */
export function isSameWork({ basis }: Pick<FrozenItem, 'basis'>, work: WorkItem): boolean {
  const { work: then, cap, adjustment } = basis;
  if (then === null || (cap?.heldBack ?? null) !== null || (adjustment?.writeOffTakenBack ?? null) !== null)
    return false;
  const now: PricedFacts = pricedFacts(work);
  // What one of them states and the other doesn't is a difference too.
  const names = new Set([...Object.keys(now), ...Object.keys(then)]) as ReadonlySet<keyof PricedFacts>;
  return [...names].every((name) => isUntold(then, name) || sameFact(then[name], now[name]));
}

/** What a frozen item says nothing about. */
function isUntold(then: PricedFacts, name: string): boolean {
  if (then.kind !== 'time') return false;
  if (name === 'engineerId') return then.engineerId === undefined;
  return (name === 'startedAt' && then.startedAt === null) || (name === 'endedAt' && then.endedAt === null);
}

/** Facts are texts, numbers, or money. */
function sameFact(then: unknown, now: unknown): boolean {
  return (
    then === now || (isMoney(then) && isMoney(now) && then.amount === now.amount && then.currency === now.currency)
  );
}

function isMoney(fact: unknown): fact is MoneyJson {
  return typeof fact === 'object' && fact !== null && 'amount' in fact && 'currency' in fact;
}
