import { Money, at, invariant } from '@billtrail/kernel';
import type { ClientPeriodFacts } from '../client-period.js';
import type { InvoiceLine } from '../item/frozen-item.js';
import type { Assessed } from '../rating/assessed.js';
import type { InForce, Placement } from '../rating/coverage/placement.js';
import type { DerivedGap, WorkItem } from '../rating/facts.js';

type Account = Pick<ClientPeriodFacts, 'clientId' | 'period'>;

/** What a line asks, or would ask now, for the work that it carries. */
export interface Asked {
  readonly unitPrice: Money;
  readonly net: Money;
}

/** A line of unchanged work with the terms of then and of now. */
export interface RecheckCandidate {
  readonly line: InvoiceLine;
  readonly invoiceId: string;
  readonly isDraft: boolean;
  readonly work: WorkItem;
  readonly frozenUnder: InForce;
  /** The stretches of the work that the line carries, as they are placed now, in order of time. */
  readonly now: readonly Assessed[];
}

/** The gap of a line; null where the terms of now ask what it asks. */
export function mismatch(of: RecheckCandidate, now: Asked | null, account: Account): DerivedGap | null {
  const { line, now: stretches } = of;
  const charged = Money.from(line.net);
  const isOther = now !== null && now.net.currency !== charged.currency;
  const expected = now === null || isOther ? Money.zero(charged.currency) : now.net;
  const difference = expected.minus(charged);
  const isOneRate = stretches.length === 1 && line.quantity !== '0' && line.unit !== 'adjustment';
  const hasOtherRate = isOneRate && now !== null && !isOther && !now.unitPrice.equals(Money.from(line.unitPrice));
  const category = otherCategory(of);
  if (difference.isZero() && !hasOtherRate && now !== null && !isOther)
    return category === null ? null : otherTaxAlone(of, account);
  const tax = category === null ? '' : `, and its tax category is ${category} now, not ${line.taxCategory}`;
  return gapOf(of, account, difference, `${inWords(stretches, now)}: ${outcomeOf(difference)}${tax}`);
}

/** The gap of a line of which nothing but the tax category is another now. */
export function otherTaxAlone(of: RecheckCandidate, account: Account): DerivedGap {
  const { line, now } = of;
  const { placement } = at(now, 0, 'a stretch that a line carries');
  const inForce = placement === null || placement.as === 'no-charge' ? null : placement.inForce;
  invariant(inForce !== null, () => `no contract gives ${line.itemId} another tax category`);
  const { contract, version } = inForce;
  const taxed = `${contract.contractId} version ${version.versionNumber}, in force now, taxes it as ${otherCategory(of)}, not ${line.taxCategory}`;
  return gapOf(of, account, Money.zero(line.net.currency), `${taxed}: another tax, and no difference in net`);
}

/** The tax category of the terms of now, where they ask money for the work in another one; null: in none, or in several. */
export function otherCategory({ line, now }: RecheckCandidate): string | null {
  if (Money.from(line.net).isZero()) return null;
  const categories = new Set(now.map(({ placement, work: { kind } }) => categoryOf(placement, kind)));
  const [category = null] = categories;
  return categories.size === 1 && category !== line.taxCategory ? category : null;
}

function categoryOf(placement: Placement | null, kind: WorkItem['kind']): string | null {
  if (placement === null || (placement.as !== 'billable' && placement.as !== 'prepaid')) return null;
  return placement.inForce.version.terms.rateCard.taxCategories[kind];
}

function gapOf(
  { line, invoiceId, isDraft }: RecheckCandidate,
  { clientId, period }: Account,
  difference: Money,
  why: string,
): DerivedGap {
  const asked = `${isDraft ? 'draft' : 'invoice'} ${invoiceId} asks ${Money.from(line.net).toString()} for ${line.itemId} at ${line.unitPrice.amount} (${line.contractId} version ${line.contractVersion})`;
  return {
    kind: 'contract-mismatch',
    ticketId: line.ticketId,
    clientId,
    period,
    workItemId: line.workItemId,
    valueAtRisk: { money: difference.toJSON(), minutes: line.actualMinutes },
    cause: `${asked}; ${why}`,
    sourceEventIds: line.sourceEventIds,
    dueOn: null,
  };
}

function inWords(stretches: readonly Assessed[], now: Asked | null): string {
  const { placement } = at(stretches, 0, 'a stretch that a line carries');
  if (placement?.as === 'no-charge') return 'its ticket is declared no-charge now';
  const inForce = placement?.inForce ?? null;
  if (inForce === null) return 'no contract in force now gives it a price';
  const version = `${inForce.contract.contractId} version ${inForce.version.versionNumber}, in force now,`;
  if (placement?.as === 'included') return `${version} includes it`;
  if (now === null) return `${version} gives it no price`;
  return `${version} gives ${now.net.toString()} at ${now.unitPrice.toJSON().amount}`;
}

function outcomeOf(difference: Money): string {
  if (difference.isZero()) return 'another rate, and no difference in money';
  return difference.isNegative()
    ? `overcharged by ${difference.negated().toString()}`
    : `undercharged by ${difference.toString()}`;
}
