import { contractCommands as contracts } from '@billtrail/application';
import { line, type Reckoning } from './reckoning.js';

const contractId = 'protea-licences';

/**
 * Forty-four seats, committed for a year: fewer take effect with the next, and the vendor gives nothing back. In June six people leave; in August nine join, of
 * whom six take the seats that are unused, so three are paid for to the end of the year.
 */
export const seatsAreCommitted: Reckoning = {
  title:
    'annual seats, August: a committed year, where fewer seats give nothing back and more fill the unused ones first',
  client: { clientId: 'protea' },
  opens: '2026-03-02',
  contracts: `
    clients:
      - clientId: protea
        currency: AUD
        contracts:
          - contractId: ${contractId}
            name: Licences
            priority: 10
            effectiveFrom: 2026-03-01
            terms:
              coverage: [{ id: all, name: All work, match: {}, outcome: billable }]
              rateCard:
                id: card
                name: Rates
                currency: AUD
                labour: [{ workType: null, engineerRole: null, pricePerHour: '150.00' }]
                minimumMinutes: 0
                incrementMinutes: 15
                roundingScope: entry
                materials: { pricing: list }
                expenses: { markupPercent: '0' }
                taxCategories: { time: GST, material: GST, expense: GST }
              recurringCharges:
                - { id: seats, name: Each seat, basis: per-user, countOf: seat, price: '252.00', everyMonths: 12, cycleAnchor: calendar, billed: in-advance, taxCategory: GST, commitment: { until: 2027-02-28, increaseOnly: true } }
            counts: [{ countOf: seat, count: 44, from: 2026-03-01 }]
  `,
  stages: [
    {
      on: '2026-03-02',
      what: 'the year in advance',
      invoice: {
        invoiceId: 'I1',
        period: '2026-03',
        lines: [
          line(
            `${contractId}@fee@seats@2026-03-01`,
            '44 seat',
            '252.00',
            '44 x 252.00',
            '11,088.00',
            'forty-four seats',
          ),
        ],
        tax: [['GST', '11,088.00 x 10/100', '1,108.80']],
        total: '12,196.80',
      },
    },
    {
      on: '2026-06-12',
      what: 'six leave: six seats are unused, nothing is owed, and nothing is missed',
      happens: (msp) => msp.send(contracts.RecordCount, { contractId, countOf: 'seat', count: 38, from: '2026-06-10' }),
    },
    {
      on: '2026-09-01',
      what: 'nine join on 1 August: forty-seven, three above the forty-four',
      happens: async (msp) => {
        await msp.send(contracts.RecordCount, { contractId, countOf: 'seat', count: 47, from: '2026-08-01' });
        const ticket = await msp.ticket('T1', 'protea');
        await ticket.time('W1', 100, '2026-08-03');
        await ticket.resolves();
      },
      invoice: {
        invoiceId: 'I2',
        period: '2026-08',
        lines: [
          line(
            `${contractId}@fee@seats@2026-08-01`,
            '3 seat',
            '252.00',
            '3 x 252.00 x 212/365',
            '439.10',
            '31 + 30 + 31 + 30 + 31 + 31 + 28 = 212 days to 28 February',
          ),
          line('W1', '1.75 h', '150.00', '105/60 x 150.00', '262.50', '100 min are 105 by steps of 15'),
        ],
        tax: [['GST', '701.60 x 10/100', '70.16']],
        total: '771.76',
      },
    },
    {
      on: '2027-03-01',
      what: 'seven left in December: the next year begins with forty',
      happens: (msp) => msp.send(contracts.RecordCount, { contractId, countOf: 'seat', count: 40, from: '2026-12-05' }),
      invoice: {
        invoiceId: 'I3',
        period: '2027-03',
        lines: [
          line(`${contractId}@fee@seats@2027-03-01`, '40 seat', '252.00', '40 x 252.00', '10,080.00', 'forty seats'),
        ],
        tax: [['GST', '10,080.00 x 10/100', '1,008.00']],
        total: '11,088.00',
      },
    },
  ],
};
