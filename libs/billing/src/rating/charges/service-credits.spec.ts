import { describe, expect, it } from '@jest/globals';
import type { ServiceCredit, ServiceLevels } from '@billtrail/contracts';
import { frozenChargeOf, draftableCharges } from '../../account/charges.js';
import { whyNotCharge } from '../../account/why-not.js';
import type { ClientPeriodFacts } from '../../client-period.js';
import type { ChargeItem } from '../../item/charge-item.js';
import { contractWith, fee, monthOf, onInvoice } from '../../testing/charges.js';
import { draftedOn } from '../../testing/items.js';
import { charged } from '../../testing/steps.js';
import type { SlaBreach } from '../facts.js';

const levels = (credit: ServiceCredit['credit'], maximum?: string, taxCategory = 'GST'): ServiceLevels => ({
  policy: {
    id: 'sla',
    name: 'Gold',
    calendar: { timeZone: 'Australia/Sydney', openingHours: {}, holidays: [] },
    targets: {},
    pausesOnThirdParty: false,
    warnAtPercent: [],
  },
  credits: [{ id: 'late', name: 'Missed', target: 'response', credit, taxCategory }],
  ...(maximum === undefined ? {} : { maximumCreditPerPeriod: maximum }),
});
const breach = (ticketId = 'T-1'): SlaBreach => ({
  ticketId,
  target: 'response',
  priority: 'high',
  breachedOn: '2026-03-12',
  contractId: 'con-1',
  eventId: `ev-${ticketId}`,
});
/** 100.00 at GST and 60.00 without tax. */
const FEES = [fee({ price: '100.00' }), fee({ id: 'free', price: '60.00', taxCategory: 'FREE' })];
const under = (serviceLevels: ServiceLevels, recurringCharges = FEES) =>
  contractWith({ recurringCharges, serviceLevels });
const amount = (value: string) => ({ kind: 'amount', amount: value }) as const;
const creditsIn = (
  contract: ReturnType<typeof under>,
  changes: Partial<ClientPeriodFacts> = {},
): readonly ChargeItem[] =>
  charged(monthOf('2026-03', [contract], { slaBreaches: [breach()], ...changes }), []).charges.filter(
    ({ kind }) => kind === 'service-credit',
  );
const shown = (charges: readonly ChargeItem[]) =>
  charges.map(({ chargeItemId, net, taxCategory }) => `${chargeItemId.slice(13)} ${net.amount} ${taxCategory}`);
const parts = (charge: ChargeItem | undefined) =>
  charge === undefined
    ? []
    : frozenChargeOf(charge).parts.map(
        ({ label, quantity, unitPrice, amount: { amount: sum } }) =>
          `${label} ${quantity === null ? '' : `${quantity} x ${unitPrice?.amount} = `}${sum}`,
      );

describe('a service credit takes no tax category below zero (K7)', () => {
  it('where its own has no room for all, it is in one that has, else shared over them', () => {
    expect(shown(creditsIn(under(levels(amount('60.00')))))).toEqual(['late@T-1@response -60.00 GST']);
    expect(shown(creditsIn(under(levels(amount('80.00'), undefined, 'FREE'))))).toEqual([
      'late@T-1@response -80.00 GST',
    ]);
    expect(shown(creditsIn(under(levels(amount('130.00')))))).toEqual([
      'late@T-1@response -100.00 GST',
      'late@T-1@response@tax-FREE -30.00 FREE',
    ]);
  });

  it('what is left over is a credit of its own, which no draft takes', () => {
    const credits = creditsIn(under(levels(amount('200.00'), '500.00')));
    expect(shown(credits)).toEqual([
      'late@T-1@response -100.00 GST',
      'late@T-1@response@rest -40.00 GST',
      'late@T-1@response@tax-FREE -60.00 FREE',
    ]);
    const [, rest] = credits;
    expect(rest?.description).toBe('Missed, more than the charges of the month hold: by credit note');
    expect(rest?.trace.at(-1)?.text).toBe(
      '200.00 AUD = 200.00 AUD, at most 500.00 AUD left of 500.00 a period -> -200.00 AUD, of which 40.00 AUD for which no tax category has room',
    );
    expect(shown(draftableCharges(credits, draftedOn('2026-03-31')))).toEqual([
      'late@T-1@response -100.00 GST',
      'late@T-1@response@tax-FREE -60.00 FREE',
    ]);
    const asked = { clientId: 'cli-1', period: '2026-03', rated: { items: [], charges: credits }, configuration: {} };
    expect(whyNotCharge(rest?.chargeItemId ?? '', asked as unknown as Parameters<typeof whyNotCharge>[1])).toEqual({
      reason: 'by-note',
      text: 'a credit note gives it: POST /v1/credit-notes/owed',
    });
  });

  it('is in its own category, whole, where nothing is charged', () => {
    expect(shown(creditsIn(under(levels(amount('20.00'), '50.00'), [])))).toEqual(['late@T-1@response -20.00 GST']);
  });

  it('a later one finds what the first left', () => {
    const both = creditsIn(under(levels(amount('90.00'), '500.00')), { slaBreaches: [breach(), breach('T-2')] });
    expect(shown(both)).toEqual([
      'late@T-1@response -90.00 GST',
      'late@T-2@response -60.00 FREE',
      'late@T-2@response@rest -20.00 GST',
      'late@T-2@response@tax-GST -10.00 GST',
    ]);
  });

  it('what is on documents stands, and the rest of it stays', () => {
    const contract = under(levels(amount('200.00'), '500.00'));
    const all = creditsIn(contract);
    const some = (...indexes: readonly number[]) => onInvoice(all.filter((_, index) => indexes.includes(index)));
    for (const held of [some(0), some(1), some(2), some(0, 2), some(0, 1)]) {
      const now = creditsIn(contract, { invoicedCharges: held });
      const sum = now.reduce((total, { net }) => total + Number(net.amount), 0);
      expect([sum, now.filter(({ disposition }) => disposition === 'invoiced').length]).toEqual([-200, held.length]);
    }
    expect(shown(creditsIn(contract, { invoicedCharges: some(0, 1, 2) }))).toEqual(shown(all));
    // No breach, no credit: each part is taken back where it was given.
    const none = creditsIn(contract, { invoicedCharges: some(0, 1, 2), slaBreaches: [] });
    expect(none.filter(({ disposition }) => disposition === 'billable').map(({ net }) => net.amount)).toEqual([
      '100.00',
      '40.00',
      '60.00',
    ]);
  });
});

describe('the figures of a service credit', () => {
  it('5 % of recurring charges of 160.00 are 8.00', () => {
    const [only] = creditsIn(under(levels({ kind: 'percent-of-recurring', percent: '5' })));
    expect(parts(only)).toEqual(['price -0.05 x 160.00 = -8.00']);
  });

  it('an amount, less what is above the limit and what other tax categories take', () => {
    const [first] = creditsIn(under(levels(amount('200.00'), '130.00')));
    expect(parts(first)).toEqual(['price -1 x 200.00 = -200.00', 'limit 70.00', 'elsewhere 30.00']);
  });
});

describe('the figures of an amount off', () => {
  it('35.00 over 100.00 and 60.00, and 200.00 of which 40.00 are left over', () => {
    const off = (value: string) =>
      ({
        id: 'd',
        name: 'Off',
        kind: 'amount',
        amount: value,
        order: 'before-minimum',
        match: {},
        includesRecurring: true,
      }) as const;
    const discounts = (value: string) =>
      charged(
        monthOf('2026-03', [contractWith({ recurringCharges: FEES, discounts: [off(value)] })]),
        [],
      ).charges.filter(({ kind }) => kind === 'discount');
    // 35.00 x 100 / 160 = 21.875 and 13.125: the first of both, FREE, has the cent.
    expect(discounts('35.00').map(parts)).toEqual([
      ['price -1 x 35.00 = -35.00', 'elsewhere 21.87'],
      ['price -1 x 35.00 = -35.00', 'elsewhere 13.13'],
    ]);
    expect(discounts('200.00').map(parts)).toEqual([
      ['price -1 x 200.00 = -200.00', 'elsewhere 100.00', 'left-over 40.00'],
      ['price -1 x 200.00 = -200.00', 'elsewhere 60.00', 'left-over 40.00'],
    ]);
  });
});
