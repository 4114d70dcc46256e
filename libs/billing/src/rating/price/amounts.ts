import { Money, type MoneyJson } from '@billtrail/kernel';
import type { Step } from '../../item/trace.js';
import { isFlat } from '../items/part-splitting.js';
import type { PricedPart } from '../items/priced-part.js';
import { hoursText } from '../quantities.js';

/** The money of an item: what it shows, and how it came to be. */
export interface Amount {
  readonly unitPrice: MoneyJson;
  readonly net: MoneyJson;
  readonly step: Step;
  /** Of one price whatever the minutes: one, or the share of it that a block or a cap left. null: it is counted in hours or pieces. */
  readonly flatQuantity: string | null;
  /** What the line says of an amount that is charged once beside the hours: quantity times unit price is not all that it asks. null: nothing. */
  readonly note: string | null;
}

/** The amounts of one call of `rate`. Parts with one exact price share its amount: a client's month has few different ones. */
export class Amounts {
  private readonly byExact = new Map<
    Money,
    { readonly quantity: string; readonly share: string | undefined; readonly amount: Amount }
  >();
  private readonly roundedOnce = new Map<Money, MoneyJson>();

  of(part: PricedPart): Amount {
    const known = this.byExact.get(part.exact);
    if (known !== undefined && known.quantity === part.quantity && known.share === part.flatShare) return known.amount;
    const amount = amountOf(part, this.rounded(part.exact));
    this.byExact.set(part.exact, { quantity: part.quantity, share: part.flatShare, amount });
    return amount;
  }

  rounded(exact: Money): MoneyJson {
    let rounded = this.roundedOnce.get(exact);
    if (rounded === undefined) this.roundedOnce.set(exact, (rounded = exact.rounded().toJSON()));
    return rounded;
  }
}

function onceOf({ price }: PricedPart): { readonly amount: string; readonly per: string } | null {
  return price.unpriced === null ? (price.once ?? null) : null;
}

/**
 * Step 8 of rating.md: the one rounding of a line, half away from zero to the currency's minor unit. Where the price is more than quantity times
 * unit price (tiers, a discount, a cap) the steps before say how it came to be.
 */
function amountOf(part: PricedPart, net: MoneyJson): Amount {
  const once = onceOf(part);
  return {
    unitPrice: part.unitPrice.toJSON(),
    net,
    flatQuantity: isFlat(part) ? (part.flatShare ?? '1') : null,
    note: once === null ? null : `${once.amount} ${net.currency} on top, once for the ${once.per}`,
    step: () => amountStep(part, net),
  };
}

/** Quantity times unit price, before what changed it: tiers, a discount, a cap. */
export function plainPrice({ unitPrice, quantity, billableMinutes, flatShare, ...part }: PricedPart): Money {
  if (isFlat(part)) return unitPrice.times(flatShare ?? '1');
  return billableMinutes === null ? unitPrice.times(quantity) : unitPrice.times(billableMinutes).dividedBy(60);
}

function amountStep(part: PricedPart, net: MoneyJson): ReturnType<Step> {
  const { exact, billableMinutes, quantity } = part;
  const priceOfOne = part.unitPrice.amount;
  const { currency } = net;
  const plain = plainPrice(part);
  const measured = isFlat(part)
    ? (part.flatShare ?? '1')
    : billableMinutes === null
      ? quantity
      : `${billableMinutes} min (${hoursText(billableMinutes)} h)`;
  const value = exact.plain(8);
  const once = onceOf(part);
  const how = plain.equals(exact)
    ? `${measured} x ${priceOfOne} = ${value}`
    : once !== null && plain.plus(Money.of(once.amount, currency)).equals(exact)
      ? `${measured} x ${priceOfOne} + ${once.amount} on top = ${value}`
      : value;
  const rounded = Money.from(net).equals(exact) ? '' : ', rounded half up';
  const facts = { unitPrice: priceOfOne, exact: exact.plain(), rounding: 'half-up', net: net.amount, currency };
  return {
    step: 'amount',
    text: `${how}${rounded} -> ${net.amount} ${currency}`,
    facts: billableMinutes === null ? { quantity, ...facts } : { billableMinutes, ...facts },
  };
}
