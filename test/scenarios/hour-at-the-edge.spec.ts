import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { contractCommands as contracts, ticketCommands as tickets } from '@billtrail/application';
import { brokenLaws } from '../laws/kit/laws.js';
import { lookAt } from '../laws/kit/look.js';
import { Msp } from './msp.js';
import { OMAR, PRIYA } from './people.js';

/** From 01:00 to 02:00 on 1 July in Sydney, and from 23:00 on 30 June in Perth. */
const hour = {
  ticketId: 'T1',
  timeEntryId: 'W1',
  engineerId: PRIYA.id,
  engineerRole: 'engineer',
  workType: 'remote',
  minutes: 60,
  workDate: '2026-07-01',
  startedAt: '2026-06-30T15:00:00Z',
  endedAt: '2026-06-30T16:00:00Z',
  description: 'Night work',
};
const inPerth = { besides: { timeZone: 'Australia/Perth' } };

describe('an invoiced hour near a month\u2019s end (K13)', () => {
  let msp: Msp;
  let folder: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'edge-'));
    msp = await Msp.opens('2026-07-02', {}, folder);
    await msp.signs('bluegum', { hourly: '100.00' });
    const ticket = await msp.ticket('T1', 'bluegum');
    await msp.send(tickets.LogTimeEntry, hour, { actor: PRIYA });
    await ticket.approves('W1');
    await ticket.resolves();
    await msp.bills('I1', 'bluegum', '2026-07');
  });
  afterEach(async () => {
    await msp.closes();
    rmSync(folder, { recursive: true });
  });

  const moves = (zone: string) =>
    msp.send(contracts.ChangeClientDetails, { clientId: 'bluegum', name: 'bluegum', currency: 'AUD', timeZone: zone });
  const corrects = async (minutes: number) => {
    const endedAt = new Date(Date.parse(hour.startedAt) + minutes * 60_000).toISOString();
    await msp.send(tickets.CorrectTimeEntry, { ...hour, minutes, endedAt, reason: 'mistyped' }, { actor: PRIYA });
    await msp.approves('time', 'T1', 'W1');
  };
  const laws = async () => {
    await msp.house.settle();
    return brokenLaws(await lookAt(msp, { isSettled: true }));
  };

  it.each<[string, () => Promise<unknown>]>([
    ['the zone of its client', () => moves('Australia/Perth')],
    ['a back-dated version', () => msp.renegotiates('bluegum', { from: '2026-06-01', hourly: '100.00', ...inPerth })],
    [
      'the contract of its ticket',
      async () => {
        await msp.signsToo('bluegum', 'bluegum-west', { priority: 20, hourly: '100.00', ...inPerth });
        const west = { ticketId: 'T1', contractId: 'bluegum-west', reason: 'put right' };
        await msp.send(tickets.ReclassifyTicket, west, { actor: OMAR });
      },
    ],
    [
      'a site in another zone, of its ticket',
      async () => {
        const site = {
          clientId: 'bluegum',
          siteId: 'west',
          from: '2026-01-01',
          name: 'West',
          timeZone: 'Australia/Perth',
        };
        await msp.send(contracts.RegisterSite, site);
        await msp.send(
          tickets.ReclassifyTicket,
          { ticketId: 'T1', siteId: 'west', reason: 'put right' },
          { actor: OMAR },
        );
      },
    ],
  ])('stays where it is invoiced, and is not billed again: %s', async (_, fact) => {
    await fact();
    expect(await msp.items('bluegum', '2026-07')).toEqual(['W1 invoiced 1 h 100.00 AUD']);
    expect(await msp.items('bluegum', '2026-06')).toEqual([]);
    expect(await msp.drafts('I2', 'bluegum', '2026-06')).toBe('NothingToBill');
    expect(await laws()).toEqual([]);
  });

  it('is corrected where it is invoiced, once', async () => {
    await moves('Australia/Perth');
    await corrects(90);
    expect(await msp.items('bluegum', '2026-07')).toEqual([
      'W1 invoiced 1 h 100.00 AUD',
      'W1@a1 billable 0.5 h 50.00 AUD',
    ]);
    expect(await msp.items('bluegum', '2026-06')).toEqual([]);
    expect(await msp.bills('I2', 'bluegum', '2026-07')).toContain('50.00 + 5.00 = 55.00 AUD');
    await moves('Pacific/Auckland');
    expect(await laws()).toEqual([]);
  });

  it('is billed in its new month once a credit note gave it back to be billed again', async () => {
    await moves('Australia/Perth');
    await msp.credits('C1', 'I1', 'bluegum', '2026-07', [{ itemId: 'W1', outcome: 'bill-again' }]);
    expect(await msp.items('bluegum', '2026-07')).toEqual([]);
    expect(await msp.items('bluegum', '2026-06')).toEqual(['W1 billable 1 h 100.00 AUD']);
    expect(await laws()).toEqual([]);
    await msp.bills('I2', 'bluegum', '2026-06');
    await moves('Australia/Sydney');
    expect(await msp.items('bluegum', '2026-07')).toEqual([]);
    expect(await laws()).toEqual([]);
  });
});
