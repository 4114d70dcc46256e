import {
  type Currency,
  type Decision,
  type Issued,
  type LocalDate,
  type MoneyJson,
  at,
  isRefusal,
  refuse,
} from '@billtrail/kernel';
import { creditNoteSeriesOf } from '../configuration.js';
import type { AccountEvent, CreditNoteFacts, Totals } from '../events.js';
import type { FrozenCharge } from '../item/charge-item.js';
import type { InvoiceLine } from '../item/frozen-item.js';
import { refuseForgoing } from '../second-person.js';
import type { GiveCredits } from './commands.js';
import { creditNoteEvents, creditNoteIdTaken, isCreditNoteAgain, refuseCreditsAsked } from './credit-note.js';
import { documentTerms, exemptionOn, partyOf } from './document.js';
import { owedCredits } from './owed-credits.js';
import type { AccountState } from './state.js';
import { daysOfCharges } from './charges.js';
import { suppliesOf } from './earlier-tax.js';
import { type Supply, taxesOf } from './tax.js';

/**
 * A credit note of no invoice: credits that are owed and that no document of the period carries, such as a service credit on a fee that was
 * invoiced months ago. What an earlier invoice asked is taxed as it was there; all else as an invoice of its date would be.
 */
export function giveCredits(command: GiveCredits & Issued, state: AccountState): Decision<AccountEvent> {
  const { creditNoteId, itemIds, configuration, client } = command;
  const credits = itemIds.map((itemId) => ({ itemId, outcome: 'corrected' as const }));
  const existing = state.creditNotes.get(creditNoteId);
  if (existing !== undefined) {
    const asked = { ...command, invoiceId: null, credits, secondPerson: null };
    return isCreditNoteAgain(existing, asked) ? [] : creditNoteIdTaken(creditNoteId);
  }
  const malformed = refuseCreditsAsked({ ...command, credits, suppliedOn: suppliedOn(command) });
  if (malformed) return malformed;
  const owed = owedCredits(itemIds, command, state);
  if (isRefusal(owed)) return owed;
  const unsaid = refuseForgoing(
    { ...command, workBy: [], secondPerson: null },
    { money: null, minutes: null },
    command.by,
  );
  if (unsaid) return unsaid;
  const given = [
    ...owed.lines.map(({ line, net }) => supplyGiven(line, net, state)),
    ...owed.charges.map(({ charge, net }) => supplyGiven(charge, net, state)),
  ];
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
  const taxes = taxesOf(given, currency, { rules: configuration, client, issueDate: command.issueDate });
  if (isRefusal(taxes)) return taxes;
  return creditNoteEvents(command, factsOf(command, currency, taxes.totals), owed);
}

/** The days of the work, and the first days of the charges, that are named. */
function suppliedOn({ itemIds, items, charges, configuration }: GiveCredits): readonly LocalDate[] {
  const named = new Set(itemIds);
  return [
    ...items.filter(({ itemId }) => named.has(itemId)).map(({ workDate }) => workDate),
    ...daysOfCharges(
      charges.filter(({ chargeItemId }) => named.has(chargeItemId)),
      configuration,
    ),
  ];
}

function supplyGiven(line: InvoiceLine | FrozenCharge, net: MoneyJson, state: AccountState): Supply {
  return { ...at(suppliesOf([line], state), 0, 'the supply of a credit'), net };
}

function factsOf(command: GiveCredits, currency: Currency, totals: Totals): CreditNoteFacts {
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
    taxExemption: exemptionOn(totals, client),
    ...documentTerms(configuration),
    ...totals,
    reasonCode,
    comment,
    secondPerson: null,
  };
}
