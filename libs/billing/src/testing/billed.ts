import { type Issued, Money, type MoneyJson, fold, isRefusal } from '@billtrail/kernel';
import type { AccountEvent, BillingConfiguration, TaxTotal } from '../events.js';
import { chargeAdjustmentId } from '../item/item-key.js';
import type { ChargeItem, FrozenCharge } from '../item/charge-item.js';
import type { TaxRules } from '../configuration-shape.js';
import { account } from '../account/account.js';
import type { AccountCommand, CreditAsked, GiveCredits, RequestCreditNoteIssue } from '../account/commands.js';
import { CONFIGURATION } from './facts.js';
import { feeItem } from './items.js';

const issued: Issued = { at: '2026-04-01T00:00:00Z', by: { id: 'acc-1', role: 'accounts' } };
const CLIENT = { name: 'Bluegum Dental', taxId: null, address: null, taxExemption: null };
const WHY = { reasonCode: 'wrong-price', comment: 'agreed' } as const;
const DAY = '2026-04-01';

export function fee(termId: string, amount: string, changes: Partial<ChargeItem> = {}, currency = 'AUD'): ChargeItem {
  const money = { amount, currency };
  return feeItem(termId, amount, { net: money, unitPrice: money, ...changes });
}

/** What is owed of a fee that documents asked for: its n-th adjustment. */
export function owed(of: ChargeItem, amount: string, documentIds: readonly string[] = ['I1'], number = 1): ChargeItem {
  const { chargeId, net, basis } = of;
  const before = { documentIds, why: 'the terms changed', net: net.amount, now: '0' };
  return {
    ...of,
    chargeItemId: chargeAdjustmentId(chargeId, number),
    net: { ...net, amount },
    quantity: '-1',
    unit: 'adjustment',
    basis: { ...basis, before },
  };
}

/** More of a fee as it was invoiced before adjustments said what they adjust: at the rate of its own day. */
export function raisedBefore(of: ChargeItem, amount: string): ChargeItem {
  return { ...owed(of, amount, []), quantity: '1' };
}

export function discountOf(net: string, reduces: NonNullable<ChargeItem['basis']['reduces']>): ChargeItem {
  const { basis } = fee('off', net);
  return fee('off', net, { kind: 'discount', basis: { ...basis, reduces } });
}

function cents(money: MoneyJson | undefined): number {
  return money === undefined ? 0 : Number(Money.from(money).toMinor());
}

/** An account, by its own decisions. */
export class Account {
  private events: AccountEvent[] = [];
  private notes = 0;
  constructor(public rules: Partial<BillingConfiguration> & Partial<TaxRules> = {}) {}

  tries(command: AccountCommand): string {
    const decision = account.decide({ ...command, ...issued }, fold(account, this.events));
    if (isRefusal(decision)) return decision.code;
    this.events.push(...decision);
    return 'accepted';
  }

  private get configuration(): BillingConfiguration {
    return { ...CONFIGURATION, ...this.rules };
  }

  drafts(invoiceId: string, charges: readonly ChargeItem[], issueDate = DAY): string {
    const ofMarch = { clientId: 'cli-1', period: '2026-03', invoiceId, issueDate, items: [], charges };
    const { configuration } = this;
    return this.tries({ type: 'DraftInvoice', ...ofMarch, configuration, client: CLIENT });
  }

  issues(invoiceId: string, charges: readonly ChargeItem[], issueDate = DAY): string {
    const asked = { invoiceId, issueDate, items: [], charges, configuration: this.configuration, client: CLIENT };
    const number = { series: 'INV', numberInSeries: this.events.length, number: `INV-${this.events.length}` };
    return this.all([
      () => this.tries({ type: 'ApproveInvoice', invoiceId, configuration: this.configuration, related: null }),
      () => this.tries({ type: 'RequestInvoiceIssue', ...asked }),
      () => this.tries({ type: 'RecordInvoiceIssue', invoiceId, ...number }),
    ]);
  }

  bills(invoiceId: string, charges: readonly ChargeItem[], issueDate = DAY): string {
    return this.all([
      () => this.drafts(invoiceId, charges, issueDate),
      () => this.issues(invoiceId, charges, issueDate),
    ]);
  }

  /** What the first that is not accepted answers. */
  private all(steps: readonly (() => string)[]): string {
    for (const step of steps) {
      const answer = step();
      if (answer !== 'accepted') return answer;
    }
    return 'accepted';
  }

  /** By a credit note of no invoice. */
  gives(...charges: readonly ChargeItem[]): string {
    return this.givesOn(DAY, charges);
  }

  givesOn(issueDate: string, charges: readonly ChargeItem[]): string {
    const itemIds = charges.map(({ chargeItemId }) => chargeItemId);
    const asked = {
      creditNoteId: this.nextNote(),
      clientId: 'cli-1',
      period: '2026-03',
      issueDate,
      itemIds,
      ...WHY,
    };
    const { configuration } = this;
    return this.credited(asked.creditNoteId, {
      type: 'GiveCredits',
      ...asked,
      items: [],
      charges,
      configuration,
      client: CLIENT,
    });
  }

  credits(invoiceId: string, credits: readonly CreditAsked[], charges: readonly ChargeItem[] = []): string {
    const asked = { creditNoteId: this.nextNote(), invoiceId, issueDate: DAY, credits, ...WHY };
    const { configuration } = this;
    const rated = { items: [], charges, configuration };
    return this.credited(asked.creditNoteId, { type: 'RequestCreditNoteIssue', ...asked, workBy: [], ...rated });
  }

  /** Requested and issued. */
  private credited(creditNoteId: string, request: RequestCreditNoteIssue | GiveCredits): string {
    const numberInSeries = this.events.length;
    const number = { series: 'CN', numberInSeries, number: `CN-${numberInSeries}` };
    return this.all([
      () => this.tries(request),
      () => this.tries({ type: 'RecordCreditNoteIssue', creditNoteId, ...number }),
    ]);
  }

  settles(invoiceId: string, charge: ChargeItem): string {
    return this.credits(invoiceId, [{ itemId: charge.chargeItemId, outcome: 'corrected' }], [charge]);
  }

  private nextNote(): string {
    this.notes += 1;
    return `C${this.notes}`;
  }

  /** An invoice as if one of its charges had been taxed otherwise at 0 %: a total of its own. */
  taxes(invoiceId: string, of: ChargeItem, otherwise: Pick<TaxTotal, 'treatment' | 'reason'>): void {
    const { taxCategory, net } = of;
    const tax = { ...net, amount: '0.00' };
    const told = ({ net: whole, ...total }: TaxTotal): readonly TaxTotal[] => {
      const rest = Money.from(whole).minus(Money.from(net)).toJSON();
      return [
        { ...total, net: rest },
        { ...total, ...otherwise, net },
      ];
    };
    this.events = this.events.map((event): AccountEvent => {
      if (event.type === 'InvoiceIssueRequested' && event.data.invoiceId === invoiceId)
        return { ...event, data: { ...event.data, taxTotals: event.data.taxTotals.flatMap(told) } };
      if (event.type !== 'InvoiceLinesAdded' || event.data.invoiceId !== invoiceId) return event;
      const charges = (event.data.charges ?? []).map((charge): FrozenCharge => {
        const isOther = charge.chargeItemId === of.chargeItemId;
        const taxation = isOther ? otherwise : ({ treatment: 'gst-free', reason: 'a' } as const);
        return { ...charge, taxes: [{ taxCategory, rate: '0', tax, net: charge.net, ...taxation }] };
      });
      return { ...event, data: { ...event.data, charges } };
    });
  }

  /** In cents, what an invoice asked for. */
  askedBy(invoiceId: string): { readonly net: number; readonly tax: number } {
    const [asked] = this.events.flatMap(({ type, data }) =>
      type === 'InvoiceIssueRequested' && data.invoiceId === invoiceId ? [data] : [],
    );
    return { net: cents(asked?.net), tax: cents(asked?.tax) };
  }

  /** In cents, what its notes, the notes of no invoice, and the lines of other invoices give back of it. */
  givenBack(invoiceId: string): { readonly net: number; readonly tax: number } {
    const all = this.events.flatMap(({ type, data }): readonly (readonly [number, number])[] => {
      if (type === 'CreditNoteIssueRequested') return [[cents(data.net), cents(data.tax)]];
      if (type !== 'InvoiceLinesAdded') return [];
      const taxes = (data.charges ?? []).flatMap((charge) => charge.taxes);
      return taxes.flatMap(({ net, tax, givesBack }) =>
        givesBack?.documentId === invoiceId ? [[-cents(net), -cents(tax)]] : [],
      );
    });
    const sum = (amounts: readonly number[]): number => amounts.reduce((one, other) => one + other, 0);
    return { net: sum(all.map(([net]) => net)), tax: sum(all.map(([, tax]) => tax)) };
  }

  /** Of each document in its order `net at rate: tax`, one for each tax total. */
  told(): readonly string[] {
    return this.events.flatMap(({ type, data }) =>
      type === 'InvoiceIssueRequested' || type === 'CreditNoteIssueRequested'
        ? [data.taxTotals.map(({ net, rate, tax }) => `${net.amount} at ${rate}: ${tax.amount}`).join(', ')]
        : [],
    );
  }

  /** The taxes that charges on invoices and notes state: `-33.35: -3.33 of I1`. */
  stated(): readonly string[] {
    const charges = this.events.flatMap(({ type, data }) => {
      if (type === 'InvoiceLinesAdded') return data.charges ?? [];
      return type === 'CreditNoteLinesAdded' ? data.charges.map(({ charge }) => charge) : [];
    });
    return charges.flatMap(({ taxes }) =>
      taxes.map(
        ({ net, tax, givesBack }) => `${net?.amount}: ${tax.amount}${givesBack ? ` of ${givesBack.documentId}` : ''}`,
      ),
    );
  }
}

export const again = (of: ChargeItem): CreditAsked => ({ itemId: of.chargeItemId, outcome: 'bill-again' });
export const forgo = (of: ChargeItem, amount: string): CreditAsked => ({
  itemId: of.chargeItemId,
  outcome: 'written-off',
  net: { amount, currency: of.net.currency },
});
