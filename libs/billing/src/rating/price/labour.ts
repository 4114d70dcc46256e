import { type Minutes, Money } from '@billtrail/kernel';
import type { RateCard, WorkTypePricing } from '@billtrail/contracts';
import type { PriceBasis } from '../../item/basis.js';
import type { Step } from '../../item/trace.js';
import type { PercentOff } from './discounts.js';
import { HOURLY, type Price, afterDiscount, shown, unpriced } from './price.js';
import type { HourlyRate } from './step-5-rate.js';
import type { Multiplier } from './work-type-pricing.js';

/** What a card says of some labour. */
export interface CardPrice {
  /** The one that has the price: the version's or the organisation's. */
  readonly card: RateCard;
  readonly rate: HourlyRate;
  readonly pricing: WorkTypePricing | null;
  readonly multiplier: Multiplier;
}

/** What is the same for all minutes of labour that is priced by the hour. */
interface Hour {
  /** The price of the rate's minutes with its multiplier. */
  readonly raised: Money;
  /** On top of each hour. null: nothing. */
  readonly onTop: Money | null;
  readonly unitPrice: Money;
  readonly basis: PriceBasis;
  readonly steps: readonly Step[];
}

/** What prices the labour of one work type, role and rate class, with what is taken off: one for all such work of a version. */
export class Labour implements CardPrice {
  readonly card: RateCard;
  readonly rate: HourlyRate;
  readonly pricing: WorkTypePricing | null;
  readonly multiplier: Multiplier;
  /** The same work where it is prepaid and nothing covers it; null: nobody asked yet. */
  overage: Labour | null = null;
  private hour: Hour | null = null;
  private readonly byMinutes = new Map<Minutes, Price>();

  /** `isOwn`: the price is one that a person set, or of overage: the card's own is told apart from it. */
  constructor(
    { card, rate, pricing, multiplier }: CardPrice,
    readonly off: PercentOff,
    private readonly isOwn: boolean,
  ) {
    this.card = card;
    this.rate = rate;
    this.pricing = pricing;
    this.multiplier = multiplier;
  }

  byTheHour(minutes: Minutes): Price {
    let price = this.byMinutes.get(minutes);
    if (price === undefined) this.byMinutes.set(minutes, (price = this.hourlyPrice(minutes)));
    return price;
  }

  private hourlyPrice(minutes: Minutes): Price {
    const { rate, isOwn, off } = this;
    if (rate.unitPrice === null) return unpriced(rate);
    const { raised, onTop, unitPrice, basis, steps } = (this.hour ??= hourOf(this, rate.unitPrice));
    const worked = raised.times(minutes).dividedBy(rate.priceMinutes);
    const exact = onTop === null ? worked : worked.plus(onTop.times(minutes).dividedBy(60));
    return afterDiscount(unitPrice, exact, isOwn ? null : exact, basis, steps, off);
  }
}

/** The price of an hour, as a document shows it: with its multiplier, without discounts. */
export function hourlyUnitPrice({ rate, multiplier }: CardPrice, unitPrice: Money): Money {
  return shown(unitPrice.times(multiplier.factor).times(60).dividedBy(rate.priceMinutes));
}

function hourOf({ card, rate, pricing, multiplier }: CardPrice, unitPrice: Money): Hour {
  const raised = unitPrice.times(multiplier.factor);
  const steps = [rate.step, ...multiplier.steps];
  const ofHour = raised.times(60).dividedBy(rate.priceMinutes);
  if (pricing?.mode !== 'amount-on-top' || pricing.per !== 'hour')
    return { raised, onTop: null, unitPrice: shown(ofHour), basis: asStated(HOURLY, rate, raised, null), steps };
  const { amount, workType } = pricing;
  const onTop = Money.of(amount, card.currency);
  const step: Step = () => ({
    step: 'rate',
    text: `${amount} ${card.currency} on top of each hour of ${workType}`,
    facts: { mode: 'amount-on-top', amount, per: 'hour' },
  });
  return {
    raised,
    onTop,
    unitPrice: shown(ofHour.plus(onTop)),
    basis: asStated(HOURLY, rate, raised, onTop),
    steps: [...steps, step],
  };
}

/** With the stated price, where that is for other minutes than an hour's. */
export function asStated(
  basis: PriceBasis,
  { priceMinutes }: HourlyRate,
  raised: Money,
  onTop: Money | null,
): PriceBasis {
  if (priceMinutes === 60) return basis;
  const price = onTop === null ? raised : raised.plus(onTop.times(priceMinutes).dividedBy(60));
  return { ...basis, per: { price: price.amount, minutes: priceMinutes } };
}
