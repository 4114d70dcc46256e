import { Money, type Refusal, refuse } from '@billtrail/kernel';
import type { InvoiceGrouping } from '@billtrail/contracts';
import type { BillableItem } from '../item/billable-item.js';
import type { ChargeItem } from '../item/charge-item.js';
import type { DraftInvoice } from './commands.js';
import { isPrepaid } from './lines.js';
import { type Receiving, grouped, recipientOf, siteOf } from './recipients.js';

/** Who says how items are laid on documents. */
interface GroupingStated {
  readonly client: { readonly invoices?: InvoiceGrouping };
  readonly configuration: { readonly invoices?: InvoiceGrouping };
}

/** As the client served says, else the organisation; by default together. */
export function groupingOf({ client, configuration }: GroupingStated): InvoiceGrouping {
  return client.invoices ?? configuration.invoices ?? 'together';
}

type Priced = BillableItem | ChargeItem;

/** What a document is limited to. */
export interface DocumentGroup {
  readonly recipientId?: string;
  readonly contractId?: string;
  /** null: what is of no site. */
  readonly siteId?: string | null;
}

function contractsOf(all: readonly Pick<Priced, 'contractId'>[]): readonly string[] {
  return [...new Set(all.flatMap(({ contractId }) => contractId ?? []))].sort();
}

function sitesOf(all: readonly Priced[], receiving: Receiving): readonly (string | null)[] {
  return [...grouped(all, (one) => siteOf(one, receiving)).keys()];
}

/** What asks for something: no zero line of prepaid work, and no charge of nothing. */
function asking(items: readonly BillableItem[], charges: readonly ChargeItem[]): readonly Priced[] {
  return [...items.filter((item) => !isPrepaid(item)), ...charges.filter(({ net }) => !Money.from(net).isZero())];
}

/** The one that receives what the draft asks for; where nothing asks, all that is there. Refuses: SeveralRecipients. */
export function soleRecipient(
  { clientId, period, items, charges = [], named }: DraftInvoice,
  receiving: Receiving,
): string | Refusal {
  const asks = asking(items, charges);
  const all = grouped(asks.length > 0 ? asks : [...items, ...charges], (one) => recipientOf(one, receiving));
  const [recipientId = clientId, ...others] = all.keys();
  if (others.length === 0) return recipientId;
  const recipients = [...all].map(([id, of]) => ({
    recipientId: id,
    tickets: [...new Set(of.flatMap((one) => ('workItemId' in one ? [one.ticketId] : [])))],
    charges: of.flatMap((one) => ('workItemId' in one ? [] : [one.chargeItemId])),
  }));
  return refuse(
    'SeveralRecipients',
    `Client ${clientId}'s items for ${period} are billed to ${recipients.map((one) => one.recipientId).join(' and ')}; an invoice has one recipient.`,
    named === undefined
      ? 'Draft for each by itself: name its `recipientId`. `billtrail invoice run --period MONTH` makes a draft for each.'
      : 'Draft for each by itself: name its `recipientId`, and its own tickets and charges (`recipients` lists them).',
    { clientId, period, recipients },
  );
}

/** Where a client's invoices are by contract or by site, a document has items of one; null: it has, or the client's invoices are not split. */
export function refuseSeveralGroups(command: DraftInvoice, grouping: InvoiceGrouping): Refusal | null {
  const { clientId, period, items, charges = [], receiving } = command;
  const all = [...items, ...charges];
  if (grouping === 'by-contract') {
    const contractIds = contractsOf(all);
    if (contractIds.length < 2) return null;
    return refuse(
      'SeveralContracts',
      `Invoices of client ${clientId} are by contract, and these are items of ${contractIds.join(' and ')}.`,
      'Draft each by itself: name its `contractId`. `billtrail invoice run --period MONTH` makes a draft for each.',
      { clientId, period, contractIds },
    );
  }
  const siteIds = grouping === 'by-site' && receiving !== undefined ? sitesOf(all, receiving) : [];
  if (siteIds.length < 2) return null;
  return refuse(
    'SeveralSites',
    `Invoices of client ${clientId} are by site, and these are items of ${siteIds.map((id) => id ?? 'no site').join(' and ')}.`,
    'Draft each by itself: name its `siteId`; null names what is of no site. `billtrail invoice run --period MONTH` makes a draft for each.',
    { clientId, period, siteIds },
  );
}

/** The site of a document: the one that was named for it, else that of its items where invoices are by site. undefined: it is for no site in particular. */
export function siteOfDocument(command: DraftInvoice, grouping: InvoiceGrouping): string | null | undefined {
  const { siteId, items, charges = [], receiving } = command;
  if (siteId !== undefined || grouping !== 'by-site' || receiving === undefined) return siteId;
  return sitesOf([...items, ...charges], receiving)[0];
}

/**
 * The groups of items and charges that get a document of their own, in order: one for each recipient with something to ask for, and of each for each contract or
 * site, where the client's invoices are so. Empty: nothing asks for anything. `only`: those of this recipient alone.
 */
export function groupsToDraft(
  items: readonly BillableItem[],
  charges: readonly ChargeItem[],
  stated: GroupingStated,
  receiving: Receiving,
  only?: string,
): readonly DocumentGroup[] {
  const grouping = groupingOf(stated);
  const byRecipient = grouped(asking(items, charges), (one) => recipientOf(one, receiving));
  return [...byRecipient].flatMap(([recipientId, all]): readonly DocumentGroup[] => {
    if (only !== undefined && recipientId !== only) return [];
    const to = byRecipient.size === 1 ? {} : { recipientId };
    if (grouping === 'by-contract') return contractsOf(all).map((contractId) => ({ ...to, contractId }));
    if (grouping === 'by-site') return sitesOf(all, receiving).map((siteId) => ({ ...to, siteId }));
    return [to];
  });
}
