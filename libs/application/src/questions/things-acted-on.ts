import { isRefusal } from '@billtrail/kernel';
import type { BillableItem } from '@billtrail/billing';
import type { Invoice } from '@billtrail/read-models';
import type { CommandPorts } from '../command-path/command-definition.js';
import { clientOf, clientOfTicket } from '../commands/references.js';
import type { Thing } from './actions.js';

const ID_OF = { time: 'timeEntryId', material: 'materialUsageId', expense: 'expenseId' } as const;

/** `hasGoods`: materials or expenses are recorded on it, which resolving it declares. */
export async function ticketActedOn(ports: CommandPorts, ticketId: string, hasGoods: boolean): Promise<Thing> {
  const clientId = (await clientOfTicket(ports.store, ticketId)) ?? undefined;
  const currency = await currencyOf(ports, clientId);
  const materials = hasGoods ? 'listed' : 'none-used';
  return { own: { ticketId }, says: { clientId, materials, ...currency } };
}

/** A part of work that has several items is acted on as the whole that was recorded. */
export async function itemActedOn(ports: CommandPorts, item: BillableItem): Promise<Thing> {
  const { itemId, workItemId, ticketId, kind, clientId, period, workDate } = item;
  const own = { workItemId, [ID_OF[kind]]: workItemId };
  const says = { workDate, ...(await currencyOf(ports, clientId ?? undefined)) };
  if (clientId === null) return { own, within: { ticketId }, says };
  const place = new URLSearchParams({ clientId, period }).toString();
  const href = `/v1/billable-items/${encodeURIComponent(itemId)}/write-off?${place}`;
  const lookedUp = [{ name: 'WriteOffWork', href, fields: { itemId, clientId, period } }];
  return { own, within: { ticketId }, says, lookedUp };
}

export function invoiceActedOn({ invoiceId, clientId, period }: Invoice): Thing {
  const act = (name: string, what: string) => ({
    name,
    href: `/v1/invoices/${encodeURIComponent(invoiceId)}/${what}`,
    fields: { invoiceId, clientId, period },
  });
  return {
    own: {},
    lookedUp: [act('ApproveInvoice', 'approve'), act('DiscardInvoiceDraft', 'discard'), act('IssueInvoice', 'issue')],
  };
}

/** Where the client has one that is known. */
async function currencyOf(
  { store }: CommandPorts,
  clientId: string | undefined,
): Promise<{ readonly currency?: string }> {
  const client = clientId === undefined ? undefined : await clientOf(store, clientId);
  return client === undefined || isRefusal(client) ? {} : { currency: client.currency };
}
