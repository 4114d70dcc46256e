import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isRefusal } from '@billtrail/kernel';
import { contractCommands as contracts, ticketCommands as tickets } from '@billtrail/application';
import { NAMED_CONFIGURATION } from '@billtrail/billing/testing';
import { speltOut, type ContractTerms, type RateCard } from '@billtrail/contracts';
import { Msp, versionOf, type ClientTerms } from './msp.js';
import { ANNA, OMAR, PRIYA } from './people.js';

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
    ...speltOut(plain).rateCard,
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

const SITE_NIGHTS = {
  hours: { monday: [{ opens: '22:00', closes: '24:00', rateClass: 'night' }] },
  outside: { weekday: 'business', weekend: 'weekend', holiday: 'holiday' },
};

/** 100.00 an hour, a night hour twice; no calendar of the contract's own. 2 March 2026 is a Monday. */
describe('a rate class of a client, a site or the organisation (K9, K26)', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens(DAY);
    await msp.signs('bluegum', { hourly: '100.00', minimum: 0, increment: 1 });
  });
  afterEach(() => msp.closes());

  const doubling = (...classes: readonly string[]) => {
    const plain = (versionOf({ hourly: '100.00', minimum: 0, increment: 1 }) as { terms: ContractTerms }).terms;
    const rateClassMultipliers = classes.map((rateClass) => ({ rateClass, multiplier: '2' }));
    return { besides: { rateCard: { ...plain.rateCard, rateClassMultipliers } } };
  };
  const publishes = async (...classes: readonly string[]) => {
    const version = versionOf(doubling(...classes));
    const asked = { contractId: 'bluegum-1', ...version };
    const answer = await msp.house.send(contracts.PublishContractVersion, asked, { actor: ANNA });
    return isRefusal(answer) ? answer.message : 'accepted';
  };
  const depot = (more: object = {}) =>
    msp.send(contracts.RegisterSite, {
      clientId: 'bluegum',
      siteId: 'depot',
      name: 'Depot',
      from: '2026-01-01',
      ...more,
    });
  const isAt = (ticketId: string, siteId: string | null) =>
    msp.send(tickets.ReclassifyTicket, { ticketId, siteId, reason: 'put right' }, { actor: OMAR });
  const declares = (ticketId: string, timeEntryId: string) => {
    const facts = { engineerId: PRIYA.id, engineerRole: 'engineer', workType: 'remote', minutes: 60, workDate: DAY };
    const entry = { ticketId, timeEntryId, ...facts, rateClass: 'night', description: 'x' };
    return msp.house.send(tickets.LogTimeEntry, entry, { actor: PRIYA });
  };

  it('can be priced by the contract once a calendar names it, and not before', async () => {
    const unknown =
      'night is no rate class of this contract, of its client and its sites, or of the organisation; known: business, after-hours, weekend, holiday';
    expect(await publishes('night')).toContain(unknown);
    await depot({ calendar: SITE_NIGHTS });
    expect(await publishes('nihgt')).toContain('nihgt is no rate class');
    expect(await publishes('night')).toBe('accepted');
    const ticket = await msp.ticket('T1', 'bluegum');
    await isAt('T1', 'depot');
    await ticket.time('W1', 60, DAY, { rateClass: 'night' });
    await ticket.time('W2', 60, DAY, { from: '2026-03-02T22:30:00+11:00', until: '2026-03-02T23:30:00+11:00' });
    expect(await msp.items('bluegum', MARCH)).toEqual(['W1 billable 1 h 200.00 AUD', 'W2 billable 1 h 200.00 AUD']);
  });

  it('of the organisation, or of the client, can be priced too', async () => {
    const { organisation } = NAMED_CONFIGURATION;
    await msp.configures({ organisation: { ...organisation, calendar: SITE_NIGHTS } });
    expect(await publishes('night')).toBe('accepted');
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 60, DAY, { rateClass: 'night' });
    expect(await msp.items('bluegum', MARCH)).toEqual(['W1 billable 1 h 200.00 AUD']);
  });

  it('without a price of its own has that of any class, and the explanation says so', async () => {
    await depot({ calendar: SITE_NIGHTS });
    const ticket = await msp.ticket('T1', 'bluegum');
    await isAt('T1', 'depot');
    await ticket.time('W1', 60, DAY, { rateClass: 'night' });
    expect(await msp.items('bluegum', MARCH)).toEqual(['W1 billable 1 h 100.00 AUD']);
    expect(await msp.why('W1')).toContain(
      'x 1: night has no price of its own on rate card Rates (card), so the price of any class holds',
    );
  });

  it('is refused where the place of the work does not have it, with those that it has', async () => {
    await depot({ calendar: SITE_NIGHTS });
    const farm = { clientId: 'bluegum', siteId: 'farm', name: 'Farm', from: '2026-01-01' };
    await msp.send(contracts.RegisterSite, farm);
    await msp.ticket('T1', 'bluegum');
    await isAt('T1', 'farm');
    expect(await declares('T1', 'W1')).toMatchObject({
      code: 'RateClassUnknown',
      message: `night is no rate class of work at site farm of client bluegum on ${DAY}: neither a contract's calendar that holds there nor that of the place names it.`,
      remedy:
        'Declare one of business, after-hours, weekend, holiday, or leave it out: then the class is that of the day.',
    });
    await isAt('T1', null);
    expect(await declares('T1', 'W1')).toMatchObject({ code: 'RateClassUnknown' });
    await isAt('T1', 'depot');
    expect(isRefusal(await declares('T1', 'W1'))).toBe(false);
  });
});
