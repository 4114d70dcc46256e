import { type BillableItem, namesOf } from '../item/billable-item.js';
import type { ChargeItem } from '../item/charge-item.js';
import { draftableFrom, isForNoteAlone } from './charges.js';
import type { DraftInvoice } from './commands.js';
import { recipientOf, siteOf } from './recipients.js';

/** Why something that was named has nothing for a draft: as a code, and in words that go into brackets. */
export interface WhyNot {
  readonly reason:
    | 'unknown'
    | 'other-client'
    | 'other-month'
    | 'not-due'
    | 'other-recipient'
    | 'other-site'
    | 'by-note'
    | 'is-an-item'
    | 'unapproved'
    | 'rejected'
    | 'unpriced'
    | 'included'
    | 'written-off';
  readonly text: string;
}

type Asked = Pick<
  DraftInvoice,
  'clientId' | 'period' | 'rated' | 'configuration' | 'recipientId' | 'siteId' | 'receiving'
>;
type Placed = Pick<BillableItem, 'clientId' | 'period'>;

/** null: nobody looked, or it is on a document. */
export function whyNotTicket(ticketId: string, asked: Asked): WhyNot | null {
  if (asked.rated === undefined) return null;
  const items = asked.rated.items.filter((item) => namesOf(item).includes(ticketId));
  if (items.length === 0) return { reason: 'unknown', text: 'it has no work' };
  const here = items.filter((item) => isOfAccount(item, asked));
  if (here.length === 0) return elsewhere(items, asked);
  const reasons = here.flatMap((item) => whyNotItem(item) ?? goesElsewhere(item, asked) ?? []);
  const [first] = reasons;
  if (first === undefined) return null;
  return { reason: first.reason, text: [...new Set(reasons.map(({ text }) => text))].join(', ') };
}

/** The same of a charge. */
export function whyNotCharge(chargeItemId: string, asked: Asked): WhyNot | null {
  if (asked.rated === undefined) return null;
  const charges = asked.rated.charges.filter((charge) => charge.chargeItemId === chargeItemId);
  if (charges.length === 0) return noCharge(asked.rated.items.find(({ itemId }) => itemId === chargeItemId));
  const here = charges.find((charge) => isOfAccount(charge, asked));
  if (here === undefined) return elsewhere(charges, asked);
  if (here.disposition === 'billable' && isForNoteAlone(here))
    return { reason: 'by-note', text: 'a credit note gives it: POST /v1/credit-notes/owed' };
  const other = here.disposition === 'billable' ? goesElsewhere(here, asked) : null;
  if (other !== null) return other;
  return here.disposition === 'billable'
    ? { reason: 'not-due', text: `it can be drafted from ${draftableFrom(here, asked.configuration)} on` }
    : null;
}

function noCharge(item: BillableItem | undefined): WhyNot {
  return item === undefined
    ? { reason: 'unknown', text: 'there is no such charge' }
    : { reason: 'is-an-item', text: `it is an item of work, not a charge: name its ticket ${item.ticketId}` };
}

function isOfAccount({ clientId, period }: Placed, asked: Asked): boolean {
  return clientId === asked.clientId && period === asked.period;
}

function elsewhere(places: readonly (BillableItem | ChargeItem)[], { clientId }: Asked): WhyNot {
  const months = [...new Set(places.flatMap((one) => (one.clientId === clientId ? [one.period] : [])))].sort();
  if (months.length > 0) return { reason: 'other-month', text: `of ${months.join(' and ')}` };
  const clients = [...new Set(places.map((one) => one.clientId ?? 'nobody yet'))].sort();
  return { reason: 'other-client', text: `of client ${clients.join(' and ')}` };
}

/** What is billable and goes to another recipient than the one that was named, or is for another site. */
function goesElsewhere(one: BillableItem | ChargeItem, { recipientId, siteId, receiving }: Asked): WhyNot | null {
  if (receiving === undefined) return null;
  const to = recipientOf(one, receiving);
  if (recipientId !== undefined && to !== recipientId)
    return { reason: 'other-recipient', text: `it goes to client ${to}` };
  const at = siteOf(one, receiving);
  if (siteId !== undefined && at !== siteId)
    return { reason: 'other-site', text: at === null ? 'it is for no site' : `it is for site ${at}` };
  return null;
}

const WORDS = { time: 'time', material: 'material', expense: 'expense' } as const;

function whyNotItem({ kind, disposition, approval, draw }: BillableItem): WhyNot | null {
  if (disposition === 'unpriced') return { reason: 'unpriced', text: 'it has work without a price' };
  if (disposition === 'written-off') return { reason: 'written-off', text: 'its work was written off' };
  if (disposition !== 'billable' && disposition !== 'covered') return null;
  if (approval === 'unapproved') return { reason: 'unapproved', text: `its ${WORDS[kind]} awaits approval` };
  if (approval === 'rejected') return { reason: 'rejected', text: `its ${WORDS[kind]} was rejected` };
  return disposition === 'covered' && draw === undefined
    ? { reason: 'included', text: 'its work is included in the contract' }
    : null;
}
