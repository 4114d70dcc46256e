import { Money, type MoneyJson } from '@billtrail/kernel';
import type { ExplainedItem } from './item/billable-item.js';
import type { ClientPeriodFacts, FrozenLine } from './client-period.js';
import type { ContractFacts, RatingResult } from './rating/facts.js';
import type { ChargeItem } from './item/charge-item.js';
import type { CarriedOver } from './rating/prepaid/prepaid-facts.js';
import { rateExplained } from './rate.js';
import { type BoughtBlock, rateRenewing } from './rate-renewing.js';

/** What is supposed, without being recorded. */
export interface Supposition {
  /**
   * The contract as it would be: in place of the one with its id, else beside the others. A draft is a contract with one more version. null: all
   * contracts as they are, to see what `thaw` alone changes.
   */
  readonly contract: ContractFacts | null;
  /** The facts as they are read for it: what matters of other periods' accounts depends on the contracts. Absent: the same facts. */
  readonly facts?: ClientPeriodFacts;
  /** Only this piece of work is compared; absent: the whole client-period. It is still rated among its peers, for blocks and caps. */
  readonly workItemId?: string;
}

/** What of an item would be different. */
export type Changed =
  | 'disposition'
  | 'actual-minutes'
  | 'billable-minutes'
  | 'quantity'
  | 'unit-price'
  | 'net'
  | 'tax'
  | 'contract'
  | 'draw'
  | 'days';

/** One item before and after, each explained; null: it would not be there. Items that stay as they are, are left out. */
export interface Difference {
  readonly itemId: string;
  readonly before: ExplainedItem | ChargeItem | null;
  readonly after: ExplainedItem | ChargeItem | null;
  readonly kind: 'added' | 'gone' | 'changed';
  /** Empty where it was added or is gone. */
  readonly changed: readonly Changed[];
  /** What the client would be asked after, less before, in the client's currency. */
  readonly net: MoneyJson;
}

/**
 * What the client is asked for in all, in the client's currency: nets of what is billable, claimed or invoiced, and charges. What is covered,
 * written off, deferred or without price counts as zero, and so does an amount in another currency, which its difference shows.
 */
export interface SupposedTotals {
  readonly before: MoneyJson;
  readonly after: MoneyJson;
}

export interface Supposed {
  readonly result: RatingResult<ExplainedItem>;
  /** The blocks that would be bought because the terms renew them: they are there in later periods too. */
  readonly bought: readonly BoughtBlock[];
  /** In the order of item ids. */
  readonly differences: readonly Difference[];
  /** Of all that is compared, whether it differs or not. */
  readonly totals: SupposedTotals;
  /** Sum of the differences: after less before. */
  readonly net: MoneyJson;
}

export interface WhatIfOptions {
  readonly thaw?: boolean;
  /** What the period before carries over under the supposition. Absent: what it carries over in fact. */
  readonly carriedOver?: CarriedOver | undefined;
}

/**
 * Rates the facts as they are and as supposed. What is frozen stays as it is; `thaw` rates what is invoiced or claimed as if it were not, to
 * tell what a back-dated version would have changed on it (what a person wrote off stays written off). A supposition that begins in an
 * earlier period reaches this one by what the periods carry over: rate them first, in order, and pass on `result.carriedOver`. Pure; throws
 * where `rate` does.
 */
export type WhatIf = (facts: ClientPeriodFacts, supposition: Supposition, options?: WhatIfOptions) => Supposed;

export const whatIf: WhatIf = (facts, supposition, { thaw = false, carriedOver } = {}) => {
  const before = rateExplained(facts);
  const read = supposition.facts ?? facts;
  const carried = carriedOver === undefined ? read : { ...read, carriedOver };
  const { result, bought } = rateRenewing(suppose(thaw ? thawed(carried) : carried, supposition.contract));
  const { workItemId } = supposition;
  const then = comparable(before, workItemId);
  const now = comparable(result, workItemId);
  const ids = [...new Set([...then.keys(), ...now.keys()])].sort();
  const differences = ids.flatMap((itemId): Difference[] => {
    const difference = differenceOf(itemId, then.get(itemId) ?? null, now.get(itemId) ?? null, facts, thaw);
    return difference === null ? [] : [difference];
  });
  const asked = (items: Iterable<Compared>): Money =>
    Money.sum(
      [...items].map((item) => askedOf(item, facts.currency)),
      facts.currency,
    );
  const totalBefore = asked(then.values());
  const totalAfter = asked(now.values());
  return {
    result,
    bought,
    differences,
    totals: { before: totalBefore.toJSON(), after: totalAfter.toJSON() },
    net: totalAfter.minus(totalBefore).toJSON(),
  };
};

type Compared = ExplainedItem | ChargeItem;

function suppose(facts: ClientPeriodFacts, contract: ContractFacts | null): ClientPeriodFacts {
  if (contract === null) return facts;
  const known = facts.contracts.some((one) => one.contractId === contract.contractId);
  return {
    ...facts,
    contracts: known
      ? facts.contracts.map((one) => (one.contractId === contract.contractId ? contract : one))
      : [...facts.contracts, contract],
  };
}

/** What a credit note took back in part stays as it is: a person decided on that money. */
function thawed(facts: ClientPeriodFacts): ClientPeriodFacts {
  const isDecided = ({ credited }: Pick<FrozenLine, 'credited'>): boolean => credited !== undefined;
  const { invoiced, invoicedCharges = [] } = facts;
  return {
    ...facts,
    invoiced: invoiced.filter(isDecided),
    invoicedCharges: invoicedCharges.filter(isDecided),
    claimed: new Map(),
  };
}

function isCharge(item: Compared): item is ChargeItem {
  return 'chargeItemId' in item;
}

function comparable(
  result: RatingResult<ExplainedItem>,
  workItemId: string | undefined,
): ReadonlyMap<string, Compared> {
  const items = new Map<string, Compared>();
  for (const item of result.items) {
    if (workItemId === undefined || item.workItemId === workItemId) items.set(item.itemId, item);
  }
  if (workItemId === undefined) for (const charge of result.charges) items.set(charge.chargeItemId, charge);
  return items;
}

/** What the client is asked for an item. */
function askedOf(item: Compared | null, currency: string): Money {
  if (item === null || item.net === null || item.net.currency !== currency) return Money.zero(currency);
  const isAsked = item.disposition === 'billable' || item.disposition === 'claimed' || item.disposition === 'invoiced';
  return isAsked ? Money.from(item.net) : Money.zero(currency);
}

function differenceOf(
  itemId: string,
  before: Compared | null,
  after: Compared | null,
  facts: ClientPeriodFacts,
  thaw: boolean,
): Difference | null {
  const changed = before === null || after === null ? [] : changedBetween(before, after, thaw);
  if (before !== null && after !== null && changed.length === 0) return null;
  const net = askedOf(after, facts.currency).minus(askedOf(before, facts.currency));
  const kind = before === null ? 'added' : after === null ? 'gone' : 'changed';
  return { itemId, before, after, kind, changed, net: net.toJSON() };
}

function changedBetween(before: Compared, after: Compared, thaw: boolean): readonly Changed[] {
  const then = aspectsOf(before, thaw);
  const now = aspectsOf(after, thaw);
  return ASPECTS.filter((aspect) => then[aspect] !== now[aspect]);
}

const ASPECTS: readonly Changed[] = [
  'disposition',
  'actual-minutes',
  'billable-minutes',
  'quantity',
  'unit-price',
  'net',
  'tax',
  'contract',
  'draw',
  'days',
];

/** What is compared of an item, each as one value. With `thaw`, asked of the client is asked of the client, on whatever document. */
function aspectsOf(item: Compared, thaw: boolean): Readonly<Record<Changed, string | number | null>> {
  const isOnDocument = item.disposition === 'invoiced' || item.disposition === 'claimed';
  const charge = isCharge(item);
  const contract = item.contractId === null ? null : `${item.contractId} version ${item.contractVersion}`;
  const source = charge ? undefined : item.draw;
  // A covered line of an invoice was covered before it was frozen.
  const frozenAs = source === undefined ? 'billable' : 'covered';
  return {
    disposition: thaw && isOnDocument ? frozenAs : item.disposition,
    'actual-minutes': charge ? null : item.actualMinutes,
    'billable-minutes': charge ? null : item.billableMinutes,
    quantity: item.quantity,
    'unit-price': item.unitPrice === null ? null : Money.from(item.unitPrice).toString(),
    net: item.net === null ? null : Money.from(item.net).toString(),
    tax: item.taxCategory,
    contract,
    draw: source === undefined ? null : JSON.stringify([source.source, source.amount]),
    // Of a charge, and when it may be billed, which one on a document no longer tells.
    days: charge ? `${item.from} to ${item.to}${thaw ? '' : `, from ${item.billableFrom}`}` : null,
  };
}
