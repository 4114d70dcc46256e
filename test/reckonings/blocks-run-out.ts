import { contractCommands as contracts } from '@billtrail/application';
import { TicketStory } from '../scenarios/ticket-story.js';
import { covered, line, type Reckoning } from './reckoning.js';

const contractId = 'boronia-hours';

/**
 * Two blocks of hours: B expires on the 15th and is drawn first. On a Saturday the hours end, and the rest costs the price beyond them, which the
 * contract doubles at weekends. Then it turns out that an invoiced entry was an hour too long.
 */
export const blocksRunOut: Reckoning = {
  title: 'blocks of hours, March: they run out on a Saturday, and an invoiced entry is corrected',
  client: { clientId: 'boronia' },
  opens: '2026-03-02',
  contracts: `
    clients:
      - clientId: boronia
        currency: AUD
        contracts:
          - contractId: ${contractId}
            name: Block of hours
            priority: 10
            effectiveFrom: 2026-03-01
            terms:
              coverage:
                - { id: labour, name: Labour, match: { kinds: [time] }, outcome: prepaid }
                - { id: goods, name: Goods and expenses, match: {}, outcome: billable }
              prepaid: { overage: { pricePerHour: '150.00', multiplied: true } }
              rateCard:
                id: card
                name: Rates
                currency: AUD
                labour: [{ workType: null, engineerRole: null, pricePerHour: '140.00' }]
                rateClassMultipliers: [{ rateClass: weekend, multiplier: '2' }]
                minimumMinutes: 0
                incrementMinutes: 6
                roundingScope: ticket-day
                materials: { pricing: list }
                expenses: { markupPercent: '0' }
                taxCategories: { time: GST, material: GST, expense: GST }
            blocks:
              - { blockId: A, amount: { unit: minutes, minutes: 600 }, purchasedOn: 2026-03-01, expiresOn: 2026-12-31, price: { net: { amount: '1300.00', currency: AUD }, taxCategory: GST } }
              - { blockId: B, amount: { unit: minutes, minutes: 120 }, purchasedOn: 2026-03-01, expiresOn: 2026-03-15 }
  `,
  stages: [
    {
      on: '2026-03-02',
      what: 'block A is paid for; B was paid for elsewhere',
      invoice: {
        invoiceId: 'I1',
        period: '2026-03',
        lines: [line(`${contractId}@block@A@2026-03-01`, '1 block', '1,300.00', '1,300.00', '1,300.00', 'ten hours')],
        tax: [['GST', '1,300.00 x 10/100', '130.00']],
        total: '1,430.00',
      },
      left: { A: '600 min', B: '120 min' },
    },
    {
      on: '2026-03-24',
      what: 'four tickets are done',
      happens: async (msp) => {
        const printer = await msp.ticket('T1', 'boronia');
        await printer.time('W1', 100, '2026-03-03');
        await printer.resolves();
        const mail = await msp.ticket('T2', 'boronia');
        await mail.time('W2', 250, '2026-03-10');
        await mail.resolves();
        const server = await msp.ticket('T3', 'boronia');
        await server.time('W3', 300, '2026-03-17');
        await server.uses('M1', '3', '15.00', '2026-03-17');
        await server.resolves('listed');
        const outage = await msp.ticket('T4', 'boronia');
        await outage.time('W4', 90, '2026-03-21', { rateClass: 'weekend' });
        await outage.resolves();
      },
      invoice: {
        invoiceId: 'I2',
        period: '2026-03',
        lines: [
          covered('W1', '1.7 h', '100 min are 102 by steps of 6; B expires first: 120 - 102 = 18 are left in it'),
          covered('W2@p1', '0.3 h', '250 min are 252: the 18 that are left in B'),
          covered('W2@p2', '3.9 h', 'and 234 of A: 600 - 234 = 366 are left'),
          covered('W3', '5 h', '300 of A: 366 - 300 = 66 are left'),
          covered('W4@p1', '1.1 h', 'the last 66 of A'),
          line(
            'W4@p2',
            '0.4 h',
            '300.00',
            '24/60 x 150.00 x 2',
            '120.00',
            '90 - 66 = 24 min beyond the hours, on a Saturday',
          ),
          line('M1', '3 piece', '15.00', '3 x 15.00', '45.00', 'three disks at list price'),
        ],
        tax: [['GST', '165.00 x 10/100', '16.50']],
        total: '181.50',
      },
      left: { A: '0 min', B: '0 min' },
    },
    {
      on: '2026-03-27',
      what: 'W3 took 240 minutes: an hour goes back to A, and the next work draws on it; what was asked beyond the hours stays',
      happens: async (msp) => {
        await new TicketStory(msp, 'T3').corrects('W3', 240, '2026-03-17');
        const visit = await msp.ticket('T5', 'boronia');
        await visit.time('W5', 45, '2026-03-27');
        await visit.spends('E1', 'Tolls', '20.00', '2026-03-27');
        await visit.resolves();
      },
      invoice: {
        invoiceId: 'I3',
        period: '2026-03',
        lines: [
          covered('W3@d1', '-1 h', '300 - 240 = 60 min go back to A'),
          covered('W5', '0.8 h', '45 min are 48 by steps of 6; 60 - 48 = 12 are left in A'),
          line('E1', '1 expense', '20.00', '20.00', '20.00', 'tolls at cost'),
        ],
        tax: [['GST', '20.00 x 10/100', '2.00']],
        total: '22.00',
      },
      left: { A: '12 min', B: '0 min' },
    },
    {
      on: '2026-03-30',
      what: 'the client gives the last twelve minutes of A back, at what it paid for them',
      happens: (msp) =>
        msp.send(contracts.ReturnPrepaidBlock, {
          contractId,
          blockId: 'A',
          returnId: 'R1',
          amount: { unit: 'minutes', minutes: 12 },
          reason: 'has another block',
        }),
      creditNote: {
        creditNoteId: 'C1',
        invoiceId: 'I1',
        period: '2026-03',
        credits: [{ itemId: `${contractId}@block@A@2026-03-01@a1`, outcome: 'corrected' }],
        lines: [
          {
            id: `${contractId}@block@A@2026-03-01@a1`,
            sum: '1,300.00 x 12/600',
            net: '26.00',
            why: 'of 600 min, 588 were drawn and 12 are returned',
          },
        ],
        tax: [['GST', '26.00 x 10/100', '2.60']],
        total: '28.60',
      },
      left: { A: '0 min', B: '0 min' },
    },
  ],
};
