import type { LocalDate, Minutes } from '@billtrail/kernel';
import { Decimal, unreachable } from '@billtrail/kernel';
import type {
  ExpenseTypeRate,
  LabourRate,
  OnCost,
  PriceTier,
  RateCard,
  RoundingScope,
  WorkTypePricing,
} from '../events.js';

interface CardNamed {
  readonly rateCardId: string;
  readonly currency: string;
  /** First day of the version of a card of the configuration. Absent: the contract spells out its own. */
  readonly cardFrom?: LocalDate;
}

/** What a card asks for work, before minutes, prepaid, discounts and caps. Amounts are decimal strings in the card's currency. */
export type AnalysedPrice = CardNamed &
  (
    | {
        readonly mode: 'hourly';
        readonly price: string;
        /** Minutes that `price` is of. */
        readonly priceMinutes: Minutes;
        /** The larger of the rate class's and the work type's; `1` where neither applies. */
        readonly multiplier: string;
        readonly onTop: { readonly amount: string; readonly per: 'hour' | RoundingScope } | null;
        /** Where it stands: `labour[2]`. */
        readonly from: string;
      }
    | {
        readonly mode: 'flat';
        readonly price: string;
        readonly per: RoundingScope;
        readonly multiplier: string;
        readonly from: string;
      }
    | {
        readonly mode: 'tiers';
        readonly tiers: readonly PriceTier[];
        readonly per: RoundingScope;
        readonly multiplier: string;
        readonly from: string;
      }
    | { readonly mode: 'list-price' }
    /** That of a card of the configuration which the caller does not know. */
    | { readonly mode: 'not-known' }
    | ({ readonly mode: 'cost-plus'; readonly types?: readonly ExpenseTypeRate[] } & OnCost)
    | {
        /** Of a ticket, once, whatever its work. */
        readonly mode: 'incident';
        readonly price: string;
        /** Tickets of a month that cost nothing. Absent: none. */
        readonly includedPerPeriod?: number;
      }
    | { readonly mode: 'overage'; readonly pricePerHour: string; readonly multiplier: string }
  );

/** Work as a card prices it. null: it has none, or one that the card does not name. */
export interface TimeToPrice {
  readonly workType: string | null;
  readonly engineerRole: string | null;
  readonly rateClass: string | null;
}

function keyOf(workType: string | null, engineerRole: string | null, rateClass: string | null): string {
  return JSON.stringify([workType, engineerRole, rateClass]);
}

/** A rate card, ready to be asked often. */
export class CardPrices {
  private readonly labour = new Map<string, { readonly rate: LabourRate; readonly index: number }>();
  private readonly workTypes = new Map<string, { readonly pricing: WorkTypePricing; readonly index: number }>();
  private readonly classMultipliers: ReadonlyMap<string, string>;

  constructor(readonly card: RateCard) {
    card.labour.forEach((rate, index) => {
      const key = keyOf(rate.workType, rate.engineerRole, rate.rateClass ?? null);
      if (!this.labour.has(key)) this.labour.set(key, { rate, index });
    });
    (card.workTypes ?? []).forEach((pricing, index) => {
      if (!this.workTypes.has(pricing.workType)) this.workTypes.set(pricing.workType, { pricing, index });
    });
    this.classMultipliers = new Map((card.rateClassMultipliers ?? []).map((one) => [one.rateClass, one.multiplier]));
  }

  /** The price of time; null: the card has none, which is gap `unpriced` and never zero. */
  priceOf(work: TimeToPrice): AnalysedPrice | null {
    const byType = work.workType === null ? undefined : this.workTypes.get(work.workType);
    if (byType !== undefined) {
      const { pricing, index } = byType;
      const from = `workTypes[${index}]`;
      const multiplier = this.classMultiplier(work.rateClass);
      if (pricing.mode === 'flat')
        return { ...this.named, mode: 'flat', price: pricing.price, per: pricing.per, multiplier, from };
      if (pricing.mode === 'tiers')
        return { ...this.named, mode: 'tiers', tiers: pricing.tiers, per: pricing.per, multiplier, from };
    }
    return this.hourly(work, byType?.pricing);
  }

  /** The multiplier of rate class and work type: the larger, they do not multiply. `ofClass`: whether the class counts. */
  multiplierOf(work: TimeToPrice, ofClass: boolean): string {
    const pricing = work.workType === null ? undefined : this.workTypes.get(work.workType)?.pricing;
    const byType = pricing?.mode === 'multiplier' ? pricing.multiplier : null;
    const byClass = ofClass ? (this.classMultipliers.get(work.rateClass ?? '') ?? null) : null;
    if (byType === null || byClass === null) return byType ?? byClass ?? '1';
    return new Decimal(byType).greaterThan(byClass) ? byType : byClass;
  }

  materialPrice(): AnalysedPrice {
    const { materials } = this.card;
    switch (materials.pricing) {
      case 'list':
        return { ...this.named, mode: 'list-price' };
      case 'cost-plus':
        return { ...this.named, mode: 'cost-plus', ...onCostOf(materials) };
      default:
        return unreachable(materials);
    }
  }

  expensePrice(): AnalysedPrice {
    const { types = [] } = this.card.expenses;
    const ofTypes = types.length === 0 ? {} : { types };
    return { ...this.named, mode: 'cost-plus', ...onCostOf(this.card.expenses), ...ofTypes };
  }

  private get named(): CardNamed {
    const { id: rateCardId, currency, taken } = this.card;
    return { rateCardId, currency, ...(taken === undefined ? {} : { cardFrom: taken.from }) };
  }

  private classMultiplier(rateClass: string | null): string {
    return this.classMultipliers.get(rateClass ?? '') ?? '1';
  }

  private hourly(work: TimeToPrice, pricing: WorkTypePricing | undefined): AnalysedPrice | null {
    const found = this.labourRate(work);
    if (found === null) return null;
    const { rate, index } = found;
    return {
      ...this.named,
      mode: 'hourly',
      price: rate.pricePerHour,
      priceMinutes: rate.priceMinutes ?? 60,
      // A price for the very class is the price of that class: its multiplier is in it already.
      multiplier: this.multiplierOf(work, rate.rateClass === undefined),
      onTop: pricing?.mode === 'amount-on-top' ? { amount: pricing.amount, per: pricing.per } : null,
      from: rate.isOfContract === true ? "the contract's own" : `labour[${index}]`,
    };
  }

  /** The very work type wins over any, then the very role, then the very rate class. */
  private labourRate({ workType, engineerRole, rateClass }: TimeToPrice): {
    readonly rate: LabourRate;
    readonly index: number;
  } | null {
    for (const type of workType === null ? [null] : [workType, null]) {
      for (const role of engineerRole === null ? [null] : [engineerRole, null]) {
        for (const one of rateClass === null ? [null] : [rateClass, null]) {
          const found = this.labour.get(keyOf(type, role, one));
          if (found !== undefined) return found;
        }
      }
    }
    return null;
  }
}

function onCostOf({ markupPercent = '0', marginPercent }: OnCost): OnCost {
  return marginPercent === undefined ? { markupPercent } : { marginPercent };
}
