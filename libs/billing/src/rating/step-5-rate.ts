import { Decimal, Money } from '@billtrail/kernel';
import type { LabourRate, RateCard } from '@billtrail/contracts';
import type { ExpenseFacts, MaterialFacts } from '@billtrail/ticketing';
import { unpricedStep } from './placement.js';
import type { TraceStep } from './trace.js';

/** A unit price with where it came from; `unitPrice` null: there is none, and the step says why. Never zero for want of a price. */
export interface Rate {
  readonly unitPrice: Money | null;
  readonly step: TraceStep;
}

/**
 * Step 5 of rating.md for time: the price of an hour by work type and role, in the card's currency. A rate for the very role wins over
 * one for any role.
 */
export function labourRate(card: RateCard, workType: string, engineerRole: string): Rate {
  let anyRole: LabourRate | null = null;
  for (const rate of card.labour) {
    if (rate.workType !== workType) continue;
    if (rate.engineerRole === engineerRole) return labourStep(card, rate, engineerRole);
    if (rate.engineerRole === null) anyRole = rate;
  }
  if (anyRole !== null) return labourStep(card, anyRole, engineerRole);
  const text = `rate card ${card.name} (${card.id}) has no rate in ${card.currency} for ${workType} by ${engineerRole}`;
  return {
    unitPrice: null,
    step: unpricedStep('rate', 'no-rate', text, {
      rateCardId: card.id,
      currency: card.currency,
      workType,
      engineerRole,
    }),
  };
}

function labourStep(card: RateCard, rate: LabourRate, engineerRole: string): Rate {
  const unitPrice = Money.of(rate.pricePerHour, card.currency);
  const role = rate.engineerRole ?? 'any role';
  return {
    unitPrice,
    step: {
      step: 'rate',
      text: `${unitPrice.toString()} an hour: rate card ${card.name} (${card.id}), ${rate.workType} by ${role}`,
      facts: {
        rateCardId: card.id,
        currency: card.currency,
        workType: rate.workType,
        engineerRole,
        rateForRole: rate.engineerRole,
        pricePerHour: unitPrice.toJSON().amount,
      },
    },
  };
}

/** Step 5 for materials: list price, or cost with the card's markup, in the card's currency. */
export function materialRate(card: RateCard, material: MaterialFacts): Rate {
  if (card.materials.pricing === 'cost-plus') {
    return costPlus(card, material.unitCost, card.materials.markupPercent, `cost of ${material.itemCode}`);
  }
  const price = material.listPrice;
  if (price === null) return noPrice(card, `list price of ${material.itemCode}`);
  if (price.currency !== card.currency)
    return otherCurrency(card, `list price of ${material.itemCode}`, price.currency);
  const unitPrice = Money.from(price);
  return {
    unitPrice,
    step: {
      step: 'rate',
      text: `${unitPrice.toString()} each: list price of ${material.itemCode}, as rate card ${card.name} (${card.id}) says`,
      facts: { rateCardId: card.id, currency: card.currency, pricing: 'list', unitPrice: unitPrice.toJSON().amount },
    },
  };
}

/** Step 5 for expenses: the cost with the card's markup. */
export function expenseRate(card: RateCard, expense: ExpenseFacts): Rate {
  return costPlus(card, expense.cost, card.expenses.markupPercent, 'cost');
}

function costPlus(card: RateCard, cost: MaterialFacts['unitCost'], markupPercent: string, what: string): Rate {
  if (cost === null) return noPrice(card, what);
  if (cost.currency !== card.currency) return otherCurrency(card, what, cost.currency);
  const given = Money.from(cost);
  const unitPrice = given.times(new Decimal(markupPercent).div(100).plus(1));
  return {
    unitPrice,
    step: {
      step: 'rate',
      text: `${unitPrice.toString()}: ${what} ${given.toString()} with ${markupPercent} % markup, rate card ${card.name} (${card.id})`,
      facts: {
        rateCardId: card.id,
        currency: card.currency,
        pricing: 'cost-plus',
        cost: given.toJSON().amount,
        markupPercent,
        unitPrice: unitPrice.toJSON().amount,
      },
    },
  };
}

function noPrice(card: RateCard, what: string): Rate {
  const text = `rate card ${card.name} (${card.id}) prices by the ${what}, which is not recorded`;
  return {
    unitPrice: null,
    step: unpricedStep('rate', 'no-price', text, { rateCardId: card.id, currency: card.currency }),
  };
}

function otherCurrency(card: RateCard, what: string, currency: string): Rate {
  const text = `the ${what} is in ${currency}, the contract in ${card.currency}`;
  return {
    unitPrice: null,
    step: unpricedStep('rate', 'other-currency', text, {
      rateCardId: card.id,
      currency: card.currency,
      givenCurrency: currency,
    }),
  };
}
