import { Money, type MoneyJson, flat } from '@billtrail/kernel';
import { isFlat } from '../items/part-splitting.js';
import type { PricedPart } from '../items/priced-part.js';
import { hoursText } from '../quantities.js';
import type { TraceStep } from '../../item/trace.js';

/** The money of an item: what it shows, and how it came to be. */
export interface Amount {
  readonly unitPrice: MoneyJson;
  readonly net: MoneyJson;
  readonly step: TraceStep;
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

  of(part: PricedPart): Amount {
    const known = this.byExact.get(part.exact);
    if (known !== undefined && known.quantity === part.quantity && known.share === part.flatShare) return known.amount;
    const amount = amountOf(part);
    this.byExact.set(part.exact, { quantity: part.quantity, share: part.flatShare, amount });
    return amount;
  }
}

/**
 * Step 8 of rating.md: the one rounding of a line, half away from zero to the currency's minor unit. Where the price is more than quantity times
 * unit price (tiers, a discount, a cap) the steps before say how it came to be.
 */
function amountOf(part: PricedPart): Amount {
  const { exact, billableMinutes, quantity } = part;
  const net = exact.rounded();
  const priceOfOne = part.unitPrice.amount;
  const billed = net.amount;
  const { currency } = net;
  const all = exact.plain();
  const flatQuantity = isFlat(part) ? (part.flatShare ?? '1') : null;
  const plain =
    flatQuantity !== null
      ? part.unitPrice.times(flatQuantity)
      : billableMinutes === null
        ? part.unitPrice.times(quantity)
        : part.unitPrice.times(billableMinutes).dividedBy(60);
  const measured =
    flatQuantity !== null
      ? flatQuantity
      : billableMinutes === null
        ? quantity
        : `${billableMinutes} min (${hoursText(billableMinutes)} h)`;
  const value = exact.plain(8);
  const once = chargedOnce(part);
  const how = plain.equals(exact)
    ? `${measured} x ${priceOfOne} = ${value}`
    : once !== null && plain.plus(Money.of(once.amount, exact.currency)).equals(exact)
      ? `${measured} x ${priceOfOne} + ${once.amount} on top = ${value}`
      : value;
  const rounded = net.equals(exact) ? '' : ', rounded half up';
  return {
    unitPrice: part.unitPrice.toJSON(),
    net: net.toJSON(),
    flatQuantity,
    note: once === null ? null : `${once.amount} ${exact.currency} on top, once for the ${once.per}`,
    step: {
      step: 'amount',
      text: flat(`${how}${rounded} -> ${billed} ${currency}`),
      facts:
        billableMinutes === null
          ? { quantity, unitPrice: priceOfOne, exact: all, rounding: 'half-up', net: billed, currency }
          : { billableMinutes, unitPrice: priceOfOne, exact: all, rounding: 'half-up', net: billed, currency },
    },
  };
}

/** An amount on top that is asked with this part and not for each hour. */
function chargedOnce({ steps }: PricedPart): { readonly amount: string; readonly per: string } | null {
  const facts = steps.find((one) => one.facts['mode'] === 'amount-on-top' && one.facts['charged'] === true)?.facts;
  if (facts === undefined) return null;
  const { amount, per } = facts;
  return typeof amount === 'string' && typeof per === 'string' ? { amount, per } : null;
}
