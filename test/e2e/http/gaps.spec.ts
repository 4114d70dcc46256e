import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api, eventually } from '../kit.js';
import { MONTH, Story } from '../story.js';

interface Gap {
  readonly gapId: string;
  readonly kind: string;
  readonly state: string;
  readonly ending: string | null;
  readonly workItemId: string | null;
  readonly valueAtRisk: { readonly money: object | null; readonly minutes: number | null };
  readonly cause: string;
  readonly sourceEventIds: readonly string[];
  readonly ownerId: string | null;
}

const aud = (amount: string) => ({ amount, currency: 'AUD' });

describe('gaps, over HTTP', () => {
  let api: Api;
  let story: Story;
  beforeAll(async () => {
    api = await Api.open();
    story = new Story(api);
    await story.client('acme').contract('acme-tm').told();
  });
  afterAll(() => api.close());

  const gapsOf = (ticketId: string) => story.operations.readsAll<Gap>(`/v1/gaps?ticketId=${ticketId}`);
  const untilGaps = (ticketId: string, fits: (gaps: readonly Gap[]) => boolean) =>
    eventually(() => gapsOf(ticketId), fits);
  const oneGap = async (ticketId: string, state: string) => {
    const [gap] = await untilGaps(ticketId, (gaps) => gaps.length > 0 && gaps.every((one) => one.state === state));
    return gap!;
  };

  it('unpriced work is a gap at once, never free, and ends as corrected when the work gets its price', async () => {
    await story.ticketInProgress('INC-unpriced').time('te-unpriced', 60, { workType: 'data-recovery' }).told();
    const opened = await oneGap('INC-unpriced', 'open');
    expect(opened).toMatchObject({
      kind: 'unpriced',
      workItemId: 'te-unpriced',
      valueAtRisk: { money: null, minutes: 60 },
    });
    expect(opened.cause).toContain('data-recovery');
    expect(opened.sourceEventIds).toHaveLength(1);

    const { position } = await story.support.does('/v1/tickets/INC-unpriced/time-entries/te-unpriced/correct', {
      engineerId: 'support-1',
      engineerRole: 'engineer',
      workType: 'remote-support',
      minutes: 60,
      workDate: '2026-03-10',
      description: 'Found and mended the fault',
      reason: 'It was remote support',
    });
    const [item] = await story.accounts.readsAll<object>(
      `/v1/billable-items?ticketId=INC-unpriced&atLeast=${position}`,
    );
    expect(item).toMatchObject({ disposition: 'billable', net: aud('150.00') });
    const closed = await oneGap('INC-unpriced', 'closed');
    expect(closed).toMatchObject({ gapId: opened.gapId, ending: 'corrected' });
  });

  it('time of a resolved ticket that nobody approved is a gap with its value, and ends when it is approved', async () => {
    await story.ticketInProgress('INC-unapproved').time('te-unapproved', 70).told();
    expect(await gapsOf('INC-unapproved')).toEqual([]);
    await story.resolve().told();
    const opened = await oneGap('INC-unapproved', 'open');
    expect(opened).toMatchObject({ kind: 'time-unapproved', valueAtRisk: { money: aud('187.50'), minutes: 70 } });

    await story.approveTime('te-unapproved').told();
    expect(await oneGap('INC-unapproved', 'closed')).toMatchObject({ gapId: opened.gapId, ending: 'corrected' });
  });

  it('a part that is named and not recorded is suspected, until it is recorded', async () => {
    await story
      .ticketInProgress('INC-suspected')
      .time('te-suspected', 30)
      .approveTime('te-suspected')
      .resolve({ resolution: 'Put in a new SSD' })
      .told();
    const opened = await oneGap('INC-suspected', 'open');
    expect(opened).toMatchObject({ kind: 'material-suspected', valueAtRisk: { money: aud('120.00') } });

    await story.material('mu-suspected').approveGoods('materials/mu-suspected').told();
    expect(await oneGap('INC-suspected', 'closed')).toMatchObject({ gapId: opened.gapId, ending: 'corrected' });
  });

  it('what stays unbilled past the billing delay becomes a gap by the day, and ends as billed', async () => {
    const { position } = await story
      .client('slow')
      .contract('slow-tm')
      .ticketInProgress('INC-unbilled')
      .time('te-unbilled', 60)
      .approveTime('te-unbilled')
      .resolve()
      .told();
    const waiting = await story.accounts.reads<object>(`/v1/reconciliation?clientId=slow&atLeast=${position}`);
    expect(waiting).toMatchObject({ tickets: { resolved: 1, waiting: 1, gap: 0 }, gaps: [] });
    const late = await story.accounts.reads<object>('/v1/reconciliation?clientId=slow&asOf=2026-04-10');
    expect(late).toMatchObject({
      tickets: { resolved: 1, waiting: 0, gap: 1 },
      gaps: [{ kind: 'unbilled', leak: 'unbilled time', gaps: 1, tickets: 1, money: [aud('150.00')] }],
    });

    api.moveTo('2026-04-10T02:00:00Z');
    // Any event wakes the policy; without one it looks by itself every minute.
    await story.operations.does('/v1/tickets/INC-unbilled/notes', { text: 'Still to be billed' });
    const opened = await oneGap('INC-unbilled', 'open');
    expect(opened).toMatchObject({ kind: 'unbilled', valueAtRisk: { money: aud('150.00'), minutes: 60 } });

    await story.draft('inv-slow').approve().issue().told();
    expect(await oneGap('INC-unbilled', 'closed')).toMatchObject({ gapId: opened.gapId, ending: 'billed' });
  });

  it('a gap gets an owner, and is accepted by someone else with a reason; then it never changes', async () => {
    await story.ticketInProgress('INC-accepted').time('te-accepted', 60, { workType: 'training' }).told();
    const { gapId } = await oneGap('INC-accepted', 'open');
    const assigned = await story.operations.does(`/v1/gaps/${gapId}/assign`, { ownerId: 'accounts-1' });
    expect(await story.operations.reads<Gap>(`/v1/gaps/${gapId}?atLeast=${assigned.position}`)).toMatchObject({
      ownerId: 'accounts-1',
      state: 'open',
    });

    const acceptance = { reasonCode: 'goodwill', comment: 'A favour to a new client' };
    const own = await api.as('operations', 'support-1').post(`/v1/gaps/${gapId}/accept`, acceptance);
    expect(own).toMatchObject({ status: 409, body: { code: 'OwnWork' } });

    const { position } = await story.accounts.does(`/v1/gaps/${gapId}/accept`, acceptance);
    expect(await story.operations.reads<Gap>(`/v1/gaps/${gapId}?atLeast=${position}`)).toMatchObject({
      state: 'accepted',
      ending: 'accepted',
      acceptance: { reasonCode: 'goodwill', acceptedBy: 'accounts-1', secondPerson: null },
    });
    const again = await story.operations.post(`/v1/gaps/${gapId}/assign`, { ownerId: 'someone' });
    expect(again).toMatchObject({ status: 409, body: { code: 'GapEnded' } });
  });

  it('a written-off item leaves a record of who and why, and no gap', async () => {
    await story
      .client('lost')
      .contract('lost-tm')
      .ticketInProgress('INC-lost')
      .time('te-lost', 60)
      .approveTime('te-lost')
      .resolve()
      .told();
    const { position } = await story.accounts.does('/v1/billable-items/te-lost/write-off', {
      reasonCode: 'goodwill',
      comment: 'Our own mistake',
    });
    const item = await story.accounts.reads<object>(`/v1/billable-items/te-lost?atLeast=${position}`);
    expect(item).toMatchObject({ disposition: 'written-off', net: aud('150.00') });
    const draft = await story.accounts.post('/v1/invoices', { clientId: 'lost', period: MONTH });
    expect(draft).toMatchObject({ status: 409, body: { code: 'NothingToBill' } });
  });

  it('3,000.00 are written off by two persons, each with a key of their own, and by nobody who is made up (Y1)', async () => {
    await story.ticketInProgress('INC-dear').time('te-dear', 1_200).approveTime('te-dear').resolve().told();
    const admin = api.as('admin');
    const withKey = async (personId: string, role: string) =>
      api.nobody((await admin.does<{ key: string }>(`/v1/persons/${personId}/keys`, { role })).key);
    await admin.does('/v1/persons', { personId: 'anna', name: 'Anna', roles: ['accounts', 'admin'] });
    await admin.does('/v1/persons', { personId: 'bea', name: 'Bea', roles: ['accounts'] });
    const [anna, annaToo, bea] = [
      await withKey('anna', 'accounts'),
      await withKey('anna', 'admin'),
      await withKey('bea', 'accounts'),
    ];
    const off = { reasonCode: 'goodwill', comment: 'Our own mistake' };
    const invented = { ...off, secondPerson: 'santa-claus' };
    expect(await anna.post('/v1/billable-items/te-dear/write-off', invented)).toMatchObject({
      status: 400,
      body: { code: 'InvalidInput' },
    });
    const asked = await anna.does<{ warnings: { code: string; details: { requestId: string; hash: string } }[] }>(
      '/v1/billable-items/te-dear/write-off',
      off,
    );
    const [{ code, details } = { code: '', details: { requestId: '', hash: '' } }] = asked.warnings;
    expect(code).toBe('WaitsForSecondPerson');
    const { requestId, hash } = details;
    const route = `/v1/approvals/${requestId}`;
    const mine = (who: typeof anna) => who.reads<{ items: object[] }>('/v1/approvals?mine=to-decide');
    expect([(await mine(anna)).items, (await mine(annaToo)).items]).toEqual([[], []]);
    expect((await mine(bea)).items).toMatchObject([{ requestId, hash, value: aud('3000.00') }]);
    const engineer = api.as('support', 'anna-of-support');
    const asks = await engineer.does<{ warnings: { details: { requestId: string } }[] }>(
      '/v1/tickets/INC-dear/time-entries/te-dear/void',
      { reason: 'twice' },
    );
    const own = asks.warnings[0]?.details.requestId ?? '';
    const seen = await engineer.reads<{ items: object[] }>('/v1/approvals?requestedBy=anna');
    expect(seen.items).toMatchObject([{ requestId: own, requestedBy: 'anna-of-support' }]);
    expect(await engineer.get(route)).toMatchObject({ status: 404 });
    expect(await engineer.post(`${route}/withdraw`, { reason: 'no' })).toMatchObject({ status: 403 });
    expect(await engineer.reads(`/v1/approvals/${own}`)).toMatchObject({ you: { may: false, code: 'NotAllowed' } });
    await engineer.does(`/v1/approvals/${own}/withdraw`, { reason: 'it was done' });
    expect(await bea.reads(route)).toMatchObject({
      you: { may: true },
      decidedBy: ['accounts', 'admin'],
      asked: { itemId: 'te-dear' },
      why: expect.stringContaining('the limit is 500.00 AUD'),
      actions: expect.arrayContaining([
        expect.objectContaining({ name: 'ApproveForgoingRequest', body: { hash }, allowed: true }),
        expect.objectContaining({ name: 'RefuseForgoingRequest', allowed: true }),
      ]),
    });
    expect(await annaToo.reads(route)).toMatchObject({ you: { may: false, code: 'OwnRequest' } });
    expect(await annaToo.post(`${route}/approve`, { hash })).toMatchObject({
      status: 403,
      body: { code: 'OwnRequest' },
    });
    const other = '0'.repeat(64);
    expect(await bea.post(`${route}/approve`, { hash: other })).toMatchObject({ body: { code: 'HashDiffers' } });
    const { position } = await bea.does(`${route}/approve`, { hash });
    const item = await bea.reads<object>(`/v1/billable-items/te-dear?atLeast=${position}`);
    expect(item).toMatchObject({ disposition: 'written-off', net: aud('3000.00') });
    expect(await bea.reads(route)).toMatchObject({ state: 'carried-out', approvedBy: 'bea', you: null });
  });

  it('every gap that is derived is recorded, and the other way round (law L7)', async () => {
    const { gaps, gapsOfOpenTickets } = await story.accounts.reads<Record<string, { gaps: number }[]>>(
      '/v1/reconciliation?asOf=2026-04-10',
    );
    const derived = [...gaps!, ...gapsOfOpenTickets!].reduce((sum, one) => sum + one.gaps, 0);
    await eventually(
      () => story.accounts.readsAll<Gap>('/v1/gaps?state=open'),
      (open) => open.length === derived,
    );
  });
});
