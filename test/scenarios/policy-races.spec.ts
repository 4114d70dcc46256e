import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { billingCommands as billing } from '@billtrail/application';
import type { AppendRequest, EventStore } from '@billtrail/event-store';
import { ACCOUNTANT, OPERATOR } from '../laws/kit/house.js';
import { Msp } from './msp.js';
import type { TicketStory } from './ticket-story.js';

/** Lets `meanwhile` happen after a policy has read and decided, right before its next append. Answers how often it came to that. */
function happensBeforeAppendOf(policy: string, store: EventStore, meanwhile: () => Promise<unknown>): () => number {
  const append = store.append.bind(store);
  let times = 0;
  jest.spyOn(store, 'append').mockImplementation(async (request: AppendRequest, claims) => {
    if (request.actor.id === policy && times === 0) {
      times += 1;
      await meanwhile();
    }
    return append(request, claims);
  });
  return () => times;
}

describe('a person acts on a gap between the read and the append of the policy', () => {
  let msp: Msp;
  let ticket: TicketStory;
  let gapId: string;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-02');
    await msp.signs('bluegum');
    ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 60, '2026-03-02', { approved: false });
    await ticket.resolves();
    expect(await msp.gaps()).toEqual(['time-unapproved W1: 150.00 AUD']);
    gapId = (await recorded())[0]!.gapId;
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await msp.closes();
  });

  const billtrail = () => msp.house.billtrail;
  const recorded = async () => (await billtrail().models.gaps.list()).items;
  const states = async () =>
    (await recorded()).map(({ state, valueAtRisk }) => `${state} ${valueAtRisk.money?.amount}`);
  const accept = () =>
    msp.house.must(billing.AcceptBillingGap, { gapId, reasonCode: 'goodwill', comment: 'ours' }, { actor: ACCOUNTANT });
  const assign = () => msp.house.must(billing.AssignBillingGap, { gapId, ownerId: 'ops-2' }, { actor: OPERATOR });
  const longer = () => ticket.corrects('W1', 120, '2026-03-02', { approved: false });

  it('accepts it while it is revalued: nothing ends, and what it is worth beyond that is a gap again (G5)', async () => {
    await longer();
    const times = happensBeforeAppendOf('record-gaps', billtrail().store, accept);
    await msp.house.settle();
    expect(times()).toBe(1);
    expect(await states()).toEqual(['accepted 150.00', 'open 300.00']);
  });

  it('accepts it while it is closed: it has ended once, as the person said (G5)', async () => {
    await ticket.approves('W1');
    const times = happensBeforeAppendOf('record-gaps', billtrail().store, accept);
    await msp.house.settle();
    expect(times()).toBe(1);
    expect(await states()).toEqual(['accepted 150.00']);
  });

  it('assigns it while it is revalued: the revaluation is not lost (G6)', async () => {
    await longer();
    const times = happensBeforeAppendOf('record-gaps', billtrail().store, assign);
    await msp.house.settle();
    expect(times()).toBe(1);
    expect(await states()).toEqual(['open 300.00']);
    expect(await recorded()).toMatchObject([{ ownerId: 'ops-2' }]);
  });

  it('assigns it while it is closed: it is closed all the same (G6)', async () => {
    await ticket.approves('W1');
    const times = happensBeforeAppendOf('record-gaps', billtrail().store, assign);
    await msp.house.settle();
    expect(times()).toBe(1);
    expect(await states()).toEqual(['closed 150.00']);
  });

  it('corrects the work of it while it is revalued: what is recorded is what is derived (G6)', async () => {
    await longer();
    const times = happensBeforeAppendOf('record-gaps', billtrail().store, () =>
      ticket.corrects('W1', 180, '2026-03-02', { approved: false }),
    );
    await msp.house.settle();
    expect(times()).toBe(1);
    expect(await states()).toEqual(['open 450.00']);
    expect(billtrail().policyTroubles()).toEqual([]);
  });
});

describe('a gap that is open', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-02', { unbilledAfterDays: 14 });
    await msp.signs('bluegum');
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 60, '2026-03-02');
    await ticket.resolves();
    await msp.days(14);
    expect(await msp.gaps()).toEqual(['unbilled W1: 150.00 AUD']);
  });
  afterEach(() => msp.closes());

  it('stays open where its day moves on, and is stated as it is derived then', async () => {
    await msp.configures({ unbilledAfterDays: 60 });
    expect(await msp.gaps()).toEqual(['unbilled W1: 150.00 AUD']);
    const { items } = await msp.house.billtrail.models.gaps.list();
    expect(items).toMatchObject([{ state: 'open', occurrence: 1 }]);
    expect(items[0]?.cause).toBe((await msp.house.billtrail.models.billableItems.derivedGap(items[0]!.key))?.cause);
  });
});
