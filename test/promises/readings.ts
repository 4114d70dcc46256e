import { Money, type Currency } from '@billtrail/kernel';
import { configurationOf } from '@billtrail/application';
import { rateExplained } from '@billtrail/billing';
import { MAX_PAGE } from '@billtrail/read-models';
import type { House } from '../laws/kit/house.js';
import { outcomeFrom, type Outcome, type draftOf } from './outcome.js';
import { MONTHS } from './random-contract.js';

export const CLIENT = 'bluegum';
export const ZONE = 'Australia/Sydney';

/** A month as it is rated now. */
interface Seen {
  readonly outcome: Outcome;
  /** What gaps say of lines on invoices that the terms of now would price otherwise. */
  readonly mismatch: Money;
}
export type SeenMonths = ReadonlyMap<string, Seen>;

/** What the client is asked, month by month. */
export async function seenOf(house: House, currency: Currency): Promise<SeenMonths> {
  await house.settle();
  const seen = new Map<string, Seen>();
  for (const period of MONTHS) {
    const facts = await house.billtrail.models.billableItems.periodFacts(CLIENT, period);
    const { items, charges, gaps } = rateExplained(facts);
    const invoiced = new Set(facts.invoiced.map(({ line }) => line.workItemId));
    const values = gaps.flatMap(({ kind, workItemId, valueAtRisk: { money } }) =>
      kind === 'contract-mismatch' && workItemId !== null && invoiced.has(workItemId) && money !== null
        ? [Money.from(money)]
        : [],
    );
    seen.set(period, { outcome: outcomeFrom(items, charges), mismatch: Money.sum(values, currency) });
  }
  return seen;
}

/** When a draft of now would be made. */
export async function draftedNow({ billtrail }: House): Promise<Parameters<typeof draftOf>[1]> {
  const { store, models, clock } = billtrail;
  const contracts = await models.billableItems.contractsOf(CLIENT);
  return { at: clock(), contracts, clientTimeZone: ZONE, configuration: await configurationOf(store) };
}

/** Ids of lines on drafts of the period. */
export async function heldIn({ billtrail }: House, period: string): Promise<ReadonlySet<string>> {
  const { invoices } = billtrail.models;
  const held = new Set<string>();
  for (const { invoiceId, status } of (await invoices.list({ clientId: CLIENT, period }, { limit: MAX_PAGE })).items)
    if (status === 'draft' || status === 'approved')
      for (const { itemId } of (await invoices.lines(invoiceId, { limit: MAX_PAGE })).items) held.add(itemId);
  return held;
}
