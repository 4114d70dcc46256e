import type { Minutes } from '@billtrail/kernel';
import type { CoverageMatch } from './coverage-rule.js';

/**
 * What the way to a visit costs, beside its work: one charge for each visit (site, day, engineer or crew, as the rate card has it), however many tickets it
 * served and whatever becomes of their work. Zone, minutes and kilometres of the way are those of the site (`SiteTravel`).
 */
export interface TravelTerm {
  readonly id: string;
  readonly name: string;
  /** The work that somebody travels to. A visit with such work is charged for. */
  readonly match: CoverageMatch;
  readonly price: TravelPrice;
  /** Most that one visit costs, decimal string in the card's currency. Absent: no limit. */
  readonly cap?: string;
  readonly taxCategory: string;
}

/** Amounts are decimal strings in the card's currency. */
export type TravelPrice =
  | {
      readonly kind: 'zone-fee';
      readonly zones: readonly { readonly zone: string; readonly fee: string }[];
      /** For a site of another zone or of none. Absent: such a visit has no price, and is a gap. */
      readonly otherZones?: string;
    }
  | ({
      readonly kind: 'hours';
      /** Absent: the card's price of an hour for the work of the visit that was recorded first, without multipliers of rate classes. */
      readonly pricePerHour?: string;
      /** What is laid on the price of an hour: `0.5` for half of it. */
      readonly factor: string;
      /** Minutes of the whole way that cost nothing. Absent: none. */
      readonly freeMinutes?: Minutes;
    } & Way)
  | ({
      readonly kind: 'kilometres';
      readonly pricePerKilometre: string;
      /** Kilometres of the whole way that cost nothing, decimal string. Absent: none. */
      readonly freeKilometres?: string;
    } & Way);

interface Way {
  /** `return`: twice what the site states, which is one way. */
  readonly way: 'one-way' | 'return';
}

/** The way to a site. What is absent nobody stated. */
export interface SiteTravel {
  /** Its travel zone, as the zone fees of contracts name it. */
  readonly zone?: string;
  /** One way. */
  readonly minutes?: Minutes;
  /** One way, decimal string. */
  readonly kilometres?: string;
}
