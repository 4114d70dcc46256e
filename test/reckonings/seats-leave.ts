import { parse } from 'yaml';
import { contractCommands as contracts } from '@billtrail/application';
import { covered, gap, line, type Reckoning } from './reckoning.js';

const contractId = 'protea-licences';
const SEATS =
  "{ id: seats, name: Each seat, basis: per-user, countOf: seat, price: '252.00', everyMonths: 12, billed: in-advance, taxCategory: GST, proration: { decreases: next-period } }";
const PHONES =
  "{ id: phones, name: Each phone, basis: per-device, countOf: phone, price: '15.00', billed: in-advance, taxCategory: GST, proration: { increases: whole-period } }";
const BACKUP =
  "{ id: backup, name: Backup, basis: fixed, price: '600.00', billed: in-advance, taxCategory: GST, proration: { increases: thirtieths } }";
const HOURS = `
              prepaid:
                allotment: { id: hours, name: Ten hours a month, base: { unit: minutes, minutes: 600 }, rollOver: none, proration: { increases: daily } }`;

const terms = (charges: readonly string[], outcome: string, prepaid: string = ''): string => `
              coverage: [{ id: labour, name: Labour, match: { kinds: [time] }, outcome: ${outcome} }]
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
                taxCategories: { time: GST, material: GST, expense: GST }${prepaid}
              recurringCharges: [${charges.join(', ')}]`;

/**
 * Forty-four seats of a year that begins in September: of fewer, nothing is given back before the next year. In August phones, a backup and hours
 * are added, and each counts a part of the month as its contract says: phones whole, the backup in thirtieths, the hours by the day.
 */
export const seatsLeave: Reckoning = {
  title: 'annual seats, August: six people leave before the year is over, and what is added counts by three rules',
  client: { clientId: 'protea' },
  opens: '2025-09-01',
  contracts: `
    clients:
      - clientId: protea
        currency: AUD
        contracts:
          - contractId: ${contractId}
            name: Licences
            priority: 10
            effectiveFrom: 2025-09-01
            terms:${terms([SEATS], 'billable')}
            counts: [{ countOf: seat, count: 44, from: 2025-09-01 }]
  `,
  stages: [
    {
      on: '2025-09-01',
      what: 'the year in advance',
      invoice: {
        invoiceId: 'I1',
        period: '2025-09',
        lines: [
          line(
            `${contractId}@fee@seats@2025-09-01`,
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
      on: '2026-08-01',
      what: 'twenty phones from 1 August, in advance',
      happens: async (msp) => {
        const version = parse(terms([SEATS, PHONES], 'billable')) as object;
        await msp.send(contracts.PublishContractVersion, { contractId, effectiveFrom: '2026-08-01', terms: version });
        await msp.send(contracts.RecordCount, { contractId, countOf: 'phone', count: 20, from: '2026-08-01' });
      },
      invoice: {
        invoiceId: 'I2',
        period: '2026-08',
        lines: [
          line(`${contractId}@fee@phones@2026-08-01`, '20 phone', '15.00', '20 x 15.00', '300.00', 'twenty phones'),
        ],
        tax: [['GST', '300.00 x 10/100', '30.00']],
        total: '330.00',
      },
    },
    {
      on: '2026-08-12',
      what: 'six people left on the 10th; on the 12th three phones, the backup and the hours are added',
      happens: async (msp) => {
        await msp.send(contracts.RecordCount, { contractId, countOf: 'seat', count: 38, from: '2026-08-10' });
        const version = parse(terms([SEATS, PHONES, BACKUP], 'prepaid', HOURS)) as object;
        await msp.send(contracts.PublishContractVersion, { contractId, effectiveFrom: '2026-08-12', terms: version });
        await msp.send(contracts.RecordCount, { contractId, countOf: 'phone', count: 23, from: '2026-08-12' });
      },
      gaps: [
        gap(
          'contract-mismatch',
          `${contractId}@fee@phones@2026-08-01@a1`,
          '45.00',
          'a part of the month counts as all of it: three more for the whole of August',
          '23 x 15.00 - 300.00',
        ),
        gap(
          'contract-mismatch',
          `${contractId}@fee@backup@2026-08-12`,
          '380.00',
          'the 12th to the 30th are 19 of thirty',
          '600.00 x 19/30',
        ),
      ],
    },
    {
      on: '2026-09-01',
      what: 'August is over',
      happens: async (msp) => {
        const ticket = await msp.ticket('T1', 'protea');
        await ticket.time('W1', 480, '2026-08-20');
        await ticket.resolves();
      },
      invoice: {
        invoiceId: 'I3',
        period: '2026-08',
        lines: [
          line(
            `${contractId}@fee@phones@2026-08-01@a1`,
            '1 adjustment',
            '45.00',
            '23 x 15.00 - 300.00',
            '45.00',
            'three phones for the whole month',
          ),
          line(
            `${contractId}@fee@backup@2026-08-12`,
            '1 cycle',
            '600.00',
            '600.00 x 19/30',
            '380.00',
            '19 thirtieths of the backup',
          ),
          covered('W1@p1', '6.45 h', '600 x 20/31 = 387.10: 387 min of the hours'),
          line('W1@p2', '1.55 h', '150.00', '93/60 x 150.00', '232.50', '480 - 387 = 93 min beyond them'),
        ],
        tax: [['GST', '657.50 x 10/100', '65.75']],
        total: '723.25',
      },
      left: { 'hours of 2026-08': '0 min' },
    },
    {
      on: '2026-09-01',
      what: 'the next year begins with the seats that are left',
      invoice: {
        invoiceId: 'I4',
        period: '2026-09',
        lines: [
          line(
            `${contractId}@fee@seats@2026-09-01`,
            '38 seat',
            '252.00',
            '38 x 252.00',
            '9,576.00',
            'thirty-eight seats',
          ),
          line(
            `${contractId}@fee@phones@2026-09-01`,
            '23 phone',
            '15.00',
            '23 x 15.00',
            '345.00',
            'twenty-three phones',
          ),
          line(`${contractId}@fee@backup@2026-09-01`, '1 cycle', '600.00', '600.00', '600.00', 'the backup'),
        ],
        tax: [['GST', '10,521.00 x 10/100', '1,052.10']],
        total: '11,573.10',
      },
    },
  ],
};
