import { contractCommands as contracts, ticketCommands as tickets } from '@billtrail/application';
import type { Msp } from '../scenarios/msp.js';
import { OMAR } from '../scenarios/people.js';
import type { TicketStory } from '../scenarios/ticket-story.js';
import { covered, gap, line, type Reckoning } from './reckoning.js';

const contractId = 'melaleuca-branches';
const BRISBANE = {
  clientId: 'melaleuca',
  siteId: 'brisbane',
  from: '2026-01-01',
  name: 'Brisbane branch',
  timeZone: 'Australia/Brisbane',
};
const CHRISTMAS = [
  { date: '2026-12-24', name: 'Christmas Eve', from: '18:00' },
  { date: '2026-12-25', name: 'Christmas Day' },
];

async function atBrisbane(msp: Msp, ticketId: string): Promise<TicketStory> {
  const ticket = await msp.ticket(ticketId, 'melaleuca');
  await msp.send(tickets.ReclassifyTicket, { ticketId, siteId: 'brisbane' }, { actor: OMAR });
  return ticket;
}

/**
 * A client in Sydney with a branch in Brisbane, an hour behind in summer, where Christmas Eve is a holiday from six. Class hours are the contract's, in the time
 * of the place. A visit on site is at least two hours, whatever its tickets; the way there is paid for once. After the invoice it is told that
 * the 28th was a holiday in Brisbane.
 */
export const visitsOverSites: Reckoning = {
  title: 'visits over two sites, December: an hour that is in January in Sydney, and a holiday that is told late',
  client: { clientId: 'melaleuca' },
  opens: '2026-12-01',
  contracts: `
    clients:
      - clientId: melaleuca
        currency: AUD
        contracts:
          - contractId: ${contractId}
            name: Branches
            priority: 10
            effectiveFrom: 2026-12-01
            terms:
              rateCalendar:
                hours:
                  monday: [{ opens: '08:00', closes: '17:00' }]
                  tuesday: [{ opens: '08:00', closes: '17:00' }]
                  wednesday: [{ opens: '08:00', closes: '17:00' }]
                  thursday: [{ opens: '08:00', closes: '17:00' }]
                  friday: [{ opens: '08:00', closes: '17:00' }]
                holidays: [{ date: 2026-12-25, name: Christmas Day }]
              coverage: [{ id: all, name: All work, match: {}, outcome: billable }]
              rateCard:
                id: card
                name: Rates
                currency: AUD
                labour:
                  - { workType: null, engineerRole: null, pricePerHour: '150.00' }
                  - { workType: onsite, engineerRole: null, pricePerHour: '170.00' }
                workTypes: [{ workType: travel, mode: flat, price: '80.00', per: visit }]
                rateClassMultipliers:
                  - { rateClass: after-hours, multiplier: '1.5' }
                  - { rateClass: holiday, multiplier: '2.5' }
                minimumMinutes: 0
                incrementMinutes: 1
                roundingRules: [{ workTypes: [onsite], minimumMinutes: 120, roundingScope: visit }]
                roundingScope: entry
                materials: { pricing: list }
                expenses: { markupPercent: '0' }
                taxCategories: { time: GST, material: GST, expense: GST }
              recurringCharges:
                - { id: fee, name: Branches, basis: fixed, price: '310.00', billed: in-advance, taxCategory: GST }
  `,
  stages: [
    {
      on: '2027-01-04',
      what: 'the month is over',
      happens: async (msp) => {
        await msp.send(contracts.RegisterSite, { ...BRISBANE, holidays: CHRISTMAS });
        const visit = await atBrisbane(msp, 'T1');
        await visit.time('W1', 25, '2026-12-10', { type: 'onsite' });
        await visit.time('W3', 40, '2026-12-10', { type: 'travel' });
        await visit.resolves();
        const besides = await atBrisbane(msp, 'T6');
        await besides.time('W2', 35, '2026-12-10', { type: 'onsite' });
        await besides.time('W8', 40, '2026-12-10', { type: 'travel' });
        await besides.resolves();
        const eve = await atBrisbane(msp, 'T2');
        await eve.time('W4', 120, '2026-12-24', {
          from: '2026-12-24T17:30:00+10:00',
          until: '2026-12-24T19:30:00+10:00',
        });
        await eve.resolves();
        const sydney = await msp.ticket('T3', 'melaleuca');
        await sydney.time('W5', 60, '2026-12-24', {
          from: '2026-12-24T18:30:00+11:00',
          until: '2026-12-24T19:30:00+11:00',
        });
        await sydney.resolves();
        const monday = await atBrisbane(msp, 'T4');
        await monday.time('W6', 120, '2026-12-28', {
          from: '2026-12-28T10:00:00+10:00',
          until: '2026-12-28T12:00:00+10:00',
        });
        await monday.resolves();
        const late = await atBrisbane(msp, 'T5');
        await late.time('W7', 60, '2026-12-31', {
          from: '2026-12-31T22:30:00+10:00',
          until: '2026-12-31T23:30:00+10:00',
        });
        await late.resolves();
      },
      invoice: {
        invoiceId: 'I1',
        period: '2026-12',
        lines: [
          line(`${contractId}@fee@fee@2026-12-01`, '1 cycle', '310.00', '310.00', '310.00', 'the fee of December'),
          line(
            'W1',
            '0.833333 h',
            '170.00',
            '50/60 x 170.00',
            '141.67',
            'one visit for two tickets: 25 + 35 = 60 min are 120, shared as 25 to 35: 50 min',
          ),
          line('W2', '1.166667 h', '170.00', '70/60 x 170.00', '198.33', 'and 70 min; 340.00 together'),
          line('W3', '1 flat', '80.00', '80.00', '80.00', 'the way there, once a visit'),
          covered('W8', '1 flat', 'it was one way for both tickets'),
          line('W4@p1', '0.5 h', '225.00', '0.5 x 150.00 x 1.5', '112.50', 'after hours in Brisbane until six'),
          line('W4@p2', '1.5 h', '375.00', '1.5 x 150.00 x 2.5', '562.50', 'and on its Christmas Eve'),
          line(
            'W5',
            '1 h',
            '225.00',
            '1 x 150.00 x 1.5',
            '225.00',
            'the same evening in Sydney, where it is no holiday',
          ),
          line('W6', '2 h', '150.00', '2 x 150.00', '300.00', 'a Monday'),
          line(
            'W7',
            '1 h',
            '225.00',
            '1 x 150.00 x 1.5',
            '225.00',
            'all of it in December in Brisbane, and half of it in January in Sydney',
          ),
        ],
        tax: [['GST', '2,155.00 x 10/100', '215.50']],
        total: '2,370.50',
      },
    },
    {
      on: '2027-01-05',
      what: 'the 28th was a holiday in Brisbane',
      happens: (msp) =>
        msp.send(contracts.ChangeSiteDetails, {
          ...BRISBANE,
          holidays: [...CHRISTMAS, { date: '2026-12-28', name: 'Boxing Day, observed' }],
        }),
      gaps: [
        gap(
          'contract-mismatch',
          'W6',
          '450.00',
          'what it costs on a holiday, less what was asked',
          '2 x 150.00 x 2.5 - 300.00',
        ),
      ],
    },
    {
      on: '2027-01-05',
      what: 'the line is credited',
      creditNote: {
        creditNoteId: 'C1',
        invoiceId: 'I1',
        period: '2026-12',
        credits: [{ itemId: 'W6', outcome: 'bill-again' }],
        lines: [{ id: 'W6', sum: '300.00', net: '300.00', why: 'the whole line' }],
        tax: [['GST', '300.00 x 10/100', '30.00']],
        total: '330.00',
      },
    },
    {
      on: '2027-01-05',
      what: 'and billed as the holiday that it was',
      invoice: {
        invoiceId: 'I2',
        period: '2026-12',
        lines: [line('W6', '2 h', '375.00', '2 x 150.00 x 2.5', '750.00', 'a holiday in Brisbane')],
        tax: [['GST', '750.00 x 10/100', '75.00']],
        total: '825.00',
      },
    },
  ],
};
