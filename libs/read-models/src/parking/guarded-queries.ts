import { isRefusal, type Month } from '@billtrail/kernel';
import { contractOfCharge, namesOf, needsAsked, ticketsJoined, type Charge } from '@billtrail/billing';
import type { BillableItemsQuery, ItemPlace } from '../billable-items/query.js';
import type { ChargesQuery } from '../charges/query.js';
import type { ContractTermsQuery } from '../contract-terms/query.js';
import type { DocumentAsked, DocumentFacts, DocumentFactsQuery } from '../document-facts/query.js';
import type { GapLedgerQuery } from '../gap-ledger/query.js';
import type { ApprovalsQuery } from '../approvals/query.js';
import type { GapsQuery } from '../gaps/query.js';
import type { CreditNotesQuery } from '../invoices/credit-notes-query.js';
import type { DocumentsQuery } from '../invoices/documents-query.js';
import type { InvoicesQuery } from '../invoices/query.js';
import type { MilestonesQuery } from '../milestones/query.js';
import type { PrepaidQuery } from '../prepaid/query.js';
import type { ReconciliationQuery } from '../reconciliation/query.js';
import { NotSettled } from '../runner/settled.js';
import type { SlaQuery } from '../sla/query.js';
import type { TicketMergesQuery } from '../ticket-merges/query.js';
import type { TicketTimelineQuery } from '../ticket-timeline/query.js';
import type { UnpricedWorkQuery } from '../unpriced-work/query.js';
import type { WorkQuery } from '../work/query.js';
import {
  askWithoutParked,
  pageWithoutParked,
  refuseIfAnswerParked,
  refuseIfAnswerParkedNow,
  refuseIfDocumentParked,
  refuseIfParked,
  refuseIfParkedNow,
  refuseSumIfParked,
  sumsWithoutParked,
  sumWithoutParked,
  withoutParked,
  type Guards,
} from './guards.js';
import type { About } from './parked.js';

const client = (clientId: string) => ({ clientId });
/** What is told of a client and is in no month. */
const clientItself = (clientId: string) => ({ clientId, period: null });
const clientPeriod = (clientId: string, period: Month) => ({ clientId, period });
const ticket = (ticketId: string) => ({ ticketId });
const contract = (contractId: string) => ({ contractId });
const asked = <Filter>(filter: Filter) => filter;

export function ofItems(query: BillableItemsQuery): Guards<BillableItemsQuery> {
  return {
    byId: refuseIfAnswerParked((_isFound, ...meant) => query.placesOf(...meant)),
    byIdNow: refuseIfParkedNow(),
    placesOf: refuseIfParkedNow(),
    list: pageWithoutParked(asked),
    explained: refuseIfAnswerParked((_isFound, ...meant) => query.placesOf(...meant)),
    explainedOfPeriod: refuseIfParked(clientPeriod),
    ratedNow: refuseIfParkedNow(clientPeriod),
    ofPeriod: refuseIfParked(clientPeriod),
    ofTicket: refuseIfParked(ticket),
    ofTicketNow: refuseIfParkedNow(ticket),
    periods: withoutParked(asked),
    periodFacts: refuseIfParked(clientPeriod),
    periodFactsNow: refuseIfParkedNow(clientPeriod),
    contractsOf: refuseIfParked(clientItself),
    contractsNow: refuseIfParkedNow(clientItself),
    categories: refuseIfParked(),
    derivedGap: refuseIfAnswerParked(),
    derivedGapsOfTicket: refuseIfParked(ticket),
    derivedGapNow: refuseIfAnswerParkedNow(),
    isNoChargeNow: refuseIfParkedNow(ticket),
    factsWithoutClientNow: refuseIfParkedNow(),
    accountedForByNow: refuseIfParkedNow(ticket),
    oneWithNow: refuseIfParkedNow(ticket),
    apartNow: refuseIfParkedNow(ticket),
    asOneNow: refuseIfParkedNow(ticket),
  };
}

export const OF_CHARGES: Guards<ChargesQuery> = {
  byId: refuseIfAnswerParked((isFound, ...meant) => (isFound ? [] : [mayBeChargeOf(...meant)])),
  byIdNow: refuseIfParkedNow(),
  feesInvoicedNow: refuseIfParkedNow(client),
  // Not guarded: every caller checks the client or its months.
  periodsInvoicedNow: (_known, ask) => ask,
  list: pageWithoutParked(asked),
  horizonNow: refuseIfParkedNow(),
  zonesNow: refuseIfParkedNow(),
  ofPeriod: refuseIfParked(clientPeriod),
  ofPeriodNow: refuseIfParkedNow(clientPeriod),
};

/** Of a charge that is not there nothing but its contract is known. */
function mayBeChargeOf(chargeItemId: string, { period }: ItemPlace = {}): About {
  return { contractId: contractOfCharge(chargeItemId), period };
}

export const OF_GAP_LEDGER: Guards<GapLedgerQuery> = {
  due: askWithoutParked(([asOf, after, limit], notKnown) => [asOf, after, limit, notKnown]),
  dayNow: refuseIfParkedNow(),
  differenceNow: refuseIfParkedNow(({ ticketId, clientId, period }) => ({
    ...(ticketId !== null && { ticketId }),
    ...(clientId !== null && { clientId, period }),
  })),
};

export const OF_CONTRACT_TERMS: Guards<ContractTermsQuery> = {
  clients: withoutParked(),
  // Whoever mends a contract must find it.
  streamsNow: refuseIfParkedNow(),
  dueForRenewal: withoutParked(),
  timeZoneNow: refuseIfParkedNow(clientItself),
  unusedLicences: withoutParked((_asOf, clientId) => ({ clientId })),
  sharedNames: refuseIfParked(),
  endingOn: withoutParked((_asOf, clientId) => ({ clientId })),
};

export const OF_MILESTONES: Guards<MilestonesQuery> = { of: refuseIfParked(contract) };

export const OF_PREPAID: Guards<PrepaidQuery> = {
  balances: pageWithoutParked(asked),
  balance: refuseIfParked(asked),
  balanceNow: refuseIfParkedNow(asked),
  statement: refuseIfParked(asked),
  blocksDue: withoutParked(),
  blockDueNow: refuseIfParkedNow(contract),
  burnDown: refuseIfParked(contract),
};

export const OF_WORK: Guards<WorkQuery> = {
  unapprovedNow: refuseIfParkedNow(({ clientId, ticketId }) => ({
    ...(clientId !== undefined && { clientId }),
    ...(ticketId !== undefined && { ticketId }),
  })),
  // Beside work that is looked at itself.
  ofEngineerNow: (_known, ask) => ask,
  // Whoever approves it looks at its ticket.
  pieceNow: (_known, ask) => ask,
  timeWaitingNow: (_known, ask) => ask,
  timeWaitingOfEngineerNow: (_known, ask) => ask,
  daysChangedNow: (_known, ask) => ask,
  approvalRulesNow: refuseIfParkedNow(),
};

export const OF_UNPRICED_WORK: Guards<UnpricedWorkQuery> = { list: pageWithoutParked(asked) };

export const OF_APPROVALS: Guards<ApprovalsQuery> = {
  get: refuseIfAnswerParked(),
  judgedNow: (known, ask) => (requestId) => {
    const parked = known.now();
    parked.check();
    const judged = ask(requestId);
    if (judged !== null && !isRefusal(judged)) parked.check(judged);
    return judged;
  },
  list: pageWithoutParked(asked),
  standing: withoutParked(),
  rulesNow: (known, ask) => (works) => {
    const parked = known.now();
    parked.check();
    parked.checkEach(works.map(({ ticketId }) => ticket(ticketId)));
    return ask(works);
  },
  isForgoneByOneNow: refuseIfParkedNow(ticket),
  // People, of whom the list then leaves out what is parked.
  requestersOfWaiting: (_known, ask) => ask,
  waitingOf: (_known, ask) => ask,
  // People, of no client: whoever publishes a configuration may mend what is parked.
  knownWith: (_known, ask) => ask,
  othersGivenNow: (_known, ask) => ask,
  // Of requests whose client was looked at with the act.
  isLapsedNow: (_known, ask) => ask,
  // Beside items that are looked at themselves.
  waitingOn: (_known, ask) => ask,
};

export const OF_GAPS: Guards<GapsQuery> = {
  get: refuseIfAnswerParked(),
  byKeyNow: refuseIfAnswerParkedNow(),
  getNow: refuseIfAnswerParkedNow(),
  list: pageWithoutParked(asked),
  totals: refuseSumIfParked(asked),
};

export function ofInvoices(query: InvoicesQuery): Guards<InvoicesQuery> {
  return {
    get: refuseIfAnswerParked(),
    named: refuseIfAnswerParked(),
    linesNow: refuseIfParkedNow(),
    list: pageWithoutParked(asked),
    anyToAnother: refuseIfParked(client),
    receivedNow: refuseIfParkedNow(),
    lines: refuseIfDocumentParked((invoiceId) => query.get(invoiceId)),
    charges: refuseIfDocumentParked((invoiceId) => query.get(invoiceId)),
  };
}

export function ofCreditNotes(query: CreditNotesQuery): Guards<CreditNotesQuery> {
  return {
    get: refuseIfAnswerParked(),
    named: refuseIfAnswerParked(),
    list: pageWithoutParked(asked),
    lines: refuseIfDocumentParked((creditNoteId) => query.get(creditNoteId)),
    creditsOf: refuseIfParkedNow(),
  };
}

export const OF_DOCUMENTS: Guards<DocumentsQuery> = {
  numbersTold: refuseIfParked(),
  of: refuseIfParked((_itemId, _kind, { clientId }) => ({ clientId })),
};

export function ofDocumentFacts(items: BillableItemsQuery): Guards<DocumentFactsQuery> {
  return {
    of: (known, ask) => (document, from) => {
      const parked = known.now();
      parked.check(document);
      const facts = ask(document, from);
      if (facts instanceof NotSettled || isRefusal(facts)) return facts;
      // What is named may be of another client, and where it is not found, in what is not known.
      const { withOthersNamed: others } = facts;
      parked.checkEach([...others.items, ...others.charges]);
      if (parked.isAny()) parked.checkEach(namedElsewhere(document, others, items));
      parked.check(whereAsked(document.clientId, facts.charges));
      return facts;
    },
    differenceNow: refuseIfParkedNow(asked),
    ofWork: (known, ask) => (work, clientIds) => {
      const parked = known.now();
      parked.check(ticket(work.ticketId));
      const parts = ask(work, clientIds);
      if (!isRefusal(parts)) parked.checkEach(parts.map(({ facts }) => clientPeriod(facts.clientId, facts.period)));
      return parts;
    },
    concernedBy: (known, ask) => (supposing, clientIds) => {
      const parked = known.now();
      parked.checkEach([supposing.ticketId, ...ticketsJoined(supposing)].map(ticket));
      const periods = ask(supposing, clientIds);
      if (!isRefusal(periods)) parked.checkEach(periods.map(({ clientId, period }) => clientPeriod(clientId, period)));
      return periods;
    },
    apart: refuseIfParkedNow(ticket),
    asOne: refuseIfParkedNow(ticket),
    ofCredited: (known, ask) => (account, ticketIds) => {
      const parked = known.now();
      parked.checkEach(ticketIds.map(ticket));
      const periods = ask(account, ticketIds);
      if (!isRefusal(periods)) parked.checkEach(periods.map(({ clientId, period }) => clientPeriod(clientId, period)));
      return periods;
    },
    // What is not known is told as such: a change of terms may be its remedy, and is held for what nobody can state of it.
    underContracts: (known, ask) => (clientId, from, suppose, until) => {
      const parked = known.now();
      parked.check();
      return ask(clientId, from, suppose, until, parked.notKnown());
    },
    unsettledOf: (known, ask) => (document, from) => {
      const unsettled = ask(document, from);
      if (unsettled === null) known.check(document);
      return unsettled;
    },
    askedElsewhere: refuseIfParkedNow(whereAsked),
    receiving: refuseIfParkedNow(clientItself),
  };
}

/** Where that may be which a draft is limited to and which was not found. */
function namedElsewhere(
  { named }: DocumentAsked,
  { items, charges }: DocumentFacts['withOthersNamed'],
  query: BillableItemsQuery,
): readonly About[] {
  if (named === undefined) return [];
  const tickets = new Set(items.flatMap(namesOf));
  const ids = new Set([...items.map(({ itemId }) => itemId), ...charges.map(({ chargeItemId }) => chargeItemId)]);
  const missing = named.charges.filter((id) => !ids.has(id));
  return [
    ...named.tickets.filter((id) => !tickets.has(id)).map(ticket),
    ...missing.flatMap((id) => [mayBeChargeOf(id), ...query.placesOf(id)]),
  ];
}

/** What some charges come to rests on the invoices of all months of the client. */
function whereAsked(clientId: string, charges: readonly Charge[]) {
  return charges.some(needsAsked) ? client(clientId) : clientItself(clientId);
}

export const OF_TIMELINE: Guards<TicketTimelineQuery> = {
  timeline: refuseIfParked(ticket),
  clientOf: refuseIfParkedNow(),
  outcome: refuseIfParked(ticket),
};

export const OF_RECONCILIATION: Guards<ReconciliationQuery> = {
  of: sumWithoutParked,
  byClientPeriod: sumsWithoutParked,
  tickets: pageWithoutParked((_asOf, filter) => filter),
};

export const OF_SLA: Guards<SlaQuery> = {
  list: pageWithoutParked((_now, filter) => filter),
  due: refuseIfParked(),
  breachesIf: refuseIfParked(client),
  serviceLevels: refuseIfParkedNow(),
};

export const OF_TICKET_MERGES: Guards<TicketMergesQuery> = {
  into: refuseIfParked(ticket),
  isMergedNow: refuseIfParkedNow(ticket),
  // Of whom not all is known, a ticket is classified as ever: the merges that are known are told.
  isAnyMergedInto: (_known, ask) => ask,
  crossed: withoutParked(),
};
