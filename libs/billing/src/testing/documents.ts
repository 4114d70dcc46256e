import { NO_DOCUMENT_TERMS } from '../account/document.js';
import type { InvoiceDrafted } from '../events.js';

type Drafted = InvoiceDrafted['data'];

/** The data of a draft, as far as a test doesn't say it. */
export function draftedInvoice(data: Pick<Drafted, 'invoiceId' | 'clientId' | 'period'> & Partial<Drafted>): Drafted {
  return {
    currency: 'AUD',
    ...NO_DOCUMENT_TERMS,
    buyer: { name: 'Bluegum Dental', taxId: null, address: null },
    seller: { name: 'Example MSP', taxId: null, address: null },
    totals: null,
    ratedAt: '2026-04-01T00:00:00Z',
    ratingVersion: 2,
    hash: 'hash-of-the-draft',
    ...data,
  };
}
