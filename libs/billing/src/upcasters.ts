import { type ChargeOfSchema1, type LineOfSchema1, chargeOf, itemOf, lineOf } from './upcast-schema-1.js';

interface LinesAddedOfSchema1 {
  readonly lines: readonly LineOfSchema1[];
  readonly charges?: readonly ChargeOfSchema1[];
}
interface CreditsAddedOfSchema1 {
  readonly lines: readonly { readonly line: LineOfSchema1 }[];
  readonly charges: readonly { readonly charge: ChargeOfSchema1 }[];
}

/** By the code name of the event. */
export const upcastersOfSchema1: ReadonlyMap<string, (data: never) => object> = new Map<
  string,
  (data: never) => object
>([
  ['InvoiceDrafted', draftedOf],
  ['InvoiceLinesAdded', linesAddedOf],
  ['InvoiceApproved', (data: object) => ({ ...data, hash: null })],
  ['InvoiceIssueRequested', documentOf],
  ['CreditNoteIssueRequested', documentOf],
  ['CreditNoteLinesAdded', creditsAddedOf],
  ['CreditNoteIssued', documentOf],
  ['WorkWrittenOff', itemOf],
]);

const NO_TERMS = { taxRounding: 'document', dueDate: null, terms: null } as const;

function draftedOf(data: object): object {
  return {
    ...data,
    ...NO_TERMS,
    buyer: null,
    seller: null,
    totals: null,
    ratedAt: null,
    ratingVersion: 1,
    hash: null,
  };
}

function documentOf({ taxPolicy: _perDocument, ...data }: { readonly taxPolicy: 'per-document' }): object {
  return { ...data, ...NO_TERMS };
}

function linesAddedOf({ lines, charges, ...data }: LinesAddedOfSchema1): object {
  return { ...data, lines: lines.map(lineOf), ...(charges === undefined ? {} : { charges: charges.map(chargeOf) }) };
}

function creditsAddedOf({ lines, charges, ...data }: CreditsAddedOfSchema1): object {
  return {
    ...data,
    lines: lines.map((one) => ({ ...one, line: lineOf(one.line) })),
    charges: charges.map((one) => ({ ...one, charge: chargeOf(one.charge) })),
  };
}
