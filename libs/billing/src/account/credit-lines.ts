import { Money, type MoneyJson, type Refusal, isRefusal, refuse } from '@billtrail/kernel';
import type { CreditedCharge, CreditedLine } from '../events.js';
import type { CreditAsked, RequestCreditNoteIssue } from './commands.js';
import type { CreditLedger, OnInvoice } from './credit-ledger.js';
import { type Line, subjectOfCharge, subjectOfLine } from './lines-of-credit.js';
import { type Credits, owedCredit } from './owed-credits.js';
import { recipientOf } from './recipients.js';
import type { AccountState, Invoice } from './state.js';

/** One item of the note, with all that its decision rests on. */
interface Crediting {
  readonly asked: CreditAsked;
  readonly found: {
    readonly line: CreditedLine['line'] | null;
    readonly charge: CreditedCharge['charge'] | null;
  };
  readonly command: RequestCreditNoteIssue;
  readonly invoice: Invoice;
  readonly ledger: CreditLedger;
  readonly state: AccountState;
}

/** Puts one item on the note; a refusal says why it can't be. Where work and a charge on the invoice have one id, the work is meant. */
export function creditItem(crediting: Crediting, credits: Credits): Refusal | null {
  const { asked, found, ledger } = crediting;
  if (asked.outcome === 'corrected') return correct(crediting, credits);
  const { line, charge } = found;
  const subject = line === null ? charge && subjectOfCharge({ charge }) : subjectOfLine({ line });
  const net = line?.net ?? charge?.net;
  if (subject === null || net === undefined) return notOnInvoice(crediting);
  const kept = line === null && charge !== null ? refuseMoneyAlone(crediting, charge) : null;
  if (kept) return kept;
  const on: OnInvoice = { itemId: asked.itemId, subject, net: Money.from(net) };
  const given = creditOf(crediting, on);
  if ('code' in given) return given;
  ledger.add(on.itemId, subject, given);
  if (line !== null) credits.lines.push({ line, ...given });
  else if (charge !== null) credits.charges.push({ charge, ...given });
  return null;
}

/** Hours and money of a block go back together, by its own price: a return gives both, and its credit is settled as any that is owed. */
function refuseMoneyAlone(
  { asked: { outcome, itemId }, command: { contracts = [] } }: Crediting,
  { kind, contractId, basis: { termId: blockId } }: CreditedCharge['charge'],
): Refusal | null {
  if (outcome !== 'written-off' || kind !== 'prepaid-block') return null;
  const { withdrawnBlocks = [] } = contracts.find((one) => one.contractId === contractId) ?? {};
  const isWithdrawn = withdrawnBlocks.some((block) => block.blockId === blockId);
  const priceOf = `Item ${itemId} is the price of prepaid block ${blockId}`;
  const byWork = 'void or correct the work that drew on it, or credit that to be billed again';
  return refuse(
    'PrepaidBlockKeepsHours',
    isWithdrawn
      ? `${priceOf}, which was withdrawn: what it keeps is the price of the hours that work drew, and can't go back without them.`
      : `${priceOf}: its money can't go back alone, its hours could still be drawn.`,
    isWithdrawn
      ? `To give more back, ${byWork}. What is owed goes on a credit note as \`corrected\`, or on the next invoice.`
      : `Return hours and money together: POST /v1/contracts/${contractId}/prepaid-blocks/${blockId}/return; of what was drawn, ${byWork} first. What is owed then goes on a credit note as \`corrected\`, or on the next invoice.`,
    { itemId, contractId, blockId, isWithdrawn },
  );
}

function notOnInvoice({ asked: { itemId }, invoice: { invoiceId } }: Crediting): Refusal {
  return refuse(
    'ItemNotOnInvoice',
    `Invoice ${invoiceId} has no line for item ${itemId}.`,
    'Use the item ids on the lines and charges of the invoice.',
    { itemId, invoiceId },
  );
}

type Given = Pick<CreditedLine, 'outcome' | 'net' | 'isWhole'>;

/** How much of a line goes back. */
function creditOf({ asked, found, ledger, invoice }: Crediting, on: OnInvoice): Given | Refusal {
  const { itemId, outcome, net } = asked;
  const { invoiceId } = invoice;
  // Work that was written off whole can still be billed again, less that: it may be worth more by now.
  const isForgone = found.line !== null && !ledger.isBilledAgain(on);
  if (ledger.isUsedUp(on) && !(isForgone && outcome === 'bill-again' && net === undefined))
    return alreadyCredited(itemId, invoiceId, isForgone);
  if (outcome === 'written-off' && on.net.isNegative()) {
    return refuse(
      'ItemNotWriteOffable',
      `Item ${itemId} gave ${on.net.negated().toString()} to the client: there is nothing to write off.`,
      'Take it back with `bill-again`, or leave it out.',
      { itemId, net: on.net.toJSON() },
    );
  }
  if (net !== undefined) return partOf(asked, net, on, ledger);
  if (ledger.isAdjusted(on)) return adjusted(itemId, invoiceId, ledger.leftOfSubject(on.subject));
  const left = ledger.isUsedUp(on) ? Money.zero(on.net.currency) : ledger.leftOf(on);
  // Of work what was forgiven stands when it is billed again; a charge has no disposition for that.
  if (outcome === 'bill-again' && !left.equals(on.net) && found.line === null)
    return forgivenInPart(itemId, invoiceId, on.net.minus(left), left);
  return { outcome, net: left.toJSON(), isWhole: true };
}

function alreadyCredited(itemId: string, invoiceId: string, isForgone: boolean): Refusal {
  return refuse(
    'ItemAlreadyCredited',
    `Item ${itemId} of invoice ${invoiceId} is already credited.`,
    isForgone
      ? 'Leave it out. Where its work is worth more by now, credit the item as `bill-again`: what was written off stays forgone.'
      : 'Leave it out; correct later errors where it is billed again.',
    { itemId, invoiceId },
  );
}

/** Billed again, the line would be asked for whole: what was forgiven of it too. */
function forgivenInPart(itemId: string, invoiceId: string, forgiven: Money, left: Money): Refusal {
  return refuse(
    'ItemForgivenInPart',
    `${forgiven.toString()} of item ${itemId} of invoice ${invoiceId} was written off and is never billed again, so the item can't be.`,
    `Leave it out, and correct its terms: the difference follows as an adjustment, and what was written off stands. Or credit the ${left.toString()} that is left as \`written-off\`.`,
    { itemId, invoiceId, forgiven: forgiven.toJSON(), left: left.toJSON() },
  );
}

/** What was credited of an item that was corrected can't be billed again with it. */
function adjusted(itemId: string, invoiceId: string, left: Money | null): Refusal {
  const isAll = left === null || left.isZero() || left.isNegative();
  return refuse(
    'ItemAdjusted',
    `A correction of item ${itemId} of invoice ${invoiceId} is on another document, so ${isAll ? 'all' : 'a part'} of its amount is already credited.`,
    isAll
      ? 'Leave it out: nothing of it is left to credit.'
      : `Credit at most ${left.toString()} of it as \`written-off\`, by \`net\`, or leave it out: what is corrected later follows as an adjustment.`,
    { itemId, invoiceId, left: left?.toJSON() ?? null },
  );
}

function partOf(asked: CreditAsked, net: MoneyJson, on: OnInvoice, ledger: CreditLedger): Given | Refusal {
  const { itemId, outcome } = asked;
  const part = Money.from(net);
  const isAmount = !part.isZero() && !part.isNegative() && part.rounded().equals(part);
  if (outcome !== 'written-off' || !isAmount || part.currency !== on.net.currency) {
    return refuse(
      'CreditMalformed',
      `Part of item ${itemId} can only be written off, by a positive net in whole minor units of ${on.net.currency}.`,
      'Leave out `net` to credit the whole line; only a whole line can be billed again.',
      { itemId, outcome, net },
    );
  }
  const left = [ledger.leftOf(on), ledger.leftOfSubject(on.subject)].reduce<Money | null>(
    (least, one) => (least === null || (one !== null && one.compare(least) < 0) ? one : least),
    null,
  );
  if (left === null || part.compare(left) > 0) return aboveItem(itemId, part, left);
  return { outcome, net: part.toJSON(), isWhole: false };
}

/** A credit that is owed is given whole, so this invoice can't give it. */
function aboveInvoiceItem(itemId: string, asked: Money, left: Money | null): Refusal {
  return { ...aboveItem(itemId, asked, left), remedy: REMEDY_OF_OWED };
}

/** What to do with a credit that is owed and that the invoice can't carry. */
export const REMEDY_OF_OWED =
  'Give it by a credit note of its own: POST /v1/credit-notes/owed, or bill it on a later draft of the period.';

function aboveItem(itemId: string, asked: Money, left: Money | null): Refusal {
  return refuse(
    'CreditAboveItem',
    `${asked.toString()} of item ${itemId} can't be credited: ${left === null ? 'nothing' : left.toString()} of it is left on this invoice.`,
    'Credit at most what is left; the rest is on another invoice or already credited.',
    { itemId, asked: asked.toJSON(), left: left?.toJSON() ?? null },
  );
}

/** Settles a credit that rating derived, where the invoice carries what it corrects. */
function correct(crediting: Crediting, credits: Credits): Refusal | null {
  const { asked, command, state } = crediting;
  const owed = owedCredit(asked.itemId, command, state);
  if (owed === null) return notOnInvoice(crediting);
  if (isRefusal(owed)) return owed;
  const elsewhere = refuseOwedToAnother(crediting, 'line' in owed ? owed.line : owed.charge);
  if (elsewhere) return elsewhere;
  if ('line' in owed) {
    const given = settled(crediting, Money.from(owed.line.net).negated(), subjectOfLine(owed));
    if ('code' in given) return given;
    credits.lines.push({ ...owed, ...given });
    return null;
  }
  const { charge } = owed;
  const isAdjustment = charge.chargeItemId !== charge.chargeId;
  const given = settled(crediting, Money.from(charge.net).negated(), isAdjustment ? subjectOfCharge(owed) : null);
  if ('code' in given) return given;
  credits.charges.push({ charge, ...given });
  return null;
}

/** What one client is owed is no other's, though one account has both. */
function refuseOwedToAnother(
  { asked: { itemId }, command: { receiving }, invoice: { invoiceId, recipientId } }: Crediting,
  owed: Line,
): Refusal | null {
  const owedTo = receiving === undefined ? recipientId : recipientOf(owed, receiving);
  if (owedTo === recipientId) return null;
  return refuse(
    'OwedToAnother',
    `Item ${itemId} is owed to client ${owedTo}, and invoice ${invoiceId} went to client ${recipientId}.`,
    REMEDY_OF_OWED,
    { itemId, owedTo, invoiceId, recipientId },
  );
}

/** `subject` null: it adjusts nothing (a discount, a service credit), so any invoice of the account may give it. */
function settled({ asked, invoice, ledger }: Crediting, net: Money, subject: string | null): Given | Refusal {
  const { itemId, outcome } = asked;
  const given: Given = { outcome, net: net.toJSON(), isWhole: true };
  if (net.currency !== invoice.currency) return aboveInvoiceItem(itemId, net, null);
  if (subject === null) return given;
  const left = ledger.leftOfSubject(subject);
  if (left === null || net.compare(left) > 0) return aboveInvoiceItem(itemId, net, left);
  ledger.add(itemId, subject, given);
  return given;
}
