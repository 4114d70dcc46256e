import { type Decision, type Issued, Money, type Refusal, isRefusal, refuse } from '@billtrail/kernel';
import { creditNoteSeriesOf } from '../configuration.js';
import type {
  AccountEvent,
  CreditNoteFacts,
  CreditNoteIssued,
  CreditNoteIssueWithdrawn,
  CreditNoteLinesAdded,
  PartyOnDocument,
} from '../events.js';
import { refuseForgoing } from '../second-person.js';
import type { RecordCreditNoteIssue, RequestCreditNoteIssue, WithdrawCreditNoteIssue } from './commands.js';
import { CreditLedger } from './credit-ledger.js';
import { creditItem } from './credit-lines.js';
import { taxOfCredits } from './credit-tax.js';
import { NO_DOCUMENT_TERMS } from './document.js';
import { assertHeldAsAsked } from './held.js';
import {
  type IssueDateAsked,
  type IssueDay,
  refuseBeforeCredited,
  refuseIssueDate,
  refuseOtherDate,
} from './issue-date.js';
import { MAX_LINES_PER_INVOICE, chunksOf } from './lines.js';
import type { Credits } from './owed-credits.js';
import { refuseLostParties, sellerOfCredit } from './seller.js';
import type { AccountState, CreditNote, Invoice } from './state.js';
import { refuseUnderWay } from './under-way.js';

type IssuedInvoice = Extract<Invoice, { status: 'issued' }>;

export function requestCreditNote(
  command: RequestCreditNoteIssue & Issued,
  state: AccountState,
): Decision<AccountEvent> {
  const { creditNoteId, invoiceId } = command;
  const invoice = state.invoices.get(invoiceId);
  if (invoice === undefined) {
    return refuse(
      'InvoiceUnknown',
      `This account has no invoice ${invoiceId}.`,
      'Correct the id, or the client and period: a credit note belongs to the account of its invoice.',
      { invoiceId },
    );
  }
  if (invoice.status !== 'issued') return notIssued(invoice);
  const existing = state.creditNotes.get(creditNoteId);
  if (existing !== undefined) return creditNoteAgain(existing, command);
  const refusal =
    refuseUnderWay(state) ??
    refuseCreditsAsked({ ...command, suppliedOn: [] }) ??
    refuseBeforeCredited(command.issueDate, [invoice.request]);
  if (refusal) return refusal;
  const credits = creditsOf(command, invoice, state);
  if (isRefusal(credits)) return credits;
  const nothing = refuseNothing(command, credits);
  if (nothing) return nothing;
  const forgone = refuseWriteOffs(command, credits);
  if (forgone) return forgone;
  const seller = sellerOfCredit(invoice.request.seller, command.configuration.organisation);
  if (isRefusal(seller)) return seller;
  const lost = refuseLostParties({ seller, buyer: invoice.request.buyer });
  if (lost) return lost;
  const taxed = taxOfCredits(credits, invoice, state);
  if (isRefusal(taxed)) return taxed;
  return creditNoteEvents(command, factsOf(command, seller, invoice, taxed.totals), taxed.credits);
}

function notIssued({ invoiceId, status }: Invoice): Refusal {
  const isDraft = status === 'draft' || status === 'approved';
  return refuse(
    'InvoiceNotIssued',
    `Invoice ${invoiceId} is ${status}, so there is nothing to credit.`,
    isDraft ? 'Discard the draft instead.' : 'Credit an issued invoice.',
    { invoiceId, status },
  );
}

function creditNoteIdTaken(creditNoteId: string): Refusal {
  return refuse(
    'CreditNoteIdTaken',
    `Credit note ${creditNoteId} already exists with other contents.`,
    'Use another id.',
    { creditNoteId },
  );
}

/** A note under an id that the account knows: quiet where it is the same one, with its day of issue. */
export function creditNoteAgain(
  existing: CreditNote,
  command: Parameters<typeof isCreditNoteAgain>[1] & IssueDateAsked,
): Decision<AccountEvent> {
  const { creditNoteId, issueDate } = existing.facts;
  if (!isCreditNoteAgain(existing, command)) return creditNoteIdTaken(creditNoteId);
  return refuseOtherDate(`Credit note ${creditNoteId}`, issueDate, command) ?? [];
}

function isCreditNoteAgain(
  { facts, lines, charges }: CreditNote,
  command: Pick<RequestCreditNoteIssue, 'reasonCode' | 'comment' | 'credits'> & {
    readonly invoiceId: string | null;
  },
): boolean {
  if (facts.invoiceId !== command.invoiceId || facts.reasonCode !== command.reasonCode) return false;
  if (facts.comment !== command.comment) return false;
  const text = (itemId: string, outcome: string, net: Money | null): string =>
    JSON.stringify([itemId, outcome, net === null ? null : net.toJSON().amount]);
  const held = [
    ...lines.map((one) => text(one.line.itemId, one.outcome, one.isWhole ? null : Money.from(one.net))),
    ...charges.map((one) => text(one.charge.chargeItemId, one.outcome, one.isWhole ? null : Money.from(one.net))),
  ];
  const asked = command.credits.map(({ itemId, outcome, net }) =>
    text(itemId, outcome, net === undefined ? null : Money.from(net)),
  );
  return JSON.stringify(held.sort()) === JSON.stringify(asked.sort());
}

/** What can be said of what is asked before any line is looked at. */
export function refuseCreditsAsked({
  creditNoteId,
  credits,
  ...dated
}: Pick<RequestCreditNoteIssue, 'creditNoteId' | 'credits'> & IssueDay): Refusal | null {
  const misdated = refuseIssueDate(dated);
  if (misdated) return misdated;
  if (credits.length === 0) {
    return refuse('NothingToCredit', 'The credit note names no item.', 'Name the items to credit.', { creditNoteId });
  }
  if (credits.length > MAX_LINES_PER_INVOICE) {
    return refuse(
      'TooManyLines',
      `The credit note would have ${credits.length} lines; at most ${MAX_LINES_PER_INVOICE} are allowed.`,
      'Issue several credit notes, each for some of the items.',
      { lines: credits.length, limit: MAX_LINES_PER_INVOICE },
    );
  }
  const named = new Set<string>();
  for (const { itemId } of credits) {
    if (named.has(itemId)) {
      return refuse('ItemNamedTwice', `Item ${itemId} is named twice.`, 'Name each item once.', { itemId });
    }
    named.add(itemId);
  }
  return null;
}

function creditsOf(command: RequestCreditNoteIssue, invoice: IssuedInvoice, state: AccountState): Credits | Refusal {
  const ledger = new CreditLedger(invoice, state);
  const credits: Credits = { lines: [], charges: [] };
  const lines = new Map(invoice.lines.map((line) => [line.itemId, line]));
  const charges = new Map(invoice.charges.map((charge) => [charge.chargeItemId, charge]));
  for (const asked of command.credits) {
    const found = { line: lines.get(asked.itemId) ?? null, charge: charges.get(asked.itemId) ?? null };
    const refusal = creditItem({ asked, found, command, invoice, ledger, state }, credits);
    if (refusal) return refusal;
  }
  return credits;
}

/** A note that writes off lines of 0.00 alone says nothing to the client. One that bills such a line again does: it saw the line, and is asked for its work anew. */
function refuseNothing({ creditNoteId }: RequestCreditNoteIssue, { lines, charges }: Credits): Refusal | null {
  const all = [...lines, ...charges];
  if (!all.every(({ outcome, net }) => outcome === 'written-off' && Money.from(net).isZero())) return null;
  return refuse(
    'NothingToCredit',
    'What the credit note names asks nothing, so there is nothing to write off.',
    'Leave it out. Where its work should be asked for, credit it as `bill-again`; where it should not, accept the gap about it: POST /v1/gaps/{gapId}/accept.',
    { creditNoteId },
  );
}

function refuseWriteOffs(command: RequestCreditNoteIssue & Issued, { lines }: Credits): Refusal | null {
  const isWorkForgone = lines.some(({ outcome }) => outcome === 'written-off');
  return refuseForgoing('credit', { ...command, workBy: isWorkForgone ? command.workBy : [] }, command.by);
}

function factsOf(
  command: RequestCreditNoteIssue,
  seller: PartyOnDocument,
  invoice: IssuedInvoice,
  totals: Pick<CreditNoteFacts, 'taxTotals' | 'net' | 'tax' | 'total'>,
): CreditNoteFacts {
  const { creditNoteId, issueDate, reasonCode, comment, configuration } = command;
  const { invoiceId, clientId, period, currency, recipientId, siteId, number: invoiceNumber, request } = invoice;
  const { buyer, taxExemption, taxRounding } = request;
  return {
    creditNoteId,
    clientId,
    period,
    currency,
    recipientId,
    ...(siteId === undefined ? {} : { siteId }),
    invoiceId,
    invoiceNumber,
    issueDate,
    series: creditNoteSeriesOf(configuration).series,
    seller,
    buyer,
    taxExemption,
    ...NO_DOCUMENT_TERMS,
    taxRounding,
    ...totals,
    reasonCode,
    comment,
    secondPerson: null,
  };
}

export function creditNoteEvents(
  command: Pick<RequestCreditNoteIssue & Issued, 'occurredAt' | 'at' | 'comparedUpTo'>,
  facts: CreditNoteFacts,
  { lines, charges }: Credits,
): readonly AccountEvent[] {
  const occurredAt = command.occurredAt ?? command.at;
  const { creditNoteId, invoiceId } = facts;
  const { comparedUpTo } = command;
  const added = (of: Pick<CreditNoteLinesAdded['data'], 'lines' | 'charges'>): CreditNoteLinesAdded => ({
    type: 'CreditNoteLinesAdded',
    data: { creditNoteId, invoiceId, ...of },
    occurredAt,
  });
  return [
    { type: 'CreditNoteIssueRequested', data: { ...facts, ...(comparedUpTo && { comparedUpTo }) }, occurredAt },
    ...chunksOf(lines).map((chunk) => added({ lines: chunk, charges: [] })),
    ...chunksOf(charges).map((chunk) => added({ lines: [], charges: chunk })),
  ];
}

/** Takes a requested note back that does not stand. Nothing to do where it is issued, or was taken back before. */
export function withdrawCreditNote(
  command: WithdrawCreditNoteIssue & Issued,
  { creditNotes }: AccountState,
): Decision<AccountEvent> {
  const { creditNoteId, changed } = command;
  const note = creditNotes.get(creditNoteId);
  if (note?.numbered !== null) return [];
  const { invoiceId, issueDate } = note.facts;
  const data: CreditNoteIssueWithdrawn['data'] = { creditNoteId, invoiceId, issueDate, changed };
  return [{ type: 'CreditNoteIssueWithdrawn', data, occurredAt: command.occurredAt ?? command.at }];
}

export function recordCreditNote(command: RecordCreditNoteIssue & Issued, state: AccountState): Decision<AccountEvent> {
  const { creditNoteId, series, number, numberInSeries } = command;
  const note = state.creditNotes.get(creditNoteId);
  if (note === undefined) {
    return refuse(
      'CreditNoteUnknown',
      `The issue of credit note ${creditNoteId} was not requested in this account.`,
      'Request its issue first.',
      { creditNoteId },
    );
  }
  const isSame = note.numbered?.number === number && note.numbered.numberInSeries === numberInSeries;
  if (note.facts.series === series && isSame) return [];
  if (note.numbered !== null || note.facts.series !== series) {
    return refuse(
      'NumberConflict',
      `Credit note ${creditNoteId} of series ${note.facts.series} can't take ${number} of ${series}.`,
      "Read the series' assignment for this credit note.",
      { creditNoteId, series: note.facts.series, issuedAs: note.numbered?.number ?? null, given: number },
    );
  }
  assertHeldAsAsked(note, state);
  const issueDate = command.issueDate ?? note.facts.issueDate;
  const data: CreditNoteIssued['data'] = { ...note.facts, issueDate, number, numberInSeries };
  return [{ type: 'CreditNoteIssued', data, occurredAt: command.occurredAt ?? command.at }];
}
