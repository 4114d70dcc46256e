import { type Minutes, Money, type MoneyJson, unreachable } from '@billtrail/kernel';
import type { RateCard } from '@billtrail/contracts';
import type { WorkItem } from './facts.js';
import type { BillableTime } from './step-4-billable-time.js';
import { type Rate, expenseRate, labourRate, materialRate } from './step-5-rate.js';
import { hoursText } from './quantities.js';
import type { TraceStep } from './trace.js';

/** What steps 5 and 8 make of a piece of work that is billable. */
export interface Price {
  /** null: there is no price, and the last step says why. */
  readonly unitPrice: MoneyJson | null;
  readonly net: MoneyJson | null;
  readonly steps: readonly TraceStep[];
}

interface LabourPrices {
  readonly rate: Rate;
  readonly byMinutes: Map<Minutes, Price>;
}

/**
 * Prices work by one rate card. It lives for one call of `rate` and remembers what it computed: a client's month has thousands of
 * entries and a few dozen different pairs of rate and length, and decimal arithmetic is what rating spends its time on.
 */
export class Pricer {
  private readonly labour = new Map<string, LabourPrices>();

  constructor(private readonly card: RateCard) {}

  price(work: WorkItem, time: BillableTime | null): Price {
    switch (work.kind) {
      case 'time':
        return this.priceTime(work.workType, work.engineerRole, time?.minutes ?? 0);
      case 'material':
        return this.priceQuantity(materialRate(this.card, work), work.quantity);
      case 'expense':
        return this.priceQuantity(expenseRate(this.card, work), '1');
      default:
        return unreachable(work);
    }
  }

  /** The price of an hour, where the card has one. */
  hourly(workType: string, engineerRole: string): Rate {
    return this.labourPrices(workType, engineerRole).rate;
  }

  private labourPrices(workType: string, engineerRole: string): LabourPrices {
    const key = `${workType}\u0000${engineerRole}`;
    let prices = this.labour.get(key);
    if (prices === undefined) {
      prices = { rate: labourRate(this.card, workType, engineerRole), byMinutes: new Map() };
      this.labour.set(key, prices);
    }
    return prices;
  }

  private priceTime(workType: string, engineerRole: string, minutes: Minutes): Price {
    const { rate, byMinutes } = this.labourPrices(workType, engineerRole);
    let price = byMinutes.get(minutes);
    if (price === undefined) {
      price = rate.unitPrice === null ? withoutPrice(rate) : amountOfTime(rate, rate.unitPrice, minutes);
      byMinutes.set(minutes, price);
    }
    return price;
  }

  private priceQuantity(rate: Rate, quantity: string): Price {
    if (rate.unitPrice === null) return withoutPrice(rate);
    const exact = rate.unitPrice.times(quantity);
    const unit = rate.unitPrice.toJSON();
    return amount(rate, exact, `${quantity} x ${unit.amount}`, { quantity, unitPrice: unit.amount });
  }
}

/** One pricer for each rate card of the call. */
export class Pricers {
  private readonly byCard = new Map<RateCard, Pricer>();

  of(card: RateCard): Pricer {
    let pricer = this.byCard.get(card);
    if (pricer === undefined) {
      pricer = new Pricer(card);
      this.byCard.set(card, pricer);
    }
    return pricer;
  }
}

function withoutPrice(rate: Rate): Price {
  return { unitPrice: null, net: null, steps: [rate.step] };
}

/** The price of an hour times whole minutes, divided by 60 last, so that nothing is lost before the one rounding. */
function amountOfTime(rate: Rate, perHour: Money, minutes: Minutes): Price {
  const exact = perHour.times(minutes).value.div(60);
  const unit = perHour.toJSON().amount;
  return amount(rate, Money.of(exact, perHour.currency), `${minutes} min (${hoursText(minutes)} h) x ${unit}`, {
    billableMinutes: minutes,
    unitPrice: unit,
  });
}

/** Step 8 of rating.md: the one rounding of a line, half away from zero to the currency's minor unit. */
function amount(rate: Rate, exact: Money, how: string, facts: TraceStep['facts']): Price {
  const net = exact.rounded();
  const rounded = !net.equals(exact);
  const text = `${how} = ${exact.value.toDecimalPlaces(8).toFixed()}${rounded ? `, rounded half up` : ''} -> ${net.toString()}`;
  return {
    unitPrice: rate.unitPrice?.toJSON() ?? null,
    net: net.toJSON(),
    steps: [
      rate.step,
      {
        step: 'amount',
        text,
        facts: {
          ...facts,
          exact: exact.value.toFixed(),
          rounding: 'half-up',
          net: net.toJSON().amount,
          currency: net.currency,
        },
      },
    ],
  };
}
