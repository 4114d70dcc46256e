import { TicketStory } from '../scenarios/ticket-story.js';
import { covered, gap, line, type Reckoning } from './reckoning.js';

const contractId = 'correa-money';

/**
 * A block of money, sold for less than it holds, beside a few hours that expire on the 5th. Work takes from the money what it costs by the card: at
 * least 30 minutes, in steps of 15, half as much again after hours. Beyond it the card's price is asked, for the contract states none.
 */
export const blocksOfMoney: Reckoning = {
  title:
    'a block of money, March: hours first, then money, then the card; and an entry that is voided after its invoice',
  client: { clientId: 'correa' },
  opens: '2026-03-02',
  contracts: `
    clients:
      - clientId: correa
        currency: AUD
        contracts:
          - contractId: ${contractId}
            name: Money in advance
            priority: 10
            effectiveFrom: 2026-03-01
            terms:
              coverage:
                - { id: labour, name: Labour, match: { kinds: [time] }, outcome: prepaid }
                - { id: goods, name: Goods and expenses, match: {}, outcome: billable }
              prepaid: {}
              rateCard:
                id: card
                name: Rates
                currency: AUD
                labour: [{ workType: null, engineerRole: null, pricePerHour: '160.00' }]
                rateClassMultipliers: [{ rateClass: after-hours, multiplier: '1.5' }]
                minimumMinutes: 30
                incrementMinutes: 15
                roundingScope: entry
                materials: { pricing: list }
                expenses: { markupPercent: '0' }
                taxCategories: { time: GST, material: GST, expense: GST }
            blocks:
              - { blockId: M, amount: { unit: money, money: { amount: '1020.00', currency: AUD } }, purchasedOn: 2026-03-01, price: { net: { amount: '950.00', currency: AUD }, taxCategory: GST } }
              - { blockId: N, amount: { unit: minutes, minutes: 90 }, purchasedOn: 2026-03-01, expiresOn: 2026-03-05 }
  `,
  stages: [
    {
      on: '2026-03-02',
      what: 'the money is paid for',
      invoice: {
        invoiceId: 'I1',
        period: '2026-03',
        lines: [line(`${contractId}@block@M@2026-03-01`, '1 block', '950.00', '950.00', '950.00', '1,020.00 of work')],
        tax: [['GST', '950.00 x 10/100', '95.00']],
        total: '1,045.00',
      },
      left: { M: '1020.00', N: '90 min' },
    },
    {
      on: '2026-03-24',
      what: 'three tickets are done',
      happens: async (msp) => {
        const move = await msp.ticket('T1', 'correa');
        await move.time('W1', 130, '2026-03-02');
        await move.time('W2', 70, '2026-03-09', { rateClass: 'after-hours' });
        await move.resolves();
        const backup = await msp.ticket('T2', 'correa');
        await backup.time('W3', 150, '2026-03-16');
        await backup.resolves();
        const mail = await msp.ticket('T3', 'correa');
        await mail.time('W4', 100, '2026-03-23');
        await mail.resolves();
      },
      invoice: {
        invoiceId: 'I2',
        period: '2026-03',
        lines: [
          covered('W1@p1', '1.5 h', '130 min are 135 by steps of 15: the 90 of N, which expire first'),
          covered('W1@p2', '0.75 h', 'and 45 min of money: 0.75 x 160.00 = 120.00; 900.00 are left'),
          covered('W2', '1.25 h', '70 min are 75: 1.25 x 160.00 x 1.5 = 300.00; 600.00 are left'),
          covered('W3', '2.5 h', '2.5 x 160.00 = 400.00; 200.00 are left'),
          covered('W4@p1', '1.25 h', '100 min are 105, which cost 280.00: 200.00 / 160.00 = 1.25 h are paid for'),
          line('W4@p2', '0.5 h', '160.00', '280.00 - 200.00', '80.00', 'the rest at the price of the card'),
        ],
        tax: [['GST', '80.00 x 10/100', '8.00']],
        total: '88.00',
      },
      left: { M: '0.00', N: '0 min' },
    },
    {
      on: '2026-03-30',
      what: 'the last entry was not done at all: 80.00 are credited, and 200.00 go back to the block',
      happens: (msp) => new TicketStory(msp, 'T3').voids('W4'),
      creditNote: {
        creditNoteId: 'C1',
        invoiceId: 'I2',
        period: '2026-03',
        credits: [{ itemId: 'W4@a2', outcome: 'corrected' }],
        lines: [{ id: 'W4@a2', sum: '80.00', net: '80.00', why: 'what was asked beyond the block' }],
        tax: [['GST', '80.00 x 10/100', '8.00']],
        total: '88.00',
      },
      gaps: [
        gap(
          'work-not-recorded',
          'T3',
          'of no stated value',
          'a ticket was resolved, and nothing is known of its work any more',
        ),
      ],
      left: { M: '200.00', N: '0 min' },
    },
  ],
};
