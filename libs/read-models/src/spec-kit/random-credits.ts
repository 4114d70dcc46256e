import { Money } from '@billtrail/kernel';
import { lineOf, type CreditedCharge, type CreditedLine } from '@billtrail/billing';
import type { Invoice, NumberedCharge } from '../invoices/query.js';
import type { ReadModels } from '../read-models.js';
import type { Step } from './random-steps.js';
import { DOCUMENT, event, type Story } from './story.js';

/** Takes something of a frozen invoice back, as the account would let it: a line or a charge whole, or a part of a line's money, or a credit owed. */
export async function credit(
  story: Story,
  models: ReadModels,
  { client: clientId, period, number }: Extract<Step, { period: string }>,
): Promise<void> {
  const invoices = (await models.invoices.list({ clientId, period, status: 'issuing' }, { limit: 200 })).items;
  const invoice = invoices[number % Math.max(invoices.length, 1)];
  if (!invoice) return;
  const credits = await creditsOf(models, invoice, number);
  if (credits.lines.length + credits.charges.length === 0) return;
  const creditNoteId = `CN.${await story.store.head()}`;
  await story.account(clientId, period, ...noteOf(creditNoteId, invoice, credits));
}

interface Credits {
  readonly lines: readonly CreditedLine[];
  readonly charges: readonly CreditedCharge[];
}

async function creditsOf(models: ReadModels, invoice: Invoice, number: number): Promise<Credits> {
  const { invoiceId, clientId, period } = invoice;
  const open = (await models.invoices.lines(invoiceId)).items.filter(
    ({ credits = [] }) => !credits.some(({ isWhole }) => isWhole),
  );
  const works = new Set(open.map(({ workItemId }) => workItemId));
  const owed = (await models.billableItems.explainedOfPeriod(clientId, period)).items.find(
    (item) => item.disposition === 'billable' && works.has(item.workItemId) && isNegative(item.net?.amount),
  );
  const line = owed === undefined ? null : lineOf(owed);
  if (line !== null && number % 2 === 0) {
    const net = Money.from(line.net).negated().toJSON();
    return { lines: [{ line, outcome: 'corrected', net, isWhole: true }], charges: [] };
  }
  const outcome = number % 3 === 0 ? 'written-off' : 'bill-again';
  const charges = (await models.invoices.charges(invoiceId)).items.filter(({ credits }) => credits === undefined);
  return {
    lines: open.flatMap((numbered): readonly CreditedLine[] => {
      const { lineNumber: _, credits = [], ...whole } = numbered;
      const left = credits.reduce((sum, { net }) => sum.minus(Money.from(net)), Money.from(whole.net));
      if (isNegative(whole.net.amount) && outcome === 'written-off') return [];
      const part = Money.of('0.07', left.currency);
      if (number % 5 !== 4 || left.compare(part) < 0)
        return [{ line: whole, outcome, net: left.toJSON(), isWhole: true }];
      return [{ line: whole, outcome: 'written-off', net: part.toJSON(), isWhole: false }];
    }),
    charges:
      number % 7 < 3
        ? charges.map((charge) => ({ charge: plain(charge), outcome, net: charge.net, isWhole: true }))
        : [],
  };
}

function isNegative(amount: string | undefined): boolean {
  return amount?.startsWith('-') === true;
}

function plain(numbered: NumberedCharge): CreditedCharge['charge'] {
  const { lineNumber: _, credits: __, ...charge } = numbered;
  return charge;
}

/** Asks for a note of no invoice that says nothing, and leaves it there. */
export async function creditUnderWay(story: Story, clientId: string, period: string): Promise<void> {
  const of = { invoiceId: null, clientId, period, currency: 'AUD' };
  const [requested, added] = noteOf('CN.under-way', of, { lines: [], charges: [] });
  await story.account(clientId, period, requested, added);
}

/** Requested, and issued. */
function noteOf(
  creditNoteId: string,
  invoice: Pick<Invoice, 'clientId' | 'period' | 'currency'> & { readonly invoiceId: string | null },
  { lines, charges }: Credits,
) {
  const { invoiceId, clientId, period, currency } = invoice;
  const net = Money.sum(
    [...lines, ...charges].map((one) => Money.from(one.net)),
    currency,
  ).toJSON();
  const facts = {
    creditNoteId,
    clientId,
    period,
    currency,
    invoiceId,
    invoiceNumber: 'INV-1',
    issueDate: '2026-05-01',
  };
  const why = { reasonCode: 'goodwill', comment: 'late', secondPerson: null };
  const note = { ...facts, series: 'CN', ...DOCUMENT, net, tax: Money.zero(currency).toJSON(), total: net, ...why };
  return [
    event('CreditNoteIssueRequested', note),
    event('CreditNoteLinesAdded', { creditNoteId, invoiceId, lines, charges }),
    event('CreditNoteIssued', { ...note, number: creditNoteId, numberInSeries: 1 }),
  ] as const;
}
