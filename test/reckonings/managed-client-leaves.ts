import { parse } from 'yaml';
import { contractCommands as contracts } from '@billtrail/application';
import { gap, line, type Reckoning } from './reckoning.js';

const contractId = 'waratah-managed';
const terms = (base: string): string => `
              coverage: [{ id: all, name: All work, match: {}, outcome: billable }]
              rateCard:
                id: card
                name: Rates
                currency: AUD
                labour: [{ workType: null, engineerRole: null, pricePerHour: '150.00' }]
                minimumMinutes: 0
                incrementMinutes: 1
                roundingScope: entry
                materials: { pricing: list }
                expenses: { markupPercent: '0' }
                taxCategories: { time: GST, material: GST, expense: GST }
              recurringCharges:
                - { id: base, name: Monthly fee, basis: fixed, price: '${base}', billed: in-advance, taxCategory: GST }
                - { id: stations, name: Each workstation, basis: per-device, countOf: workstation, price: '41.50', billed: in-advance, taxCategory: GST }
                - { id: licence, name: Licences of the year, basis: fixed, price: '3650.00', everyMonths: 12, billed: in-arrears, taxCategory: GST }
              discounts:
                - { id: loyal, name: Loyalty, kind: percent, percent: '5', includesRecurring: true, order: before-minimum }`;

/** The client goes on as if it hadn't left: the work has no price, and the fees of the seven days are missed until somebody decides (K21). */
const WORKED_AFTERWARDS = [
  gap('unpriced', 'W2', '60 min', 'no contract is in force on the 25th'),
  gap(
    'contract-mismatch',
    `${contractId}@fee@base@2026-03-25`,
    '332.50',
    'the fee from the 25th to the 31st',
    '1,550.00 x 95/100 x 7/31',
  ),
  gap(
    'contract-mismatch',
    `${contractId}@fee@stations@2026-03-25`,
    '106.83',
    'the workstations of these days',
    '12 x 41.50 x 95/100 x 7/31',
  ),
  gap(
    'contract-mismatch',
    `${contractId}@fee@licence@2026-03-25`,
    '66.50',
    'and the licences of the year',
    '3,650.00 x 95/100 x 7/365',
  ),
];

/**
 * March was invoiced on the 2nd. From the 16th the fee is another, and on the 24th the client goes. All that comes with the month, and all
 * work, has five per cent off. The licences of the year are paid for behind it, and its year has 365 days from the 1st of March.
 */
export const clientLeaves: Reckoning = {
  title: 'managed per device, March: the fee changes on the 16th, and the client leaves on the 24th',
  client: { clientId: 'waratah' },
  opens: '2026-03-02',
  contracts: `
    clients:
      - clientId: waratah
        currency: AUD
        contracts:
          - contractId: ${contractId}
            name: Managed services
            priority: 10
            effectiveFrom: 2026-03-01
            terms:${terms('1240.00')}
            counts: [{ countOf: workstation, count: 12, from: 2026-03-01 }]
  `,
  stages: [
    {
      on: '2026-03-02',
      what: 'March is invoiced in advance',
      invoice: {
        invoiceId: 'I1',
        period: '2026-03',
        lines: [
          line(
            `${contractId}@fee@base@2026-03-01`,
            '1 cycle',
            '1,240.00',
            '1,240.00 x 95/100',
            '1,178.00',
            'the fee of March',
          ),
          line(
            `${contractId}@fee@stations@2026-03-01`,
            '12 workstation',
            '41.50',
            '12 x 41.50 x 95/100',
            '473.10',
            'twelve workstations',
          ),
        ],
        tax: [['GST', '1,651.10 x 10/100', '165.11']],
        total: '1,816.21',
      },
    },
    {
      on: '2026-03-25',
      what: 'the fee rose on the 16th, the client left on the 24th, and somebody worked for it three days later',
      happens: async (msp) => {
        const version = parse(terms('1550.00')) as object;
        await msp.send(contracts.PublishContractVersion, { contractId, effectiveFrom: '2026-03-16', terms: version });
        await msp.send(contracts.TerminateContract, { contractId, lastDay: '2026-03-24', reason: 'was bought' });
        const handover = await msp.ticket('T1', 'waratah');
        await handover.time('W1', 300, '2026-03-23');
        await handover.resolves();
        const afterwards = await msp.ticket('T2', 'waratah');
        await afterwards.time('W2', 60, '2026-03-25');
      },
      gaps: [
        gap(
          'contract-mismatch',
          `${contractId}@fee@base@2026-03-01@a1`,
          '-180.50',
          '1,240.00 for 15 days and 1,550.00 for 9, with five per cent off, less what was asked',
          '570.00 + 427.50 - 1,178.00',
        ),
        gap(
          'contract-mismatch',
          `${contractId}@fee@stations@2026-03-01@a1`,
          '-106.83',
          'twelve workstations for 24 days of 31, less what was asked',
          '366.27 - 473.10',
        ),
        gap(
          'contract-mismatch',
          `${contractId}@fee@licence@2026-03-01`,
          '142.50',
          'the licences for 15 days of 365, due since the client left',
          '3,650.00 x 95/100 x 15/365',
        ),
        gap(
          'contract-mismatch',
          `${contractId}@fee@licence@2026-03-16`,
          '85.50',
          'and for the 9 days of the second version',
          '3,650.00 x 95/100 x 9/365',
        ),
        ...WORKED_AFTERWARDS,
      ],
    },
    {
      on: '2026-03-26',
      what: 'the last invoice gives back what was asked for days after the 24th',
      invoice: {
        invoiceId: 'I2',
        period: '2026-03',
        lines: [
          line(
            `${contractId}@fee@base@2026-03-01@a1`,
            '-1 adjustment',
            '180.50',
            '570.00 + 427.50 - 1,178.00',
            '-180.50',
            '1,178.00 x 15/31 = 570.00 to the 15th, 1,472.50 x 9/31 = 427.50 to the 24th; 1,178.00 were asked',
          ),
          line(
            `${contractId}@fee@stations@2026-03-01@a1`,
            '-1 adjustment',
            '106.83',
            '366.27 - 473.10',
            '-106.83',
            '473.10 x 24/31 = 366.27: price, count and discount are alike in both versions, so the 24 days are rounded as one',
          ),
          line(
            `${contractId}@fee@licence@2026-03-01`,
            '1 cycle',
            '3,650.00',
            '3,650.00 x 95/100 x 15/365',
            '142.50',
            '10.00 a day with five per cent off, for the 15 days of the first version',
          ),
          line(
            `${contractId}@fee@licence@2026-03-16`,
            '1 cycle',
            '3,650.00',
            '3,650.00 x 95/100 x 9/365',
            '85.50',
            'and for the 9 days of the second',
          ),
          line('W1', '5 h', '150.00', '5 x 150.00 x 95/100', '712.50', 'the handover'),
        ],
        tax: [['GST', '653.17 x 10/100', '65.32']],
        total: '718.49',
      },
      gaps: WORKED_AFTERWARDS,
    },
    {
      on: '2026-03-27',
      what: 'a hundred dollars of the handover are forgiven',
      creditNote: {
        creditNoteId: 'C1',
        invoiceId: 'I2',
        period: '2026-03',
        credits: [{ itemId: 'W1', outcome: 'written-off', net: { amount: '100.00', currency: 'AUD' } }],
        lines: [{ id: 'W1', sum: '100.00', net: '100.00', why: 'agreed on the phone' }],
        tax: [['GST', '100.00 x 10/100', '10.00']],
        total: '110.00',
      },
      gaps: WORKED_AFTERWARDS,
    },
  ],
};
