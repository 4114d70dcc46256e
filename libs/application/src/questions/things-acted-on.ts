import { fold, isRefusal, shape } from '@billtrail/kernel';
import { streamName } from '@billtrail/event-store';
import type { BillableItem } from '@billtrail/billing';
import type { Approval, Invoice } from '@billtrail/read-models';
import { ticketDecider, type RecordedWork, type TicketEvent } from '@billtrail/ticketing';
import type { CommandPorts } from '../command-path/command-definition.js';
import { clientOf, clientOfTicket } from '../commands/references.js';
import type { Thing } from './actions.js';

const tickets = ticketDecider();
const CORRECTS = { time: 'CorrectTimeEntry', material: 'CorrectMaterialUsage', expense: 'CorrectExpense' } as const;
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
  const work = await workOf(ports, ticketId, workItemId);
  const says = {
    workDate,
    ...(work && { version: work.version }),
    ...(await currencyOf(ports, clientId ?? undefined)),
  };
  const bodies = work === undefined ? {} : { [CORRECTS[work.kind]]: correctionOf(work) };
  if (clientId === null) return { own, within: { ticketId }, says, bodies };
  const place = new URLSearchParams({ clientId, period }).toString();
  const href = `/v1/billable-items/${encodeURIComponent(itemId)}/write-off?${place}`;
  const lookedUp = [{ name: 'WriteOffWork', href, fields: { itemId, clientId, period } }];
  return { own, within: { ticketId }, says, bodies, lookedUp };
}

/** As its stream tells it. */
async function workOf(
  { store }: CommandPorts,
  ticketId: string,
  workItemId: string,
): Promise<RecordedWork | undefined> {
  const { events } = await store.readStream(streamName('ticket', ticketId));
  const state = fold(tickets, events as readonly TicketEvent[]);
  return state.stage === 'not-requested' ? undefined : state.record.workItems.get(workItemId);
}

/** What is recorded of it, but for the end of its description: a correction that changes nothing is none. */
function correctionOf({ facts }: RecordedWork): object {
  const description = `${facts.description.slice(0, shape.MAX_LINE - CORRECTED.length)}${CORRECTED}`;
  return { ...facts, description, reason: 'The description was not complete' };
}
const CORRECTED = ' (corrected)';

/** Whoever approves it names what they have seen, which is told beside this. A comment is theirs. */
export function requestActedOn({ requestId, hash }: Approval): Thing {
  return { own: { requestId }, says: { hash, comment: undefined } };
}

export function invoiceActedOn({ invoiceId, clientId, period, hash }: Invoice): Thing {
  const act = (name: string, what: string) => ({
    name,
    href: `/v1/invoices/${encodeURIComponent(invoiceId)}/${what}`,
    fields: { invoiceId, clientId, period },
  });
  return {
    own: {},
    bodies: { ApproveInvoice: hash === null ? {} : { hash } },
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
