import type { RecordedEvent } from '@billtrail/event-store';
import type { AccountEvent, FrozenCharge, InvoiceLine } from '@billtrail/billing';
import type { Findings } from './findings.js';

interface Told {
  readonly clientId: string;
  readonly recipientId: string;
}

/** Lines of documents that say another recipient than their document, or give back money of an invoice that another received. */
export function wrongRecipients(events: readonly RecordedEvent[]): Findings {
  const documents = new Map<string, Told>();
  const found: string[] = [];
  for (const recorded of events) {
    if (!recorded.stream.startsWith('account-')) continue;
    const { type, data } = recorded as unknown as AccountEvent;
    switch (type) {
      case 'InvoiceDrafted':
        documents.set(data.invoiceId, { recipientId: data.clientId, ...data });
        break;
      case 'InvoiceLinesAdded':
        found.push(...wrongLines(data.invoiceId, [...data.lines, ...(data.charges ?? [])], documents));
        break;
      case 'CreditNoteIssueRequested': {
        const { creditNoteId, invoiceId, clientId, recipientId = clientId } = data;
        const invoice = invoiceId === null ? undefined : documents.get(invoiceId);
        if (invoice !== undefined && invoice.recipientId !== recipientId)
          found.push(`${creditNoteId} goes to ${recipientId}, and its invoice went to ${invoice.recipientId}`);
        documents.set(creditNoteId, { clientId, recipientId });
        break;
      }
      case 'CreditNoteLinesAdded': {
        // Those of an invoice are its own lines, letter by letter.
        const lines = [...data.lines.map(({ line }) => line), ...data.charges.map(({ charge }) => charge)];
        if (data.invoiceId === null) found.push(...wrongLines(data.creditNoteId, lines, documents));
        break;
      }
      default:
    }
  }
  return found;
}

function wrongLines(
  id: string,
  lines: readonly (InvoiceLine | FrozenCharge)[],
  documents: ReadonlyMap<string, Told>,
): Findings {
  const { clientId, recipientId } = documents.get(id) ?? { clientId: '', recipientId: '' };
  return lines.flatMap((line) => {
    const { billTo, servedClientId, taxes } = line;
    const itemId = 'workItemId' in line ? line.itemId : line.chargeItemId;
    const says = recipientId === clientId ? [null, null] : [recipientId, clientId];
    const isSaid = billTo === says[0] && servedClientId === says[1];
    const others = taxes.flatMap(({ givesBack }) => {
      const of = givesBack === undefined ? undefined : documents.get(givesBack.documentId);
      return of === undefined || of.recipientId === recipientId
        ? []
        : [`${givesBack?.documentId} of ${of.recipientId}`];
    });
    return [
      ...(isSaid ? [] : [`${itemId} on ${id} says ${billTo} for ${servedClientId}, not ${says.join(' for ')}`]),
      ...others.map((of) => `${itemId} on ${id} for ${recipientId} gives back money of ${of}`),
    ];
  });
}
