import { Money, type MoneyJson } from '@billtrail/kernel';
import type { PricedPart } from '../items/priced-part.js';
import { hoursText } from '../quantities.js';
import type { TraceStep } from '../trace.js';

/** The money of an item: what it shows, and how it came to be. */
export interface Amount {
  readonly unitPrice: MoneyJson;
  readonly net: MoneyJson;
  readonly step: TraceStep;
  /** True for one price whatever the minutes: its quantity is one. */
  readonly isFlat: boolean;
}

/** The amounts of one call of `rate`. Parts with one exact price share its amount: a client's month has few different ones. */
export class Amounts {
  private readonly byExact = new Map<Money, { readonly quantity: string; readonly amount: Amount }>();

  of(part: PricedPart): Amount {
    const known = this.byExact.get(part.exact);
    if (known !== undefined && known.quantity === part.quantity) return known.amount;
    const amount = amountOf(part);
    this.byExact.set(part.exact, { quantity: part.quantity, amount });
    return amount;
  }
}

/**
 * Step 8 of rating.md: the one rounding of a line, half away from zero to the currency's minor unit. Where the price is more than quantity times
 * unit price (tiers, a discount, a cap) the steps before say how it came to be.
 */
function amountOf(part: PricedPart): Amount {
  const { exact, billableMinutes, quantity } = part;
  const unitPrice = part.unitPrice.toJSON();
  const net = exact.rounded();
  const isFlat = part.steps.some((step) => step.facts['mode'] === 'flat') && part.unitPrice.equals(exact);
  const plain =
    billableMinutes === null ? part.unitPrice.times(quantity) : part.unitPrice.times(billableMinutes).dividedBy(60);
  const measured = billableMinutes === null ? quantity : `${billableMinutes} min (${hoursText(billableMinutes)} h)`;
  const value = exact.value.toDecimalPlaces(8).toFixed();
  const how = plain.equals(exact) ? `${measured} x ${unitPrice.amount} = ${value}` : value;
  const rounded = net.equals(exact) ? '' : ', rounded half up';
  return {
    unitPrice,
    net: net.toJSON(),
    isFlat,
    step: {
      step: 'amount',
      text: `${how}${rounded} -> ${net.toString()}`,
      facts: {
        ...(billableMinutes === null ? { quantity } : { billableMinutes }),
        unitPrice: unitPrice.amount,
        exact: exact.value.toFixed(),
        rounding: 'half-up',
        net: net.toJSON().amount,
        currency: net.currency,
      },
    },
  };
}
