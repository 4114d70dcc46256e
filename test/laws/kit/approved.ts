import type { RecordedEvent } from '@billtrail/event-store';
import type {
  AccountEvent,
  FrozenCharge,
  InvoiceDrafted,
  InvoiceIssueRequested,
  InvoiceLine,
} from '@billtrail/billing';
import { draftHash } from '@billtrail/billing/testing';
import type { Findings } from './findings.js';

interface Draft {
  readonly drafted: InvoiceDrafted['data'];
  readonly lines: readonly InvoiceLine[];
  readonly charges: readonly FrozenCharge[];
}

/**
 * L4: what was approved is what is issued. The hash that an approval names is that of the draft, and of the document that is issued: who buys and sells, lines, tax and terms of
 * payment. The day of issue, and with it the day on which it is due, are no part of that.
 */
export function notAsApproved(events: readonly RecordedEvent[]): Findings {
  const drafts = new Map<string, Draft>();
  const approvals = new Map<string, string | null>();
  return events.flatMap((recorded): Findings => {
    if (!recorded.stream.startsWith('account-')) return [];
    const { type, data } = recorded as unknown as AccountEvent;
    if (type === 'InvoiceDrafted') drafts.set(data.invoiceId, { drafted: data, lines: [], charges: [] });
    if (type === 'InvoiceLinesAdded') {
      const draft = drafts.get(data.invoiceId);
      if (draft === undefined) return [`${data.invoiceId} has lines and no draft`];
      const charges = [...draft.charges, ...(data.charges ?? [])];
      drafts.set(data.invoiceId, { ...draft, lines: [...draft.lines, ...data.lines], charges });
    }
    if (type === 'InvoiceApproved') approvals.set(data.invoiceId, data.hash);
    if (type !== 'InvoiceIssueRequested') return [];
    const hash = hashIssued(data, drafts.get(data.invoiceId));
    const approved = approvals.get(data.invoiceId);
    return hash === approved ? [] : [`${data.invoiceId} was approved as ${approved}, and is issued as ${hash}`];
  });
}

function hashIssued(
  { buyer, seller, taxRounding, terms, taxTotals, net, tax, total }: InvoiceIssueRequested['data'],
  draft: Draft | undefined,
): string | null {
  if (draft === undefined) return null;
  const { drafted, lines, charges } = draft;
  const totals = { taxTotals, net, tax, total };
  return draftHash({ buyer, seller, totals, taxRounding, terms, dueDate: drafted.dueDate, lines, charges });
}
