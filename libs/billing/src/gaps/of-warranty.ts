import { Money, type MoneyJson } from '@billtrail/kernel';
import type { BillableItem } from '../item/billable-item.js';
import type { WorkItem } from '../rating/facts.js';
import { netCostOf } from '../rating/price/goods-rate.js';
import { piecesOf } from '../rating/quantities.js';

/** What a supplier still owes for goods that were replaced under warranty. */
export interface ClaimLeft {
  readonly claim: string;
  /** At what the goods are sold for, as far as the supplier has not paid for them; null: nobody has stated what they are worth. */
  readonly money: MoneyJson | null;
  /** The supplier has paid for a part. */
  readonly isPart: boolean;
  /** Nobody but who wrote it down has approved the claim, so a credit pays for no more of it than its amount. */
  readonly isAlone: boolean;
  readonly creditEventIds: readonly string[];
  /** Credits in another currency than the goods: they end nothing. Absent: none. */
  readonly foreign?: readonly string[];
}

/** Goods under warranty whose claim has a number, by their ids: few periods have any. Without a number they were recorded before claims were asked for. */
export function claimsOf(work: readonly WorkItem[]): ReadonlyMap<string, WorkItem> {
  const claims = new Map<string, WorkItem>();
  for (const one of work) if (isClaimed(one)) claims.set(one.workItemId, one);
  return claims;
}

function isClaimed(work: WorkItem): boolean {
  return work.kind === 'material' && work.underWarranty && work.warrantyClaim !== undefined;
}

/**
 * What is left of the claim of covered goods; null: nothing, the supplier has paid what they cost. Without a cost it is set against the standard value. What the supplier
 * pays ends the same share of the standard value: of the cost by which it was recorded, if that was lowered since. That cost is one person's word until another has approved
 * the goods as claimed: until then a credit ends no more than its own amount, and a person ends the rest.
 */
export function claimLeft(work: WorkItem | undefined, { standardValue }: BillableItem): ClaimLeft | null {
  if (work?.kind !== 'material' || work.warrantyClaim === undefined) return null;
  const { warrantyClaim: claim, supplierCredits = [], listPrice } = work;
  const creditEventIds = supplierCredits.map(({ eventId }) => eventId);
  const isPart = supplierCredits.length > 0;
  const sold = standardValue ?? listPrice;
  const full =
    standardValue === null
      ? sold && Money.from(sold).times(piecesOf(work)).rounded()
      : Money.from(standardValue).rounded();
  const cost = claimedCost(work)?.times(piecesOf(work)).rounded() ?? full;
  const isAlone = work.approval !== undefined && (work.approval !== 'approved' || work.isOwnApproval === true);
  const told = { claim, isPart, isAlone, creditEventIds };
  // What nobody has stated a worth of is paid for by no credit: somebody states it, or accepts the gap.
  if (cost === null) return { ...told, money: null };
  const credits = supplierCredits.map(({ amount }) => Money.from(amount));
  const foreign = credits.filter(({ currency }) => currency !== cost.currency);
  const paid = Money.sum(
    credits.filter(({ currency }) => currency === cost.currency),
    cost.currency,
  );
  const byAmount = isAlone && full?.currency === cost.currency ? full.minus(paid) : null;
  const open = byAmount ?? cost.minus(paid);
  if (open.isNegative() || open.isZero()) return null;
  const byShare = isPart && full !== null ? full.times(open.value).dividedBy(cost.value).rounded() : (full ?? open);
  const money = byAmount ?? byShare;
  return { ...told, money: money.toJSON(), ...(foreign.length > 0 && { foreign: foreign.map(String) }) };
}

/** What a piece costs by the claim: now, or by its credits; null: nobody stated it. */
function claimedCost(work: Extract<WorkItem, { kind: 'material' }>): Money | null {
  const now = netCostOf(work);
  const before = (work.supplierCredits ?? [])
    .flatMap(({ claimedCost: cost }) => cost ?? [])
    .map((cost) => Money.from(cost));
  const comparable = before.filter(({ currency }) => now === null || currency === now.currency);
  return [...(now === null ? [] : [now]), ...comparable].reduce<Money | null>(
    (most, one) => (most === null || (one.currency === most.currency && one.compare(most) > 0) ? one : most),
    null,
  );
}
