import { parse } from 'yaml';
import { contractCommands as contracts } from '@billtrail/application';
import { TicketStory } from '../scenarios/ticket-story.js';
import { covered, gap, line, type Reckoning } from './reckoning.js';

const contractId = 'acacia-retainer';
const terms = (fee: string, overage: string): string => `
              coverage:
                - { id: urgent, name: Urgent work, match: { kinds: [time], priorities: [critical] }, outcome: billable }
                - { id: labour, name: Labour, match: { kinds: [time] }, outcome: prepaid }
              prepaid:
                allotment: { id: hours, name: Eight hours a month, base: { unit: minutes, minutes: 480 }, rollOver: none }
                overage: { pricePerHour: '${overage}', multiplied: false }
              rateCard:
                id: card
                name: Rates
                currency: USD
                labour: [{ workType: null, engineerRole: null, pricePerHour: '150.00' }]
                minimumMinutes: 30
                incrementMinutes: 15
                roundingScope: entry
                materials: { pricing: list }
                expenses: { markupPercent: '0' }
                taxCategories: { time: sales, material: sales, expense: sales }
              recurringCharges:
                - { id: fee, name: Retainer, basis: retainer, price: '${fee}', billed: in-advance, taxCategory: sales }
              discounts:
                - { id: start, name: First months, kind: amount, amount: '100.00', order: after-minimum }`;

/**
 * Eight hours a month, in US dollars and with a sales tax of 8.25 %. On the 16th the fee and the price beyond the hours go up, when March is
 * invoiced. After the month an invoiced entry turns out two hours too long, and other work of March draws on what it gives back.
 */
export const retainerInDollars: Reckoning = {
  title: 'a retainer in dollars, March: prices go up on the 16th, and an entry is corrected after its invoice',
  client: { clientId: 'acacia', currency: 'USD', taxRates: { sales: '8.25' } },
  opens: '2026-03-02',
  contracts: `
    clients:
      - clientId: acacia
        currency: USD
        contracts:
          - contractId: ${contractId}
            name: Retainer
            priority: 10
            effectiveFrom: 2026-03-01
            terms:${terms('1000.00', '120.00')}
  `,
  stages: [
    {
      on: '2026-03-02',
      what: 'March in advance',
      invoice: {
        invoiceId: 'I1',
        period: '2026-03',
        lines: [
          line(
            `${contractId}@fee@fee@2026-03-01`,
            '1 cycle',
            '1,000.00',
            '1,000.00',
            '1,000.00',
            'the retainer of March',
          ),
        ],
        tax: [['sales', '1,000.00 x 8.25/100', '82.50']],
        total: '1,082.50',
      },
    },
    {
      on: '2026-03-10',
      what: 'from the 16th the fee is 1,150.00',
      happens: async (msp) => {
        const version = parse(terms('1150.00', '140.00')) as object;
        await msp.send(contracts.PublishContractVersion, { contractId, effectiveFrom: '2026-03-16', terms: version });
      },
      gaps: [
        gap(
          'contract-mismatch',
          `${contractId}@fee@fee@2026-03-01@a1`,
          '77.42',
          'the invoice lacks what the fee rose by: 1,000.00 for 15 days and 1,150.00 for 16, less what was asked',
          '483.87 + 593.55 - 1,000.00',
        ),
      ],
    },
    {
      on: '2026-04-01',
      what: 'March is over: nine hours of eight',
      happens: async (msp) => {
        const ticket = await msp.ticket('T1', 'acacia');
        await ticket.time('W1', 290, '2026-03-05');
        await ticket.time('W2', 230, '2026-03-20');
        await ticket.resolves();
      },
      invoice: {
        invoiceId: 'I2',
        period: '2026-03',
        lines: [
          line(
            `${contractId}@fee@fee@2026-03-01@a1`,
            '1 adjustment',
            '77.42',
            '483.87 + 593.55 - 1,000.00',
            '77.42',
            '1,000.00 x 15/31 = 483.87, 1,150.00 x 16/31 = 593.55; 1,000.00 were asked',
          ),
          covered('W1', '5 h', '290 min are 300; 480 - 300 = 180 are left'),
          covered('W2@p1', '3 h', '230 min are 240: the last 180'),
          line(
            'W2@p2',
            '1 h',
            '140.00',
            '60/60 x 140.00',
            '140.00',
            'and 60 beyond the hours, at the price from the 16th',
          ),
          line(
            `${contractId}@discount@start@2026-03-01@tax-sales`,
            '-1 discount',
            '100.00',
            '-100.00',
            '-100.00',
            'a hundred off the work of the month',
          ),
        ],
        tax: [['sales', '117.42 x 8.25/100', '9.69']],
        total: '127.11',
      },
      left: { 'hours of 2026-03': '0 min' },
    },
    {
      on: '2026-04-03',
      what: 'W1 took 170 minutes, and two more pieces of work of March are told late',
      happens: async (msp) => {
        await new TicketStory(msp, 'T1').corrects('W1', 170, '2026-03-05');
        const late = await msp.ticket('T2', 'acacia');
        await late.time('W3', 85, '2026-03-28');
        await late.resolves();
        const outage = await msp.ticket('T3', 'acacia', { priority: 'critical' });
        await outage.time('W4', 20, '2026-03-29');
        await outage.resolves();
      },
      invoice: {
        invoiceId: 'I3',
        period: '2026-03',
        lines: [
          covered('W1@d1', '-2 h', '170 min are 180: 300 - 180 = 120 go back to the hours of March'),
          covered('W3', '1.5 h', '85 min are 90; 120 - 90 = 30 are left'),
          line(
            'W4',
            '0.5 h',
            '150.00',
            '30/60 x 150.00',
            '75.00',
            '20 min are 30, the minimum; critical work is billed by the card',
          ),
        ],
        tax: [['sales', '75.00 x 8.25/100', '6.19']],
        total: '81.19',
      },
      left: { 'hours of 2026-03': '30 min' },
    },
  ],
};
