import type { BillableItem, ChargeItem } from '@billtrail/billing';
import {
  MAX_PAGE,
  type Gap,
  type Invoice,
  type KeyedGap,
  type Page,
  type PageRequest,
  type Prepaid,
  type ReadModels,
  type Reconciliation,
} from '@billtrail/read-models';

export interface Document {
  readonly invoice: Invoice;
  readonly lines: Awaited<ReturnType<ReadModels['invoices']['lines']>>['items'];
  readonly charges: Awaited<ReturnType<ReadModels['invoices']['charges']>>['items'];
}

/** Everything that the read models answer, at one position. */
export interface Observed {
  readonly asOf: string;
  readonly items: readonly BillableItem[];
  readonly charges: readonly ChargeItem[];
  readonly prepaid: readonly Prepaid[];
  readonly derivedGaps: readonly KeyedGap[];
  readonly recordedGaps: readonly Gap[];
  readonly documents: readonly Document[];
  readonly reconciliation: Reconciliation;
  readonly fates: Awaited<ReturnType<ReadModels['reconciliation']['tickets']>>['items'];
}

export async function observe(models: ReadModels, ticketIds: Iterable<string>, asOf: string): Promise<Observed> {
  const derived = await Promise.all(
    [...ticketIds].map((ticketId) => models.billableItems.derivedGapsOfTicket(ticketId)),
  );
  const invoices = await all((page) => models.invoices.list({}, page));
  return {
    asOf,
    items: await all((page) => models.billableItems.list({}, page)),
    charges: await all((page) => models.charges.list({}, page)),
    prepaid: await all((page) => models.prepaid.balances({}, page)),
    derivedGaps: derived.flat(),
    recordedGaps: await all((page) => models.gaps.list({}, page)),
    documents: await Promise.all(
      invoices.map(async (invoice) => ({
        invoice,
        lines: await all((page) => models.invoices.lines(invoice.invoiceId, page)),
        charges: await all((page) => models.invoices.charges(invoice.invoiceId, page)),
      })),
    ),
    reconciliation: await models.reconciliation.of(asOf),
    fates: await all((page) => models.reconciliation.tickets(asOf, {}, page)),
  };
}

async function all<Element>(list: (page: PageRequest) => Promise<Page<Element>>): Promise<readonly Element[]> {
  const elements: Element[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await list({ limit: MAX_PAGE, cursor });
    elements.push(...page.items);
    if (page.nextCursor === null) return elements;
    cursor = page.nextCursor;
  }
}
