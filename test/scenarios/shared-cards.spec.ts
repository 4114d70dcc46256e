import {
  billingCommands as billing,
  contractCommands as contracts,
  planIncrease,
  ticketCommands as tickets,
} from '@billtrail/application';
import { isRefusal } from '@billtrail/kernel';
import { NAMED_CONFIGURATION } from '@billtrail/billing/testing';
import type { CoverageRule } from '@billtrail/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ADMIN } from '../laws/kit/house.js';
import { Msp, versionOf } from './msp.js';
import { ANNA, OMAR, PRIYA } from './people.js';

const JUNE = '2026-06';
const JULY = '2026-07';
const PLAIN = { taxCategory: 'GST', incrementMinutes: 15 };
/** 150.00 an hour and 170.00 on site. */
const JANUARY = {
  from: '2026-01-01',
  ...PLAIN,
  labour: [{ pricePerHour: '150.00' }, { workType: 'onsite', pricePerHour: '170.00' }],
};
const FROM_JULY = {
  from: '2026-07-01',
  ...PLAIN,
  labour: [{ pricePerHour: '156.00' }, { workType: 'onsite', pricePerHour: '176.80' }],
};
const ALL: CoverageRule = { id: 'all', name: 'All work', match: {}, outcome: 'billable' };

describe('a rate card of the configuration that contracts name', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-07-20');
    await publishes([JANUARY, FROM_JULY]);
    await msp.signs('bluegum');
    await names('bluegum', {});
  });
  afterEach(() => msp.closes());

  const configured = (versions: readonly object[], name = 'standard') => ({
    ...NAMED_CONFIGURATION,
    rateCards: { [name]: { name: 'Standard', versions } },
  });
  async function publishes(versions: readonly object[]): Promise<void> {
    const configuration = configured(versions);
    await msp.send(billing.PublishConfiguration, { configuration }, { actor: ADMIN });
  }
  async function says(type: Parameters<Msp['house']['send']>[0], input: object): Promise<string> {
    const answer = await msp.house.send(type, input, { actor: ADMIN });
    return isRefusal(answer) ? `${answer.code}: ${answer.message}` : 'accepted';
  }
  /** A version of the client's contract that names the card, from January on. */
  async function names(clientId: string, own: object, coverage: readonly CoverageRule[] = [ALL]): Promise<void> {
    const terms = { coverage, rateCard: { card: 'standard', ...own } };
    const version = { contractId: `${clientId}-1`, effectiveFrom: '2026-01-01', terms };
    await msp.send(contracts.PublishContractVersion, version);
  }
  const works = async (id: string, day: string, minutes = 60, work = {}, clientId = 'bluegum') => {
    const ticket = await msp.ticket(`T-${id}`, clientId);
    await ticket.time(id, minutes, day, work);
    return ticket;
  };

  it('prices work by the version of its day: 70 min on 30 June 187.50, on 1 July 195.00', async () => {
    await works('W1', '2026-06-30', 70);
    await works('W2', '2026-07-01', 70);
    // 75 min at 150.00 and at 156.00.
    expect(await msp.items('bluegum', JUNE)).toEqual(['W1 billable 1.25 h 187.50 AUD']);
    expect(await msp.items('bluegum', JULY)).toEqual(['W2 billable 1.25 h 195.00 AUD']);
    expect(await msp.why('W2')).toContain(
      '156.00 AUD an hour: rate card Standard (standard), version 2 from 2026-07-01, any work by any role',
    );
  });

  it('an hour over midnight before another version is cut, and rounded once: 75.00 and 78.00', async () => {
    const ticket = await msp.ticket('T1', 'bluegum');
    await msp.send(
      tickets.LogTimeEntry,
      {
        ticketId: 'T1',
        timeEntryId: 'W1',
        engineerId: PRIYA.id,
        engineerRole: 'engineer',
        workType: 'remote',
        workDate: '2026-06-30',
        startedAt: '2026-06-30T23:30:00+10:00',
        endedAt: '2026-07-01T00:30:00+10:00',
        minutes: 60,
        description: 'Moved the server',
      },
      { actor: PRIYA },
    );
    await ticket.approves('W1');
    expect(await msp.items('bluegum', JUNE)).toEqual(['W1@p1 billable 0.5 h 75.00 AUD']);
    expect(await msp.items('bluegum', JULY)).toEqual(['W1@p1 billable 0.5 h 78.00 AUD']);
  });

  it('a contract may have a price of its own in place of one of the card: 140.00 remote, 176.80 on site', async () => {
    await msp.signs('wattle');
    await names('wattle', { labour: [{ pricePerHour: '140.00' }] });
    await works('W1', '2026-07-02', 60, {}, 'wattle');
    await works('W2', '2026-07-02', 60, { type: 'onsite' }, 'wattle');
    expect(await msp.items('wattle', JULY)).toEqual(['W1 billable 1 h 140.00 AUD', 'W2 billable 1 h 176.80 AUD']);
    expect(await msp.why('W1')).toContain(
      "the contract's own in place of that of rate card Standard (standard), version 2",
    );
  });

  it('a version that is published late re-rates what is not frozen; what is on an invoice is a gap, credited and billed again', async () => {
    await works('W1', '2026-06-10');
    expect(await msp.bills('I1', 'bluegum', JUNE)).toContain('W1 1 h 150.00');
    await works('W2', '2026-06-11');
    expect(await msp.drafts('I2', 'bluegum', JUNE)).toBe('accepted');
    await publishes([JANUARY, FROM_JULY, { ...JANUARY, from: '2026-06-01', labour: [{ pricePerHour: '160.00' }] }]);
    expect(await msp.issues('I2', 'bluegum', JUNE)).toBe('DraftStale');
    expect(await msp.discards('I2', 'bluegum', JUNE)).toBe('accepted');
    expect(await msp.items('bluegum', JUNE)).toEqual(['W1 invoiced 1 h 150.00 AUD', 'W2 billable 1 h 160.00 AUD']);
    expect(await msp.gaps()).toEqual(['contract-mismatch W1: 10.00 AUD']);
    expect(await msp.credits('C1', 'I1', 'bluegum', JUNE, [{ itemId: 'W1', outcome: 'bill-again' }])).toBe('accepted');
    expect(await msp.bills('I3', 'bluegum', JUNE)).toEqual([
      expect.any(String),
      'W1 1 h 160.00',
      'W2 1 h 160.00',
      '320.00 + 32.00 = 352.00 AUD',
    ]);
    expect(await msp.gaps()).toEqual([]);
    // July's version still holds from its day on.
    await works('W3', '2026-07-02');
    expect(await msp.items('bluegum', JULY)).toEqual(['W3 billable 1 h 156.00 AUD']);
  });

  it('a version with the same first day takes the place of one with a slip in it: 15.60 becomes 156.00', async () => {
    await publishes([JANUARY, FROM_JULY, { ...FROM_JULY, from: '2026-07-15', labour: [{ pricePerHour: '16.20' }] }]);
    await works('W1', '2026-07-16');
    expect(await msp.bills('I1', 'bluegum', JULY)).toContain('W1 1 h 16.20');
    const slip = { ...FROM_JULY, from: '2026-07-15', labour: [{ pricePerHour: '16.20' }] };
    await publishes([JANUARY, FROM_JULY, slip, { ...slip, labour: [{ pricePerHour: '162.00' }] }]);
    expect(await msp.gaps()).toEqual(['contract-mismatch W1: 145.80 AUD']);
  });

  it('an invoiced hour that becomes two is owed at the price of then, and the gap about the other price stays with the first', async () => {
    const ticket = await works('W1', '2026-06-10');
    await msp.bills('I1', 'bluegum', JUNE);
    await publishes([JANUARY, FROM_JULY, { ...JANUARY, from: '2026-06-01', labour: [{ pricePerHour: '160.00' }] }]);
    await ticket.corrects('W1', 120, '2026-06-10');
    await ticket.approves('W1');
    const items = await msp.items('bluegum', JUNE);
    expect(items).toEqual(['W1 invoiced 1 h 150.00 AUD', 'W1@a1 billable 1 h 150.00 AUD']);
  });

  it('work out of scope of a contract that includes it has the price of the card of its day', async () => {
    await names('bluegum', {}, [{ id: 'in', name: 'Included', match: {}, outcome: 'included' }]);
    const ticket = await works('W1', '2026-07-02', 120);
    expect(await msp.items('bluegum', JULY)).toEqual(['W1 covered 2 h 0.00 AUD']);
    await ticket.resolves('none-used', 'out-of-scope');
    expect(await msp.gaps()).toEqual(['scope-suspected: 312.00 AUD']);
    await msp.send(
      tickets.ClassifyScope,
      { ticketId: 'T-W1', scope: 'out-of-scope', reason: 'a move of offices' },
      { actor: OMAR },
    );
    expect(await msp.items('bluegum', JULY)).toEqual(['W1 billable 2 h 312.00 AUD']);
  });

  it('what was published of a card stays, and a card that contracts name can not be dropped: both are named', async () => {
    await msp.signs('wattle');
    await names('wattle', {});
    const dropped = await says(billing.PublishConfiguration, { configuration: NAMED_CONFIGURATION });
    expect(dropped).toContain('rateCards.standard is missing, and contract bluegum-1, contract wattle-1 name it');
    const changed = configured([{ ...JANUARY, labour: [{ pricePerHour: '151.00' }] }, FROM_JULY]);
    expect(await says(billing.PublishConfiguration, { configuration: changed })).toContain(
      'rateCards.standard.versions[0] was published, from 2026-01-01, and stays as it was',
    );
    const more = configured([JANUARY, FROM_JULY, { ...JANUARY, labour: [{ pricePerHour: '151.00' }] }]);
    expect(await says(billing.PublishConfiguration, { configuration: more })).toBe('accepted');
  });

  it('terms that name no card of the configuration, or begin before it, or are in another currency, are refused; the remedies work', async () => {
    await msp.send(contracts.RegisterClient, {
      clientId: 'kiwi',
      name: 'kiwi',
      currency: 'NZD',
      timeZone: 'Pacific/Auckland',
    });
    const activates = (clientId: string, rateCard: object, effectiveFrom = '2026-01-01') => {
      const contract = { contractId: `${clientId}-9`, clientId, name: 'Support', priority: 20, effectiveFrom };
      return says(contracts.ActivateContract, { ...contract, terms: { rateCard } });
    };
    expect(await activates('bluegum', { card: 'standrad' })).toContain(
      'terms.rateCard.card standrad is no rate card of the configuration, which has standard',
    );
    expect(await activates('kiwi', { card: 'standard' })).toContain('standard is in AUD, but the contract is in NZD');
    expect(await activates('bluegum', { card: 'standard' }, '2025-07-01')).toContain(
      'standard has prices from 2026-01-01 on, and these terms hold from 2025-07-01',
    );
    await publishes([JANUARY, FROM_JULY, { ...JANUARY, from: '2025-07-01' }]);
    expect(await activates('bluegum', { card: 'standard' }, '2025-07-01')).toBe('accepted');
  });

  it('a general increase of prices names the contracts whose card raises them', async () => {
    await msp.signs('wattle');
    const where = { percent: '4', from: '2026-08-01', roundTo: null, where: {}, month: JULY };
    const plan = await planIncrease(msp.house.billtrail, where);
    if (isRefusal(plan)) throw new Error(plan.message);
    expect(plan.contracts.map(({ contractId, as, why }) => [contractId, as, why])).toEqual([
      [
        'bluegum-1',
        'left',
        'it is priced by rate card standard: a version of the card raises its prices, for all contracts that name it',
      ],
      ['wattle-1', 'raised', null],
    ]);
  });

  it('a contract that goes over to the card in the middle of the month has its prices from that day on', async () => {
    await msp.signs('wattle', { hourly: '120.00', minimum: 0 });
    const { terms } = versionOf({ minimum: 0 }) as { terms: object };
    const version = {
      contractId: 'wattle-1',
      effectiveFrom: '2026-07-10',
      terms: { ...terms, rateCard: { card: 'standard' } },
    };
    await msp.send(contracts.PublishContractVersion, version, { actor: ANNA });
    await works('W1', '2026-07-09', 60, {}, 'wattle');
    await works('W2', '2026-07-10', 60, {}, 'wattle');
    expect(await msp.items('wattle', JULY)).toEqual(['W1 billable 1 h 120.00 AUD', 'W2 billable 1 h 156.00 AUD']);
  });
});
