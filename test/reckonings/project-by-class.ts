import { parse } from 'yaml';
import { contractCommands as contracts } from '@billtrail/application';
import { gap, line, type Reckoning } from './reckoning.js';

const contractId = 'hakea-project';
const terms = (day: string): string => `
              timeZone: Australia/Sydney
              rateCalendar:
                hours:
                  monday: [{ opens: '08:00', closes: '17:00' }]
                  tuesday: [{ opens: '08:00', closes: '17:00' }]
                  wednesday: [{ opens: '08:00', closes: '17:00' }]
                  thursday: [{ opens: '08:00', closes: '17:00' }]
                  friday: [{ opens: '08:00', closes: '17:00' }]
                holidays: [{ date: 2026-03-09, name: Labour Day }]
              coverage: [{ id: all, name: All work, match: {}, outcome: billable }]
              rateCard:
                id: card
                name: Rates
                currency: AUD
                labour:
                  - { workType: null, engineerRole: null, pricePerHour: '150.00' }
                  - { workType: consulting, engineerRole: null, pricePerHour: '${day}', priceMinutes: 450 }
                workTypes:
                  - workType: build
                    mode: tiers
                    per: ticket
                    tiers: [{ upToMinutes: 480, pricePerHour: '150.00' }, { upToMinutes: null, pricePerHour: '130.00' }]
                rateClassMultipliers:
                  - { rateClass: after-hours, multiplier: '1.5' }
                  - { rateClass: weekend, multiplier: '2' }
                  - { rateClass: holiday, multiplier: '2.5' }
                minimumMinutes: 15
                incrementMinutes: 15
                roundingRules: [{ rateClasses: [weekend], minimumMinutes: 120 }]
                roundingScope: entry
                materials: { pricing: list }
                expenses: { markupPercent: '0' }
                taxCategories: { time: GST, material: FREE, expense: GST }
              discounts: [{ id: partner, name: Partner, kind: percent, percent: '5', match: { kinds: [time] }, order: before-minimum }]`;

/**
 * A project by the hour: tiers, a price per day, after hours, a weekend, a holiday. Five per cent off the labour. The price per day was agreed at 1,080.00
 * from the 16th, which is found out after the invoice: the line is credited and billed again.
 */
export const projectByClass: Reckoning = {
  title: 'a project by tiers and rate classes, March: what was invoiced at a wrong price is credited and billed again',
  client: { clientId: 'hakea', taxRates: { GST: '10', FREE: '0' } },
  opens: '2026-03-02',
  contracts: `
    clients:
      - clientId: hakea
        currency: AUD
        contracts:
          - contractId: ${contractId}
            name: New network
            priority: 10
            effectiveFrom: 2026-03-01
            terms:${terms('1200.00')}
  `,
  stages: [
    {
      on: '2026-03-20',
      what: 'the first weeks',
      happens: async (msp) => {
        const build = await msp.ticket('T1', 'hakea');
        await build.time('W1', 300, '2026-03-03', { type: 'build' });
        await build.time('W2', 350, '2026-03-10', { type: 'build' });
        await build.resolves();
        const cutover = await msp.ticket('T2', 'hakea');
        await cutover.time('W3', 180, '2026-03-13', {
          from: '2026-03-13T16:00:00+11:00',
          until: '2026-03-13T19:00:00+11:00',
        });
        await cutover.time('W4', 100, '2026-03-14', {
          from: '2026-03-14T10:00:00+11:00',
          until: '2026-03-14T11:40:00+11:00',
        });
        await cutover.time('W5', 50, '2026-03-09', {
          from: '2026-03-09T10:00:00+11:00',
          until: '2026-03-09T10:50:00+11:00',
        });
        await cutover.uses('M1', '1', '49.95', '2026-03-13');
        await cutover.resolves('listed');
        const advice = await msp.ticket('T3', 'hakea');
        await advice.time('W6', 300, '2026-03-17', { type: 'consulting' });
        await advice.resolves();
      },
      invoice: {
        invoiceId: 'I1',
        period: '2026-03',
        lines: [
          line(
            'W1',
            '5 h',
            '150.00',
            '5 x 150.00 x 95/100',
            '712.50',
            'the first five of eight hours at the first price',
          ),
          line(
            'W2',
            '6 h',
            '140.00',
            '(3 x 150.00 + 3 x 130.00) x 95/100',
            '798.00',
            '350 min are 360: three hours at the first price, three at the second',
          ),
          line('W3@p1', '1 h', '150.00', '1 x 150.00 x 95/100', '142.50', 'Friday until five'),
          line('W3@p2', '2 h', '225.00', '2 x 150.00 x 1.5 x 95/100', '427.50', 'and until seven, after hours'),
          line('W4', '2 h', '300.00', '2 x 150.00 x 2 x 95/100', '570.00', '100 min on a Saturday, at least 120'),
          line(
            'W5',
            '1 h',
            '375.00',
            '1 x 150.00 x 2.5 x 95/100',
            '356.25',
            '50 min on Labour Day are 60 by steps of 15',
          ),
          line(
            'W6',
            '5 h',
            '160.00',
            '300/450 x 1,200.00 x 95/100',
            '760.00',
            '300 of the 450 minutes of a day, which is 160.00 an hour',
          ),
          line('M1', '1 piece', '49.95', '1 x 49.95', '49.95', 'no discount on materials, and no tax on this one'),
        ],
        tax: [
          ['FREE', '49.95 x 0/100', '0.00'],
          ['GST', '3,766.75 x 10/100', '376.68'],
        ],
        total: '4,193.38',
      },
    },
    {
      on: '2026-03-24',
      what: 'from the 16th a day costs 1,080.00: 76.00 too much were asked',
      happens: async (msp) => {
        const version = parse(terms('1080.00')) as object;
        await msp.send(contracts.PublishContractVersion, { contractId, effectiveFrom: '2026-03-16', terms: version });
      },
      gaps: [
        gap(
          'contract-mismatch',
          'W6',
          '-76.00',
          'at the price of now less what was asked',
          '300/450 x 1,080.00 x 95/100 - 760.00',
        ),
      ],
    },
    {
      on: '2026-03-25',
      what: 'the line is credited, and free to be billed again',
      creditNote: {
        creditNoteId: 'C1',
        invoiceId: 'I1',
        period: '2026-03',
        credits: [{ itemId: 'W6', outcome: 'bill-again' }],
        lines: [{ id: 'W6', sum: '760.00', net: '760.00', why: 'the whole line' }],
        tax: [['GST', '760.00 x 10/100', '76.00']],
        total: '836.00',
      },
    },
    {
      on: '2026-03-25',
      what: 'and billed again at the price that was agreed',
      invoice: {
        invoiceId: 'I2',
        period: '2026-03',
        lines: [
          line(
            'W6',
            '5 h',
            '144.00',
            '300/450 x 1,080.00 x 95/100',
            '684.00',
            '300 of the 450 minutes of a day, which is 144.00 an hour',
          ),
        ],
        tax: [['GST', '684.00 x 10/100', '68.40']],
        total: '752.40',
      },
    },
  ],
};
