import { gapKey, type BillableItem, type ChargeItem } from '@billtrail/billing';
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

/** Everything that the read models answer, at one position: of everybody, for nothing that a door let in is parked. */
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
  models.known.now().checkAll();
  const derived = await Promise.all(
    [...ticketIds].map((ticketId) => models.billableItems.derivedGapsOfTicket(ticketId)),
  );
  const charges = await all((page) => models.charges.list({}, page));
  const recordedGaps = await all((page) => models.gaps.list({}, page));
  const ofCharges = await derivedGapsOfCharges(models, charges, recordedGaps, asOf);
  const invoices = await all((page) => models.invoices.list({}, page));
  return {
    asOf,
    items: await all((page) => models.billableItems.list({}, page)),
    charges,
    prepaid: await all((page) => models.prepaid.balances({}, page)),
    // A ticket answers for those that were merged into it, and each for itself.
    derivedGaps: [...new Map(derived.flat().map((gap) => [gap.key, gap])).values(), ...ofCharges],
    recordedGaps,
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

/** Gaps of charges are asked by their keys: of each charge, of each that was recorded, and of what the policy would record now. */
async function derivedGapsOfCharges(
  models: ReadModels,
  charges: readonly ChargeItem[],
  recorded: readonly Gap[],
  asOf: string,
): Promise<readonly KeyedGap[]> {
  const due = await models.gapLedger.due(asOf);
  const keys = new Set([
    ...charges
      .filter(({ disposition }) => disposition !== 'invoiced')
      .map(({ clientId, period, contractId, chargeItemId: chargeId }) =>
        gapKey({
          kind: 'contract-mismatch',
          ticketId: null,
          workItemId: null,
          clientId,
          period,
          charge: { contractId, chargeId },
        }),
      ),
    ...recorded.filter(({ ticketId }) => ticketId === null).map(({ key }) => key),
    ...due.map(({ key }) => key),
  ]);
  const derived = await Promise.all([...keys].map((key) => models.billableItems.derivedGap(key)));
  return derived.filter((gap) => gap !== null).filter(({ ticketId }) => ticketId === null);
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
