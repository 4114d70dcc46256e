import { unreachable, type MoneyJson } from '@billtrail/kernel';
import type { CoverageRule, RateCard, TermsInForce } from '@billtrail/contracts';
import { fraction, halfUp, minorUnits } from './integers.js';
import type { ModelTicket, ModelWork } from './model.js';

/**
 * The price of a piece of work under terms, in minor units: a second, plain reading of rating.md in integers. `undefined` where this reading
 * has nothing to say (caps, discounts, prepaid work, time that is rounded together with other time); null: the work has no price.
 */
export function priceOf(
  work: ModelWork,
  ticket: ModelTicket,
  terms: TermsInForce,
  isDrawn: boolean,
): bigint | null | undefined {
  if (terms.caps !== undefined || terms.discounts !== undefined || terms.rateCalendar !== undefined) return undefined;
  const rule = terms.coverage.find((one) => matches(one, work, ticket));
  if (!rule || rule.outcome === 'excluded') return null;
  if (rule.outcome === 'included' && !ticket.isScopeKnown) return undefined;
  if (rule.outcome === 'included' && !ticket.scope.isRatedOut(work.id)) return 0n;
  if (rule.outcome === 'prepaid' && (isDrawn || terms.prepaid?.allotment || terms.prepaid?.overage)) return undefined;
  const card = terms.rateCard;
  switch (work.kind) {
    case 'time':
      return priceOfTime(work, card);
    case 'material': {
      if (work.facts.underWarranty) return 0n;
      const { listPrice, unitCost, taxIncluded, quantity } = work.facts;
      const price = card.materials.pricing === 'list' ? listPrice : unitCost;
      if (price === null || price.currency !== card.currency) return null;
      if (card.materials.pricing === 'list') return priced([price.amount, quantity], '0', 1n, card);
      return priced([netOf(price, taxIncluded), quantity], card.materials.markupPercent ?? '0', 1n, card);
    }
    case 'expense':
      return priceOfExpense(work, card);
    default:
      return unreachable(work);
  }
}

/** The card's price of a unit of the type, or the net cost of each unit as far as the type's limit, with the markup. */
function priceOfExpense({ facts }: Extract<ModelWork, { kind: 'expense' }>, card: RateCard): bigint | null {
  const { cost, taxIncluded, quantity = '1' } = facts;
  const type = card.expenses.types?.find((one) => one.type === facts.expenseType);
  if (type?.pricePerUnit !== undefined) return priced([type.pricePerUnit, quantity], '0', 1n, card);
  if (cost.currency !== card.currency) return null;
  const net = netOf(cost, taxIncluded);
  const limit = type?.capPerUnit === undefined ? net : fraction(type.capPerUnit);
  const counted = net.over * limit.under < limit.over * net.under ? net : limit;
  return priced([counted, quantity], card.expenses.markupPercent ?? '0', 1n, card);
}

/** What goods or an expense cost without the tax in it, as a hundred-thousandth of the currency. */
export function costOf(work: ModelWork): bigint {
  if (work.kind === 'time') return 0n;
  const { quantity = '1', taxIncluded } = work.facts;
  const each = work.kind === 'expense' ? work.facts.cost : (work.facts.unitCost ?? work.facts.listPrice);
  if (each === null) return 0n;
  const [cost, times] = [netOf(each, taxIncluded), fraction(quantity)];
  return halfUp(cost.over * times.over * 100_000n, cost.under * times.under);
}

/** A cost without the tax in it that is claimed back. */
function netOf(cost: MoneyJson, taxIncluded: MoneyJson | null | undefined): ReturnType<typeof fraction> {
  const [gross, tax] = [fraction(cost.amount), fraction(taxIncluded?.amount ?? '0')];
  return { over: gross.over * tax.under - tax.over * gross.under, under: gross.under * tax.under };
}

/** Factors multiplied, with a markup, divided by a whole number, rounded once. */
function priced(
  factors: readonly (string | ReturnType<typeof fraction>)[],
  markupPercent: string,
  divisor: bigint,
  card: RateCard,
): bigint {
  const markup = fraction(markupPercent);
  let over = (100n * markup.under + markup.over) * minorUnits(card.currency);
  let under = 100n * markup.under * divisor;
  for (const factor of factors) {
    const { over: times, under: by } = typeof factor === 'string' ? fraction(factor) : factor;
    over *= times;
    under *= by;
  }
  return halfUp(over, under);
}

/** What a card bills for minutes that are rounded by themselves. */
function billedMinutes(worked: number, { minimumMinutes, incrementMinutes, rounding = 'up' }: RateCard): number {
  const least = Math.max(worked, minimumMinutes);
  if (rounding === 'up') return Math.ceil(least / incrementMinutes) * incrementMinutes;
  const over = worked % incrementMinutes;
  const goesUp = rounding === 'nearest' && 2 * over >= incrementMinutes;
  const rounded = worked - over + (goesUp ? incrementMinutes : 0);
  return worked === 0 ? 0 : Math.max(rounded, minimumMinutes);
}

function priceOfTime(
  { facts, override }: Extract<ModelWork, { kind: 'time' }>,
  card: RateCard,
): bigint | null | undefined {
  if (card.workTypes?.some(({ workType }) => workType === facts.workType)) return undefined;
  if (override !== null && override.currency !== card.currency) return null;
  const rates = card.labour.filter(({ workType }) => workType === facts.workType);
  const rate =
    rates.find(({ engineerRole }) => engineerRole === facts.engineerRole) ??
    rates.find(({ engineerRole }) => engineerRole === null);
  if (!rate && override === null) return null;
  if (card.roundingScope !== 'entry') return undefined;
  const billed = billedMinutes(facts.statedBillableMinutes ?? facts.minutes, card);
  const multiplier = card.rateClassMultipliers?.find(({ rateClass }) => rateClass === facts.rateClass)?.multiplier;
  const factors = override === null ? [rate?.pricePerHour ?? '0', multiplier ?? '1'] : [override.amount];
  return priced([...factors, String(billed)], '0', 60n, card);
}

/** The criteria that the contracts of these histories use. */
function matches({ match }: CoverageRule, work: ModelWork, ticket: ModelTicket): boolean {
  const fits = (wanted: readonly string[] | undefined, value: string | null): boolean =>
    wanted === undefined || (value !== null && wanted.includes(value));
  const workType = work.kind === 'time' ? work.facts.workType : null;
  return fits(match.kinds, work.kind) && fits(match.categories, ticket.category) && fits(match.workTypes, workType);
}
