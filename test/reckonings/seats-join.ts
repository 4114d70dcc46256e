import { contractCommands as contracts } from '@billtrail/application';
import { gap, line, type Reckoning } from './reckoning.js';

const contractId = 'hibiscus-licences';

/**
 * Licences of a year that begins on 1 March; a seat costs 1.00 a day. Four people join on the 16th and one on the 25th, when the year is paid for
 * already: they pay for what is left of it, and the next year begins with all of them.
 */
export const seatsJoin: Reckoning = {
  title: 'annual seats, March: five people join when the year is paid for, and the next year begins with all of them',
  client: { clientId: 'hibiscus' },
  opens: '2026-03-02',
  contracts: `
    clients:
      - clientId: hibiscus
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
                workTypes: [{ workType: onboarding, mode: flat, price: '45.00', per: entry }]
                minimumMinutes: 0
                incrementMinutes: 1
                roundingScope: entry
                materials: { pricing: list }
                expenses: { markupPercent: '0' }
                taxCategories: { time: GST, material: GST, expense: GST }
              recurringCharges:
                - { id: platform, name: Platform of the year, basis: fixed, price: '12000.00', everyMonths: 12, billed: in-advance, taxCategory: GST }
                - { id: seats, name: Each seat, basis: per-user, countOf: seat, price: '365.00', everyMonths: 12, billed: in-advance, taxCategory: GST }
            counts: [{ countOf: seat, count: 10, from: 2026-03-01 }]
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
            `${contractId}@fee@platform@2026-03-01`,
            '1 cycle',
            '12,000.00',
            '12,000.00',
            '12,000.00',
            'one year, in one line',
          ),
          line(`${contractId}@fee@seats@2026-03-01`, '10 seat', '365.00', '10 x 365.00', '3,650.00', 'ten seats'),
        ],
        tax: [['GST', '15,650.00 x 10/100', '1,565.00']],
        total: '17,215.00',
      },
    },
    {
      on: '2026-03-26',
      what: 'four joined on the 16th and one on the 25th, with a headset each',
      happens: async (msp) => {
        await msp.send(contracts.RecordCount, { contractId, countOf: 'seat', count: 14, from: '2026-03-16' });
        await msp.send(contracts.RecordCount, { contractId, countOf: 'seat', count: 15, from: '2026-03-25' });
        const first = await msp.ticket('T1', 'hibiscus');
        await first.time('W1', 70, '2026-03-16', { type: 'onboarding' });
        await first.uses('M1', '4', '89.90', '2026-03-16');
        await first.resolves('listed');
        const second = await msp.ticket('T2', 'hibiscus');
        await second.time('W2', 20, '2026-03-25', { type: 'onboarding' });
        await second.uses('M2', '1', '89.90', '2026-03-25');
        await second.resolves('listed');
      },
      gaps: [
        gap(
          'contract-mismatch',
          `${contractId}@fee@seats@2026-03-01@a1`,
          '1,741.00',
          'four seats from the 16th, 365 - 15 = 350 days, and one from the 25th, 365 - 24 = 341 days',
          '4 x 365.00 x 350/365 + 1 x 365.00 x 341/365',
        ),
      ],
    },
    {
      on: '2026-04-01',
      what: 'March is over',
      invoice: {
        invoiceId: 'I2',
        period: '2026-03',
        lines: [
          line(
            `${contractId}@fee@seats@2026-03-01@a1`,
            '1 adjustment',
            '1,741.00',
            '4 x 365.00 x 350/365 + 1 x 365.00 x 341/365',
            '1,741.00',
            '1,400.00 for the four and 341.00 for the one',
          ),
          line('W1', '1 flat', '45.00', '45.00', '45.00', 'a fixed price, whatever it took'),
          line('W2', '1 flat', '45.00', '45.00', '45.00', 'and once more'),
          line('M1', '4 piece', '89.90', '4 x 89.90', '359.60', 'four headsets'),
          line('M2', '1 piece', '89.90', '1 x 89.90', '89.90', 'and one'),
        ],
        tax: [['GST', '2,280.50 x 10/100', '228.05']],
        total: '2,508.55',
      },
    },
    {
      on: '2027-03-01',
      what: 'the next year',
      invoice: {
        invoiceId: 'I3',
        period: '2027-03',
        lines: [
          line(`${contractId}@fee@platform@2027-03-01`, '1 cycle', '12,000.00', '12,000.00', '12,000.00', 'one year'),
          line(`${contractId}@fee@seats@2027-03-01`, '15 seat', '365.00', '15 x 365.00', '5,475.00', 'all fifteen'),
        ],
        tax: [['GST', '17,475.00 x 10/100', '1,747.50']],
        total: '19,222.50',
      },
    },
  ],
};
