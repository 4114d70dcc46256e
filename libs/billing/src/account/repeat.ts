import { type Decision, type Refusal, isRefusal, refuse } from '@billtrail/kernel';
import { recipientNamed } from './recipients.js';
import type { AccountEvent } from '../events.js';
import { type BillableItem, namesOf } from '../item/billable-item.js';
import { refuseChangedRecipient } from './changed-recipient.js';
import { refuseChangedTax } from './changed-tax.js';
import type { DraftInvoice } from './commands.js';
import { roundingOf } from './document.js';
import { suppliesOf } from './supplies.js';
import { refuseHeldItem, refuseWrittenOff } from './held.js';
import { MAX_DIFFERENCES_SHOWN, isPrepaid } from './lines.js';
import { refuseOtherDate, refuseOtherDayOfDraft } from './issue-date.js';
import { inShort, onlyNamed } from './named.js';
import type { AccountState, Invoice } from './state.js';
import { refuseStale } from './stale.js';
import { taxesOf } from './tax.js';

/**
 * A draft under an id that the account knows. Quiet where it is the same draft: the same items and charges, whatever became of them since, unless
 * it was given up. What was drafted and is another thing now makes it stale; anything else is another draft, under an id that is taken.
 */
export function draftAgain(existing: Invoice, command: DraftInvoice, state: AccountState): Decision<AccountEvent> {
  const { invoiceId, status, lines, charges } = existing;
  if (status === 'discarded') {
    return refuse('InvoiceIdTaken', `Draft ${invoiceId} was discarded, and its id stays taken.`, 'Use another id.', {
      invoiceId,
      status,
    });
  }
  const isOpen = status === 'draft' || status === 'approved';
  const outdated =
    isOpen && namesOnlyOf(existing, command)
      ? (refuseStale(existing, command) ?? refuseChangedRecipient(existing, command))
      : null;
  if (outdated) return outdated;
  const other = refuseOtherGroup(existing, command, isOpen);
  if (other) return other;
  const { recipientId, siteId } = existing;
  const asked = onlyNamed({ ...command, recipientId, ...(siteId === undefined ? {} : { siteId }) });
  const held = idsOf(lines, charges);
  const wanted = idsOf(
    asked.items.filter((item) => held.has(item.itemId) || !isLeftOut(item, state)),
    asked.charges ?? [],
  );
  const lacking = [...wanted].filter((id) => !held.has(id));
  const besides = [...held].filter((id) => !wanted.has(id));
  if (lacking.length + besides.length > 0) return idTaken(existing, lacking, besides, isOpen);
  const otherDay =
    'request' in existing
      ? refuseOtherDate(`Invoice ${invoiceId}`, existing.request.issueDate, command)
      : (refuseOtherTax(existing, command, state) ?? refuseOtherDayOfDraft(invoiceId, existing.meantFor, command));
  return otherDay ?? [];
}

/** A draft for another recipient or site than those that were named. */
function refuseOtherGroup(existing: Invoice, { recipientId, siteId }: DraftInvoice, isOpen: boolean): Refusal | null {
  const differs = [
    ...(recipientId === undefined || recipientId === existing.recipientId
      ? []
      : [`is for client ${existing.recipientId}`]),
    ...(siteId === undefined || siteId === existing.siteId
      ? []
      : [
          existing.siteId === null || existing.siteId === undefined
            ? 'is for no site'
            : `is for site ${existing.siteId}`,
        ]),
  ];
  return differs.length === 0 ? null : idTakenBy(existing, differs, isOpen, {});
}

/** The same draft, meant for another day of issue that was named, on which its tax is another. */
function refuseOtherTax(existing: Invoice, command: DraftInvoice, state: AccountState): Refusal | null {
  const { issueDate, isDateStated = true, configuration: rules } = command;
  const client = recipientNamed(existing.recipientId, command);
  if (issueDate === undefined || !isDateStated) return null;
  const supplies = suppliesOf([...existing.lines, ...existing.charges], state, command.elsewhere);
  const taxes = taxesOf(supplies, existing.currency, { rules, client, issueDate });
  return isRefusal(taxes) ? taxes : refuseChangedTax(existing, { ...taxes, ...roundingOf(rules) }, issueDate);
}

function idsOf(
  lines: readonly { readonly itemId: string }[],
  charges: readonly { readonly chargeItemId: string }[],
): ReadonlySet<string> {
  return new Set([...lines.map(({ itemId }) => itemId), ...charges.map(({ chargeItemId }) => chargeItemId)]);
}

/** True where everything is asked for, or nothing by a name that the draft lacks: then what is not as drafted has changed since. */
function namesOnlyOf({ lines, charges }: Invoice, { named }: DraftInvoice): boolean {
  if (named === undefined) return true;
  const tickets = new Set(lines.flatMap(namesOf));
  const chargeItemIds = new Set(charges.map(({ chargeItemId }) => chargeItemId));
  return named.tickets.every((id) => tickets.has(id)) && named.charges.every((id) => chargeItemIds.has(id));
}

/** What a draft does without: a prepaid part that another document shows, or that was written off. */
function isLeftOut(item: BillableItem, state: AccountState): boolean {
  return isPrepaid(item) && (refuseHeldItem(item.itemId, state) ?? refuseWrittenOff(item.itemId, state)) !== null;
}

function idTaken(existing: Invoice, lacking: readonly string[], besides: readonly string[], isOpen: boolean): Refusal {
  const differs = [
    ...(lacking.length === 0 ? [] : [`lacks ${inShort(lacking)}`]),
    ...(besides.length === 0 ? [] : [`has ${inShort(besides)} besides`]),
  ];
  return idTakenBy(existing, differs, isOpen, {
    lacking: lacking.slice(0, MAX_DIFFERENCES_SHOWN),
    besides: besides.slice(0, MAX_DIFFERENCES_SHOWN),
  });
}

function idTakenBy(
  { invoiceId, status }: Invoice,
  differs: readonly string[],
  isOpen: boolean,
  details: Readonly<Record<string, readonly string[]>>,
): Refusal {
  return refuse(
    'InvoiceIdTaken',
    `${isOpen ? 'Draft' : 'Invoice'} ${invoiceId} exists already. It differs from what is asked for: it ${differs.join(' and ')}.`,
    isOpen ? 'Use another id; to have all of it on one document, discard that draft first.' : 'Use another id.',
    { invoiceId, status, ...details },
  );
}
