import { describe, expect, it } from '@jest/globals';
import { type Issued, fold, isRefusal } from '@billtrail/kernel';
import type { BillingConfiguration } from '../events.js';
import { CONFIGURATION } from '../testing/facts.js';
import { aud, feeItem, hourItem } from '../testing/items.js';
import { account } from './account.js';
import { orOnItsDay, refuseChangedTax } from './changed-tax.js';
import type { DraftInvoice } from './commands.js';
import { roundingOf } from './document.js';
import { daysOfOtherTax, whyUntaxed } from './issue-days.js';
import type { AccountState } from './state.js';
import { suppliesOf } from './supplies.js';
import { taxesOf } from './tax.js';

const issued: Issued = { at: '2026-04-01T00:00:00Z', by: { id: 'acc-1', role: 'accounts' } };
const CLIENT = { name: 'Bluegum Dental', taxId: null, address: null, taxExemption: null };
const TODAY = '2026-04-01';

function configured(rates: readonly (readonly [string, string])[], more: Partial<BillingConfiguration> = {}) {
  const rate = rates.map(([from, percent]) => ({ from, rate: percent }));
  return { ...CONFIGURATION, taxRates: { GST: { rate }, FREE: '0' }, ...more };
}

/** The account with a draft of a fee of 100.00 from a day, made for its issue on the first of April. */
function drafted(
  configuration: BillingConfiguration,
  from = '2026-03-01',
  more: Partial<DraftInvoice> = {},
): { readonly state: AccountState; readonly invoice: Parameters<typeof whyUntaxed>[0] } {
  const command: DraftInvoice & Issued = {
    type: 'DraftInvoice',
    invoiceId: 'inv-1',
    clientId: 'cli-1',
    period: '2026-03',
    issueDate: TODAY,
    isDateStated: true,
    items: [],
    charges: [feeItem('fee', '100.00', { from })],
    configuration,
    client: CLIENT,
    ...issued,
    ...more,
  };
  const decision = account.decide(command, account.initialState);
  if (isRefusal(decision)) throw new Error(decision.message);
  const state = fold(account, decision);
  const invoice = state.invoices.get('inv-1');
  if (invoice === undefined) throw new Error('no draft');
  return { state, invoice };
}

describe('the days of issue on which a draft has another tax', () => {
  const told = (configuration: BillingConfiguration, from?: string, more?: Partial<DraftInvoice>) => {
    const { state, invoice } = drafted(configuration, from, more);
    return daysOfOtherTax(invoice, state, configuration, CLIENT, TODAY, []).map(
      ({ from: first, to, tax }) => `${first} to ${to}: ${tax.amount}`,
    );
  };
  // A month before 1 March, the day of the fee, until a month after today: 29 January to 2 May.
  const RATES = [
    ['2020-01-01', '8'],
    ['2026-03-10', '10'],
    ['2026-04-15', '15'],
    ['2026-04-20', '10'],
    ['2026-05-02', '11'],
    ['2026-05-03', '20'],
  ] as const;

  it('are those between the changes of its rate, within the limits of days of issue', () => {
    expect(told(configured(RATES))).toEqual([
      '2026-01-29 to 2026-03-09: 8.00',
      '2026-04-15 to 2026-04-19: 15.00',
      '2026-05-02 to 2026-05-02: 11.00',
    ]);
  });

  it('begin with the first that is allowed, also where a rate begins on it', () => {
    const rates = [
      ['2020-01-01', '5'],
      ['2026-03-10', '8'],
      ['2026-03-20', '10'],
    ] as const;
    const issueDates = { daysBeforeWork: 5, daysAhead: 3 };
    expect(told(configured(rates, { issueDates }), '2026-03-15')).toEqual(['2026-03-10 to 2026-03-19: 8.00']);
  });

  it('are looked for at each change of any rate, in order, whichever category has it', () => {
    const dated = (...rates: readonly (readonly [string, string])[]) => rates.map(([from, rate]) => ({ from, rate }));
    const taxRates = {
      LATE: { rate: dated(['2026-04-20', '1']) },
      FIXED: { rate: '5' },
      GST: {
        taxes: [
          { name: 'GST', rate: '10' },
          { name: 'PST', rate: dated(['2020-01-01', '0'], ['2026-04-15', '7']) },
        ],
      },
    };
    expect(told({ ...CONFIGURATION, taxRates })).toEqual([
      '2026-04-15 to 2026-04-19: 17.00',
      '2026-04-20 to 2026-05-02: 17.00',
    ]);
  });

  it('go by the last day of work and charges', () => {
    const rates = [
      ['2020-01-01', '8'],
      ['2026-03-10', '10'],
    ] as const;
    const issueDates = { daysBeforeWork: 2, daysAhead: 0 };
    const more = { items: [hourItem('w-1', { workDate: '2026-03-11' })] };
    expect(told(configured(rates, { issueDates }), '2026-03-01', more)).toEqual(['2026-03-09 to 2026-03-09: 20.00']);
    expect(told(configured(rates, { issueDates }), '2026-03-12', more)).toEqual([]);
    // Today is 1 April.
    const back = { daysBeforeWork: 31, daysAhead: 0, daysBack: 23 };
    expect(told(configured(rates, { issueDates: back }), '2026-03-01', more)).toEqual([
      '2026-03-09 to 2026-03-09: 20.00',
    ]);
  });

  it('are none where the day of each supply decides, and none of those on which there is no rate', () => {
    expect(told(configured(RATES, { taxDate: 'supply' }))).toEqual([]);
    expect(told(configured([['2026-03-10', '10']]))).toEqual([]);
    expect(told({ ...CONFIGURATION, taxRates: { GST: '10' } })).toEqual([]);
  });

  it('are none of a draft that says nothing of its tax', () => {
    const { state, invoice } = drafted(configured(RATES));
    const before = { ...invoice, totals: null } as typeof invoice;
    expect(daysOfOtherTax(before, state, configured(RATES), CLIENT, TODAY, [])).toEqual([]);
  });
});

describe('why a draft says nothing of its tax', () => {
  const taxing = (taxRates: BillingConfiguration['taxRates']) => ({
    rules: { taxRates },
    client: CLIENT,
    issueDate: TODAY,
  });
  it('is the category without a rate; nothing where it has one by now, or says its tax', () => {
    const { state, invoice } = drafted(CONFIGURATION);
    const untaxed = { ...invoice, totals: null } as typeof invoice;
    expect(whyUntaxed(untaxed, state, taxing({}))).toBe('The configuration has no tax rate for GST.');
    expect(whyUntaxed(untaxed, state, taxing({ GST: '10' }))).toBeNull();
    expect(whyUntaxed(invoice, state, taxing({}))).toBeNull();
  });
});

describe('a draft that has another tax on the day of issue', () => {
  const rules = configured([
    ['2020-01-01', '10'],
    ['2026-04-15', '15'],
  ]);

  /** The remedy of issuing it on a later day, under rules of then. */
  function remedyOn(issueDate: string, rulesThen: BillingConfiguration = rules, isDateStated = true): string | null {
    const { state, invoice } = drafted(rules, '2026-03-01', { isDateStated });
    const taxing = { rules: rulesThen, client: CLIENT, issueDate };
    const supplies = suppliesOf([...invoice.lines, ...invoice.charges], state);
    const now = taxesOf(supplies, 'AUD', taxing);
    if (isRefusal(now)) throw new Error(now.message);
    const refusal = refuseChangedTax(invoice, { ...now, ...roundingOf(rulesThen) }, issueDate);
    return refusal === null ? null : orOnItsDay(refusal, invoice, supplies, taxing).remedy;
  }

  it('is refused, and may be issued on the day that it was made for', () => {
    expect(remedyOn('2026-04-14')).toBeNull();
    expect(remedyOn('2026-04-15')).toMatch(
      /^Issue it on 2026-04-01, which it was drafted for: leave `issueDate` out\. Otherwise: Discard it, and draft it anew/,
    );
  });

  it('is drafted anew where its own day would not do either, or it was made for none', () => {
    const anew = /^Discard it, and draft it anew/;
    const raised = configured([['2020-01-01', '15']]);
    expect(remedyOn('2026-04-15', raised)).toMatch(anew);
    expect(remedyOn('2026-04-01', raised)).toMatch(anew);
    expect(remedyOn('2026-04-15', configured([['2026-04-15', '15']]))).toMatch(anew);
    expect(remedyOn('2026-04-15', rules, false)).toMatch(anew);
  });

  it('says the difference, and each way in which it differs', () => {
    const { state, invoice } = drafted(rules);
    const taxing = { rules, client: CLIENT, issueDate: '2026-04-15' };
    const now = taxesOf(suppliesOf([...invoice.lines, ...invoice.charges], state), 'AUD', taxing);
    if (isRefusal(now)) throw new Error(now.message);
    expect(refuseChangedTax(invoice, { ...now, taxRounding: 'line' }, '2026-04-15')).toMatchObject({
      code: 'TaxChanged',
      message:
        'Draft inv-1 was drafted with 10.00 AUD of tax; issued on 2026-04-15 it would have 15.00, a difference of 5.00 AUD (rounded by document, now by line; GST 10 % on 100.00: 10.00, now GST 15 % on 100.00: 15.00).',
      details: { approved: aud('10.00'), now: aud('15.00'), difference: aud('5.00'), issueDate: '2026-04-15' },
    });
    const approved = { ...invoice, status: 'approved' } as typeof invoice;
    expect(refuseChangedTax(approved, { ...now, taxRounding: 'document' }, '2026-04-15')?.message).toMatch(
      /^Draft inv-1 was approved with 10\.00 AUD of tax/,
    );
  });
});
