import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { DomainEvent } from '@billtrail/kernel';
import { contractCommands as contracts } from '@billtrail/application';
import type { BlockRenewal } from '@billtrail/contracts';
import { HOURS } from '../laws/kit/broken-stories.js';
import { ACCOUNTANT } from '../laws/kit/house.js';
import { brokenLaws } from '../laws/kit/laws.js';
import { lookAt } from '../laws/kit/look.js';
import { Msp } from './msp.js';
import { BEA } from './people.js';
import { TicketStory } from './ticket-story.js';

const DAY = '2026-03-02';
const MARCH = '2026-03';
const minutes = (value: number) => ({ unit: 'minutes' as const, minutes: value });
const RENEWAL: BlockRenewal = { below: minutes(60), goodForMonths: 12 };
const terms = (renewBlocks?: BlockRenewal) => ({
  ...HOURS,
  besides: { prepaid: renewBlocks === undefined ? {} : { renewBlocks } },
});

/** Ten hours for 1,300.00, of which an hour and a half are left; the contract renews them below an hour. */
describe('a block that renews below a threshold', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens(DAY);
    await msp.signs('bluegum', terms(RENEWAL));
    const price = { net: { amount: '1300.00', currency: 'AUD' }, taxCategory: 'GST' };
    const days = { purchasedOn: DAY, expiresOn: '2026-12-31' };
    const block = { contractId: 'bluegum-1', blockId: 'A', amount: minutes(600), ...days, price };
    await msp.send(contracts.PurchasePrepaidBlock, block);
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 510, DAY);
    await ticket.resolves();
    await msp.days(2);
  });
  afterEach(async () => {
    await msp.house.settle();
    expect(brokenLaws(await lookAt(msp, { isSettled: true }))).toEqual([]);
    await msp.closes();
  });

  const works = async (minutesOfWork: number): Promise<TicketStory> => {
    const ticket = await msp.ticket('T2', 'bluegum');
    await ticket.time('W2', minutesOfWork, '2026-03-04');
    await ticket.resolves();
    await msp.house.settle();
    return ticket;
  };
  const blocks = async () => {
    await msp.house.settle();
    const { items } = await msp.house.billtrail.models.prepaid.balances({ clientId: 'bluegum' });
    return items.map(({ name, drawn, returned, left, firstDay, lastDay }) => {
      const [d, r, l] = [drawn, returned, left].map((one) => (one.unit === 'minutes' ? one.minutes : null));
      return `${name}: ${d} drawn, ${r} returned, ${l} left, ${firstDay} to ${lastDay}`;
    });
  };
  const A_USED = 'A: 600 drawn, 0 returned, 0 left, 2026-03-02 to 2026-12-31';

  it('4 h worked with 1.5 h left are a new block, and no overage', async () => {
    expect(await blocks()).toEqual(['A: 510 drawn, 0 returned, 90 left, 2026-03-02 to 2026-12-31']);
    await works(240);
    expect(await blocks()).toEqual([A_USED, 'renewed-1: 150 drawn, 0 returned, 450 left, 2026-03-04 to 2027-03-03']);
    expect((await msp.items('bluegum', MARCH)).filter((one) => one.startsWith('W2'))).toEqual([
      'W2@p1 covered 1.5 h 0.00 AUD',
      'W2@p2 covered 2.5 h 0.00 AUD',
    ]);
    const charges = await msp.house.billtrail.models.charges.ofPeriod('bluegum', MARCH);
    expect(charges.map(({ description, net }) => `${description}, ${net.amount}`)).toEqual([
      'Prepaid block A: 600 min, 1300.00',
      'Prepaid block renewed-1: 600 min, 1300.00',
    ]);
    await msp.bills('I1', 'bluegum', MARCH);
    expect(await blocks()).toHaveLength(2);
  });

  it('is bought while the contract itself is told to end', async () => {
    const ticket = await msp.ticket('T2', 'bluegum');
    await ticket.time('W2', 240, '2026-03-04');
    await ticket.resolves();
    const end = { contractId: 'bluegum-1', lastDay: '2026-04-30', reason: 'gave notice' };
    await msp.send(contracts.TerminateContract, end);
    expect(await blocks()).toHaveLength(2);
  });

  it('asked by two at once it buys one', async () => {
    const ticket = await msp.ticket('T2', 'bluegum');
    await ticket.time('W2', 240, '2026-03-04');
    await ticket.resolves();
    const { billtrail } = msp.house;
    await Promise.all([billtrail.upToDate(), billtrail.upToDate(), billtrail.upToDate()]);
    expect(await blocks()).toHaveLength(2);
  });

  it('work that is corrected afterwards, so that the block was not needed, leaves it; it can be returned', async () => {
    const ticket = await works(240);
    await msp.bills('I1', 'bluegum', MARCH);
    await ticket.corrects('W2', 20, '2026-03-04');
    const corrected = 'renewed-1: 0 drawn, 0 returned, 600 left, 2026-03-04 to 2027-03-03';
    expect((await blocks())[1]).toBe(corrected);
    const block = { contractId: 'bluegum-1', blockId: 'renewed-1', returnId: 'r1', amount: minutes(600) };
    expect(await msp.tries(contracts.ReturnPrepaidBlock, { ...block, reason: 'was not needed' }, {}, BEA)).toBe(
      'accepted',
    );
    expect((await blocks())[1]).toBe('renewed-1: 0 drawn, 600 returned, 0 left, 2026-03-04 to 2027-03-03');
    const charges = await msp.house.billtrail.models.charges.ofPeriod('bluegum', MARCH);
    expect(charges.at(-1)?.net.amount).toBe('-1300.00');
  });

  it('what expires later is drawn later, the new block too', async () => {
    await msp.renegotiates('bluegum', { ...terms({ ...RENEWAL, goodForMonths: 2 }), from: '2026-03-03' });
    await works(240);
    expect(await blocks()).toEqual([
      'A: 510 drawn, 0 returned, 90 left, 2026-03-02 to 2026-12-31',
      'renewed-1: 240 drawn, 0 returned, 360 left, 2026-03-04 to 2026-05-03',
    ]);
  });

  it('one that was withdrawn is not bought again for the same work: that is overage', async () => {
    await works(240);
    await msp.send(contracts.WithdrawPrepaidBlock, {
      contractId: 'bluegum-1',
      blockId: 'renewed-1',
      reason: 'asked for none',
    });
    expect(await blocks()).toEqual([A_USED]);
    // 150 min at 130.00.
    expect((await msp.items('bluegum', MARCH)).at(-1)).toBe('W2@p2 billable 2.5 h 325.00 AUD');
  });

  it('buys no more than the terms allow in a month', async () => {
    await msp.renegotiates('bluegum', { ...terms({ ...RENEWAL, atMostPerPeriod: 1 }), from: '2026-03-03' });
    await works(1_000);
    // 90 + 600; 310 min at 130.00.
    expect(await blocks()).toEqual([A_USED, 'renewed-1: 600 drawn, 0 returned, 0 left, 2026-03-04 to 2027-03-03']);
    expect((await msp.items('bluegum', MARCH)).at(-1)).toBe('W2@p3 billable 5.166667 h 671.67 AUD');
  });

  it('buys nothing where the terms of the day of the work do not say so', async () => {
    await msp.renegotiates('bluegum', { ...terms(), from: '2026-03-03' });
    await works(240);
    expect(await blocks()).toEqual([A_USED]);
  });
});

describe('a block that is renewed while another process ends its contract', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens(DAY);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await msp.closes();
  });

  it.each([
    ['before the day of the work: no block is bought', '2026-03-01', ['A']],
    ['on that day: it is bought', DAY, ['A', 'renewed-1']],
  ])('%s', async (_when, lastDay, bought) => {
    await msp.signs('bluegum', terms(RENEWAL));
    const block = { contractId: 'bluegum-1', blockId: 'A', amount: minutes(600), purchasedOn: DAY };
    await msp.send(contracts.PurchasePrepaidBlock, block);
    const { store } = msp.house.billtrail;
    const append = store.append.bind(store);
    const ended: boolean[] = [];
    jest.spyOn(store, 'append').mockImplementation(async (request, ...others) => {
      if (ended.length === 0 && request.actor.id === 'renew-blocks') {
        const data = { contractId: 'bluegum-1', lastDay, reason: 'moved away' };
        const end: DomainEvent = { type: 'ContractTerminated', data, occurredAt: `${DAY}T00:00:00Z` };
        const ids = { commandId: 'ends', correlationId: 'ends', causationId: null, fingerprint: 'by-hand' };
        await append({ stream: 'contracts-bluegum', expected: 'any', events: [end], actor: ACCOUNTANT, ...ids });
        ended.push(true);
      }
      return append(request, ...others);
    });
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 590, DAY);
    await ticket.resolves();
    await msp.house.settle();
    await msp.house.settle();
    expect(ended).toEqual([true]);
    const { events } = await store.readStream('contracts-bluegum');
    const blocks = events.filter(({ type }) => type === 'PrepaidBlockPurchased');
    expect(blocks.map(({ data }) => (data as { readonly blockId: string }).blockId)).toEqual(bought);
  });
});
