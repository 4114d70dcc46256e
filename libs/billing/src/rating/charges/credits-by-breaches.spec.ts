import { describe, expect, it } from '@jest/globals';
import type { CreditByBreaches, ServiceLevels } from '@billtrail/contracts';
import { frozenChargeOf } from '../../account/charges.js';
import type { ClientPeriodFacts } from '../../client-period.js';
import type { ChargeItem } from '../../item/charge-item.js';
import { storyOf } from '../../story.js';
import { contractWith, fee, monthOf, onInvoice } from '../../testing/charges.js';
import { charged } from '../../testing/steps.js';
import type { ContractFacts, SlaBreach } from '../facts.js';

const STEPS = [
  { from: 1, percent: '2' },
  { from: 3, percent: '5' },
  { from: 6, percent: '10' },
];
const levels = (more: Partial<CreditByBreaches> = {}, beside: Partial<ServiceLevels> = {}): ServiceLevels => ({
  policy: {
    id: 'sla',
    name: 'Gold',
    calendar: { timeZone: 'Australia/Sydney', openingHours: {}, holidays: [] },
    targets: {},
    pausesOnThirdParty: false,
    warnAtPercent: [],
  },
  credits: [],
  creditsByBreaches: [{ id: 'missed', name: 'Missed targets', steps: STEPS, taxCategory: 'GST', ...more }],
  ...beside,
});
const under = (serviceLevels: ServiceLevels, fees = [fee({ price: '900.00' })]): ContractFacts =>
  contractWith({ recurringCharges: fees, serviceLevels });
const breaches = (count: number, changes: Partial<SlaBreach> = {}): readonly SlaBreach[] =>
  Array.from({ length: count }, (_, index) => ({
    ticketId: `T-${index}`,
    target: 'response',
    priority: 'high',
    breachedOn: `2026-03-${10 + index}`,
    contractId: 'con-1',
    eventId: `ev-${index}`,
    ...changes,
  }));
const creditsIn = (
  contract: ContractFacts,
  slaBreaches: readonly SlaBreach[],
  changes: Partial<ClientPeriodFacts> = {},
): readonly ChargeItem[] =>
  charged(monthOf('2026-03', [contract], { slaBreaches, ...changes }), []).charges.filter(
    ({ kind }) => kind === 'service-credit',
  );
const shown = (charges: readonly ChargeItem[]) =>
  charges.map(({ chargeItemId, net, taxCategory }) => `${chargeItemId.slice(6)} ${net.amount} ${taxCategory}`);
const given = (count: number, contract = under(levels())) => shown(creditsIn(contract, breaches(count)));
const MISSED = 'breaches@missed@2026-03-01';

describe('a service credit by the number of breaches of a month', () => {
  it('is that of the step which they reach: 2, 5 and 10 % of 900.00', () => {
    expect([0, 1, 2, 3, 5, 6, 40].map((count) => given(count))).toEqual([
      [],
      [`${MISSED} -18.00 GST`],
      [`${MISSED} -18.00 GST`],
      [`${MISSED} -45.00 GST`],
      [`${MISSED} -45.00 GST`],
      [`${MISSED} -90.00 GST`],
      [`${MISSED} -90.00 GST`],
    ]);
  });

  it('says by which breaches, and its sum can be checked by hand', () => {
    const [credit] = creditsIn(under(levels()), breaches(3));
    expect(credit).toMatchObject({
      description: 'Missed targets, 3 breaches: 5 % of 900.00',
      from: '2026-03-01',
      to: '2026-03-31',
      billableFrom: '2026-04-01',
      ticketId: null,
      sourceEventIds: ['ev-0', 'ev-1', 'ev-2'],
      basis: { breaches: { counted: 3, from: 3 } },
    });
    expect(frozenChargeOf(credit!).parts).toMatchObject([
      { label: 'price', quantity: '-0.05', unitPrice: { amount: '900.00' }, amount: { amount: '-45.00' } },
    ]);
    expect(storyOf(credit!).map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        'credit Missed targets (missed) of contract con-1 version 1: 3 targets missed in 2026-03: response of T-0 on 2026-03-10, response of T-1 on 2026-03-11, response of T-2 on 2026-03-12; the step from 3 on',
      ]),
    );
  });

  it('never gives less for more breaches: 45.00 for three, also where the step of three is 1.00', () => {
    const mixed = levels({
      steps: [
        { from: 1, percent: '5' },
        { from: 3, amount: '1.00' },
        { from: 6, amount: '60.00' },
      ],
    });
    expect([2, 3, 5, 6].map((count) => given(count, under(mixed)))).toEqual([
      [`${MISSED} -45.00 GST`],
      [`${MISSED} -45.00 GST`],
      [`${MISSED} -45.00 GST`],
      [`${MISSED} -60.00 GST`],
    ]);
    // Of 10.00 a month 5 % are 0.50: the step of three gives more.
    const small = under(mixed, [fee({ price: '10.00' })]);
    expect([2, 3].map((count) => given(count, small))).toEqual([[`${MISSED} -0.50 GST`], [`${MISSED} -1.00 GST`]]);
    const [three, six] = [3, 6].map((count) => creditsIn(under(mixed), breaches(count))[0]);
    expect([three?.description, six?.description]).toEqual([
      'Missed targets, 3 breaches: 5 % of 900.00',
      'Missed targets, 6 breaches: 60.00',
    ]);
    expect(three?.basis.breaches).toEqual({ counted: 3, from: 1 });
    expect(three?.trace[0]?.text).toContain('the step from 1 on, which gives more than that from 3 on');
  });

  it('counts a target that was recorded as missed twice once, and once more in a second life of its ticket', () => {
    const twice = breaches(2).flatMap((one) => [one, { ...one, eventId: `${one.eventId}-again` }]);
    expect(shown(creditsIn(under(levels()), twice))).toEqual([`${MISSED} -18.00 GST`]);
    expect(creditsIn(under(levels()), twice)[0]?.sourceEventIds).toEqual(['ev-0', 'ev-1']);
    const again = breaches(1, { run: 2, breachedOn: '2026-03-20' });
    expect(shown(creditsIn(under(levels()), [...breaches(2), ...again]))).toEqual([`${MISSED} -45.00 GST`]);
  });

  it('counts what fits target and priorities, and nothing below its first step', () => {
    const late = under(levels({ target: 'resolution', priorities: ['high'], steps: [{ from: 2, amount: '50.00' }] }));
    const resolution = { target: 'resolution' } as const;
    expect(shown(creditsIn(late, breaches(3)))).toEqual([]);
    expect(shown(creditsIn(late, breaches(3, { ...resolution, priority: 'low' })))).toEqual([]);
    expect(shown(creditsIn(late, breaches(1, resolution)))).toEqual([]);
    expect(shown(creditsIn(late, breaches(2, resolution)))).toEqual([`${MISSED} -50.00 GST`]);
  });

  it('is at most what is left of the maximum, after the credits for each', () => {
    const each = {
      id: 'late',
      name: 'Late',
      target: 'response',
      credit: { kind: 'amount', amount: '20.00' },
      taxCategory: 'GST',
    } as const;
    expect(given(3, under(levels({}, { credits: [each], maximumCreditPerPeriod: '80.00' })))).toEqual([
      `${MISSED} -20.00 GST`,
      'credit@late@T-0@response -20.00 GST',
      'credit@late@T-1@response -20.00 GST',
      'credit@late@T-2@response -20.00 GST',
    ]);
  });

  it('after the invoice is adjusted to the step that is reached then, and given back where none is', () => {
    const contract = under(levels());
    const invoicedCharges = onInvoice(creditsIn(contract, breaches(2)));
    const then = (count: number, changed = contract) =>
      shown(creditsIn(changed, breaches(count), { invoicedCharges })).slice(1);
    expect([1, 2, 3, 6, 0].map((count) => then(count))).toEqual([
      [],
      [],
      [`${MISSED}@a1 -27.00 GST`],
      [`${MISSED}@a1 -72.00 GST`],
      [`${MISSED}@a1 18.00 GST`],
    ]);
    // It is measured on the charges that it was measured on first.
    const dearer = under(levels(), [fee({ price: '1200.00' })]);
    expect([then(2, dearer), then(3, dearer)]).toEqual([[], [`${MISSED}@a1 -27.00 GST`]]);
    const adjusted = onInvoice(creditsIn(contract, breaches(3), { invoicedCharges }).slice(1), 'inv-2');
    const both = { invoicedCharges: [...invoicedCharges, ...adjusted] };
    expect(shown(creditsIn(contract, breaches(3), both))).toEqual([`${MISSED} -18.00 GST`, `${MISSED}@a1 -27.00 GST`]);
    expect(shown(creditsIn(contract, breaches(1), both)).slice(2)).toEqual([`${MISSED}@a2 27.00 GST`]);
    const [, more] = creditsIn(contract, breaches(3), { invoicedCharges });
    expect(more?.trace.at(-1)?.text).toContain('recalculated: 3 breaches in the month after');
  });

  it('takes no tax category below zero, also when its step rises', () => {
    const fees = [fee({ price: '30.00' }), fee({ id: 'free', price: '870.00', taxCategory: 'FREE' })];
    const contract = under(levels(), fees);
    expect(given(1, contract)).toEqual([`${MISSED} -18.00 GST`]);
    expect(given(3, contract)).toEqual([`${MISSED}@tax-FREE -45.00 FREE`]);
    const invoicedCharges = onInvoice(creditsIn(contract, breaches(1)));
    expect(shown(creditsIn(contract, breaches(3), { invoicedCharges }))).toEqual([
      `${MISSED} -18.00 GST`,
      `${MISSED}@a1 18.00 GST`,
      `${MISSED}@tax-FREE -45.00 FREE`,
    ]);
  });
});
