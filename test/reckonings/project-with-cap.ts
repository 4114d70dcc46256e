import { parse } from 'yaml';
import { contractCommands as contracts } from '@billtrail/application';
import { gap, line, type Reckoning } from './reckoning.js';

const contractId = 'telopea-project';
const terms = (cap: string): string => `
              coverage: [{ id: all, name: All work, match: {}, outcome: billable }]
              rateCard:
                id: card
                name: Rates
                currency: AUD
                labour: [{ workType: null, engineerRole: null, pricePerHour: '150.00' }]
                workTypes: [{ workType: milestone, mode: flat, price: '4000.00', per: entry }]
                minimumMinutes: 0
                incrementMinutes: 15
                roundingScope: entry
                materials: { pricing: list }
                expenses: { markupPercent: '10' }
                taxCategories: { time: GST, material: GST, expense: GST }
              caps: [{ id: budget, name: Not above the budget of a ticket, scope: ticket, amount: '${cap}', above: gap }]`;

/**
 * A project: a milestone at a fixed price, and the rest by the hour, not above 6,000.00 a ticket, materials and expenses among it. What is above is
 * a gap, until the client agrees to 6,500.00.
 */
export const projectWithCap: Reckoning = {
  title: 'a project with a cap, March: a milestone, materials and expenses; the budget runs out, and is raised',
  client: { clientId: 'telopea' },
  opens: '2026-03-02',
  contracts: `
    clients:
      - clientId: telopea
        currency: AUD
        contracts:
          - contractId: ${contractId}
            name: New office
            priority: 10
            effectiveFrom: 2026-03-01
            terms:${terms('6000.00')}
  `,
  stages: [
    {
      on: '2026-03-20',
      what: 'the design is accepted, and the move has come to the end of its budget',
      happens: async (msp) => {
        const design = await msp.ticket('T1', 'telopea');
        await design.time('W1', 480, '2026-03-03', { type: 'milestone' });
        await design.resolves();
        const move = await msp.ticket('T2', 'telopea');
        await move.time('W2', 1_190, '2026-03-04');
        await move.time('W3', 900, '2026-03-11');
        await move.uses('M1', '5', '120.00', '2026-03-12');
        await move.time('W4', 110, '2026-03-18');
        await move.spends('E1', 'Hire of a van', '80.00', '2026-03-19');
        await move.resolves('listed');
      },
      invoice: {
        invoiceId: 'I1',
        period: '2026-03',
        lines: [
          line(
            'W1',
            '1 flat',
            '4,000.00',
            '4,000.00',
            '4,000.00',
            'the milestone, whatever it took; 4,000.00 of 6,000.00 of its ticket',
          ),
          line('W2', '20 h', '150.00', '1,200/60 x 150.00', '3,000.00', '1,190 min are 1,200 by steps of 15'),
          line('W3', '15 h', '150.00', '900/60 x 150.00', '2,250.00', '5,250.00 of 6,000.00'),
          line('M1', '5 piece', '120.00', '5 x 120.00', '600.00', '5,850.00 of 6,000.00'),
          line(
            'W4@p1',
            '1 h',
            '150.00',
            '6,000.00 - 5,850.00',
            '150.00',
            '110 min are 120, which cost 300.00: the budget has room for 150.00',
          ),
        ],
        tax: [['GST', '10,000.00 x 10/100', '1,000.00']],
        total: '11,000.00',
      },
      gaps: [
        gap('cap-exceeded', 'W4', '150.00', 'the second hour', '300.00 - 150.00'),
        gap('cap-exceeded', 'E1', '88.00', 'the van with ten per cent', '80.00 x 110/100'),
      ],
    },
    {
      on: '2026-03-30',
      what: 'the client agrees to 6,500.00 from the start: there is room for all of it',
      happens: async (msp) => {
        const version = parse(terms('6500.00')) as object;
        await msp.send(contracts.PublishContractVersion, { contractId, effectiveFrom: '2026-03-01', terms: version });
      },
      invoice: {
        invoiceId: 'I2',
        period: '2026-03',
        lines: [
          line('W4@p2', '1 h', '150.00', '300.00 - 150.00', '150.00', 'the second hour; 6,150.00 of 6,500.00'),
          line('E1', '1 expense', '88.00', '80.00 x 110/100', '88.00', '6,238.00 of 6,500.00'),
        ],
        tax: [['GST', '238.00 x 10/100', '23.80']],
        total: '261.80',
      },
    },
  ],
};
