import { contractCommands as contracts, ticketCommands as tickets } from '@billtrail/application';
import type { Msp } from '../scenarios/msp.js';
import { OMAR } from '../scenarios/people.js';
import { TicketStory } from '../scenarios/ticket-story.js';
import { line, type Reckoning } from './reckoning.js';

const contractId = 'kunzea-visits';

async function atPerth(msp: Msp, ticketId: string): Promise<TicketStory> {
  const ticket = await msp.ticket(ticketId, 'kunzea');
  await msp.send(tickets.ReclassifyTicket, { ticketId, siteId: 'perth' }, { actor: OMAR });
  return ticket;
}

/**
 * A client in Sydney with a site in Perth, two hours behind from 5 April, when Sydney's clocks go back. Work on site is at least two hours for a
 * ticket, and not above 850.00 a month: the rest is forgone by the contract.
 */
export const visitsFarAway: Reckoning = {
  title:
    'visits over two sites, April: the clocks change, visits reach what they may cost a month, and one is corrected',
  client: { clientId: 'kunzea' },
  opens: '2026-04-01',
  contracts: `
    clients:
      - clientId: kunzea
        currency: AUD
        contracts:
          - contractId: ${contractId}
            name: Visits
            priority: 10
            effectiveFrom: 2026-04-01
            terms:
              rateCalendar:
                hours:
                  monday: [{ opens: '08:00', closes: '17:00' }]
                  tuesday: [{ opens: '08:00', closes: '17:00' }]
                  wednesday: [{ opens: '08:00', closes: '17:00' }]
                  thursday: [{ opens: '08:00', closes: '17:00' }]
                  friday: [{ opens: '08:00', closes: '17:00' }]
                holidays: []
              coverage: [{ id: all, name: All work, match: {}, outcome: billable }]
              rateCard:
                id: card
                name: Rates
                currency: AUD
                labour:
                  - { workType: null, engineerRole: null, pricePerHour: '150.00' }
                  - { workType: onsite, engineerRole: null, pricePerHour: '170.00' }
                rateClassMultipliers:
                  - { rateClass: after-hours, multiplier: '1.5' }
                  - { rateClass: weekend, multiplier: '2' }
                minimumMinutes: 0
                incrementMinutes: 15
                roundingRules: [{ workTypes: [onsite], minimumMinutes: 120 }]
                roundingScope: ticket
                materials: { pricing: list }
                expenses: { markupPercent: '10' }
                taxCategories: { time: GST, material: GST, expense: GST }
              caps:
                - { id: visits, name: Visits of a month, scope: period, amount: '850.00', match: { workTypes: [onsite] }, above: write-down }
  `,
  stages: [
    {
      on: '2026-05-02',
      what: 'the month is over',
      happens: async (msp) => {
        const site = { siteId: 'perth', from: '2026-01-01', name: 'Perth branch', timeZone: 'Australia/Perth' };
        await msp.send(contracts.RegisterSite, { clientId: 'kunzea', ...site });
        const perth = await atPerth(msp, 'T1');
        await perth.time('W1', 120, '2026-04-09', {
          type: 'onsite',
          from: '2026-04-09T16:00:00+08:00',
          until: '2026-04-09T18:00:00+08:00',
        });
        await perth.spends('E1', 'Flight', '412.00', '2026-04-09');
        await perth.resolves();
        const night = await msp.ticket('T2', 'kunzea');
        await night.time('W2', 180, '2026-04-05', {
          from: '2026-04-05T01:30:00+11:00',
          until: '2026-04-05T03:30:00+10:00',
        });
        await night.resolves();
        const edge = await atPerth(msp, 'T3');
        await edge.time('W3', 60, '2026-04-30', {
          from: '2026-04-30T22:30:00+08:00',
          until: '2026-04-30T23:30:00+08:00',
        });
        await edge.resolves();
        const desk = await msp.ticket('T4', 'kunzea');
        await desk.time('W4', 45, '2026-04-14', { type: 'onsite' });
        await desk.time('W5', 50, '2026-04-16', { type: 'onsite' });
        await desk.resolves();
        const again = await msp.ticket('T5', 'kunzea');
        await again.time('W6', 60, '2026-04-20', { type: 'onsite' });
        await again.resolves();
      },
      invoice: {
        invoiceId: 'I1',
        period: '2026-04',
        lines: [
          line('W1@p1', '1 h', '170.00', '1 x 170.00', '170.00', 'in Perth until five'),
          line('W1@p2', '1 h', '255.00', '1 x 170.00 x 1.5', '255.00', 'and until six, after hours; 425.00 of 850.00'),
          line('E1', '1 expense', '453.20', '412.00 x 110/100', '453.20', 'the flight with ten per cent'),
          line(
            'W2',
            '3 h',
            '300.00',
            '3 x 150.00 x 2',
            '900.00',
            'half past one to half past three on a Sunday, with an hour that came twice',
          ),
          line(
            'W3',
            '1 h',
            '225.00',
            '1 x 150.00 x 1.5',
            '225.00',
            'the last evening of April in Perth, and the first of May in Sydney',
          ),
          line(
            'W4',
            '0.95 h',
            '170.00',
            '57/60 x 170.00',
            '161.50',
            '45 + 50 = 95 min are 120, shared as 45 to 50: 56.84 and 63.16, so 57 min',
          ),
          line('W5', '1.05 h', '170.00', '63/60 x 170.00', '178.50', 'and 63; 765.00 of 850.00'),
          line(
            'W6@p1',
            '0.5 h',
            '170.00',
            '850.00 - 765.00',
            '85.00',
            '60 min are 120, which cost 340.00: there is room for 85.00, and 255.00 are forgone',
          ),
        ],
        tax: [['GST', '2,428.20 x 10/100', '242.82']],
        total: '2,671.02',
      },
    },
    {
      on: '2026-05-04',
      what: 'W5 took 20 minutes: the two hours are the same, and are shared otherwise; and half an hour is told late',
      happens: async (msp) => {
        await new TicketStory(msp, 'T4').corrects('W5', 20, '2026-04-16', { type: 'onsite' });
        const late = await msp.ticket('T6', 'kunzea');
        await late.time('W7', 30, '2026-04-28');
        await late.resolves();
      },
      invoice: {
        invoiceId: 'I2',
        period: '2026-04',
        lines: [
          line(
            'W4@a1',
            '0.433333 h',
            '170.00',
            '235.17 - 161.50',
            '73.67',
            '45 + 20 = 65 min are 120, shared as 45 to 20: 83 min, 26 more, 83/60 x 170.00 = 235.17',
          ),
          line(
            'W5@a1',
            '-0.433333 h',
            '170.00',
            '104.83 - 178.50',
            '-73.67',
            'and 37, 26 less, 37/60 x 170.00 = 104.83',
          ),
          line('W7', '0.5 h', '150.00', '30/60 x 150.00', '75.00', 'half an hour'),
        ],
        tax: [['GST', '75.00 x 10/100', '7.50']],
        total: '82.50',
      },
    },
  ],
};
