import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { explain } from '@billtrail/billing';
import { ticketCommands as tickets } from '@billtrail/application';
import { Msp } from './msp.js';
import { OMAR, PRIYA } from './people.js';
import { chargesOf, managed, publishedPolicy, slaEventsOf, slaStory } from './service-levels.js';

const CREDIT = 'bluegum-1@credit@late@T1@resolution';

describe('service levels', () => {
  let msp: Msp;
  beforeEach(async () => {
    // Lucidity, critical: an answer within two business hours, a resolution within 24 hours.
    msp = await Msp.opens('2026-03-02');
    await msp.signs('bluegum', { from: '2026-03-01', besides: managed(publishedPolicy('lucidity_au')) });
  });
  afterEach(() => msp.closes());

  it('a critical ticket that is resolved late gives the client its credit, on the draft and with its reason', async () => {
    const outage = await msp.ticket('T1', 'bluegum', { priority: 'critical' });
    await outage.time('W1', 60, '2026-03-02');
    await msp.days(2);
    await outage.resolves();
    expect(await slaStory(msp, 'T1')).toEqual(['SlaBreached resolution']);
    const [breach] = await slaEventsOf(msp, 'T1');
    expect(breach).toMatchObject({
      actor: { id: 'record-sla', role: 'system' },
      data: { priority: 'critical', contractId: 'bluegum-1', contractVersion: 1, breachedOn: '2026-03-03', run: 1 },
    });
    expect(breach?.occurredAt.slice(0, 13)).toBe('2026-03-02T22');

    expect(await chargesOf(msp, 'bluegum', '2026-03')).toEqual([
      `${CREDIT} billable -45.00`,
      'bluegum-1@fee@fee@2026-03-01 billable 900.00',
    ]);
    const { models } = msp.house.billtrail;
    const [credit] = await models.charges.byId(CREDIT);
    expect(credit?.sourceEventIds).toEqual([breach?.id]);
    const explanation = JSON.stringify(explain(credit!));
    expect(explanation).toContain(
      `resolution target of ticket T1 (critical) missed on 2026-03-03, event ${breach?.id}`,
    );
    expect(explanation).toContain('5 % of recurring charges of 900.00');

    await msp.drafts('I1', 'bluegum', '2026-03');
    expect(await chargesOf(msp, 'bluegum', '2026-03')).toEqual([
      `${CREDIT} claimed -45.00`,
      'bluegum-1@fee@fee@2026-03-01 claimed 900.00',
    ]);
    expect(await msp.issues('I1', 'bluegum', '2026-03')).toBe('accepted');
    // 150.00 of work, 900.00 of the fee, 45.00 given back.
    expect((await msp.document('I1')).at(-1)).toBe('1005.00 + 100.50 = 1105.50 AUD');
    const whole = await models.reconciliation.of(await msp.house.today());
    expect(whole).toMatchObject({ imbalances: [], tickets: { resolved: 1, billed: 1, gap: 0 } });
    expect(await msp.gaps()).toEqual([]);
  });

  it('an invoice that lacks the credit is a contract mismatch until the next one carries it', async () => {
    await msp.bills('I1', 'bluegum', '2026-03');
    const outage = await msp.ticket('T1', 'bluegum', { priority: 'critical' });
    await outage.time('W1', 60, '2026-03-02');
    await msp.days(2);
    expect(await msp.gaps()).toEqual(['contract-mismatch: -45.00 AUD']);
    await outage.resolves();
    await msp.bills('I2', 'bluegum', '2026-03');
    expect(await msp.gaps()).toEqual([]);
    expect(await msp.endings('contract-mismatch')).toEqual(['billed']);
  });

  it('a breach that turns out to be none is withdrawn, and the credit with it; after the invoice as an adjustment', async () => {
    const outage = await msp.ticket('T1', 'bluegum', { priority: 'critical' });
    await msp.days(2);
    expect(await slaStory(msp, 'T1')).toEqual(['SlaBreached resolution']);
    await msp.bills('I1', 'bluegum', '2026-03');
    // Priya had it working on the first day, and says so on the third.
    await outage.time('W1', 30, '2026-03-02');
    const done = { resolution: 'Works again', materials: 'none-used', scope: 'in-contract' };
    await msp.send(
      tickets.ResolveTicket,
      { ticketId: 'T1', ...done, occurredAt: '2026-03-02T15:00:00+11:00' },
      { actor: PRIYA },
    );
    expect(await slaStory(msp, 'T1')).toEqual(['SlaBreached resolution', 'SlaBreachWithdrawn resolution in-time']);
    expect(await chargesOf(msp, 'bluegum', '2026-03')).toEqual([
      `${CREDIT} invoiced -45.00`,
      `${CREDIT}@a1 billable 45.00`,
      'bluegum-1@fee@fee@2026-03-01 invoiced 900.00',
    ]);
  });

  it('a back-dated version with other targets withdraws the breach and tells it anew', async () => {
    await msp.ticket('T1', 'bluegum', { priority: 'critical' });
    await msp.days(2);
    await msp.renegotiates('bluegum', { from: '2026-03-01', besides: managed(publishedPolicy('hixon')) });
    expect(await slaStory(msp, 'T1')).toEqual([
      'SlaBreached resolution',
      'SlaBreachWithdrawn resolution restated',
      'SlaBreached resolution',
    ]);
    expect((await slaEventsOf(msp, 'T1')).at(-1)?.data).toMatchObject({ contractVersion: 2, targetMinutes: 120 });
    // Without service levels there is nothing to miss.
    await msp.renegotiates('bluegum', { from: '2026-03-01' });
    expect((await slaStory(msp, 'T1')).at(-1)).toBe('SlaBreachWithdrawn resolution no-sla');
    expect(await chargesOf(msp, 'bluegum', '2026-03')).toEqual([]);
  });

  it('warns as the time runs, once; the clock stands while it waits for the client', async () => {
    const outage = await msp.ticket('T1', 'bluegum', { priority: 'critical' });
    await msp.days(0.6);
    expect(await slaStory(msp, 'T1')).toEqual(['SlaWarned resolution 50']);
    await msp.send(tickets.PendTicketOnClient, { ticketId: 'T1', reason: 'asked for access' }, { actor: PRIYA });
    await msp.days(30);
    expect(await slaStory(msp, 'T1')).toEqual(['SlaWarned resolution 50']);
    await msp.send(tickets.ResumeTicket, { ticketId: 'T1' }, { actor: PRIYA });
    await outage.time('W1', 30, '2026-03-03');
    await outage.resolves();
    await msp.days(1);
    expect(await slaStory(msp, 'T1')).toEqual(['SlaWarned resolution 50']);
  });

  it('a ticket moved to the right contract has the service level of that one', async () => {
    await msp.signsToo('bluegum', 'bluegum-best-effort', { priority: 90 });
    const outage = await msp.ticket('T1', 'bluegum', { priority: 'critical' });
    await outage.isOf({ contractId: 'bluegum-best-effort' });
    await msp.days(2);
    expect(await slaStory(msp, 'T1')).toEqual([]);
    await msp.send(
      tickets.ReclassifyTicket,
      { ticketId: 'T1', contractId: 'bluegum-1', reason: 'named in error' },
      { actor: OMAR },
    );
    expect(await slaStory(msp, 'T1')).toEqual(['SlaBreached resolution']);
  });
});
