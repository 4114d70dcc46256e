import { contractCommands as contracts } from '@billtrail/application';
import { line, type Reckoning } from './reckoning.js';

const contractId = 'hibiscus-licences';

/**
 * Licences of a year that is the contract's own, from 15 March. In August four people join, and one in September: each pays to the end of the year that all
 * have, and in the month in which it is known.
 */
export const seatsJoin: Reckoning = {
  title: 'annual seats, August: people join in the middle of the year, and the next year begins with all of them',
  client: { clientId: 'hibiscus' },
  opens: '2026-03-15',
  contracts: `
    clients:
      - clientId: hibiscus
        currency: AUD
        contracts:
          - contractId: ${contractId}
            name: Licences
            priority: 10
            effectiveFrom: 2026-03-15
            terms:
              coverage: [{ id: all, name: All work, match: {}, outcome: billable }]
              rateCard:
                id: card
                name: Rates
                currency: AUD
                labour: [{ workType: null, engineerRole: null, pricePerHour: '150.00' }]
                workTypes: [{ workType: onboarding, mode: flat, price: '45.00', per: entry }]
                minimumMinutes: 0
                incrementMinutes: 1
                roundingScope: entry
                materials: { pricing: list }
                expenses: { markupPercent: '0' }
                taxCategories: { time: GST, material: GST, expense: GST }
              recurringCharges:
                - { id: platform, name: Platform of the year, basis: fixed, price: '12000.00', everyMonths: 12, cycleAnchor: contract-day, billed: in-advance, taxCategory: GST }
                - { id: seats, name: Each seat, basis: per-user, countOf: seat, price: '372.00', everyMonths: 12, cycleAnchor: contract-day, billed: in-advance, taxCategory: GST }
            counts: [{ countOf: seat, count: 10, from: 2026-03-15 }]
  `,
  stages: [
    {
      on: '2026-03-15',
      what: 'the year in advance, from 15 March 2026 to 14 March 2027',
      invoice: {
        invoiceId: 'I1',
        period: '2026-03',
        lines: [
          line(
            `${contractId}@fee@platform@2026-03-15`,
            '1 cycle',
            '12,000.00',
            '12,000.00',
            '12,000.00',
            'one year, in one line',
          ),
          line(`${contractId}@fee@seats@2026-03-15`, '10 seat', '372.00', '10 x 372.00', '3,720.00', 'ten seats'),
        ],
        tax: [['GST', '15,720.00 x 10/100', '1,572.00']],
        total: '17,292.00',
      },
    },
    {
      on: '2026-09-01',
      what: 'four joined on 15 August, with a headset each',
      happens: async (msp) => {
        await msp.send(contracts.RecordCount, { contractId, countOf: 'seat', count: 14, from: '2026-08-15' });
        const ticket = await msp.ticket('T1', 'hibiscus');
        await ticket.time('W1', 70, '2026-08-17', { type: 'onboarding' });
        await ticket.uses('M1', '4', '89.90', '2026-08-17');
        await ticket.resolves('listed');
      },
      invoice: {
        invoiceId: 'I2',
        period: '2026-08',
        lines: [
          line(
            `${contractId}@fee@seats@2026-08-15`,
            '4 seat',
            '372.00',
            '4 x 372.00 x 212/365',
            '864.26',
            '17 + 30 + 31 + 30 + 31 + 31 + 28 + 14 = 212 days to 14 March',
          ),
          line('W1', '1 flat', '45.00', '45.00', '45.00', 'a fixed price, whatever it took'),
          line('M1', '4 piece', '89.90', '4 x 89.90', '359.60', 'four headsets'),
        ],
        tax: [['GST', '1,268.86 x 10/100', '126.89']],
        total: '1,395.75',
      },
    },
    {
      on: '2026-10-01',
      what: 'one more joined on 5 September',
      happens: async (msp) => {
        await msp.send(contracts.RecordCount, { contractId, countOf: 'seat', count: 15, from: '2026-09-05' });
        const ticket = await msp.ticket('T2', 'hibiscus');
        await ticket.time('W2', 20, '2026-09-07', { type: 'onboarding' });
        await ticket.resolves();
      },
      invoice: {
        invoiceId: 'I3',
        period: '2026-09',
        lines: [
          line(
            `${contractId}@fee@seats@2026-09-05`,
            '1 seat',
            '372.00',
            '1 x 372.00 x 191/365',
            '194.66',
            '26 + 31 + 30 + 31 + 31 + 28 + 14 = 191 days to 14 March',
          ),
          line('W2', '1 flat', '45.00', '45.00', '45.00', 'a fixed price'),
        ],
        tax: [['GST', '239.66 x 10/100', '23.97']],
        total: '263.63',
      },
    },
    {
      on: '2027-03-15',
      what: 'the next year',
      invoice: {
        invoiceId: 'I4',
        period: '2027-03',
        lines: [
          line(`${contractId}@fee@platform@2027-03-15`, '1 cycle', '12,000.00', '12,000.00', '12,000.00', 'one year'),
          line(`${contractId}@fee@seats@2027-03-15`, '15 seat', '372.00', '15 x 372.00', '5,580.00', 'all fifteen'),
        ],
        tax: [['GST', '17,580.00 x 10/100', '1,758.00']],
        total: '19,338.00',
      },
    },
  ],
};
