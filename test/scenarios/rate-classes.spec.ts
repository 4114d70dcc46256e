import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isRefusal } from '@billtrail/kernel';
import { ticketCommands as tickets } from '@billtrail/application';
import type { ContractTerms, RateCard } from '@billtrail/contracts';
import { Msp, versionOf, type ClientTerms } from './msp.js';
import { PRIYA } from './people.js';

const DAY = '2026-03-02';
const MARCH = '2026-03';
const NIGHTS: Partial<ContractTerms> = {
  rateCalendar: {
    hours: {
      monday: [
        { opens: '08:00', closes: '18:00' },
        { opens: '22:00', closes: '24:00', rateClass: 'night' },
      ],
    },
    holidays: [],
    outside: { weekday: 'after-hours', weekend: 'sunday', holiday: 'holiday' },
  },
};

/** 100.00 an hour, a night hour twice, an hour on Sunday three times as much. */
function withNights(): ClientTerms {
  const plain = (versionOf({ hourly: '100.00', minimum: 0, increment: 1 }) as { terms: ContractTerms }).terms;
  const rateCard: RateCard = {
    ...plain.rateCard,
    rateClassMultipliers: [
      { rateClass: 'night', multiplier: '2' },
      { rateClass: 'sunday', multiplier: '3' },
    ],
  };
  return { besides: { ...NIGHTS, rateCard } };
}

describe('a rate class that is declared on an entry (K9)', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens(DAY);
    await msp.signs('bluegum', withNights());
  });
  afterEach(() => msp.closes());

  const refusal = async (ticketId: string, rateClass: string) => {
    const entry = {
      ticketId,
      timeEntryId: 'W9',
      engineerId: PRIYA.id,
      engineerRole: 'engineer',
      workType: 'remote',
      minutes: 60,
      workDate: DAY,
      rateClass,
      description: 'x',
    };
    const answer = await msp.house.send(tickets.LogTimeEntry, entry, { actor: PRIYA });
    return isRefusal(answer) ? { code: answer.code, remedy: answer.remedy } : null;
  };

  it('may be any that the calendar of the contract names, and has its price', async () => {
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 60, DAY, { rateClass: 'night' });
    await ticket.time('W2', 60, DAY, { rateClass: 'sunday' });
    await ticket.time('W3', 60, DAY, { rateClass: 'business' });
    expect(await msp.items('bluegum', MARCH)).toEqual([
      'W1 billable 1 h 200.00 AUD',
      'W2 billable 1 h 300.00 AUD',
      'W3 billable 1 h 100.00 AUD',
    ]);
  });

  it('is refused where no calendar of the client knows it, with those that are known', async () => {
    await msp.ticket('T1', 'bluegum');
    expect(await refusal('T1', 'nigth')).toEqual({
      code: 'RateClassUnknown',
      remedy:
        'Declare one of business, after-hours, weekend, holiday, night, sunday, or leave it out: then the class is that of the day.',
    });
    await msp.signs('redgum');
    const plain = await msp.ticket('T2', 'redgum');
    expect(await refusal('T2', 'night')).toMatchObject({ code: 'RateClassUnknown' });
    await plain.time('W4', 60, DAY, { rateClass: 'weekend' });
  });

  it('is refused in a correction too', async () => {
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 60, DAY);
    const facts = { engineerId: PRIYA.id, engineerRole: 'engineer', workType: 'remote', minutes: 60, workDate: DAY };
    const corrected = { ticketId: 'T1', timeEntryId: 'W1', ...facts, rateClass: 'nite', description: 'x', reason: 'x' };
    expect(await msp.tries(tickets.CorrectTimeEntry, corrected, { actor: PRIYA })).toBe('RateClassUnknown');
  });

  it('is a gap that says why where the contract that takes the work does not know it, and never business', async () => {
    await msp.signsToo('bluegum', 'bluegum-plain', { priority: 20, hourly: '100.00' });
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 60, DAY, { rateClass: 'night' });
    await ticket.isOf({ contractId: 'bluegum-plain' });
    expect(await msp.items('bluegum', MARCH)).toEqual(['W1 unpriced 1 h without a price']);
    expect(await msp.why('W1')).toContain(
      'night, as it was declared, is no rate class of contract bluegum-plain version 1; known: business, after-hours, weekend, holiday',
    );
    expect(await msp.gaps()).toContain('unpriced W1: 60 min');
  });

  it('is a gap once a version that does not know it takes its day', async () => {
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 60, DAY, { rateClass: 'night' });
    await msp.renegotiates('bluegum', { hourly: '100.00' });
    expect(await msp.items('bluegum', MARCH)).toEqual(['W1 unpriced 1 h without a price']);
  });
});
