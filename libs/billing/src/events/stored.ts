import { PERSONAL_OF_ASKED, PERSONAL_OF_ORGANISATION, known, storedEventTypes } from '@billtrail/kernel';
import type {
  AccountEvent,
  BillingMonthOpened,
  ConfigurationEvent,
  CreditNoteIdTaken,
  GapEvent,
  InvoiceIdTaken,
  NumberingEvent,
} from '../events.js';
import { upcastersOfSchema1 } from '../upcasters.js';

const OF_PARTIES = [
  'seller.name',
  'seller.taxId',
  'seller.address',
  'buyer.name',
  'buyer.taxId',
  'buyer.address',
] as const;
const OF_DOCUMENT = [...OF_PARTIES, 'taxExemption', 'taxTotals[].reason'] as const;
const OF_ITEM = [
  'description',
  'trace[].text',
  'trace[].facts.contractName',
  'trace[].facts.reason',
  'trace[].facts.overriddenBy',
  'trace[].facts.grantedBy',
  'courtesy.reason',
  'basis.adjustment.from.now[].courtesy.reason',
  'basis.work.engineerId',
] as const;
const OF_LINE = [...OF_ITEM, 'parts[].reason', 'creditOf.reason', 'taxes[].reason'] as const;
const OF_CHARGE = [
  'description',
  'trace[].text',
  'trace[].facts.contractName',
  'creditOf.reason',
  'parts[].reason',
  'taxes[].reason',
] as const;

/** The same fields where each stands below a path. */
function under<Path extends string, Field extends string>(path: Path, fields: readonly Field[]) {
  return fields.map((field) => `${path}${field}` as const);
}

/** An event whose shape changed once. */
function schema2(type: AccountEvent['type']) {
  return { schemaVersion: 2, upcasters: { 1: known(upcastersOfSchema1, type, 'the upcaster of') } } as const;
}

/**
 * How billing events are stored, and what in them is personal. The cause of a gap and the trace of an item may say who set a price, and why.
 */
export const storedBillingEvents = storedEventTypes<
  | InvoiceIdTaken
  | CreditNoteIdTaken
  | GapEvent
  | AccountEvent
  | NumberingEvent
  | ConfigurationEvent
  | BillingMonthOpened
>()({
  BillingGapOpened: { storedName: 'billing-gap-opened', personalFields: ['cause'] },
  BillingGapRevalued: { storedName: 'billing-gap-revalued', personalFields: ['cause'] },
  BillingGapAssigned: { storedName: 'billing-gap-assigned', personalFields: ['ownerId'] },
  BillingGapAccepted: { storedName: 'billing-gap-accepted', personalFields: ['comment', 'acceptedBy', 'secondPerson'] },
  BillingGapClosed: { storedName: 'billing-gap-closed', personalFields: [] },
  // On streams of tickets, gaps and accounts alike.
  ForgoingRequested: {
    storedName: 'forgoing-requested',
    schemaVersion: 2,
    // Version 2 says who did the work, and may have parts without a value.
    upcasters: { 1: (data: object) => data },
    personalFields: [...under('asked.', PERSONAL_OF_ASKED), 'workBy[]'],
  },
  ForgoingWithdrawn: { storedName: 'forgoing-withdrawn', personalFields: ['reason', 'withdrawnBy'] },
  ForgoingApproved: { storedName: 'forgoing-approved', personalFields: ['comment', 'approvedBy', 'inPlaceOf'] },
  ForgoingRefused: { storedName: 'forgoing-refused', personalFields: ['reason', 'refusedBy', 'inPlaceOf'] },
  InvoiceIdTaken: { storedName: 'invoice-id-taken', personalFields: [] },
  InvoiceDrafted: {
    storedName: 'invoice-drafted',
    ...schema2('InvoiceDrafted'),
    personalFields: [...OF_PARTIES, 'totals.taxTotals[].reason', 'draftedBy'],
  },
  InvoiceLinesAdded: {
    storedName: 'invoice-lines-added',
    ...schema2('InvoiceLinesAdded'),
    personalFields: [...under('lines[].', OF_LINE), ...under('charges[].', OF_CHARGE)],
  },
  InvoiceDraftDiscarded: { storedName: 'invoice-draft-discarded', personalFields: ['reason'] },
  InvoiceApproved: { storedName: 'invoice-approved', ...schema2('InvoiceApproved'), personalFields: ['approvedBy'] },
  InvoiceIssueRequested: {
    storedName: 'invoice-issue-requested',
    ...schema2('InvoiceIssueRequested'),
    personalFields: [...OF_DOCUMENT],
  },
  InvoiceIssueWithdrawn: { storedName: 'invoice-issue-withdrawn', personalFields: [] },
  InvoiceIssued: { storedName: 'invoice-issued', personalFields: [] },
  CreditNoteIdTaken: { storedName: 'credit-note-id-taken', personalFields: [] },
  CreditNoteIssueRequested: {
    storedName: 'credit-note-issue-requested',
    ...schema2('CreditNoteIssueRequested'),
    personalFields: [...OF_DOCUMENT, 'comment', 'secondPerson'],
  },
  CreditNoteLinesAdded: {
    storedName: 'credit-note-lines-added',
    ...schema2('CreditNoteLinesAdded'),
    personalFields: [...under('lines[].line.', OF_LINE), ...under('charges[].charge.', OF_CHARGE)],
  },
  CreditNoteIssueWithdrawn: { storedName: 'credit-note-issue-withdrawn', personalFields: [] },
  CreditNoteIssued: {
    storedName: 'credit-note-issued',
    ...schema2('CreditNoteIssued'),
    personalFields: [...OF_DOCUMENT, 'comment', 'secondPerson'],
  },
  WorkWrittenOff: {
    storedName: 'work-written-off',
    ...schema2('WorkWrittenOff'),
    personalFields: [...OF_ITEM, 'comment', 'writtenOffBy', 'secondPerson'],
  },
  DocumentNumberAssigned: { storedName: 'document-number-assigned', personalFields: [] },
  NumbersLost: { storedName: 'numbers-lost', personalFields: [] },
  BillingMonthOpened: { storedName: 'billing-month-opened', personalFields: [] },
  ConfigurationPublished: {
    storedName: 'configuration-published',
    // Version 2 only adds: what was published before says the same by it. An older program must not read it.
    schemaVersion: 2,
    upcasters: { 1: (data: object) => data },
    personalFields: [...under('configuration.', PERSONAL_OF_ORGANISATION), 'secondPerson'],
  },
});
