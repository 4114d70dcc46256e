import type { Currency, LocalDate, Minutes, MoneyJson } from '@billtrail/kernel';
import type { CourtesyGiven } from './courtesy.js';
import type { CardTaken, RateClass, RoundingScope } from '@billtrail/contracts';

/** Why work has no price, as a code that stays: the cause of a gap `unpriced`. */
export const UNPRICED_REASONS = [
  'no-client',
  'no-contract',
  'contract-of-another-client',
  'contract-not-in-force',
  'contracts-match-equally',
  'excluded',
  'no-coverage',
  'rate-class-unknown',
  'no-rate',
  'no-price',
  'above-cap',
  'other-currency',
  'written-off-without-price',
] as const;
export type UnpricedReason = (typeof UNPRICED_REASONS)[number];

/** The facts of work that its price rests on, and no others: by them a correction is told from a change of contract. */
export type PricedFacts =
  | {
      readonly kind: 'time';
      readonly workDate: LocalDate;
      readonly actualMinutes: Minutes;
      readonly statedBillableMinutes: Minutes | null;
      readonly workType: string;
      readonly engineerRole: string;
      /** Who did it: what is charged by visit is by engineer. Absent: it was frozen before it was kept, and says nothing of it. */
      readonly engineerId?: string;
      /** As it was declared; null: it was not. */
      readonly rateClass: RateClass | null;
      /** Start and end, where both were recorded; null says nothing of them. */
      readonly startedAt: string | null;
      readonly endedAt: string | null;
      /** The price of an hour that a person set; null: none. */
      readonly override: MoneyJson | null;
    }
  | {
      readonly kind: 'material';
      readonly workDate: LocalDate;
      readonly itemCode: string;
      readonly quantity: string;
      readonly unitCost: MoneyJson | null;
      /** Absent: the unit cost is net. */
      readonly taxIncluded?: MoneyJson;
      readonly listPrice: MoneyJson | null;
      readonly underWarranty: boolean;
    }
  | {
      readonly kind: 'expense';
      readonly workDate: LocalDate;
      readonly cost: MoneyJson;
      /** What follows is absent where it was not stated. */
      readonly taxIncluded?: MoneyJson;
      readonly quantity?: string;
      readonly unit?: string;
      readonly expenseType?: string;
    };

/** Minimum and increment as they were applied. */
export interface RoundingBasis {
  /** Tells what settled time shares where its contract version can no longer be asked. */
  readonly scope: RoundingScope;
  /**
   * What the stretch that was rounded brought to its scope before minimum and increment. Of a stretch that a block or a cap cut, the whole of it, so no
   * rating adds it up: documents that state how time was rounded read it. Version 1 of the schema knew the part alone.
   */
  readonly basisMinutes: Minutes;
  /**
   * What shares the minimum and increment with it, as a text that is equal for all that does. Absent of an entry that was not cut, and on documents
   * of before, where each stretch was given what the scope grew by through it.
   */
  readonly scopeId?: string;
}

/** How the price was found. `hourly` and `quantity` are prices of their own; the others may be those of a scope. */
export interface PriceBasis {
  readonly mode: 'hourly' | 'quantity' | 'tiers' | 'flat' | 'amount-on-top';
  /** What a shared price was counted over; null: over nothing but this item. */
  readonly scope: string | null;
  /** True where what is charged once in the scope is charged with this item. */
  readonly charged: boolean;
  /** The one price whatever the minutes, before any discount, where this item is charged with it. */
  readonly flatPrice: MoneyJson | null;
  /** Of tiers: the minutes in each, at what an hour of it costs with its multiplier. Absent: no tiers, or it was frozen before they were kept. */
  readonly tiers?: readonly TierBasis[];
  /** The stated price where that is not for an hour, or an hour of it has no exact decimal: so much for so many minutes. Absent: the unit price is exact. */
  readonly per?: { readonly price: string; readonly minutes: Minutes };
}

export interface TierBasis {
  readonly minutes: Minutes;
  /** Decimal string, in the currency of the item. */
  readonly pricePerHour: string;
}

/** Percent discounts. Prices are decimal strings in the currency of the item, before the one rounding. */
export interface DiscountBasis {
  readonly exactBefore: string;
  readonly exact: string;
  readonly beforeMinimumPercent: string;
  readonly afterMinimumPercent: string;
}

/** The cap that held. Amounts are decimal strings; null: nothing was above, or held back. */
export interface CapBasis {
  readonly contractId: string;
  readonly capId: string;
  readonly currency: Currency;
  /** What of the price lies above the cap and is this item. */
  readonly above: string | null;
  /** What of a correction's price no cap let through: this item does not hold all of its work. */
  readonly heldBack: string | null;
}

/** What an adjustment of an invoiced item or charge goes back to. */
export interface Adjusts {
  readonly documentIds: readonly string[];
  /** In words that name no person. */
  readonly why: string;
}

/** Of an item that carries the difference between frozen work and the work as it is. */
export interface AdjustmentBasis {
  /** The work whose correction or void is the cause, where it is not this work's own. null: its own. For documents, which tell why they adjust. */
  readonly causedBy: readonly string[] | null;
  /** What of a write-off is taken back beside this item: it does not hold all of its work. null: nothing. */
  readonly writeOffTakenBack: string | null;
  /** The documents that carry what it adjusts, the first one first, and why. Absent: none does, or it was frozen before they were kept. */
  readonly adjusts?: Adjusts;
  /** What invoices ask for the work before it, less what credit notes took back, and what the work is asked for now. Absent: it was frozen before these were kept. */
  readonly from?: { readonly before: string; readonly now: readonly PricedNow[] };
  /** Ids of the other items that carry the same difference: this one does not hold all of it. Absent: there are none, or it was frozen before they were kept. */
  readonly beside?: readonly string[];
}

/** A part of adjusted work as it is priced now: the figures of its sum. `courtesy` absent: nothing was given, or it was frozen before that could be. */
export interface PricedNow extends Pick<Basis, 'price' | 'discount' | 'prepaid' | 'cap' | 'paidOf' | 'isRestOfCut'> {
  readonly quantity: string;
  readonly unit: string;
  /** null of materials and expenses. */
  readonly billableMinutes: Minutes | null;
  readonly unitPrice: MoneyJson;
  readonly net: MoneyJson;
  readonly courtesy?: CourtesyGiven;
}

/**
 * What priced an item, as data: what a later rating asks of a frozen item, it asks here. The item's trace says the same to people and is never
 * read back. Contract, version, segment and draw stand on the item itself.
 */
export interface Basis {
  /** null: of an adjustment of work that is gone. */
  readonly work: PricedFacts | null;
  /** The version of the configuration's card whose prices held. Absent: the contract spells out its own card. */
  readonly card?: CardTaken;
  /** The rule that was taken; null: none was, or no charge was declared. */
  readonly ruleId: string | null;
  /** The class of step 2, else the declared one. */
  readonly rateClass: RateClass | null;
  /** null: step 4 had no part in it. */
  readonly rounding: RoundingBasis | null;
  /** null: step 5 had no part in it. */
  readonly price: PriceBasis | null;
  readonly discount: DiscountBasis | null;
  /** Whether prepaid work was covered, or is asked for as overage; null: the rule was not `prepaid`. */
  readonly prepaid: 'covered' | 'overage' | null;
  /** Of overage of which money of a block paid a part of a minute: the minutes that blocks and client pay together. Absent: none did, or it was frozen before they were kept. */
  readonly paidOf?: Minutes;
  /** What was left of work of which a cap let a part through that asks more, or less, than its minutes: its price is by that less, or more. Absent: it is not. */
  readonly isRestOfCut?: true;
  readonly cap: CapBasis | null;
  /** null: it has a price, or costs nothing. For documents: why a line of 0.00 or a write-off asks nothing. */
  readonly unpriced: UnpricedReason | null;
  /** null: it is no adjustment. */
  readonly adjustment: AdjustmentBasis | null;
  /** Of money that stays forgone of a line that is billed again: what priced the line. It goes where a price goes that the line shared. Absent: it is none. */
  readonly forgivenOf?: Pick<Basis, 'rateClass' | 'rounding' | 'price'>;
}

/**
 * What priced a charge. Figures are decimal strings; null: the charge has no such figure. A later rating asks for the term alone, and prices the days
 * of the charge by the versions in force; the figures say how this one came to be.
 */
export interface ChargeBasis {
  /** Id of the term, of the block or of the service credit that it comes from. */
  readonly termId: string;
  /** Of an amount off: the amount that the terms stated. */
  readonly discountAmount: string | null;
  /** Of a fee: what the days before it in its cycle cost, exactly, that are charged alike. */
  readonly exactOfDaysBefore: string | null;
  /** Of a minimum: what was required, and for how many covered days. */
  readonly required: string | null;
  readonly coveredDays: number | null;
  /** Of a fee: the days of one price, count and discount each; their nets sum to the fee. Absent: it is none, or was frozen before they were kept. */
  readonly fee?: readonly FeeBasis[];
  /** Of an adjustment: what invoices asked for it before, which do, and what it should be now. Absent: it is none, or was frozen before they were kept. */
  readonly before?: Adjusts & {
    readonly net: string;
    readonly now: string;
    /** What the quantities of its figures count. Absent: they count nothing of their own, or it was frozen before this was kept. */
    readonly unit?: string;
  };
  /** Of a service credit: what was granted, and how. Absent: it is none, or was frozen before this was kept. */
  readonly credit?: CreditBasis;
  /** Of a service credit by number of breaches: how many there were, and from how many on its step holds. Absent: it is none. */
  readonly breaches?: { readonly counted: number; readonly from: number };
  /** Of an amount off: what of it other tax categories took, and what nothing could take. Absent: it is none, or was frozen before these were kept. */
  readonly off?: { readonly others: string; readonly leftOver: string };
  /** Of a minimum: what counted towards it, and what was taken off the rest. Absent: it is none, or was frozen before they were kept. */
  readonly minimum?: MinimumBasis;
  /** Of the fixed price of a ticket. Absent: it is none. */
  readonly incident?: IncidentBasis;
  /** Of travel. Absent: it is none. */
  readonly travel?: TravelBasis;
  /**
   * Of an amount off or a service credit that reduces what others receive than its contract says, or several do: who receives what this one reduces. Of what
   * adjusts a credit that no invoice carries: who was given that. Absent: who receives the charges of its contract, or it was frozen before this was kept.
   */
  readonly billTo?: string;
  /** Of an amount off: what it reduces, whose tax it has. Absent: it is none, reduces nothing, or was frozen before it was kept. */
  readonly reduces?: readonly ReducedBasis[];
}

/** What an amount off takes off the supplies of one day. */
export interface ReducedBasis {
  /** Of work its day, of a charge its first. */
  readonly on: LocalDate;
  /** The invoice that asked for them; null: none did. */
  readonly invoiceId: string | null;
  /** Decimal string, positive. */
  readonly net: string;
}

export interface IncidentBasis {
  /** Which of the month it is under its rule, from 1, where the terms let some of them cost nothing; null: they let none. */
  readonly number: number | null;
  /** Decimal string; "0": nothing off. */
  readonly percentOff: string;
}

export interface TravelBasis {
  /** Of hours on the way their minutes; null: a fee, or kilometres. */
  readonly minutes: Minutes | null;
  /** Decimal string; "0": nothing off. */
  readonly percentOff: string;
  /** True where it costs less than that, by what the terms ask at most. */
  readonly isCapped: boolean;
  /** What was given back of the charge that the visit had before it was corrected. Absent: nothing. */
  readonly forgone?: string;
}

/** Decimal strings. */
export interface CreditBasis {
  /** For the breach, in all tax categories. */
  readonly granted: string;
  /** What the percent is of, the recurring charges of the period; null: the terms state an amount. */
  readonly percent: { readonly of: string; readonly percent: string } | null;
  /** What the terms state, before the limit of the period. */
  readonly stated: string;
  /** True of what no tax category of the period has room for: only a credit note gives it. */
  readonly isLeftOver: boolean;
}

export interface MinimumBasis {
  readonly reached: string;
  readonly percentOff: string;
  /** What is asked for in a whole period; null: not the same on all of its days. */
  readonly perPeriod: string | null;
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly days: number;
  readonly periodDays: number;
}

/** Units of a fee at one price of a whole cycle; negative of what units that joined replace. Decimal strings. */
export interface UnitTierBasis {
  readonly quantity: string;
  readonly price: string;
}

/** `quantity x unit price x days / cycleDays`, less the percent, rounded as a part of all the days of the cycle that are charged alike. */
export interface FeeBasis {
  readonly quantity: string;
  /** With tiers, what a unit comes to. */
  readonly unitPrice: string;
  /** The units tier by tier, where they have several prices. Absent: all have the one price. */
  readonly tiers?: readonly UnitTierBasis[];
  readonly from: LocalDate;
  readonly to: LocalDate;
  /** As they count: by another rule than by the day there may be fewer, more, or a part of one. Decimal string. */
  readonly days: string;
  readonly cycleDays: number;
  /** The days before these that are charged alike. */
  readonly daysBefore: string;
  /** The rules of proration by which they count. Absent: by the day. */
  readonly rules?: readonly string[];
  /** What of the quantity nobody used at their end, and a commitment charges for. Absent: nothing. */
  readonly unused?: number;
  /** How many were counted at their end, where the term charges for more at least. Absent: all that are charged for, or no such term. */
  readonly counted?: number;
  /** Decimal string; "0": nothing off. */
  readonly percentOff: string;
  readonly net: string;
}
