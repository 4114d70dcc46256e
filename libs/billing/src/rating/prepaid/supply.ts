import { type Currency, Decimal, type LocalDate, compareTexts } from '@billtrail/kernel';
import type { Burn } from '@billtrail/contracts';
import type { PrepaidSource } from '../../item/draw.js';
import { prepaidKey } from './prepaid-amount.js';

export const NOTHING = new Decimal(0);

/** Why work that asked a block drew nothing on it. */
export type Obstacle =
  | 'too-early'
  | 'expired'
  | 'not-time'
  | 'one-price'
  | 'other-currency'
  | 'costs-nothing'
  | 'used-up'
  | 'too-little'
  | 'held';

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
  /** How it burns, where the block says so itself. Absent: as the terms say. */
  readonly burn?: Burn;
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

/** What stands for a block that was withdrawn after work had drawn on it: what was drawn stays so. */
export function withdrawn(source: PrepaidSource, currency: Currency | null, burn: Burn | undefined): Supply {
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
    ...(burn === undefined ? {} : { burn }),
    left: NOTHING,
    short: NOTHING,
    heldForLater: NOTHING,
    skipReasons: new Map(),
  };
}

/** Earliest expiry first (none last), then earliest purchase, then id. */
export function inDrawingOrder(a: Supply, b: Supply): number {
  return (
    compareTexts(a.expiresOn ?? NEVER, b.expiresOn ?? NEVER) ||
    compareTexts(a.purchasedOn, b.purchasedOn) ||
    compareTexts(a.key, b.key)
  );
}

/** Sorts after every day. */
const NEVER = '~';
