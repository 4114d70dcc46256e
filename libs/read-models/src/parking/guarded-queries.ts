import type { BillableItemsQuery } from '../billable-items/query.js';
import type { ChargesQuery } from '../charges/query.js';
import type { ContractTermsQuery } from '../contract-terms/query.js';
import { NotSettled, type DocumentFactsQuery } from '../document-facts/query.js';
import type { GapsQuery } from '../gaps/query.js';
import type { CreditNotesQuery } from '../invoices/credit-notes-query.js';
import type { DocumentsQuery } from '../invoices/documents-query.js';
import type { InvoicesQuery } from '../invoices/query.js';
import type { MilestonesQuery } from '../milestones/query.js';
import type { PrepaidQuery } from '../prepaid/query.js';
import type { ReconciliationQuery } from '../reconciliation/query.js';
import type { SlaQuery } from '../sla/query.js';
import type { TicketMergesQuery } from '../ticket-merges/query.js';
import type { TicketTimelineQuery } from '../ticket-timeline/query.js';
import type { UnpricedWorkQuery } from '../unpriced-work/query.js';
import {
  about,
  acting,
  actingExcept,
  answered,
  atOnce,
  onDocument,
  paged,
  summed,
  summedExcept,
  type Guards,
} from './guards.js';

const client = (clientId: string) => ({ clientId });
const ticket = (ticketId: string) => ({ ticketId });
const contract = (contractId: string) => ({ contractId });
const asked = <Filter>(filter: Filter) => filter;

export const OF_ITEMS: Guards<BillableItemsQuery> = {
  byId: answered(),
  byIdNow: atOnce(),
  list: paged(asked),
  explained: answered(),
  explainedOfPeriod: about(client),
  ratedNow: atOnce(client),
  ofPeriod: about(client),
  ofTicket: about(ticket),
  ofTicketNow: atOnce(ticket),
  periods: acting(asked),
  periodFacts: about(client),
  contractsOf: about(client),
  contractsNow: atOnce(client),
  categories: about(),
  derivedGap: answered(),
  derivedGapsOfTicket: about(ticket),
  takeGapChanges: about(),
  ackGapChanges: about(),
  dueGaps: actingExcept(([asOf, limit], clients) => [asOf, limit, clients]),
  lapsedGaps: actingExcept(([asOf, after, limit], clients) => [asOf, after, limit, clients]),
};

export const OF_CHARGES: Guards<ChargesQuery> = {
  byId: answered(),
  byIdNow: atOnce(),
  feesInvoicedNow: atOnce(client),
  list: paged(asked),
  horizon: about(),
  zones: about(),
  ofPeriod: about(client),
};

export const OF_CONTRACT_TERMS: Guards<ContractTermsQuery> = {
  clients: acting(),
  dueForRenewal: acting(),
  unusedLicences: acting((_asOf, clientId) => ({ clientId })),
  sharedNames: about(),
  endingOn: acting((_asOf, clientId) => ({ clientId })),
};

export const OF_MILESTONES: Guards<MilestonesQuery> = { of: about(contract) };

export const OF_PREPAID: Guards<PrepaidQuery> = {
  balances: paged(asked),
  balance: about(asked),
  statement: about(asked),
  blocksDue: acting(),
  burnDown: about(contract),
};

export const OF_UNPRICED_WORK: Guards<UnpricedWorkQuery> = { list: paged(asked) };

export const OF_GAPS: Guards<GapsQuery> = {
  get: answered(),
  byKey: answered(),
  list: paged(asked),
  totals: summed(asked),
};

export function ofInvoices(query: InvoicesQuery): Guards<InvoicesQuery> {
  return {
    get: answered(),
    named: answered(),
    list: paged(asked),
    anyToAnother: about(client),
    receivedNow: atOnce(),
    lines: onDocument((invoiceId) => query.get(invoiceId)),
    charges: onDocument((invoiceId) => query.get(invoiceId)),
  };
}

export function ofCreditNotes(query: CreditNotesQuery): Guards<CreditNotesQuery> {
  return {
    get: answered(),
    named: answered(),
    list: paged(asked),
    lines: onDocument((creditNoteId) => query.get(creditNoteId)),
    creditsOf: atOnce(),
  };
}

export const OF_DOCUMENTS: Guards<DocumentsQuery> = {
  numbersTold: about(),
  of: about((_itemId, _kind, { clientId }) => ({ clientId })),
};

export const OF_DOCUMENT_FACTS: Guards<DocumentFactsQuery> = {
  of: (known, ask) => (document, from) => {
    known.check(document);
    const facts = ask(document, from);
    if (facts instanceof NotSettled) return facts;
    // What is named may be of another client.
    for (const one of [...facts.withOthersNamed.items, ...facts.withOthersNamed.charges]) known.check(one);
    return facts;
  },
  askedElsewhere: atOnce(client),
  receiving: atOnce(client),
};

export const OF_TIMELINE: Guards<TicketTimelineQuery> = {
  timeline: about(ticket),
  clientOf: atOnce(),
  outcome: about(ticket),
};

export const OF_RECONCILIATION: Guards<ReconciliationQuery> = {
  of: summedExcept,
  byClientPeriod: paged((_asOf, scope) => scope),
  tickets: paged((_asOf, filter) => filter),
};

export const OF_SLA: Guards<SlaQuery> = {
  list: paged((_now, filter) => filter),
  due: about(),
  breachesIf: about(client),
  serviceLevels: atOnce(),
};

export const OF_TICKET_MERGES: Guards<TicketMergesQuery> = {
  into: about(ticket),
  isMerged: about(ticket),
  crossed: acting(),
};
