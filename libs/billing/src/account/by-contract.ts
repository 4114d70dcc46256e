import { Money, type Refusal, refuse } from '@billtrail/kernel';
import type { InvoiceGrouping } from '@billtrail/contracts';
import type { BillableItem } from '../item/billable-item.js';
import type { ChargeItem } from '../item/charge-item.js';
import type { DraftInvoice } from './commands.js';
import { isPrepaid } from './lines.js';

/** Who says how items are laid on documents. */
interface GroupingStated {
  readonly client: { readonly invoices?: InvoiceGrouping };
  readonly configuration: { readonly invoices?: InvoiceGrouping };
}

/** As the client says, else the organisation; by default together. */
export function groupingOf({ client, configuration }: GroupingStated): InvoiceGrouping {
  return client.invoices ?? configuration.invoices ?? 'together';
}

function contractsOf(all: readonly Pick<BillableItem | ChargeItem, 'contractId'>[]): readonly string[] {
  return [...new Set(all.flatMap(({ contractId }) => contractId ?? []))].sort();
}

/** Where a client's invoices are by contract, a document has items of one; null: it has, or they are together. */
export function refuseSeveralContracts(command: DraftInvoice): Refusal | null {
  if (groupingOf(command) === 'together') return null;
  const { clientId, period } = command;
  const contractIds = contractsOf([...command.items, ...(command.charges ?? [])]);
  if (contractIds.length < 2) return null;
  return refuse(
    'SeveralContracts',
    `Invoices of client ${clientId} are by contract, and these are items of ${contractIds.join(' and ')}.`,
    'Draft each by itself: name its `contractId`. `billtrail invoice run --period MONTH` makes a draft for each.',
    { clientId, period, contractIds },
  );
}

/**
 * The contracts that get a document of their own out of these items and charges, in order: those with something to ask for. null: all goes on one
 * document.
 */
export function contractsToDraft(
  items: readonly BillableItem[],
  charges: readonly ChargeItem[],
  stated: GroupingStated,
): readonly string[] | null {
  if (groupingOf(stated) === 'together') return null;
  return contractsOf([
    ...items.filter((item) => !isPrepaid(item)),
    ...charges.filter(({ net }) => !Money.from(net).isZero()),
  ]);
}
