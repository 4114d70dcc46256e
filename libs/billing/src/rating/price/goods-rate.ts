import { Decimal, Money } from '@billtrail/kernel';
import type { ExpenseTypeRate, OnCost, RateCard } from '@billtrail/contracts';
import type { ExpenseFacts, MaterialFacts } from '@billtrail/ticketing';
import type { TraceStep } from '../../item/trace.js';
import type { WorkItem } from '../facts.js';
import { type Rate, without } from './step-5-rate.js';
import { cardText } from './card-text.js';

/** Digits after the point of a unit price by margin, which may have no end: what a document shows is what is multiplied. */
const MARGIN_DIGITS = 6;

/** What a unit of goods cost without the tax that is claimed back; null: nobody stated it. */
export function netCostOf(work: Exclude<WorkItem, { kind: 'time' }>): Money | null {
  const cost = work.kind === 'expense' ? work.cost : work.unitCost;
  return cost === null ? null : netOf({ cost, taxIncluded: work.taxIncluded });
}

/** A cost as it was entered. */
interface Cost {
  readonly cost: NonNullable<MaterialFacts['unitCost']>;
  readonly taxIncluded: ExpenseFacts['taxIncluded'] | undefined;
}

function netOf({ cost, taxIncluded }: Cost): Money {
  const gross = Money.from(cost);
  return taxIncluded === undefined ? gross : gross.minus(Money.from(taxIncluded));
}

/** Step 5 for materials: list price, or net cost with what the card lays on it, in the card's currency. */
export function materialRate(card: RateCard, material: MaterialFacts): Rate {
  const { itemCode, unitCost, taxIncluded, listPrice: price } = material;
  if (card.materials.pricing === 'cost-plus') {
    if (unitCost === null) return noPrice(card, `cost of ${itemCode}`);
    return costPlus(card, { cost: unitCost, taxIncluded }, card.materials, `cost of ${itemCode}`, null);
  }
  if (price === null) return noPrice(card, `list price of ${itemCode}`);
  if (price.currency !== card.currency) return otherCurrency(card, `list price of ${itemCode}`, price.currency);
  const unitPrice = Money.from(price);
  return {
    unitPrice,
    unpriced: null,
    step: () => ({
      step: 'rate',
      text: `${unitPrice.toString()} each: list price of ${itemCode}, as ${cardText(card)} says`,
      facts: { rateCardId: card.id, currency: card.currency, pricing: 'list', unitPrice: unitPrice.toJSON().amount },
    }),
  };
}

/** Step 5 for expenses: the card's price of a unit of their type, else the net cost, as far as the card's limit, with what it lays on it. */
export function expenseRate(card: RateCard, expense: ExpenseFacts): Rate {
  const type = typeOf(card, expense);
  return type?.pricePerUnit === undefined
    ? costPlus(card, costOf(expense), card.expenses, 'cost', type?.capPerUnit ?? null)
    : ofUnit(card, type.type, type.pricePerUnit);
}

/** The same before the card's limit: what it would be without. */
export function unlimitedExpenseRate(card: RateCard, expense: ExpenseFacts): Rate {
  return isLimited(card, expense)
    ? costPlus(card, costOf(expense), card.expenses, 'cost', null)
    : expenseRate(card, expense);
}

export function isLimited(card: RateCard, expense: ExpenseFacts): boolean {
  return typeOf(card, expense)?.capPerUnit !== undefined;
}

function typeOf({ expenses }: RateCard, { expenseType }: ExpenseFacts): ExpenseTypeRate | undefined {
  return expenseType === undefined ? undefined : expenses.types?.find(({ type }) => type === expenseType);
}

function costOf({ cost, taxIncluded }: ExpenseFacts): Cost {
  return { cost, taxIncluded };
}

function ofUnit(card: RateCard, expenseType: string, pricePerUnit: string): Rate {
  const unitPrice = Money.of(pricePerUnit, card.currency);
  return {
    unitPrice,
    unpriced: null,
    step: () => ({
      step: 'rate',
      text: `${unitPrice.toString()} a unit of ${expenseType}, whatever it cost, ${cardText(card)}`,
      facts: {
        rateCardId: card.id,
        currency: card.currency,
        pricing: 'unit',
        expenseType,
        unitPrice: unitPrice.plain(),
      },
    }),
  };
}

/** A mark-up is a share of the cost, a margin of the price; both are laid on the cost without its tax. */
function withOnCost(net: Money, { markupPercent, marginPercent }: OnCost): Money {
  if (marginPercent !== undefined) {
    const price = net.times(100).dividedBy(new Decimal(100).minus(marginPercent));
    return Money.of(price.value.toDecimalPlaces(MARGIN_DIGITS).toFixed(), net.currency);
  }
  return markupPercent === undefined ? net : net.plus(net.times(markupPercent).dividedBy(100));
}

function costPlus(card: RateCard, entered: Cost, onCost: OnCost, what: string, limit: string | null): Rate {
  const { cost, taxIncluded } = entered;
  if (cost.currency !== card.currency) return otherCurrency(card, what, cost.currency);
  const net = netOf(entered);
  const most = limit === null ? null : Money.of(limit, card.currency);
  const isAbove = most !== null && net.compare(most) > 0;
  const unitPrice = withOnCost(isAbove ? most : net, onCost);
  const { markupPercent = '0', marginPercent } = onCost;
  const step = (): TraceStep => {
    const ofTax =
      taxIncluded === undefined ? '' : ` less ${taxIncluded.amount} of tax that is claimed back, ${net.toString()},`;
    const ofLimit = isAbove ? ` of which ${most.toString()} count` : '';
    const laid = marginPercent === undefined ? `${markupPercent} % markup` : `${marginPercent} % margin`;
    return {
      step: 'rate',
      text: `${unitPrice.toString()}: ${what} ${Money.from(cost).toString()}${ofTax}${ofLimit} with ${laid}, ${cardText(card)}`,
      facts: {
        rateCardId: card.id,
        currency: card.currency,
        pricing: 'cost-plus',
        cost: Money.from(cost).toJSON().amount,
        ...(taxIncluded === undefined ? {} : { taxIncluded: taxIncluded.amount, netCost: net.toJSON().amount }),
        ...(isAbove ? { capPerUnit: limit } : {}),
        ...(marginPercent === undefined ? { markupPercent } : { marginPercent }),
        unitPrice: unitPrice.toJSON().amount,
      },
    };
  };
  return { unitPrice, unpriced: null, step };
}

function noPrice(card: RateCard, what: string): Rate {
  return without('rate', 'no-price', () => [
    `${cardText(card)} prices by the ${what}, which is not recorded`,
    { rateCardId: card.id, currency: card.currency },
  ]);
}

function otherCurrency(card: RateCard, what: string, currency: string): Rate {
  return without('rate', 'other-currency', () => [
    `the ${what} is in ${currency}, the contract in ${card.currency}`,
    { rateCardId: card.id, currency: card.currency, givenCurrency: currency },
  ]);
}
