import { createHash } from 'node:crypto';
import { canonical } from '@billtrail/contracts';
import type { DocumentTerms, InvoiceDrafted, PartyOnDocument, Totals } from '../events.js';
import type { FrozenCharge } from '../item/charge-item.js';
import type { InvoiceLine } from '../item/frozen-item.js';
import type { TaxRules } from '../configuration-shape.js';
import type { TaxOfClient } from '../tax-rules.js';

/** Of a document that nobody pays: a credit note. */
export const NO_DOCUMENT_TERMS: DocumentTerms = { taxRounding: 'document', dueDate: null, terms: null };

/** How a document is taxed that is made under this configuration. */
export function roundingOf({ taxRounding = 'document' }: TaxRules): Pick<DocumentTerms, 'taxRounding'> {
  return { taxRounding };
}

/** The client's reason why a document bears no tax, where one of its supplies has it; null: none has. */
export function exemptionOn({ taxTotals }: Totals, { taxExemption }: TaxOfClient): string | null {
  return taxTotals.some(({ reason }) => reason === taxExemption) ? taxExemption : null;
}

/** What of an organisation or a client stands on a document. */
export function partyOf({ name, taxId, address }: PartyOnDocument): PartyOnDocument {
  return { name, taxId, address };
}

/** What an approval approves: a draft without number and date of issue, which it gets later, and without what says how it came to be. */
export interface ApprovedContent extends Pick<
  InvoiceDrafted['data'],
  'buyer' | 'seller' | 'totals' | 'taxRounding' | 'dueDate' | 'terms'
> {
  readonly lines: readonly InvoiceLine[];
  readonly charges: readonly FrozenCharge[];
}

/** SHA-256 of what is approved, hexadecimal; the same from the command and from the stored events. */
export function draftHash(content: ApprovedContent): string {
  const { buyer, seller, totals, taxRounding, dueDate, terms, lines, charges } = content;
  const approved = { buyer, seller, totals, taxRounding, dueDate, terms, lines, charges };
  return createHash('sha256').update(canonical(approved)).digest('hex');
}
