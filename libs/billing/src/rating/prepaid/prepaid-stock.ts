import {
  addDays,
  Decimal,
  type Currency,
  type LocalDate,
  Money,
  at,
  daysOf,
  invariant,
  monthsLater,
  compareTexts,
} from '@billtrail/kernel';
import { type Allotment, type PrepaidAmount, amountOf, returnedOf } from '@billtrail/contracts';
import { type Share, sharesOf } from '../charges/proration.js';
import { coveredDays, dayCount } from '../time/covered-days.js';
import { MAX_DAYS_AHEAD, type ContractFacts, type PeriodFacts } from '../facts.js';
import type { Draw, PrepaidSource } from '../../item/draw.js';
import type { CarriedOver } from './prepaid-facts.js';

/** One text for each block and each month's allotment: equal sources have equal keys. */
export function prepaidKey(source: PrepaidSource): string {
  return source.from === 'block'
    ? JSON.stringify(['block', source.contractId, source.blockId])
    : JSON.stringify(['allotment', source.contractId, source.allotmentId, source.month]);
}

/** Why work that asked a block drew nothing on it. */
export type Obstacle =
  'too-early' | 'expired' | 'not-time' | 'one-price' | 'other-currency' | 'costs-nothing' | 'used-up' | 'held';

/** A block, or an allotment as the block of its month, while work draws on it. */
export interface Supply {
  readonly source: PrepaidSource;
  readonly key: string;
  /** What the trace calls it: `block b-1`, `allotment base of 2026-03`. */
  readonly name: string;
  /** Currency of money; null: it holds minutes. */
  readonly currency: Currency | null;
  /** First and last day of work that draws on it; `lastDay` null: it does not expire. */
  readonly firstDay: LocalDate;
  readonly lastDay: LocalDate | null;
  /** For the order: the day on which it lapses, null never. An allotment that rolls over lapses with the next month. */
  readonly expiresOn: LocalDate | null;
  readonly purchasedOn: LocalDate;
  /** False for what does not reach the next period. */
  readonly isCarriedOver: boolean;
  /** What a block holds that is purchased after the period, before any work draws on it; null: it is there in the period. */
  readonly ahead: Decimal | null;
  /** Minutes or money, less what is frozen and what was drawn. Never below zero. */
  left: Decimal;
  /** What frozen draws took beyond all that there was; nearly always zero. */
  short: Decimal;
  /** What frozen draws of later periods hold of `left`. */
  readonly heldForLater: Decimal;
  /** What was said of it to work that drew nothing. */
  readonly skipReasons: Map<Obstacle, string>;
}

/** What can be drawn now: later frozen draws hold first, so that a back-dated entry never over-draws. */
export function available(supply: Supply): Decimal {
  if (supply.heldForLater.isZero()) return supply.left;
  const free = supply.left.minus(supply.heldForLater);
  return free.isNegative() ? NOTHING : free;
}

const NOTHING = new Decimal(0);

/** Of money; null: it is minutes. */
export function currencyOf(amount: PrepaidAmount): Currency | null {
  return amount.unit === 'minutes' ? null : amount.money.currency;
}

/**
 * Tells draws apart by what they are on and by their unit. A block holds one unit for ever; an allotment that is of money in one version and of
 * minutes in the next has draws in both, which never add up.
 */
export function unitKey(source: PrepaidSource, amount: PrepaidAmount): string {
  return `${prepaidKey(source)}\u0000${currencyOf(amount) ?? ''}`;
}

/** An amount in the unit of a supply. */
export function prepaidAmount(value: Decimal, currency: Currency | null): PrepaidAmount {
  return currency === null
    ? { unit: 'minutes', minutes: value.toNumber() }
    : { unit: 'money', money: Money.of(value, currency).toJSON() };
}

/** What a period's work may draw on: blocks and allotments of every contract of the client, with what is left in each. */
export class PrepaidStock {
  private readonly byContract = new Map<string, readonly Supply[]>();

  /** `frozen`: what is settled in the period; it was taken before. */
  constructor(facts: PeriodFacts, frozen: readonly Draw[]) {
    const opening = new Opening(facts, frozen);
    for (const contract of facts.contracts) {
      if (contract.clientId !== facts.clientId) continue;
      const supplies = [...opening.blocksOf(contract), ...opening.allotmentsOf(contract)].sort(inDrawingOrder);
      if (supplies.length > 0) this.byContract.set(contract.contractId, supplies);
    }
  }

  /** In the order in which work draws on them: earliest expiry (none last), then earliest purchase, then id. */
  of(contractId: string): readonly Supply[] {
    return this.byContract.get(contractId) ?? [];
  }

  /** null: it was withdrawn, is of no day of the period, or holds another unit now (an allotment may; a block never does). */
  find({ key, currency }: Pick<Supply, 'key' | 'currency'>): Supply | null {
    for (const supplies of this.byContract.values())
      for (const supply of supplies) if (supply.key === key) return supply.currency === currency ? supply : null;
    return null;
  }

  /** A frozen draw is given back: first it makes up for what frozen draws took too much. */
  giveBack({ key, currency, left: amount }: Pick<Supply, 'key' | 'currency' | 'left'>): void {
    const supply = this.find({ key, currency });
    if (supply === null) return;
    invariant(supply.left.isZero() || supply.short.isZero(), 'a block holds something, and yet was over-drawn');
    const left = supply.left.minus(supply.short).plus(amount);
    supply.left = left.isNegative() ? NOTHING : left;
    supply.short = left.isNegative() ? left.negated() : NOTHING;
  }

  /** What is carried over to the next period, sorted. Draws of later periods are still to come there, so they are not taken off. */
  balances(): CarriedOver['balances'] {
    return [...this.byContract.values()]
      .flat()
      .filter(({ isCarriedOver, ahead, left }) => isCarriedOver && (ahead === null || !left.equals(ahead)))
      .sort((a, b) => compareTexts(a.key, b.key))
      .map(({ source, left, currency }) => ({ source, left: prepaidAmount(left, currency) }));
  }
}

/** What stands for a block that was withdrawn after work had drawn on it: what was drawn stays so. */
export function withdrawn(source: PrepaidSource, currency: Currency | null): Supply {
  return {
    source,
    key: prepaidKey(source),
    name: source.from === 'block' ? `block ${source.blockId}` : `allotment ${source.allotmentId} of ${source.month}`,
    currency,
    firstDay: '',
    lastDay: null,
    expiresOn: null,
    purchasedOn: '',
    isCarriedOver: false,
    ahead: null,
    left: NOTHING,
    short: NOTHING,
    heldForLater: NOTHING,
    skipReasons: new Map(),
  };
}

/** What is in each block and allotment before the work of the period that is not frozen. */
class Opening {
  private readonly carried: ReadonlyMap<string, PrepaidAmount>;
  private readonly frozen: ReadonlyMap<string, Decimal>;
  private readonly later: ReadonlyMap<string, Decimal>;
  private readonly first: LocalDate;
  private readonly last: LocalDate;
  private readonly before: string;

  constructor(
    private readonly facts: PeriodFacts,
    frozen: readonly Draw[],
  ) {
    ({ first: this.first, last: this.last } = daysOf(facts.period));
    this.before = monthsLater(facts.period, -1);
    this.carried = new Map((facts.carriedOver?.balances ?? []).map((one) => [prepaidKey(one.source), one.left]));
    this.frozen = sumsOf(frozen);
    this.later = sumsOf(facts.laterDraws ?? []);
  }

  blocksOf(contract: ContractFacts): readonly Supply[] {
    // Where the contract is in another zone than the work, its day may be a later one.
    const lastThere = addDays(this.last, MAX_DAYS_AHEAD);
    const bought = (contract.blocks ?? []).filter((block) => block.purchasedOn <= lastThere);
    return bought.map((block) => {
      const source: PrepaidSource = { from: 'block', contractId: contract.contractId, blockId: block.blockId };
      const kept = amountOf(block.amount).minus(returnedOf(block));
      return this.supply(source, prepaidAmount(kept, currencyOf(block.amount)), {
        name: `block ${block.blockId}`,
        firstDay: block.purchasedOn,
        lastDay: block.expiresOn,
        expiresOn: block.expiresOn,
        purchasedOn: block.purchasedOn,
        isCarriedOver: true,
        ahead: block.purchasedOn > this.last ? amountOf(block.amount) : null,
      });
    });
  }

  /** The base of this month, and what rolled over from the month just before: nothing older. */
  allotmentsOf(contract: ContractFacts): readonly Supply[] {
    const { contractId } = contract;
    const supplies: Supply[] = [];
    for (const { allotment, from, to, proratedBy } of grantsOf(contract, this.facts.period)) {
      const rolls = allotment.rollOver === 'one-period';
      const source: PrepaidSource = {
        from: 'allotment',
        contractId,
        allotmentId: allotment.id,
        month: this.facts.period,
      };
      supplies.push(
        this.supply(source, allotment.base, {
          name: `allotment ${allotment.id} of ${this.facts.period}${partOf(proratedBy)}`,
          firstDay: from,
          lastDay: to,
          expiresOn: rolls ? daysOf(monthsLater(this.facts.period, 1)).last : this.last,
          purchasedOn: this.first,
          isCarriedOver: rolls,
          ahead: null,
        }),
      );
    }
    // Before the first period of a client there is nothing to roll over.
    if (this.facts.carriedOver === undefined) return supplies;
    for (const { allotment, proratedBy } of grantsOf(contract, this.before)) {
      if (allotment.rollOver !== 'one-period') continue;
      const source: PrepaidSource = { from: 'allotment', contractId, allotmentId: allotment.id, month: this.before };
      // A month that nobody had to rate, for want of work, used nothing of its base: the whole of it rolls over.
      supplies.push(
        this.supply(source, allotment.base, {
          name: `allotment ${allotment.id} rolled over from ${this.before}${partOf(proratedBy)}`,
          firstDay: this.first,
          lastDay: this.last,
          expiresOn: this.last,
          purchasedOn: daysOf(this.before).first,
          isCarriedOver: false,
          ahead: null,
        }),
      );
    }
    return supplies;
  }

  private supply(
    source: PrepaidSource,
    whole: PrepaidAmount,
    about: Omit<Supply, 'source' | 'key' | 'currency' | 'left' | 'short' | 'heldForLater' | 'skipReasons'>,
  ): Supply {
    const key = prepaidKey(source);
    const opening = this.carried.get(key) ?? whole;
    const currency = currencyOf(opening);
    const left = amountOf(opening).minus(this.frozen.get(unitKey(source, opening)) ?? NOTHING);
    return {
      source,
      key,
      name: about.name,
      currency,
      firstDay: about.firstDay,
      lastDay: about.lastDay,
      expiresOn: about.expiresOn,
      purchasedOn: about.purchasedOn,
      isCarriedOver: about.isCarriedOver,
      ahead: about.ahead,
      left: left.isNegative() ? NOTHING : left,
      short: left.isNegative() ? left.negated() : NOTHING,
      heldForLater: this.later.get(unitKey(source, opening)) ?? NOTHING,
      skipReasons: new Map(),
    };
  }
}

function partOf(proratedBy: string | undefined): string {
  return proratedBy === undefined ? '' : `, a part by ${proratedBy}`;
}

function sumsOf(draws: readonly Draw[]): ReadonlyMap<string, Decimal> {
  const sums = new Map<string, Decimal>();
  for (const { source, amount } of draws) {
    const key = unitKey(source, amount);
    sums.set(key, (sums.get(key) ?? NOTHING).plus(amountOf(amount)));
  }
  return sums;
}

/** An allotment of a month, as a contract grants it. */
export interface Grant {
  readonly allotment: Allotment;
  /** First and last day of the month on which a version that grants it is in force. */
  readonly from: LocalDate;
  readonly to: LocalDate;
  /** By which rules it is less than the base of a month. Absent: it is all of it. */
  readonly proratedBy?: string;
}

/**
 * The allotments of a month, each once, by any version in force on a day of it: whole, unless its terms say otherwise of a part of a month. Where a new
 * version changes a whole base within the month, the larger base holds: what was drawn before the change is never too much.
 */
export function grantsOf(contract: ContractFacts, month: string): readonly Grant[] {
  if (contract.versions.every((version) => version.terms.prepaid?.allotment === undefined)) return [];
  const { first, last } = daysOf(month);
  const grants = new Map<string, Granted>();
  for (const { version, from, to } of coveredDays(contract, first, last)) {
    const allotment = version.terms.prepaid?.allotment;
    if (allotment === undefined) continue;
    const known = grants.get(allotment.id);
    grants.set(allotment.id, {
      allotment: known === undefined ? allotment : larger(known.allotment, allotment),
      from: known?.from ?? from,
      to,
      parts: [...(known?.parts ?? []), { allotment, from, to }],
    });
  }
  return [...grants.values()].flatMap((grant) => prorated(grant, { from: first, to: last }));
}

interface Granted extends Grant {
  /** By the days of each version. */
  readonly parts: readonly Grant[];
}

/** What of an allotment is granted where a part of a month is less than all of it; nothing: only from the next month on. */
function prorated(
  { parts, ...grant }: Granted,
  month: { readonly from: LocalDate; readonly to: LocalDate },
): readonly Grant[] {
  const { base } = grant.allotment;
  const isStated = parts.some(({ allotment }) => allotment.proration !== undefined);
  if (!isStated || parts.some(({ allotment }) => currencyOf(allotment.base) !== currencyOf(base))) return [grant];
  const sized = parts.map(({ allotment, from, to }) => {
    const { increases = 'whole-period', decreases = 'whole-period' } = allotment.proration ?? {};
    return { from, to, size: amountOf(allotment.base), proration: { increases, decreases } };
  });
  const shares = sharesOf(sized, month) ?? sized.map((days) => sharedByDay(days, month));
  const sum = shares.reduce((all, { counted, of }, index) => {
    const { size } = at(sized, index, 'the base of a part');
    return all.plus(size.times(counted).dividedBy(of));
  }, NOTHING);
  const granted =
    base.unit === 'minutes'
      ? wholeMinutes(sum)
      : prepaidAmount(Money.of(sum, base.money.currency).rounded().value, base.money.currency);
  if (amountOf(granted).isZero()) return [];
  const allotment = { ...grant.allotment, base: granted };
  const rules = [...new Set(shares.flatMap((one) => one.rules))].join(' and ');
  return [
    amountOf(granted).equals(amountOf(base)) ? { ...grant, allotment } : { ...grant, allotment, proratedBy: rules },
  ];
}

function wholeMinutes(minutes: Decimal): PrepaidAmount {
  return { unit: 'minutes', minutes: minutes.toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber() };
}

function sharedByDay(
  days: { readonly from: LocalDate; readonly to: LocalDate },
  month: { readonly from: LocalDate; readonly to: LocalDate },
): Share {
  return { counted: new Decimal(dayCount(days)), of: dayCount(month), countsFor: days, rules: ['daily'] };
}

/** Of two terms of one allotment the later, with the larger base where both are in one unit. */
function larger(earlier: Allotment, later: Allotment): Allotment {
  const comparable = currencyOf(earlier.base) === currencyOf(later.base);
  return comparable && amountOf(earlier.base).gt(amountOf(later.base)) ? { ...later, base: earlier.base } : later;
}

function inDrawingOrder(a: Supply, b: Supply): number {
  return (
    compareTexts(a.expiresOn ?? NEVER, b.expiresOn ?? NEVER) ||
    compareTexts(a.purchasedOn, b.purchasedOn) ||
    compareTexts(a.key, b.key)
  );
}
/** Sorts after every day. */
const NEVER = '~';
