import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ticketCommands as tickets, type CommandAnswer } from '@billtrail/application';
import { isRefusal } from '@billtrail/kernel';
import { temporaryFolder } from '../e2e/temporary-folder.js';
import { House } from '../laws/kit/house.js';
import { Msp } from './msp.js';
import { ANNA, PRIYA } from './people.js';

const LIMIT = { secondPersonAbove: { amount: '1000.00', currency: 'AUD' } };
const WORKED = '2026-04-01';
/** Both are here before the first of these reads and appends; nothing comes after the last. */
const MOST_CALLS = 20;

/** Lets `meanwhile` happen right before the n-th call that reads or writes a stream. Answers whether it came to that, and takes itself away. */
function before(house: House, call: number, stream: string, meanwhile: () => Promise<unknown>): () => boolean {
  const { store } = house.billtrail;
  const { readStream, append } = store;
  let calls = 0;
  const counted = async (name: string): Promise<void> => {
    if (name === stream && ++calls === call) await meanwhile();
  };
  store.readStream = async (name, options) => {
    await counted(name);
    return readStream.call(store, name, options);
  };
  store.append = async (request, claims) => {
    await counted(request.stream);
    return append.call(store, request, claims);
  };
  return () => {
    Object.assign(store, { readStream, append });
    return calls >= call;
  };
}

describe('a request to forgo money that a policy of another process carries out meanwhile', () => {
  const folder = temporaryFolder();
  let msp: Msp;
  let other: House;
  beforeEach(async () => {
    msp = await Msp.opens(WORKED, LIMIT, folder.path);
    other = await House.open(msp.house.now, folder.path, 1_000);
  });
  afterEach(async () => {
    await other.close();
    await msp.closes();
    folder.remove();
  });

  it('is answered with its effect, wherever the other comes in and whatever is recorded after that', async () => {
    await msp.signs('bluegum');
    const grants = async (ticketId: string): Promise<CommandAnswer> => {
      const given = { ticketId, workItemId: `${ticketId}-W`, reason: 'sorry' };
      return msp.house.send(tickets.GrantCourtesy, given, { actor: ANNA });
    };
    for (let call = 1; ; call++) {
      expect(call).toBeLessThan(MOST_CALLS);
      const ticketId = `T${call}`;
      const ticket = await msp.ticket(ticketId, 'bluegum');
      await ticket.time(`${ticketId}-W`, 15, WORKED);
      await msp.house.settle();
      const isReached = before(msp.house, call, `ticket-${ticketId}`, async () => {
        await other.settle();
        const note = { ticketId, noteId: `${ticketId}-N`, text: 'rang them' };
        await other.must(tickets.AddNote, note, { actor: PRIYA });
      });
      const answer = await grants(ticketId);
      const wasReached = isReached();
      const { events } = await msp.house.billtrail.store.readStream(`ticket-${ticketId}`);
      const effects = events.filter(({ type }) => type === 'CourtesyGranted');
      expect(effects).toHaveLength(1);
      expect(isRefusal(answer) ? answer : { call, version: answer.version, repeated: answer.repeated }).toEqual({
        call,
        version: effects[0]?.version,
        repeated: false,
      });
      if (!wasReached) break;
    }
  });

  it('is withdrawn where somebody did the same meanwhile, and it was nothing forgone by then', async () => {
    await msp.signs('bluegum');
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 60, WORKED);
    const pricePerHour = { amount: '100.00', currency: 'AUD' };
    const price = { ticketId: 'T1', timeEntryId: 'W1', pricePerHour, reason: 'as agreed' };
    await msp.house.must(tickets.OverrideTimeEntryPrice, price, { actor: ANNA, interrupted: true });
    await msp.renegotiates('bluegum', { hourly: '90.00' });
    await msp.house.must(tickets.OverrideTimeEntryPrice, price, { actor: ANNA, interrupted: true });
    await msp.house.settle();
    const { items } = await msp.house.billtrail.models.approvals.list({ act: 'price-override' }, { limit: 10 });
    expect(items).toMatchObject([{ act: 'price-override', state: 'withdrawn' }]);
    expect(await msp.items('bluegum', '2026-04')).toEqual(['W1 billable 1 h 100.00 AUD']);
  });
});
