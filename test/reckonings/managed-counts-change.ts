import { contractCommands as contracts } from '@billtrail/application';
import { TicketStory } from '../scenarios/ticket-story.js';
import { gap, line, type Reckoning } from './reckoning.js';

const contractId = 'wattle-managed';

/**
 * March has 31 days. Servers are paid for in advance, people after the month. Two servers are added from the 15th, when March is invoiced already,
 * and four people from the 11th.
 */
export const countsChange: Reckoning = {
  title: 'managed per device, March: servers and people are added in the middle of the month',
  client: { clientId: 'wattle' },
  opens: '2026-03-02',
  contracts: `
    clients:
      - clientId: wattle
        currency: AUD
        contracts:
          - contractId: ${contractId}
            name: Managed services
            priority: 10
            effectiveFrom: 2026-03-01
            terms:
              coverage:
                - { id: projects, name: Projects, match: { workTypes: [project] }, outcome: billable }
                - { id: support, name: Support, match: { kinds: [time] }, outcome: included, includedMinutesPerTicket: 240 }
                - { id: goods, name: Goods and expenses, match: {}, outcome: billable }
              rateCard:
                id: card
                name: Rates
                currency: AUD
                labour: [{ workType: null, engineerRole: null, pricePerHour: '160.00' }]
                minimumMinutes: 30
                incrementMinutes: 15
                roundingScope: entry
                materials: { pricing: list }
                expenses: { markupPercent: '10' }
                taxCategories: { time: GST, material: GST, expense: GST }
              recurringCharges:
                - { id: base, name: Monthly fee, basis: fixed, price: '900.00', billed: in-advance, taxCategory: GST }
                - { id: servers, name: Each server, basis: per-device, countOf: server, price: '125.00', billed: in-advance, taxCategory: GST }
                - { id: people, name: Each person, basis: per-user, countOf: person, price: '19.95', billed: in-arrears, taxCategory: GST }
            counts:
              - { countOf: server, count: 3, from: 2026-03-01 }
              - { countOf: person, count: 20, from: 2026-03-01 }
  `,
  stages: [
    {
      on: '2026-03-02',
      what: 'March is invoiced in advance; people follow when the month is over',
      invoice: {
        invoiceId: 'I1',
        period: '2026-03',
        lines: [
          line(`${contractId}@fee@base@2026-03-01`, '1 cycle', '900.00', '900.00', '900.00', 'the whole of March'),
          line(
            `${contractId}@fee@servers@2026-03-01`,
            '3 server',
            '125.00',
            '3 x 125.00',
            '375.00',
            'three servers from the 1st',
          ),
        ],
        tax: [['GST', '1,275.00 x 10/100', '127.50']],
        total: '1,402.50',
      },
    },
    {
      on: '2026-03-20',
      what: 'the new counts are told late, and two tickets are done; one has time that nobody approved, one took more support than a ticket includes',
      happens: async (msp) => {
        await msp.send(contracts.RecordCount, { contractId, countOf: 'server', count: 5, from: '2026-03-15' });
        await msp.send(contracts.RecordCount, { contractId, countOf: 'person', count: 24, from: '2026-03-11' });
        const move = await msp.ticket('T1', 'wattle');
        await move.time('W1', 310, '2026-03-17');
        await move.resolves();
        const upgrade = await msp.ticket('T2', 'wattle');
        await upgrade.time('W2', 140, '2026-03-18', { type: 'project' });
        await upgrade.uses('M1', '2', '120.00', '2026-03-18');
        await upgrade.spends('E1', 'Parking', '33.00', '2026-03-18');
        await upgrade.time('W3', 40, '2026-03-19', { type: 'project', approved: false });
        await upgrade.resolves('listed');
      },
      gaps: [
        gap(
          'contract-mismatch',
          `${contractId}@fee@servers@2026-03-01@a1`,
          '137.09',
          'the invoice of March lacks two servers for 17 days: 3 servers for 14 days and 5 for 17, each rounded once, less what was asked',
          '169.35 + 342.74 - 375.00',
        ),
        gap(
          'scope-suspected',
          'T1',
          '186.67',
          '310 minutes of support where a ticket includes 240: 70 at the price of the card',
          '70/60 x 160.00',
        ),
        gap('time-unapproved', 'W3', '120.00', '40 minutes are 45 by steps of 15', '45/60 x 160.00'),
      ],
    },
    {
      on: '2026-04-01',
      what: 'the month is over: people, the servers that were added, and the project',
      invoice: {
        invoiceId: 'I2',
        period: '2026-03',
        lines: [
          line(
            `${contractId}@fee@servers@2026-03-01@a1`,
            '1 adjustment',
            '137.09',
            '169.35 + 342.74 - 375.00',
            '137.09',
            '3 x 125.00 x 14/31 = 169.35 to the 14th, 5 x 125.00 x 17/31 = 342.74 from the 15th; 375.00 were asked',
          ),
          line(
            `${contractId}@fee@people@2026-03-01`,
            '20 person',
            '19.95',
            '20 x 19.95 x 10/31',
            '128.71',
            'twenty people from the 1st to the 10th',
          ),
          line(
            `${contractId}@fee@people@2026-03-11`,
            '24 person',
            '19.95',
            '24 x 19.95 x 21/31',
            '324.35',
            'twenty-four from the 11th',
          ),
          line(
            'W2',
            '2.5 h',
            '160.00',
            '150/60 x 160.00',
            '400.00',
            '140 minutes are 150 by steps of 15; projects are not included',
          ),
          line('M1', '2 piece', '120.00', '2 x 120.00', '240.00', 'two disks at list price'),
          line('E1', '1 expense', '36.30', '33.00 x 110/100', '36.30', 'parking with ten per cent'),
        ],
        tax: [['GST', '1,266.45 x 10/100', '126.65']],
        total: '1,393.10',
      },
      gaps: [
        gap('scope-suspected', 'T1', '186.67', 'nobody decided on it yet', '70/60 x 160.00'),
        gap('time-unapproved', 'W3', '120.00', 'it stays off the invoice, and is not lost', '45/60 x 160.00'),
      ],
    },
    {
      on: '2026-04-02',
      what: 'the time is approved late, and is billed in the month in which it was worked',
      happens: (msp) => new TicketStory(msp, 'T2').approves('W3'),
      invoice: {
        invoiceId: 'I3',
        period: '2026-03',
        lines: [line('W3', '0.75 h', '160.00', '45/60 x 160.00', '120.00', '40 minutes are 45 by steps of 15')],
        tax: [['GST', '120.00 x 10/100', '12.00']],
        total: '132.00',
      },
      gaps: [gap('scope-suspected', 'T1', '186.67', 'nobody decided on it yet', '70/60 x 160.00')],
    },
  ],
};
