import type { Currency, Decimal, Minutes, Money, Month } from '@billtrail/kernel';
import type { Cap } from '@billtrail/contracts';
import type { FreeStretch, PlacedStretch } from './placed.js';
import type { InForce, Placement } from './coverage/placement.js';
import type { ChainLink } from './coverage/placement.js';
import type { DrawnBefore } from './prepaid/drawn-before.js';
import type { Stretch, When } from './time/step-2-segments.js';

/** Minutes of a piece of work, counted from its beginning; `to` is not part of it. */
export interface MinuteRange {
  readonly from: Minutes;
  readonly to: Minutes;
}

/** The month that a moment of the work lies in, in the zone that counts for it now. */
export type MonthOfWork = (when: When) => Month;

/** What an account has of a piece of work, wherever the facts of now would put that. */
export interface HeldByAccount {
  /** The billing period of the account. */
  readonly period: Month;
  /** True where the work is, in all that its price rests on, what it was when it was frozen there: what it has then is no matter of opinion. */
  readonly isAsItWas: boolean;
  /** True where differences are settled of it, beside the work or parts of it: which minutes it has then follows from how many. */
  readonly isAdjusted: boolean;
  /** Never overlapping. Every account of a client answers alike, whichever period asks: so no minute is billed twice, and none is lost. */
  holds(stretches: readonly Stretch[], monthOfWork: MonthOfWork): readonly MinuteRange[];
}

/**
 * What is settled of a piece of work already, as the steps of rating ask it: they know no document. Made by whoever knows what is settled.
 *
 * - `kept`: all of it, and the work is what it was: nothing of it is rated.
 * - `rest`: a part of it, and the work is what it was: what is left is rated.
 * - `again`: the work changed, and not all that follows is settled, or it shares a price with work that did: it is rated whole, for the difference.
 */
export interface Earlier extends HeldByAccount {
  readonly mode: 'kept' | 'rest' | 'again';
  /** True where all of it was only ever forgone. */
  readonly isForgone: boolean;
  /** Pieces or expenses that are settled; 0 of time. */
  readonly quantity: Decimal;
  /** Numbers of its parts that are given. */
  readonly takenNumbers: ReadonlySet<number>;
  /** True where documents of before rounded it, which gave each stretch in turn what its scope grew by. */
  readonly wasRoundedInTurn: boolean;
  /** Where a minute of it was put then; null: as work is put now. `under` asks the rules of a link of the chain. */
  placementAt(minute: Minutes, under: (link: ChainLink) => Placement): Placement | null;
  /** The same, once it is known how many minutes of the work are the account's: where not all of them are settled of adjusted work it is rated `again`. */
  of(minutes: Minutes): Earlier;
  /** What is left of a stretch when all that is settled is taken out of it. */
  free(one: PlacedStretch): readonly FreeStretch[];
  /** What it had drawn on blocks and allotments, and what was asked of it beyond that. One object for each piece of work. */
  drawnBefore(): DrawnBefore;
  /** What of it counts under a cap: what was asked of the client, and what a person had forgone. */
  underCap(cap: Cap, inForce: InForce, currency: Currency): { readonly invoiced: Money; readonly forgone: Money };
  /** What parts of it ask beyond the price of their minutes or pieces, for a cap cut them at an amount. */
  beyondItsMinutes(currency: Currency): Money;
  /** What of it was given as a courtesy. */
  given(currency: Currency): Money;
  /** What was taken of its one price whatever the minutes, part by part, where a part was charged with it. */
  takenOfFlatPrice(currency: Currency): readonly Money[];
}
