import {
  type Decider,
  type Decision,
  type Issued,
  type Refusal,
  Money,
  isRefusal,
  refuse,
  unreachable,
} from '@billtrail/kernel';
import type { AccountEvent } from '../events.js';
import { giveCredits } from './own-credit-note.js';
import { MAX_COMMENT_LENGTH, isStated, refuseForgoing } from '../second-person.js';
import type {
  AccountCommand,
  ApproveInvoice,
  DiscardDraft,
  RecordInvoiceIssue,
  WithdrawInvoiceIssue,
  RequestInvoiceIssue,
  WriteOffWork,
} from './commands.js';
import { recordCreditNote, requestCreditNote, withdrawCreditNote } from './credit-note.js';
import { exemptionOn, partyOf, roundingOf } from './document.js';
import { REMEDY_OF_NEGATIVE_DRAFT, draftInvoice } from './draft.js';
import { refuseHeldItem } from './held.js';
import { daysOfCharges } from './charges.js';
import { refuseChangedParties } from './changed-parties.js';
import { refuseChangedRecipient } from './changed-recipient.js';
import { recipientNamed } from './recipients.js';
import { orOnItsDay, refuseChangedTax } from './changed-tax.js';
import { dueUnder, paymentTermsOf, refuseChangedPaymentTerms } from './payment-terms.js';
import { invoicesCredited, suppliesOf } from './supplies.js';
import { dayOfIssue, refuseBeforeCredited, refuseIssueDate, refuseOtherDate } from './issue-date.js';
import { frozenOf } from './lines.js';
import { refuseLostParties, sellerOf } from './seller.js';
import { refuseStale } from './stale.js';
import { type AccountState, EMPTY_ACCOUNT, type Invoice, evolveAccount } from './state.js';
import { taxesOf } from './tax.js';
import { refuseCreditUnderWay, refuseUnderWay } from './under-way.js';

function unknownInvoice(invoiceId: string): Refusal {
  return refuse(
    'InvoiceUnknown',
    `This account has no invoice ${invoiceId}.`,
    'Create the draft first, or correct the id.',
    { invoiceId },
  );
}

function discarded(invoiceId: string): Refusal {
  return refuse('InvoiceDiscarded', `Draft ${invoiceId} was discarded.`, 'Create a new draft.', { invoiceId });
}

function discard(command: DiscardDraft & Issued, state: AccountState): Decision<AccountEvent> {
  const { invoiceId, reason } = command;
  const invoice = state.invoices.get(invoiceId);
  if (invoice === undefined) return unknownInvoice(invoiceId);
  if (invoice.status === 'discarded') return [];
  if (invoice.status === 'issue-requested' || invoice.status === 'issued') {
    return refuse(
      'InvoiceLocked',
      `Invoice ${invoiceId} is issued; an issued invoice never changes.`,
      'Correct it with a credit note.',
      {
        invoiceId,
        status: invoice.status,
      },
    );
  }
  if (!isStated(reason)) {
    return refuse('ReasonMissing', 'Discarding a draft needs a reason.', 'Give the reason.', {
      longest: MAX_COMMENT_LENGTH,
    });
  }
  return [{ type: 'InvoiceDraftDiscarded', data: { invoiceId, reason }, occurredAt: command.occurredAt ?? command.at }];
}

function approve(command: ApproveInvoice & Issued, state: AccountState): Decision<AccountEvent> {
  const { invoiceId, hash } = command;
  const invoice = state.invoices.get(invoiceId);
  if (invoice === undefined) return unknownInvoice(invoiceId);
  if (invoice.status === 'discarded') return discarded(invoiceId);
  if (hash !== undefined && hash !== invoice.hash) return hashMismatch(invoice, hash);
  if (invoice.status !== 'draft') return [];
  const refusal = refuseUntaxed(invoice) ?? refuseOwnDraft(invoice, command);
  if (refusal) return refusal;
  return [
    {
      type: 'InvoiceApproved',
      data: { invoiceId, approvedBy: command.by.id, hash: invoice.hash },
      occurredAt: command.occurredAt ?? command.at,
    },
  ];
}

/** What is approved is what is issued, so nobody approves a draft that says nothing of its tax; those of schema version 1, without a hash, never do. */
function refuseUntaxed({ invoiceId, hash, totals, lines, charges }: Invoice): Refusal | null {
  if (totals !== null || hash === null) return null;
  const categories = [...new Set([...lines, ...charges].map(({ taxCategory }) => taxCategory))].sort();
  return refuse(
    'DraftUntaxed',
    `Draft ${invoiceId} says nothing of its tax: when it was drafted, the configuration had no rate for ${categories.length === 1 ? '' : 'one of '}${categories.join(', ')}.`,
    `Add the rate to the configuration (POST /v1/configuration), discard the draft and draft it anew. Which category lacks it on which day: \`warnings\` of GET /v1/invoices/${invoiceId}.`,
    { invoiceId, categories },
  );
}

/** Where the organisation wants two persons, nobody approves what they drafted. What of before does not say who did, may be theirs: anybody else can draft it anew. */
function refuseOwnDraft(
  { invoiceId, draftedBy }: Invoice,
  { by, configuration, related }: ApproveInvoice & Issued,
): Refusal | null {
  if (configuration.draftApproval !== 'another-person') return null;
  if (draftedBy !== null && draftedBy !== by.id) return related;
  const anew = 'iscard it and draft it again: another person then approves that.';
  return refuse(
    'OwnDraft',
    draftedBy === null
      ? `Draft ${invoiceId} does not say who drafted it, and a draft is approved by another person.`
      : `${by.id} drafted ${invoiceId}: a draft is approved by another person.`,
    draftedBy === null
      ? `D${anew}`
      : `Have another person of Accounts approve it: POST /v1/invoices/${invoiceId}/approve, or billtrail invoice approve ${invoiceId}. Or d${anew}`,
    { invoiceId, draftedBy },
  );
}

/** Who approves has seen another draft than this one. */
function hashMismatch({ invoiceId, hash }: Invoice, given: string): Refusal {
  return refuse(
    'HashMismatch',
    hash === null
      ? `Draft ${invoiceId} has no hash: it was written by a version without.`
      : `The hash is not that of draft ${invoiceId}: this is not the draft that you have seen.`,
    hash === null
      ? 'Check it, and approve it without a hash.'
      : `Read the draft again: GET /v1/invoices/${invoiceId}, check it, and approve it with its hash.`,
    { invoiceId, hash, given },
  );
}

function requestIssue(command: RequestInvoiceIssue & Issued, state: AccountState): Decision<AccountEvent> {
  const { invoiceId, configuration } = command;
  const invoice = state.invoices.get(invoiceId);
  if (invoice === undefined) return unknownInvoice(invoiceId);
  if (invoice.status === 'issue-requested' || invoice.status === 'issued')
    return refuseOtherDate(`Invoice ${invoiceId}`, invoice.request.issueDate, command) ?? [];
  const issueDate = dayOfIssue(command, invoice.meantFor);
  const client = recipientNamed(invoice.recipientId, { ...command, clientId: invoice.clientId });
  const refusal = refuseIssue({ ...command, issueDate }, invoice, state);
  if (refusal) return refusal;
  const seller = sellerOf(configuration.organisation);
  if (isRefusal(seller)) return seller;
  const supplies = suppliesOf([...invoice.lines, ...invoice.charges], state, command.elsewhere);
  const taxing = { rules: configuration, client, issueDate };
  const taxes = taxesOf(supplies, invoice.currency, taxing);
  if (isRefusal(taxes)) return orOnItsDay(taxes, invoice, supplies, taxing);
  const { totals } = taxes;
  const parties = { buyer: partyOf(client), seller };
  const others = refuseLostParties(parties) ?? refuseChangedParties(invoice, parties);
  if (others) return others;
  const terms = dueUnder(paymentTermsOf([...invoice.lines, ...invoice.charges], { ...command, client }), issueDate);
  const otherTerms = refuseChangedPaymentTerms(invoice, terms);
  if (otherTerms) return otherTerms;
  const changed = refuseChangedTax(invoice, { ...taxes, ...roundingOf(configuration) }, issueDate);
  if (changed) return orOnItsDay(changed, invoice, supplies, taxing);
  if (Money.from(totals.total).isNegative()) {
    return refuse(
      'NegativeTotal',
      `Invoice ${invoiceId} comes to ${totals.total.amount} ${totals.total.currency}; an invoice total can't be negative.`,
      REMEDY_OF_NEGATIVE_DRAFT,
      { invoiceId, total: totals.total },
    );
  }
  return [
    {
      type: 'InvoiceIssueRequested',
      data: {
        invoiceId,
        issueDate,
        series: configuration.invoiceSeries.series,
        ...parties,
        taxExemption: exemptionOn(totals, client),
        ...roundingOf(configuration),
        ...terms,
        ...totals,
        ...(command.comparedUpTo === undefined ? {} : { comparedUpTo: command.comparedUpTo }),
      },
      occurredAt: command.occurredAt ?? command.at,
    },
  ];
}

/** What keeps a draft from being issued, before its tax: its state, the date, and lines that rating would not make now. */
function refuseIssue(command: RequestInvoiceIssue, invoice: Invoice, state: AccountState): Refusal | null {
  const { invoiceId } = command;
  if (invoice.status === 'discarded') return discarded(invoiceId);
  if (invoice.status !== 'approved') {
    return refuse('InvoiceNotApproved', `Invoice ${invoiceId} is a draft and not approved yet.`, 'Approve it first.', {
      invoiceId,
    });
  }
  const suppliedOn = [
    ...invoice.lines.map(({ workDate }) => workDate),
    ...daysOfCharges(invoice.charges, command.configuration),
  ];
  const credited = invoicesCredited([...invoice.lines, ...invoice.charges], state);
  return (
    refuseUnderWay(state) ??
    refuseIssueDate({ ...command, suppliedOn }) ??
    refuseBeforeCredited(command.issueDate, credited) ??
    refuseUntaxed(invoice) ??
    refuseStale(invoice, command) ??
    refuseChangedRecipient(invoice, command)
  );
}

/** Takes a requested issue back that can't have a number any more. Nothing to do where another request has been made since, or it has its number. */
function withdrawIssue(command: WithdrawInvoiceIssue & Issued, state: AccountState): Decision<AccountEvent> {
  const { invoiceId, issueDate, seriesReached, changed } = command;
  const invoice = state.invoices.get(invoiceId);
  if (invoice === undefined) return unknownInvoice(invoiceId);
  if (invoice.status !== 'issue-requested' || invoice.request.issueDate !== issueDate) return [];
  const { series } = invoice.request;
  return [
    {
      type: 'InvoiceIssueWithdrawn',
      data: { invoiceId, issueDate, series, seriesReached, ...(changed && { changed }), meantFor: invoice.meantFor },
      occurredAt: command.occurredAt ?? command.at,
    },
  ];
}

function recordIssue(command: RecordInvoiceIssue & Issued, state: AccountState): Decision<AccountEvent> {
  const { invoiceId, number, numberInSeries, series } = command;
  const invoice = state.invoices.get(invoiceId);
  if (invoice === undefined) return unknownInvoice(invoiceId);
  if (invoice.status === 'issued') {
    if (invoice.series === series && invoice.numberInSeries === numberInSeries && invoice.number === number) return [];
    return numberConflict(invoiceId, `it was issued as ${invoice.number}`, { issuedAs: invoice.number, given: number });
  }
  if (invoice.status !== 'issue-requested') {
    return refuse(
      'IssueNotRequested',
      `The issue of invoice ${invoiceId} was not requested.`,
      'Request its issue first.',
      {
        invoiceId,
        status: invoice.status,
      },
    );
  }
  if (invoice.request.series !== series) {
    return numberConflict(invoiceId, `its series is ${invoice.request.series}`, {
      series: invoice.request.series,
      given: series,
    });
  }
  return [
    {
      type: 'InvoiceIssued',
      data: { invoiceId, number, numberInSeries, series },
      occurredAt: command.occurredAt ?? command.at,
    },
  ];
}

function numberConflict(invoiceId: string, why: string, details: Readonly<Record<string, unknown>>): Refusal {
  return refuse(
    'NumberConflict',
    `Invoice ${invoiceId} can't take this number: ${why}.`,
    "Read the series' assignment for this invoice.",
    {
      invoiceId,
      ...details,
    },
  );
}

function writeOff(command: WriteOffWork & Issued, state: AccountState): Decision<AccountEvent> {
  const { item, reasonCode, comment } = command;
  if (state.writtenOff.has(item.itemId)) return [];
  const held = refuseCreditUnderWay(state) ?? refuseHeldItem(item.itemId, state);
  if (held) return held;
  if ((item.disposition !== 'billable' && item.disposition !== 'unpriced') || isCredit(item.net?.amount ?? '0')) {
    return refuse(
      'ItemNotWriteOffable',
      `Item ${item.itemId} is ${item.disposition}${item.net === null ? '' : ` at ${item.net.amount} ${item.net.currency}`}: there is nothing to write off.`,
      'Write off items that are billable or unpriced, with a positive amount or none.',
      { itemId: item.itemId, disposition: item.disposition },
    );
  }
  const refusal = refuseForgoing('writeOff', command, command.by);
  if (refusal) return refusal;
  return [
    {
      type: 'WorkWrittenOff',
      data: { ...frozenOf(item), reasonCode, comment, writtenOffBy: command.by.id, secondPerson: null },
      occurredAt: command.occurredAt ?? command.at,
    },
  ];
}

/** A negative item is money that the client is owed. */
function isCredit(amount: string): boolean {
  return amount.startsWith('-');
}

/**
 * The account of one client-period, stream `account-{clientId}-{period}`: drafts, issues, credits and write-offs. One short stream, so that two drafts can't
 * claim one item (law L3).
 */
export const account: Decider<AccountCommand, AccountState, AccountEvent> = {
  initialState: EMPTY_ACCOUNT,
  decide(command, state) {
    switch (command.type) {
      case 'DraftInvoice':
        return draftInvoice(command, state);
      case 'DiscardDraft':
        return discard(command, state);
      case 'ApproveInvoice':
        return approve(command, state);
      case 'RequestInvoiceIssue':
        return requestIssue(command, state);
      case 'WithdrawInvoiceIssue':
        return withdrawIssue(command, state);
      case 'RecordInvoiceIssue':
        return recordIssue(command, state);
      case 'RequestCreditNoteIssue':
        return requestCreditNote(command, state);
      case 'GiveCredits':
        return giveCredits(command, state);
      case 'WithdrawCreditNoteIssue':
        return withdrawCreditNote(command, state);
      case 'RecordCreditNoteIssue':
        return recordCreditNote(command, state);
      case 'WriteOffWork':
        return writeOff(command, state);
      default:
        return unreachable(command);
    }
  },
  evolve: evolveAccount,
};
