import { covered, line, type Reckoning } from './reckoning.js';

const contractId = 'grevillea-retainer';
const fee = (month: string) =>
  line(
    `${contractId}@fee@fee@${month}-01`,
    '1 cycle',
    '1,300.00',
    '1,300.00',
    '1,300.00',
    'the retainer of the month, in advance',
  );
const shortfall = (month: string) =>
  line(
    `${contractId}@minimum@least@${month}-01`,
    '1 period',
    '200.00',
    '1,500.00 - 1,300.00',
    '200.00',
    'no other work was billed',
  );

/**
 * Ten hours a month for 1,300.00. What is left of a month is drawn first in the next, and lapses at its end. Beyond the hours 165.00, whatever the
 * time of day. Critical work is never prepaid. The client pays at least 1,500.00 a month.
 */
export const retainerRollsOver: Reckoning = {
  title: 'a retainer, January to March: hours roll over, lapse, and run out',
  client: { clientId: 'grevillea' },
  opens: '2026-01-05',
  contracts: `
    clients:
      - clientId: grevillea
        currency: AUD
        contracts:
          - contractId: ${contractId}
            name: Retainer
            priority: 10
            effectiveFrom: 2026-01-01
            terms:
              coverage:
                - { id: urgent, name: Urgent work, match: { kinds: [time], priorities: [critical] }, outcome: billable }
                - { id: labour, name: Labour, match: { kinds: [time] }, outcome: prepaid }
                - { id: goods, name: Goods and expenses, match: {}, outcome: billable }
              prepaid:
                allotment: { id: hours, name: Ten hours a month, base: { unit: minutes, minutes: 600 }, rollOver: one-period }
                overage: { pricePerHour: '165.00', multiplied: false }
              rateCard:
                id: card
                name: Rates
                currency: AUD
                labour: [{ workType: null, engineerRole: null, pricePerHour: '150.00' }]
                rateClassMultipliers: [{ rateClass: after-hours, multiplier: '1.5' }]
                minimumMinutes: 30
                incrementMinutes: 15
                roundingScope: entry
                materials: { pricing: list }
                expenses: { markupPercent: '0' }
                taxCategories: { time: GST, material: GST, expense: GST }
              recurringCharges:
                - { id: fee, name: Retainer, basis: retainer, price: '1300.00', billed: in-advance, taxCategory: GST }
              minimumCommitment: { id: least, name: At least, amountPerPeriod: '1500.00', countsRecurring: true, taxCategory: GST }
  `,
  stages: [
    {
      on: '2026-01-05',
      what: 'January in advance',
      invoice: {
        invoiceId: 'I1',
        period: '2026-01',
        lines: [fee('2026-01')],
        tax: [['GST', '1,300.00 x 10/100', '130.00']],
        total: '1,430.00',
      },
    },
    {
      on: '2026-02-02',
      what: 'January is over: six of ten hours were used, and the month is below its minimum',
      happens: async (msp) => {
        const ticket = await msp.ticket('T1', 'grevillea');
        await ticket.time('W1', 355, '2026-01-12');
        await ticket.resolves();
      },
      invoice: {
        invoiceId: 'I2',
        period: '2026-01',
        lines: [
          covered('W1', '6 h', '355 min are 360 by steps of 15; 600 - 360 = 240 roll over'),
          shortfall('2026-01'),
        ],
        tax: [['GST', '200.00 x 10/100', '20.00']],
        total: '220.00',
      },
      left: { 'hours of 2026-01': '240 min' },
    },
    {
      on: '2026-02-02',
      what: 'February in advance',
      invoice: {
        invoiceId: 'I3',
        period: '2026-02',
        lines: [fee('2026-02')],
        tax: [['GST', '1,300.00 x 10/100', '130.00']],
        total: '1,430.00',
      },
    },
    {
      on: '2026-03-02',
      what: 'February is over: the hours of January were drawn first, and 135 min of them lapsed',
      happens: async (msp) => {
        const ticket = await msp.ticket('T2', 'grevillea');
        await ticket.time('W2', 95, '2026-02-09');
        await ticket.resolves();
      },
      invoice: {
        invoiceId: 'I4',
        period: '2026-02',
        lines: [covered('W2', '1.75 h', '95 min are 105, of the 240 of January'), shortfall('2026-02')],
        tax: [['GST', '200.00 x 10/100', '20.00']],
        total: '220.00',
      },
      left: { 'hours of 2026-02': '600 min' },
    },
    {
      on: '2026-03-02',
      what: 'March in advance',
      invoice: {
        invoiceId: 'I5',
        period: '2026-03',
        lines: [fee('2026-03')],
        tax: [['GST', '1,300.00 x 10/100', '130.00']],
        total: '1,430.00',
      },
    },
    {
      on: '2026-04-01',
      what: 'March is over: 600 min of February and 600 of its own were there, and 1,260 were worked; the month is above its minimum',
      happens: async (msp) => {
        const move = await msp.ticket('T3', 'grevillea');
        await move.time('W3', 400, '2026-03-05');
        await move.time('W4', 455, '2026-03-12');
        await move.time('W5', 350, '2026-03-19');
        await move.time('W6', 20, '2026-03-26', { rateClass: 'after-hours' });
        await move.resolves();
        const outage = await msp.ticket('T4', 'grevillea', { priority: 'critical' });
        await outage.time('W7', 40, '2026-03-27');
        await outage.resolves();
      },
      invoice: {
        invoiceId: 'I6',
        period: '2026-03',
        lines: [
          covered('W3', '6.75 h', '400 min are 405, of February; 600 - 405 = 195 are left'),
          covered('W4@p1', '3.25 h', '455 min are 465: the last 195 of February'),
          covered('W4@p2', '4.5 h', 'and 465 - 195 = 270 of March; 330 are left'),
          covered('W5@p1', '5.5 h', '350 min are 360: the last 330 of March'),
          line('W5@p2', '0.5 h', '165.00', '30/60 x 165.00', '82.50', '360 - 330 = 30 min beyond the hours'),
          line(
            'W6',
            '0.5 h',
            '165.00',
            '30/60 x 165.00',
            '82.50',
            '20 min are 30, the minimum; after hours, and the contract does not raise the price beyond the hours',
          ),
          line(
            'W7',
            '0.75 h',
            '150.00',
            '45/60 x 150.00',
            '112.50',
            '40 min are 45; critical work is billed by the card',
          ),
        ],
        tax: [['GST', '277.50 x 10/100', '27.75']],
        total: '305.25',
      },
      left: { 'hours of 2026-02': '0 min', 'hours of 2026-03': '0 min' },
    },
  ],
};
