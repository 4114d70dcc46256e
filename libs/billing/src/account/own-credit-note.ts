import {
  type Currency,
  type Decision,
  type Issued,
  type LocalDate,
  Money,
  type MoneyJson,
  type Refusal,
  at,
  isRefusal,
  refuse,
} from '@billtrail/kernel';
import { creditNoteSeriesOf } from '../configuration.js';
import type { AccountEvent, CreditNoteFacts, PartyOnDocument, Totals } from '../events.js';
import type { LineTax } from '../item/frozen-item.js';
import { refuseForgoing } from '../second-person.js';
import type { GiveCredits } from './commands.js';
import { creditNoteAgain, creditNoteEvents, refuseCreditsAsked } from './credit-note.js';
import { NO_DOCUMENT_TERMS, exemptionOn, partyOf, roundingOf } from './document.js';
import { type Line, itemIdOf } from './lines-of-credit.js';
import { inShort } from './named.js';
import { owedCredits } from './owed-credits.js';
import { type Addressed, addressed, grouped, recipientNamed, recipientOf, refuseRecipient } from './recipients.js';
import { refuseAboveInvoice } from './above-invoice.js';
import { refuseLostParties, sellerOf } from './seller.js';
import type { AccountState } from './state.js';
import { daysOfCharges } from './charges.js';
import { invoicesCredited, suppliesOf } from './supplies.js';
import { refuseBeforeCredited } from './issue-date.js';
import { taxesOf } from './tax.js';
import { refuseUnderWay } from './under-way.js';

/**
 * A credit note of no invoice: credits that are owed and that no document of the period carries, such as a service credit on a fee that was
 * invoiced months ago. What an earlier invoice asked is taxed as it was there; all else as an invoice of its date would be.
 */
export function giveCredits(command: GiveCredits & Issued, state: AccountState): Decision<AccountEvent> {
  const { creditNoteId, itemIds, configuration } = command;
  const credits = itemIds.map((itemId) => ({ itemId, outcome: 'corrected' as const }));
  const existing = state.creditNotes.get(creditNoteId);
  if (existing !== undefined) {
    const asked = { ...command, invoiceId: null, credits };
    return creditNoteAgain(existing, asked);
  }
  const malformed =
    refuseUnderWay(state) ?? refuseCreditsAsked({ ...command, credits, suppliedOn: suppliedOn(command) });
  if (malformed) return malformed;
  const owed = owedCredits(itemIds, command, state);
  if (isRefusal(owed)) return owed;
  const given = [...owed.lines.map(({ line }) => line), ...owed.charges.map(({ charge }) => charge)];
  const recipientId = recipientOfAll(command, given);
  if (isRefusal(recipientId)) return recipientId;
  const client = recipientNamed(recipientId, command);
  const early = refuseBeforeCredited(command.issueDate, invoicesCredited(given, state));
  if (early) return early;
  const unsaid = refuseForgoing('credit', { ...command, workBy: [] }, command.by);
  if (unsaid) return unsaid;
  const seller = sellerOf(configuration.organisation);
  if (isRefusal(seller)) return seller;
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
  const supplies = suppliesOf(given, state, command.elsewhere);
  const above = refuseAboveInvoice(given, supplies, state);
  if (above) return above;
  const taxing = { rules: configuration, client, issueDate: command.issueDate };
  const taxed = taxesOf(supplies, currency, taxing);
  if (isRefusal(taxed)) return taxed;
  const taxesAt = (index: number): readonly LineTax[] => at(taxed.lineTaxes, index, 'the tax of credit');
  const lost = refuseLostParties({ seller, buyer: partyOf(client) });
  if (lost) return lost;
  const note = { ...command, recipientId, client };
  return creditNoteEvents(command, factsOf(note, seller, currency, givenBack(taxed.totals)), {
    lines: owed.lines.map((one, index) => ({ ...one, line: addressed({ ...one.line, taxes: taxesAt(index) }, note) })),
    charges: owed.charges.map((one, index) => {
      const taxes = taxesAt(owed.lines.length + index);
      return { ...one, charge: addressed({ ...one.charge, taxes }, note) };
    }),
  });
}

/** Who is owed all of it. Refuses: SeveralRecipients, BillToUnknown, BillToChained. */
function recipientOfAll({ clientId, period, receiving }: GiveCredits, given: readonly Line[]): string | Refusal {
  if (receiving === undefined) return clientId;
  const [first, ...others] = grouped(given, (one) => recipientOf(one, receiving));
  const recipientId = first?.[0] ?? clientId;
  if (first === undefined || others.length === 0) return refuseRecipient(recipientId, given, receiving) ?? recipientId;
  const recipients = [first, ...others].map(([id, all]) => ({ recipientId: id, items: all.map(itemIdOf) }));
  const told = recipients.map((one) => `${one.recipientId} (${inShort(one.items)})`).join(' and ');
  return refuse(
    'SeveralRecipients',
    `The credits are owed to ${told}; a credit note goes to one client.`,
    'Give each its own by a note of its own: name the items of one, or `billtrail invoice give-credit CLIENT MONTH --all --recipient CLIENT --reason CODE --comment TEXT`.',
    { clientId, period, recipients },
  );
}

/** What lines ask for, as a note gives it back: lines that are owed are negative. */
function givenBack({ taxTotals, net, tax, total }: Totals): Totals {
  const negated = (money: MoneyJson): MoneyJson => Money.from(money).negated().toJSON();
  return {
    taxTotals: taxTotals.map((one) => ({
      ...one,
      net: negated(one.net),
      tax: negated(one.tax),
      ...(one.byName && { byName: one.byName.map((each) => ({ ...each, tax: negated(each.tax) })) }),
    })),
    net: negated(net),
    tax: negated(tax),
    total: negated(total),
  };
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

function factsOf(
  command: GiveCredits & Addressed,
  seller: PartyOnDocument,
  currency: Currency,
  totals: Totals,
): CreditNoteFacts {
  const { creditNoteId, clientId, period, recipientId, issueDate, reasonCode, comment, configuration, client } =
    command;
  return {
    creditNoteId,
    clientId,
    period,
    currency,
    recipientId,
    invoiceId: null,
    invoiceNumber: null,
    issueDate,
    series: creditNoteSeriesOf(configuration).series,
    seller,
    buyer: partyOf(client),
    taxExemption: exemptionOn(totals, client),
    ...NO_DOCUMENT_TERMS,
    ...roundingOf(configuration),
    ...totals,
    reasonCode,
    comment,
    secondPerson: null,
  };
}
