import { describe, expect, it } from '@jest/globals';
import type { ContractTerms } from '@billtrail/contracts';
import { frozenChargeOf } from '../../account/charges.js';
import { lineOf } from '../../account/lines.js';
import type { ClientPeriodFacts, FrozenLine } from '../../client-period.js';
import type { ChargeItem, InvoicedCharge } from '../../item/charge-item.js';
import { holderOfOwnNote } from '../../item/item-key.js';
import { rateExplained as rate } from '../../rate.js';
import { contractWith, fee } from '../../testing/charges.js';
import { facts, terms, ticketFacts, time } from '../../testing/facts.js';
import type { SlaBreach } from '../facts.js';

/** 100.00 of work, 200.00 of work in the mall, and a fee of 500.00, at 100.00 an hour. */
const HOURLY = terms({ labour: [{ workType: null, engineerRole: null, pricePerHour: '100.00' }] });
const WORK = [
  time({ workItemId: 'w-1', ticketId: 'T-1' }),
  time({ workItemId: 'w-2', ticketId: 'T-2', position: 2, minutes: 120 }),
];
const MALL = {
  siteId: 'mall',
  details: [
    {
      from: '2026-01-01',
      name: 'The mall',
      address: null,
      timeZone: null,
      calendar: null,
      holidays: null,
      billTo: 'landlord',
    },
  ],
};
const OFF = {
  id: 'off',
  name: 'Loyal',
  kind: 'amount',
  amount: '80.00',
  order: 'before-minimum',
  includesRecurring: true,
  match: {},
} as const;
const account = (changes: Partial<ContractTerms>): Partial<ClientPeriodFacts> => ({
  contracts: [contractWith({ ...HOURLY, recurringCharges: [fee({ price: '500.00' })], ...changes })],
  tickets: new Map([
    ['T-1', ticketFacts()],
    ['T-2', ticketFacts({ ticketId: 'T-2', siteId: 'mall' })],
  ]),
  billTo: 'group',
  places: { sites: [MALL] },
});
const DISCOUNTED = account({ discounts: [OFF] });
const charges = (of: Partial<ClientPeriodFacts>, work = WORK): readonly ChargeItem[] => rate(facts(work, of)).charges;
const shown = (of: Partial<ClientPeriodFacts>, kind: ChargeItem['kind'], work = WORK): readonly string[] =>
  charges(of, work)
    .filter((one) => one.kind === kind && one.disposition === 'billable')
    .map(({ chargeItemId, net, basis }) => `${chargeItemId.slice(6)} ${net.amount} ${basis.billTo ?? 'as named'}`);

/** All that one client receives, on an invoice. */
function invoicedTo(
  billTo: string,
  of: Partial<ClientPeriodFacts>,
  named: (id: string) => boolean,
  invoiceId = `inv-${billTo}`,
) {
  const rated = rate(facts(WORK, of));
  const lines = rated.items
    .filter(({ itemId, disposition }) => named(itemId) && disposition === 'billable')
    .map((item): FrozenLine => {
      const line = lineOf(item);
      if (line === null) throw new Error(`${item.itemId} makes no line`);
      return { line: { ...line, billTo, servedClientId: 'cli-1' }, invoiceId };
    });
  const frozen = rated.charges
    .filter(({ chargeItemId, disposition }) => named(chargeItemId) && disposition === 'billable')
    .map((charge): InvoicedCharge => ({
      charge: { ...frozenChargeOf(charge), billTo, servedClientId: 'cli-1' },
      invoiceId,
    }));
  return {
    ...of,
    invoiced: [...(of.invoiced ?? []), ...lines],
    invoicedCharges: [...(of.invoicedCharges ?? []), ...frozen],
  };
}

describe('an amount off what two clients receive: 80.00 of 800.00', () => {
  const both = [
    'discount@off@2026-03-01@tax-GST -60.00 as named',
    'discount@off@2026-03-01@tax-GST@paid-by-landlord -20.00 landlord',
  ];

  it('is shared by what each is billed: 60.00 of 600.00 and 20.00 of 200.00', () => {
    expect(shown(DISCOUNTED, 'discount')).toEqual(both);
  });

  it('has the tax of what it reduces, by the invoice of each', () => {
    const reduces = charges(DISCOUNTED).flatMap(({ kind, basis }) => (kind === 'discount' ? [basis.reduces] : []));
    expect(reduces).toEqual([
      [
        { on: '2026-03-01', invoiceId: null, net: '50.00' },
        { on: '2026-03-10', invoiceId: null, net: '10.00' },
      ],
      [{ on: '2026-03-10', invoiceId: null, net: '20.00' }],
    ]);
  });

  it('is the same in whichever order they are issued', () => {
    const isLandlords = (id: string) => id === 'w-2' || id.endsWith('landlord');
    const first = invoicedTo('landlord', DISCOUNTED, isLandlords);
    expect(shown(first, 'discount')).toEqual(both.slice(0, 1));
    const other = invoicedTo('group', DISCOUNTED, (id) => !isLandlords(id));
    expect(shown(other, 'discount')).toEqual(both.slice(1));
    for (const all of [
      invoicedTo('group', first, (id) => !isLandlords(id)),
      invoicedTo('landlord', other, isLandlords),
    ])
      expect(shown(all, 'discount')).toEqual([]);
  });

  it('follows work that is corrected after both invoices: 100.00 fewer of 200.00 leave 68.57 of 600.00 and 11.43 of 100.00', () => {
    const isLandlords = (id: string) => id === 'w-2' || id.endsWith('landlord');
    const billed = invoicedTo('group', invoicedTo('landlord', DISCOUNTED, isLandlords), (id) => !isLandlords(id));
    const [own, malls] = WORK.map((one) => [one]);
    const half = malls?.map((one) => ({ ...one, minutes: 60 })) ?? [];
    expect(shown(billed, 'discount', [...(own ?? []), ...half])).toEqual([
      'discount@off@2026-03-01@tax-GST@a1 -8.57 as named',
      'discount@off@2026-03-01@tax-GST@paid-by-landlord@a1 8.57 landlord',
    ]);
  });

  it('goes whole to the one whose work is left where that of the other is voided', () => {
    const isLandlords = (id: string) => id === 'w-2' || id.endsWith('landlord');
    const billed = invoicedTo('group', invoicedTo('landlord', DISCOUNTED, isLandlords), (id) => !isLandlords(id));
    expect(shown(billed, 'discount', WORK.slice(0, 1))).toEqual([
      'discount@off@2026-03-01@tax-GST@a1 -20.00 as named',
      'discount@off@2026-03-01@tax-GST@paid-by-landlord@a1 20.00 landlord',
    ]);
  });

  it('given to one of them before it was shared: 20.00 are asked of that one, and go to the other', () => {
    const alone = { ...DISCOUNTED, places: { sites: [] } };
    const billed = invoicedTo('group', alone, (id) => id !== 'w-2');
    expect(shown({ ...billed, places: { sites: [MALL] } }, 'discount')).toEqual([
      'discount@off@2026-03-01@tax-GST@a1 20.00 as named',
      'discount@off@2026-03-01@tax-GST@paid-by-landlord -20.00 landlord',
    ]);
  });

  it('is off what each was asked less what a credit note of no invoice gave back, whoever is named afterwards', () => {
    const isLandlords = (id: string) => id === 'w-2' || id.endsWith('landlord');
    const billed = invoicedTo('group', invoicedTo('landlord', DISCOUNTED, isLandlords), (id) => !isLandlords(id));
    const lower = account({ discounts: [OFF], recurringCharges: [fee({ price: '100.00' })] });
    // 400.00 of the fee go back to the group: 80.00 off 200.00 of each are 40.00.
    const isFee = (id: string) => id.startsWith('con-1@fee');
    const given = invoicedTo('group', { ...billed, ...lower }, isFee, holderOfOwnNote('cn-1'));
    const landlords = 'discount@off@2026-03-01@tax-GST@paid-by-landlord@a1 -20.00 landlord';
    const groups = 'discount@off@2026-03-01@tax-GST@a1 20.00';
    expect(shown(given, 'discount')).toEqual([`${groups} as named`, landlords]);
    expect(shown({ ...given, billTo: 'bank' }, 'discount')).toEqual([`${groups} group`, landlords]);
  });

  it('stays with who received it where another is named afterwards', () => {
    const isLandlords = (id: string) => id === 'w-2' || id.endsWith('landlord');
    const billed = invoicedTo('group', invoicedTo('landlord', DISCOUNTED, isLandlords), () => true);
    expect(shown({ ...billed, billTo: 'bank' }, 'discount')).toEqual([]);
    // What is not billed yet goes to who is named by now.
    const work = invoicedTo('group', DISCOUNTED, (id) => id === 'w-1' || id.startsWith('con-1@fee'));
    expect(shown({ ...work, billTo: 'bank' }, 'discount')).toEqual([
      'discount@off@2026-03-01@tax-GST@paid-by-group -60.00 group',
      'discount@off@2026-03-01@tax-GST@paid-by-landlord -20.00 landlord',
    ]);
  });

  it('of one recipient alone has its id and says nothing of it', () => {
    const { billTo: _billTo, places: _places, ...own } = DISCOUNTED;
    expect(shown(own, 'discount')).toEqual(['discount@off@2026-03-01@tax-GST -80.00 as named']);
  });

  it('is taken off by cents as by largest remainder: 0.02 of 200.00 and 600.00', () => {
    expect(shown(account({ discounts: [{ ...OFF, amount: '0.02' }] }), 'discount')).toEqual([
      'discount@off@2026-03-01@tax-GST -0.01 as named',
      'discount@off@2026-03-01@tax-GST@paid-by-landlord -0.01 landlord',
    ]);
  });
});

describe('a service credit on fees that two clients receive', () => {
  /** 500.00 a month until 15 March for the group, from then on for the bank: 14 and 17 of 31 days. */
  const levels = {
    policy: {
      id: 'sla',
      name: 'Gold',
      calendar: { timeZone: 'Australia/Sydney', openingHours: {}, holidays: [] },
      targets: {},
      pausesOnThirdParty: false,
      warnAtPercent: [],
    },
    credits: [],
    creditsByBreaches: [{ id: 'missed', name: 'Missed', steps: [{ from: 1, percent: '10' }], taxCategory: 'GST' }],
  };
  const breach: SlaBreach = {
    ticketId: 'T-1',
    target: 'response',
    priority: 'high',
    breachedOn: '2026-03-20',
    contractId: 'con-1',
    eventId: 'ev-breach',
  };
  const of = (billTo: string) => ({
    ...HOURLY,
    recurringCharges: [fee({ price: '500.00' })],
    serviceLevels: levels,
    billTo,
  });
  const contract = {
    ...contractWith({}),
    versions: [
      { versionNumber: 1, effectiveFrom: '2026-01-01', effectiveTo: null, terms: of('group') },
      { versionNumber: 2, effectiveFrom: '2026-03-15', effectiveTo: null, terms: of('bank') },
    ],
  };
  const two: Partial<ClientPeriodFacts> = { contracts: [contract], slaBreaches: [breach] };

  it('is shared by what each is asked: 10 % of 225.81 and of 274.19', () => {
    expect(shown(two, 'recurring')).toEqual([
      'fee@fee@2026-03-01 225.81 as named',
      'fee@fee@2026-03-15 274.19 as named',
    ]);
    expect(shown(two, 'service-credit')).toEqual([
      'breaches@missed@2026-03-01@tax-GST@paid-by-bank -27.42 bank',
      'breaches@missed@2026-03-01@tax-GST@paid-by-group -22.58 group',
    ]);
  });

  it('is the same whichever of them is invoiced first', () => {
    const first = invoicedTo('group', two, (id) => id.endsWith('2026-03-01') || id.endsWith('by-group'));
    expect(shown(first, 'service-credit')).toEqual(['breaches@missed@2026-03-01@tax-GST@paid-by-bank -27.42 bank']);
    const other = invoicedTo('bank', two, (id) => id.endsWith('2026-03-15') || id.endsWith('by-bank'));
    expect(shown(other, 'service-credit')).toEqual(['breaches@missed@2026-03-01@tax-GST@paid-by-group -22.58 group']);
  });

  it('says so where nobody is asked for a fee, and goes to who is named', () => {
    const unpaid = {
      ...HOURLY,
      serviceLevels: {
        ...levels,
        creditsByBreaches: [
          { id: 'missed', name: 'Missed', steps: [{ from: 1, amount: '30.00' }], taxCategory: 'GST' },
        ],
        maximumCreditPerPeriod: '50.00',
      },
    };
    const none = { contracts: [contractWith(unpaid)], slaBreaches: [breach], billTo: 'group' };
    expect(shown(none, 'service-credit')).toEqual(['breaches@missed@2026-03-01 -30.00 as named']);
    const credit = charges(none).find(({ kind }) => kind === 'service-credit');
    expect(credit?.trace.at(-1)?.text).toMatch(/-> -30.00 AUD; nobody is asked for a fee of the month$/);
  });
});
