import { Decimal, known, localDateIn, minorUnitDigits } from '@billtrail/kernel';
import { fitsMatch, type ContractTerms, type CoverageAnalysis, type WorkToCover } from '@billtrail/contracts';
import { checkContractFile } from '@billtrail/input';
import type { ClientPeriodFacts, ExplainedItem, TicketFacts } from '@billtrail/billing';
import { HOUSE_CARDS } from './house-cards.js';
import type { FileOfContracts } from './random-contract.js';
import { reckoned, type Promised } from './reckoned.js';

const MINUTE_MILLIS = 60_000;

type Stretch = CoverageAnalysis['stretches'][number];
type Row = Stretch['rows'][number];
type Outcome = Row['outcomes'][number];

/** What `contract check` says about a file: for each kind of work and each day the rule that wins, and its price. */
export class Checked {
  /** `zone`: of all contracts, whose days the check speaks of. */
  private constructor(
    private readonly analysis: CoverageAnalysis,
    private readonly zone: string,
  ) {}

  /** null: the file has a problem, or an error among its findings. */
  static of(file: FileOfContracts, clientTimeZone: string): Checked | null {
    const { isSound, analyses } = checkContractFile(file, () => ({ shared: { rateCards: HOUSE_CARDS } }));
    const [only] = analyses;
    return isSound && only !== undefined && only.analysis.isComplete
      ? new Checked(only.analysis, file.clients[0].contracts[0]?.terms.timeZone ?? clientTimeZone)
      : null;
  }

  /** What is promised of the work of an item; null: the check does not speak of it. */
  promiseOf(item: ExplainedItem, ticket: TicketFacts): Outcome | null {
    const { work } = item.basis;
    const startedAt = work?.kind === 'time' ? work.startedAt : null;
    const begins = Date.parse(startedAt ?? item.workDate) + (item.segment?.fromMinute ?? 0) * MINUTE_MILLIS;
    // The check speaks of the contracts' own days; a stretch has the day of its place.
    const day = startedAt === null ? item.workDate : localDateIn(this.zone, new Date(begins).toISOString());
    const stretch = this.analysis.stretches.find(({ from, to }) => from <= day && (to === null || day <= to));
    const row = stretch?.rows.find((one) => isOf(one, item, stretch));
    return row?.outcomes.find(({ when }) => fitsMatch(when, workOf(item, ticket))) ?? null;
  }
}

function isOf({ kind, workType, engineerRole, rateClass }: Row, item: ExplainedItem, { asked }: Stretch): boolean {
  if (kind !== item.kind) return false;
  const { work } = item.basis;
  const time = work?.kind === 'time' ? work : null;
  // Where a file names all work types there are, the check speaks of no others.
  const fits = (
    facet: Row['workType'],
    value: string | null,
    { names, isClosed }: Stretch['asked']['workTypes'],
  ): boolean => {
    const isNamed = value !== null && names.includes(value);
    return facet.is === 'named'
      ? facet.name === value
      : facet.is === 'any'
        ? kind !== 'time' || isNamed || !isClosed
        : !isNamed;
  };
  return (
    fits(workType, time?.workType ?? null, asked.workTypes) &&
    fits(engineerRole, time?.engineerRole ?? null, asked.engineerRoles) &&
    fits(rateClass, item.basis.rateClass, asked.rateClasses)
  );
}

/** An item as coverage rules, caps and discounts see it. */
export function workOf({ kind, basis }: ExplainedItem, ticket: TicketFacts): WorkToCover {
  const time = basis.work?.kind === 'time' ? basis.work : null;
  return {
    kind,
    workType: time?.workType ?? null,
    engineerRole: time?.engineerRole ?? null,
    rateClass: kind === 'time' ? basis.rateClass : null,
    category: ticket.category,
    ticketType: ticket.ticketType,
    priority: ticket.priority,
    siteId: ticket.siteId,
  };
}

export interface CheckFigures {
  /** Items whose rule was compared, and of those whose price was reckoned from the promise. */
  ruled: number;
  priced: number;
}

/**
 * Items of a client-period that are not what `contract check` promised. Nothing of the period may be frozen. What the table does not promise
 * (minimum, increment, blocks, caps) is taken from the item: the price for its billable minutes is reckoned here.
 */
export function brokenPrices(
  checked: Checked,
  items: readonly ExplainedItem[],
  facts: ClientPeriodFacts,
  figures: CheckFigures,
): readonly string[] {
  return items.flatMap((item): string[] => {
    const ticket = known(facts.tickets, item.ticketId, 'the ticket of an item');
    const promised = checked.promiseOf(item, ticket);
    if (promised === null) return [];
    figures.ruled += 1;
    const wrong = wrongRule(item, promised) ?? wrongPrice(item, promised, items, facts, figures);
    return wrong === null ? [] : [`contract check, ${item.itemId} of ${facts.period}: ${wrong}`];
  });
}

function isUnderWarranty({ basis: { work } }: ExplainedItem): boolean {
  return work?.kind === 'material' && work.underWarranty;
}

function wrongRule(item: ExplainedItem, { rules, as, reason }: Outcome): string | null {
  const taken = rules.at(-1);
  // Beyond its blocks prepaid work has no price: within them it needs none.
  const isCovered = as === 'unpriced' && taken?.outcome === 'prepaid' && item.disposition === 'covered';
  const promised =
    as === 'unpriced' && !isCovered
      ? `unpriced, ${reason}`
      : `rule ${taken?.ruleId} of ${taken?.contractId} version ${taken?.versionNumber}`;
  const isUnpriced =
    item.disposition === 'unpriced' &&
    item.unpriced?.reason !== 'above-cap' &&
    item.unpriced?.reason !== 'no-price' &&
    item.unpriced?.reason !== 'other-currency';
  const rated = isUnpriced
    ? `unpriced, ${item.unpriced?.reason}`
    : `rule ${item.basis.ruleId} of ${item.contractId} version ${item.contractVersion}`;
  return promised === rated ? null : `promised ${promised}; rated ${rated}`;
}

function wrongPrice(
  item: ExplainedItem,
  { as, price, rules }: Outcome,
  items: readonly ExplainedItem[],
  facts: ClientPeriodFacts,
  figures: CheckFigures,
): string | null {
  if (as === 'included')
    return item.disposition === 'covered' && item.net?.amount !== undefined && new Decimal(item.net.amount).isZero()
      ? null
      : `promised included; rated ${item.disposition} ${item.net?.amount}`;
  if (price === null || isUnderWarranty(item)) return null;
  if (item.disposition === 'unpriced' && item.unpriced?.reason !== 'above-cap') return null;
  const last = rules.at(-1);
  const terms = facts.contracts
    .find(({ contractId }) => contractId === last?.contractId)
    ?.versions.find(({ versionNumber }) => versionNumber === last?.versionNumber)?.terms;
  if (terms === undefined) return `promised a price of ${last?.contractId}, which is not there`;
  // Of work that money covers in part, minutes and quantities are told by what is left of the price.
  const isPaidInPart = items.some(
    ({ workItemId, draw }) => workItemId === item.workItemId && draw?.amount.unit === 'money',
  );
  const promised = isPaidInPart ? null : reckoned(price, item, items);
  if (promised === null) return null;
  figures.priced += 1;
  // What blocks cover in part is worth what the whole is: its parts are shares of that, rounded once.
  const isShare =
    item.itemId !== item.workItemId &&
    items.some((one) => one.workItemId === item.workItemId && one.draw !== undefined);
  const worth = isShare ? null : wrongWorth(item, promised, price.currency);
  return worth ?? wrongNet(item, promised, terms, facts, price.mode === 'overage');
}

/** The card's price of the item, before cover, cap and discount. An overage price is none of the card. */
function wrongWorth(
  item: ExplainedItem,
  { exact, isOverage, worth: atCard = exact }: Promised,
  currency: string,
): string | null {
  if (isOverage || item.basis.cap !== null) return null;
  const worth = atCard.toFixed(minorUnitDigits(currency));
  return item.standardValue?.amount === worth
    ? null
    : `promised ${worth} at the card's price; rated ${item.standardValue?.amount ?? 'without one'}`;
}

function wrongNet(
  item: ExplainedItem,
  { exact }: Promised,
  terms: ContractTerms,
  { tickets, currency }: ClientPeriodFacts,
  isOverage: boolean,
): string | null {
  // What blocks cover and caps cut is not promised by the table.
  if (item.disposition !== 'billable' || item.draw !== undefined || item.basis.cap !== null) return null;
  if (isOverage !== (item.basis.prepaid === 'overage')) return null;
  const seen = workOf(item, known(tickets, item.ticketId, 'the ticket of an item'));
  let off = new Decimal(0);
  for (const discount of terms.discounts ?? [])
    if (discount.kind === 'percent' && (discount.match === undefined || fitsMatch(discount.match, seen)))
      off = off.plus(discount.percent);
  const net = exact
    .times(new Decimal(100).minus(Decimal.min(off, 100)))
    .dividedBy(100)
    .toFixed(minorUnitDigits(currency));
  return item.net?.amount === net ? null : `promised ${net} net; rated ${item.net?.amount}`;
}
