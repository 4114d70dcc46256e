import {
  billingCommands as billing,
  contractCommands as contracts,
  ticketCommands as tickets,
} from '@billtrail/application';
import type { CommandAnswer } from '@billtrail/application';
import { isRefusal } from '@billtrail/kernel';
import type { ContractTerms } from '@billtrail/contracts';
import { NAMED_CONFIGURATION } from '@billtrail/billing/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ADMIN } from '../laws/kit/house.js';
import { PRIYA } from './people.js';
import { Msp } from './msp.js';

const day = [{ opens: '08:00', closes: '17:00' }];
const office = { hours: { monday: day, tuesday: day, wednesday: day, thursday: day, friday: day } };
const VICTORIA = { country: 'AU', state: 'VIC', years: [2026] };
const QUEENSLAND = { country: 'AU', state: 'QLD', years: [2026] };
const SHARED = { calendars: { office }, holidaySets: { vic: VICTORIA, qld: QUEENSLAND } };

describe('calendars and holiday sets of the configuration, named (K26)', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-12-28', SHARED);
    await signs('bluegum', { calendar: 'office', holidays: 'vic' });
  });
  afterEach(() => msp.closes());

  /** 150.00 an hour by the minute, after hours x 1.5, on holidays x 2.5. */
  async function signs(clientId: string, rateCalendar: NonNullable<ContractTerms['rateCalendar']>): Promise<void> {
    await msp.signs(clientId, { minimum: 0, increment: 1, besides: { rateCalendar } });
    await msp.house.settle();
    const [contract] = await msp.house.billtrail.models.billableItems.contractsOf(clientId);
    const terms = contract?.versions[0]?.terms;
    const rateClassMultipliers = [
      { rateClass: 'after-hours', multiplier: '1.5' },
      { rateClass: 'holiday', multiplier: '2.5' },
    ];
    await msp.send(contracts.PublishContractVersion, {
      contractId: `${clientId}-1`,
      effectiveFrom: '2026-01-01',
      terms: { ...terms, rateCard: { ...terms?.rateCard, rateClassMultipliers } },
    });
  }

  async function works(id: string, clientId: string, from: string, to: string, zone = '+11:00'): Promise<void> {
    const ticket = await msp.ticket(`T-${id}`, clientId);
    await msp.send(
      tickets.LogTimeEntry,
      {
        ticketId: ticket.ticketId,
        timeEntryId: id,
        engineerId: PRIYA.id,
        engineerRole: 'engineer',
        workType: 'remote',
        workDate: from.slice(0, 10),
        startedAt: `${from}:00${zone}`,
        endedAt: `${to}:00${zone}`,
        minutes: (Date.parse(`${to}:00Z`) - Date.parse(`${from}:00Z`)) / 60_000,
        description: 'On site',
      },
      { actor: PRIYA },
    );
    await ticket.approves(id);
  }

  it('2 h on Melbourne Cup Day under a contract that names Victoria are 750.00; a dropped day makes them 300.00', async () => {
    await works('W1', 'bluegum', '2026-11-03T10:00', '2026-11-03T12:00');
    expect(await msp.items('bluegum', '2026-11')).toEqual(['W1 billable 2 h 750.00 AUD']);
    expect(await msp.why('W1')).toContain('holiday (Melbourne Cup');
    const dropped = { ...VICTORIA, days: [{ date: '2026-11-03', isHoliday: false }] };
    await msp.configures({ ...SHARED, holidaySets: { ...SHARED.holidaySets, vic: dropped } });
    expect(await msp.items('bluegum', '2026-11')).toEqual(['W1 billable 2 h 300.00 AUD']);
  });

  it('Christmas Eve in Queensland, 16:00 to 19:00: an hour in hours, an hour after, an hour of holiday: 750.00', async () => {
    const details = { clientId: 'bluegum', name: 'bluegum', currency: 'AUD', timeZone: 'Australia/Brisbane' };
    await msp.send(contracts.ChangeClientDetails, { ...details, holidays: 'qld' });
    await works('W1', 'bluegum', '2026-12-24T16:00', '2026-12-24T19:00', '+10:00');
    // 150.00 + 225.00 + 375.00.
    expect(await msp.items('bluegum', '2026-12')).toEqual([
      'W1@p1 billable 1 h 150.00 AUD',
      'W1@p2 billable 1 h 225.00 AUD',
      'W1@p3 billable 1 h 375.00 AUD',
    ]);
  });

  it('what is on an invoice stays, and shows what it would be now', async () => {
    await works('W1', 'bluegum', '2026-11-10T10:00', '2026-11-10T11:00');
    expect(await msp.bills('I1', 'bluegum', '2026-11')).toContain('W1 1 h 150.00');
    const added = { ...VICTORIA, days: [{ date: '2026-11-10', name: 'Show Day' }] };
    await msp.configures({ ...SHARED, holidaySets: { ...SHARED.holidaySets, vic: added } });
    expect(await msp.items('bluegum', '2026-11')).toEqual(['W1 invoiced 1 h 150.00 AUD']);
    expect(await msp.gaps()).toEqual(['contract-mismatch W1: 225.00 AUD']);
  });

  it('a name that there is not is refused with those that there are: of contract, client, site, and of the organisation', async () => {
    const says = async (answer: Promise<CommandAnswer>) => {
      const said = await answer;
      return isRefusal(said) ? `${said.code}: ${said.message}` : 'accepted';
    };
    const [contract] = await msp.house.billtrail.models.billableItems.contractsOf('bluegum');
    const terms = { ...contract?.versions[0]?.terms, rateCalendar: { calendar: 'night', holidays: 'nsw' } };
    const version = { contractId: 'bluegum-1', effectiveFrom: '2026-02-01', terms };
    const refused = await says(msp.house.send(contracts.PublishContractVersion, version, { actor: ADMIN }));
    expect(refused).toContain('night is no calendar of the configuration, which has office');
    expect(refused).toContain('nsw is no holiday set of the configuration, which has vic, qld');
    const details = { clientId: 'bluegum', name: 'bluegum', currency: 'AUD', timeZone: 'Australia/Sydney' };
    expect(
      await says(msp.house.send(contracts.ChangeClientDetails, { ...details, holidays: 'nsw' }, { actor: ADMIN })),
    ).toBe('SharedNameUnknown: holidays: nsw is no holiday set of the configuration, which has vic, qld.');
    const site = { clientId: 'bluegum', siteId: 's', from: '2026-01-01', name: 'S', calendar: 'night' };
    expect(await says(msp.house.send(contracts.RegisterSite, site, { actor: ADMIN }))).toContain('SharedNameUnknown');
    const organisation = { ...NAMED_CONFIGURATION.organisation, calendar: 'night' };
    const configuration = { ...NAMED_CONFIGURATION, ...SHARED, organisation };
    expect(await says(msp.house.send(billing.PublishConfiguration, { configuration }, { actor: ADMIN }))).toContain(
      'organisation.calendar night is no calendar of the configuration, which has office',
    );
  });

  it('what somebody names can not be dropped; what nobody names can', async () => {
    const publishes = async (holidaySets: object) => {
      const configuration = { ...NAMED_CONFIGURATION, ...SHARED, holidaySets };
      return msp.house.send(billing.PublishConfiguration, { configuration }, { actor: ADMIN });
    };
    const refused = await publishes({ qld: QUEENSLAND });
    expect(isRefusal(refused) && refused.message).toContain(
      'holidaySets.vic is missing, and contract bluegum-1 names it',
    );
    expect(isRefusal(await publishes({ vic: VICTORIA }))).toBe(false);
  });
});
