import { type LocalDate, Money, type MoneyJson, addTo, at, fold, isRefusal, known } from '@billtrail/kernel';
import {
  type AccountEvent,
  type ChargeItem,
  REMEDY_OF_NEGATIVE_DRAFT,
  account,
  daysOfOtherTax,
  groupingOf,
  recipientOf,
  siteOf,
  whyUntaxed,
} from '@billtrail/billing';
import type { Invoice } from '@billtrail/read-models';
import type { CommandPorts } from '../command-path/command-definition.js';
import { clientOf } from '../commands/references.js';
import { configurationOf, todayOf } from '../configuration.js';
import { accountStream } from '../invoicing/account.js';
import { staleDraft, type StaleDraft } from './stale-drafts.js';

interface Warning {
  readonly message: string;
  readonly net: MoneyJson;
}

/** A charge that is due in the period of an invoice and is on no document. */
interface ChargeLacking extends Warning {
  readonly code: 'ChargeLacking';
  readonly chargeItemId: string;
}

/** A draft with credits above all the rest: its issue would be refused. */
interface NegativeTotal extends Warning {
  readonly code: 'NegativeTotal';
  /** With tax, as the refusal of the issue tells it; null: the draft has none. */
  readonly total: MoneyJson | null;
}

/** An amount off of which nothing in the period could take the whole. */
interface DiscountLeftOver extends Warning {
  readonly code: 'DiscountLeftOver';
  readonly contractId: string;
  readonly discountId: string;
}

/** Days of issue on which a draft would have another tax: its issue is refused there. */
interface TaxByIssueDay extends Warning {
  readonly code: 'TaxByIssueDay';
  readonly from: LocalDate;
  readonly to: LocalDate;
  /** What it would be. */
  readonly tax: MoneyJson;
}

/** A draft without tax: a category has no rate on a day. Its approval would be refused. */
interface TaxLacking extends Warning {
  readonly code: 'TaxLacking';
}

export type InvoiceWarning = StaleDraft | ChargeLacking | NegativeTotal | DiscountLeftOver | TaxByIssueDay | TaxLacking;

/**
 * A draft whose lines are stale, that comes to less than nothing, or whose tax changes with its day of issue, and charges missing from a draft or an invoice: recurring charges, minimums, discounts and credits that are
 * due on its date (or today) and on no document. Not refusals: charges may be billed separately, and until then each is a gap `contract-mismatch`. Empty
 * for a discarded draft.
 */
export async function invoiceWarnings(ports: CommandPorts, invoiceId: string): Promise<readonly InvoiceWarning[]> {
  const { store, models, clock } = ports;
  const invoice = await models.invoices.get(invoiceId);
  if (invoice === null || invoice.status === 'discarded') return [];
  const { clientId, period } = invoice;
  const day = invoice.issueDate ?? todayOf(await configurationOf(store), clock());
  const charges = await models.charges.ofPeriod(clientId, period);
  const isOwn = await chargesOf(ports, invoice, charges);
  const lacking = charges
    .filter(
      (charge) =>
        charge.disposition === 'billable' &&
        charge.billableFrom <= day &&
        !Money.from(charge.net).isZero() &&
        isOwn(charge),
    )
    .map(({ chargeItemId, description, net }): ChargeLacking => ({
      code: 'ChargeLacking',
      message: `${description} (${chargeItemId}) of ${net.amount} ${net.currency} is due in ${period} and on no draft or invoice: gap contract-mismatch.`,
      chargeItemId,
      net,
    }));
  const stale = await staleDraft(ports, invoice);
  return [
    ...(stale === null ? [] : [stale]),
    ...negativeTotal(invoice),
    ...(await taxByIssueDay(ports, invoice)),
    ...lacking,
    ...leftOver(charges, period),
  ];
}

/** Which charges could be on an invoice: those that its recipient receives and, where the client's invoices are by contract or site, of its own. The others have documents of theirs. */
async function chargesOf(
  ports: CommandPorts,
  { invoiceId, clientId, period, recipientId, siteId }: Invoice,
  charges: readonly ChargeItem[],
): Promise<(charge: ChargeItem) => boolean> {
  const { models, store } = ports;
  const client = await clientOf(store, clientId);
  if (isRefusal(client)) return () => true;
  const contracts = await models.billableItems.contractsOf(clientId);
  const elsewhere = models.documentFacts.askedElsewhere(clientId, charges);
  // The fixed price of a ticket goes where its work goes.
  const { siteOfTicket } = charges.some(({ kind }) => kind === 'incident')
    ? await models.billableItems.explainedOfPeriod(clientId, period)
    : { siteOfTicket: new Map<string, null>() };
  const received = { items: [], charges, siteOfTicket, contracts, elsewhere };
  const receiving = models.documentFacts.receiving(clientId, received);
  const grouping = groupingOf({ client, configuration: await configurationOf(store) });
  const contractId = grouping === 'by-contract' ? await contractOf(ports, invoiceId) : null;
  return (charge) =>
    recipientOf(charge, receiving) === recipientId &&
    (contractId === null || charge.contractId === contractId) &&
    (grouping !== 'by-site' || siteOf(charge, receiving) === siteId);
}

/** The contract of the first line of an invoice. */
async function contractOf({ models }: CommandPorts, invoiceId: string): Promise<string | null> {
  const { items: lines } = await models.invoices.lines(invoiceId, { limit: 1 });
  const { items: charges } = await models.invoices.charges(invoiceId, { limit: 1 });
  return [...lines, ...charges][0]?.contractId ?? null;
}

/** Of a draft without tax which category has no rate; of others, where the day of issue decides the rate of tax, on which days it decides for another one. */
async function taxByIssueDay(
  { models, store, clock }: CommandPorts,
  invoice: Invoice,
): Promise<readonly (TaxByIssueDay | TaxLacking)[]> {
  const { invoiceId, status, net, tax } = invoice;
  if (status !== 'draft' && status !== 'approved') return [];
  const configuration = await configurationOf(store);
  const client = await clientOf(store, invoice.recipientId);
  if (isRefusal(client)) return [];
  const { events } = await store.readStream(accountStream(invoice));
  const state = fold(account, events as readonly AccountEvent[]);
  const draft = known(state.invoices, invoiceId, 'draft');
  const today = todayOf(configuration, clock());
  // Drafts of schema version 1 never said it, and are approved without.
  if (tax === null && draft.hash === null) return [];
  if (tax === null) {
    const why = whyUntaxed(draft, state, { rules: configuration, client, issueDate: draft.meantFor ?? today });
    const cause = why ?? 'When it was drafted, the configuration lacked a rate; it has one now.';
    const message = `Draft ${invoiceId} says nothing of its tax and can't be approved. ${cause} Add what lacks (POST /v1/configuration), discard the draft and draft it anew.`;
    return [{ code: 'TaxLacking', message, net }];
  }
  const elsewhere = models.documentFacts.askedElsewhere(invoice.clientId, draft.charges);
  const days = daysOfOtherTax(draft, state, configuration, client, today, elsewhere);
  return days.map(({ from, to, tax: other }) => {
    const message = `Issued from ${from} to ${to}, draft ${invoiceId} would have ${other.amount} ${other.currency} of tax, not ${tax.amount}: that is refused. To issue it on such a day, discard it and draft it anew with \`issueDate\`.`;
    return { code: 'TaxByIssueDay', message, net, from, to, tax: other };
  });
}

/** What of each amount off the period's charges did not take: `net` says how much. */
function leftOver(charges: readonly ChargeItem[], period: string): readonly DiscountLeftOver[] {
  const byDiscount = new Map<string, ChargeItem[]>();
  for (const charge of charges)
    if (charge.kind === 'discount') addTo(byDiscount, `${charge.contractId} ${charge.basis.termId}`, charge);
  return [...byDiscount.values()].flatMap((of): readonly DiscountLeftOver[] => {
    const { contractId, basis, net: one } = at(of, of.length - 1, 'the charges of a discount');
    const { termId: discountId, discountAmount } = basis;
    if (discountAmount === null) return [];
    const given = Money.sum(
      of.map(({ net }) => Money.from(net)),
      one.currency,
    );
    const left = Money.of(discountAmount, one.currency).rounded().plus(given);
    if (left.isZero() || left.isNegative()) return [];
    const message = `${left.toString()} of discount ${discountId} of contract ${contractId}, ${discountAmount} a month, is not used: nothing is left in ${period} to take it off.`;
    return [{ code: 'DiscountLeftOver', message, net: left.toJSON(), contractId, discountId }];
  });
}

function negativeTotal({ invoiceId, status, net, total }: Invoice): readonly NegativeTotal[] {
  if ((status !== 'draft' && status !== 'approved') || !Money.from(total ?? net).isNegative()) return [];
  const sum = total === null ? `${net.amount} ${net.currency} net` : `${total.amount} ${total.currency}`;
  const message = `Draft ${invoiceId} comes to ${sum} and can't be issued. ${REMEDY_OF_NEGATIVE_DRAFT}`;
  return [{ code: 'NegativeTotal', message, net, total }];
}
