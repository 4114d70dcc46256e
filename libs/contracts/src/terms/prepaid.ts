import type { LocalDate, Minutes, MoneyJson } from '@billtrail/kernel';
import type { Proration } from './proration.js';

/** What a block or an allotment holds: time, whatever its price; or money, which the price of the work draws down. */
export type PrepaidAmount =
  { readonly unit: 'minutes'; readonly minutes: Minutes } | { readonly unit: 'money'; readonly money: MoneyJson };

/** Prepaid hours or money granted in every billing period. */
export interface Allotment {
  readonly id: string;
  readonly name: string;
  /** The base of a whole month. */
  readonly base: PrepaidAmount;
  /** Of a version that begins or ends within the month, or changes the base. Absent: `whole-period`. Whole minutes or minor units, rounded half up. */
  readonly proration?: Proration;
  /** `one-period`: the unused base of the period just before is drawn first, and lapses at the end of this one (R5). */
  readonly rollOver: 'none' | 'one-period';
}

/** How prepaid work beyond the blocks is priced. */
export interface Overage {
  /** Price of an hour, decimal string; null: the card's full price, as if no overage were stated. */
  readonly pricePerHour: string | null;
  /** True if rate class and work type multipliers raise a stated price as well (rating.md step 6). */
  readonly multiplied: boolean;
}

/** Work whose coverage rule says `prepaid` draws on these, and on the blocks purchased for the contract. */
export interface PrepaidTerms {
  /** Absent: blocks alone. */
  readonly allotment?: Allotment;
  /** Absent: the card's full price, with its multipliers. */
  readonly overage?: Overage;
}

/** A block as it was purchased. Work draws on it from `purchasedOn` to `expiresOn`, both days included. */
export interface PrepaidBlock {
  readonly blockId: string;
  readonly amount: PrepaidAmount;
  readonly purchasedOn: LocalDate;
  /** Last day on which work draws on it; null: it does not expire. */
  readonly expiresOn: LocalDate | null;
  /** What the client pays for it: an item of the period of `purchasedOn`. null: it was paid for elsewhere. */
  readonly price: { readonly net: MoneyJson; readonly taxCategory: string } | null;
}

/** What of a block was given back: it can't be drawn any more, and the client has its money at the block's own price. */
export interface BlockReturn {
  readonly returnId: string;
  /** In the unit of the block. */
  readonly amount: PrepaidAmount;
  /** Its share of the price; null: the block was paid for elsewhere. */
  readonly net: MoneyJson | null;
  readonly returnedOn: LocalDate;
  readonly reason: string;
}

/** A block with what became of it since its purchase. */
export interface OwnedBlock extends PrepaidBlock {
  /** In the order in which they were recorded. Absent: none. */
  readonly returns?: readonly BlockReturn[];
  /** Why it was withdrawn. Absent: it was not. */
  readonly withdrawn?: string;
}
