import { type Currency, type Decision, type Issued, Money, isRefusal, refuse } from '@billtrail/kernel';
import { creditNoteSeriesOf } from '../configuration.js';
import type { AccountEvent, CreditNoteFacts } from '../events.js';
import { refuseForgoing } from '../second-person.js';
import type { GiveCredits } from './commands.js';
import { creditNoteEvents, creditNoteIdTaken, isCreditNoteAgain, refuseCreditsAsked } from './credit-note.js';
import { NO_DOCUMENT_TERMS, partyOf } from './document.js';
import { type Credits, owedCredits } from './owed-credits.js';
import type { AccountState } from './state.js';
import { totalsOf } from './tax.js';

/**
 * A credit note of no invoice: credits that are owed and that no document of the period carries, such as a service credit on a fee that was
 * invoiced months ago. Taxed as an invoice of its date would be.
 */
export function giveCredits(command: GiveCredits & Issued, state: AccountState): Decision<AccountEvent> {
  const { creditNoteId, itemIds, configuration, client } = command;
  const credits = itemIds.map((itemId) => ({ itemId, outcome: 'corrected' as const }));
  const existing = state.creditNotes.get(creditNoteId);
  if (existing !== undefined) {
    const asked = { ...command, invoiceId: null, credits, secondPerson: null };
    return isCreditNoteAgain(existing, asked) ? [] : creditNoteIdTaken(creditNoteId);
  }
  const malformed = refuseCreditsAsked({ ...command, credits });
  if (malformed) return malformed;
  const owed = owedCredits(itemIds, command, state);
  if (isRefusal(owed)) return owed;
  const unsaid = refuseForgoing(
    { ...command, workBy: [], secondPerson: null },
    { money: null, minutes: null },
    command.by,
  );
  if (unsaid) return unsaid;
  const given = [...owed.lines.map(netOfLine), ...owed.charges.map(netOfCharge)];
  const currencies = [...new Set(given.map(({ net }) => net.currency))].sort();
  const [currency] = currencies;
  if (currency === undefined || currencies.length > 1) {
    return refuse(
      'MixedCurrency',
      `The credits are in ${currencies.join(' and ')}; a credit note has one currency.`,
      'Give the credits of each currency by a note of their own.',
      { currencies },
    );
  }
  const totals = totalsOf(given, currency, configuration.taxRates, client.taxExemption !== null);
  if (isRefusal(totals)) return totals;
  return creditNoteEvents(command, { ...factsOf(command, currency), ...totals }, owed);
}

function netOfLine({ line, net }: Credits['lines'][number]) {
  return { net: Money.from(net).toJSON(), taxCategory: line.taxCategory };
}

function netOfCharge({ charge, net }: Credits['charges'][number]) {
  return { net: Money.from(net).toJSON(), taxCategory: charge.taxCategory };
}

function factsOf(
  command: GiveCredits,
  currency: Currency,
): Omit<CreditNoteFacts, 'taxTotals' | 'net' | 'tax' | 'total'> {
  const { creditNoteId, clientId, period, issueDate, reasonCode, comment, configuration, client } = command;
  return {
    creditNoteId,
    clientId,
    period,
    currency,
    invoiceId: null,
    invoiceNumber: null,
    issueDate,
    series: creditNoteSeriesOf(configuration).series,
    seller: partyOf(configuration.organisation),
    buyer: partyOf(client),
    taxExemption: client.taxExemption,
    ...NO_DOCUMENT_TERMS,
    reasonCode,
    comment,
    secondPerson: null,
  };
}
