import { contractCommands as contracts, ticketCommands as tickets } from '@billtrail/application';
import { isRefusal } from '@billtrail/kernel';
import type { ClassCalendar, ContractTerms } from '@billtrail/contracts';
import { NAMED_CONFIGURATION } from '@billtrail/billing/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Msp } from './msp.js';
import { ANNA, BEA, OMAR, PRIYA } from './people.js';

const day = [{ opens: '08:00', closes: '17:00' }];
const hours: ClassCalendar['hours'] = { monday: day, tuesday: day, wednesday: day, thursday: day, friday: day };
/** 150.00 an hour by the minute, after hours x 1.5, on holidays x 2.5. */
const OFFICE: Partial<ContractTerms> = { rateCalendar: { hours, holidays: [] } };
const CUP_DAY = [{ date: '2026-11-03', name: 'Melbourne Cup Day' }];
const MELBOURNE = {
  siteId: 'melbourne',
  from: '2026-01-01',
  name: 'Melbourne branch',
  timeZone: 'Australia/Melbourne',
};

describe('sites of a client (K26)', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-11-04');
    await msp.signs('bluegum', { minimum: 0, increment: 1, besides: OFFICE });
    await msp.send(contracts.PublishContractVersion, {
      contractId: 'bluegum-1',
      effectiveFrom: '2026-01-01',
      terms: await dearOnHolidays(),
    });
  });
  afterEach(() => msp.closes());

  /** The terms of the contract, with its multipliers. */
  async function dearOnHolidays(): Promise<object> {
    await msp.house.settle();
    const [contract] = await msp.house.billtrail.models.billableItems.contractsOf('bluegum');
    const terms = contract?.versions[0]?.terms;
    const rateClassMultipliers = [
      { rateClass: 'after-hours', multiplier: '1.5' },
      { rateClass: 'holiday', multiplier: '2.5' },
    ];
    return { ...terms, rateCard: { ...terms?.rateCard, rateClassMultipliers } };
  }

  function registers(more: object = {}): Promise<void> {
    return msp.send(contracts.RegisterSite, { clientId: 'bluegum', ...MELBOURNE, ...more });
  }

  /** A ticket at the site with an entry in Melbourne's time. */
  async function works(id: string, from: string, to: string, siteId: string | null = 'melbourne'): Promise<void> {
    const ticket = await msp.ticket(`T-${id}`, 'bluegum');
    if (siteId !== null)
      await msp.send(tickets.ReclassifyTicket, { ticketId: ticket.ticketId, siteId }, { actor: OMAR });
    await msp.send(
      tickets.LogTimeEntry,
      {
        ticketId: ticket.ticketId,
        timeEntryId: id,
        engineerId: PRIYA.id,
        engineerRole: 'engineer',
        workType: 'remote',
        workDate: from.slice(0, 10),
        startedAt: `${from}:00+11:00`,
        endedAt: `${to}:00+11:00`,
        minutes: (Date.parse(`${to}:00Z`) - Date.parse(`${from}:00Z`)) / 60_000,
        description: 'On site',
      },
      { actor: PRIYA },
    );
    await ticket.approves(id);
  }

  it('3 h at the Melbourne site on Melbourne Cup Day are 1,125.00, elsewhere 450.00', async () => {
    await registers({ holidays: CUP_DAY });
    await works('W1', '2026-11-03T10:00', '2026-11-03T13:00');
    await works('W2', '2026-11-03T10:00', '2026-11-03T13:00', null);
    expect(await msp.items('bluegum', '2026-11')).toEqual([
      'W1 billable 3 h 1125.00 AUD',
      'W2 billable 3 h 450.00 AUD',
    ]);
    expect(await msp.why('W1')).toContain('holiday (Melbourne Cup Day, a holiday of site melbourne)');
  });

  it('a holiday that is stated late re-rates what is not frozen, and shows what is', async () => {
    await registers();
    await works('W1', '2026-11-03T10:00', '2026-11-03T11:00');
    expect(await msp.bills('I1', 'bluegum', '2026-11')).toContain('W1 1 h 150.00');
    await works('W2', '2026-11-03T11:00', '2026-11-03T12:00');
    expect(await msp.items('bluegum', '2026-11')).toContain('W2 billable 1 h 150.00 AUD');
    await msp.send(contracts.ChangeSiteDetails, { clientId: 'bluegum', ...MELBOURNE, holidays: CUP_DAY });
    expect(await msp.items('bluegum', '2026-11')).toEqual(['W1 invoiced 1 h 150.00 AUD', 'W2 billable 1 h 375.00 AUD']);
    expect(await msp.gaps()).toEqual(['contract-mismatch W1: 225.00 AUD']);
  });

  it('holidays and hours of the client and of the organisation hold where the site states none', async () => {
    await registers();
    await works('W1', '2026-11-03T10:00', '2026-11-03T11:00');
    const organisation = { ...NAMED_CONFIGURATION.organisation, holidays: CUP_DAY };
    await msp.configures({ organisation });
    expect(await msp.items('bluegum', '2026-11')).toEqual(['W1 billable 1 h 375.00 AUD']);
    const details = { clientId: 'bluegum', name: 'bluegum', currency: 'AUD', timeZone: 'Australia/Sydney' };
    await msp.send(contracts.ChangeClientDetails, { ...details, holidays: [] });
    expect(await msp.items('bluegum', '2026-11')).toEqual(['W1 billable 1 h 150.00 AUD']);
  });

  it('a ticket can name only a site of its client, and says which those are', async () => {
    const named = async (input: object) => {
      const answer = await msp.house.send(tickets.RequestTicket, { summary: 'Help', ...input }, { actor: OMAR });
      return isRefusal(answer) ? `${answer.code}: ${answer.message}` : 'accepted';
    };
    await registers();
    await msp.signs('acacia');
    expect(await named({ ticketId: 'T1', clientId: 'bluegum', siteId: 'melbourne' })).toBe('accepted');
    expect(await named({ ticketId: 'T2', clientId: 'bluegum', siteId: 'perth' })).toBe(
      'SiteUnknown: Client bluegum has no site perth. It has melbourne.',
    );
    expect(await named({ ticketId: 'T3', clientId: 'acacia', siteId: 'melbourne' })).toBe(
      'SiteUnknown: Client acacia has no site melbourne. It has none.',
    );
    expect(await named({ ticketId: 'T4', siteId: 'melbourne' })).toMatch('SiteWithoutClient');
    // A ticket that goes to another client leaves its site behind.
    await msp.send(tickets.ReclassifyTicket, { ticketId: 'T1', clientId: 'acacia' }, { actor: OMAR });
    const again = { ticketId: 'T1', siteId: 'melbourne' };
    expect(await msp.tries(tickets.ReclassifyTicket, again, { actor: OMAR })).toBe('SiteUnknown');
    const { events } = await msp.house.billtrail.store.readStream('ticket-T1');
    expect(events.at(-1)?.data).toMatchObject({ clientId: 'acacia', siteId: null });
  });

  it('a ticket that is taken off its site is work at the client again, and repeats nothing', async () => {
    await registers({ holidays: CUP_DAY });
    await works('W1', '2026-11-03T09:00', '2026-11-03T12:00');
    expect(await msp.items('bluegum', '2026-11')).toEqual(['W1 billable 3 h 1125.00 AUD']);
    const off = { ticketId: 'T-W1', siteId: null };
    // 675.00 less is asked of approved work: somebody else agrees.
    expect(await msp.tries(tickets.ReclassifyTicket, off, { actor: OMAR }, BEA)).toBe('accepted');
    expect(await msp.items('bluegum', '2026-11')).toEqual(['W1 billable 3 h 450.00 AUD']);
    expect(await msp.house.send(tickets.ReclassifyTicket, off, { actor: OMAR })).toMatchObject({ repeated: true });
    // What is left out stays.
    await msp.send(tickets.ReclassifyTicket, { ticketId: 'T-W1', siteId: 'melbourne' }, { actor: OMAR });
    await msp.send(tickets.ReclassifyTicket, { ticketId: 'T-W1', category: 'Network' }, { actor: OMAR });
    expect(await msp.items('bluegum', '2026-11')).toEqual(['W1 billable 3 h 1125.00 AUD']);
  });

  it('a ticket that is taken off its contract goes to the first of the client', async () => {
    await msp.signsToo('bluegum', 'bluegum-2', { priority: 20, hourly: '90.00', minimum: 0, increment: 1 });
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 60, '2026-11-04');
    await ticket.isOf({ contractId: 'bluegum-2' });
    expect(await msp.items('bluegum', '2026-11')).toEqual(['W1 billable 1 h 90.00 AUD']);
    await msp.send(tickets.ReclassifyTicket, { ticketId: 'T1', contractId: null }, { actor: OMAR });
    expect(await msp.items('bluegum', '2026-11')).toEqual(['W1 billable 1 h 150.00 AUD']);
  });

  it('an imported ticket with work at a site that nobody registered is a gap until somebody does', async () => {
    const ticket = await msp.ticket('T1', 'bluegum');
    const { store } = msp.house.billtrail;
    const { version } = await store.readStream('ticket-T1');
    const data = { clientId: 'bluegum', contractId: null, siteId: 'melbourne', category: null, ticketType: null };
    await store.append({
      stream: 'ticket-T1',
      expected: version,
      events: [
        {
          type: 'TicketReclassified',
          data: { ...data, priority: null, reason: null },
          occurredAt: '2026-11-02T00:00:00Z',
        },
      ],
      actor: ANNA,
      commandId: 'import-1',
      correlationId: 'import-1',
      causationId: 'import-1',
      fingerprint: 'by-hand',
    });
    await ticket.time('W1', 60, '2026-11-02');
    await ticket.resolves();
    expect(await msp.gaps()).toEqual(['contract-mismatch: of no stated value']);
    await registers();
    expect(await msp.gaps()).toEqual([]);
  });
});
