import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  billingCommands as billing,
  contractCommands as contracts,
  ticketCommands as tickets,
} from '@billtrail/application';
import type { Actor } from '@billtrail/kernel';
import { Msp, versionOf } from './msp.js';
import { OMAR, PRIYA } from './people.js';

const MARCH = '2026-03';
const DAY = '2026-03-10';
const MONTHS = ['2026-03', '2026-02', '2026-01'] as const;
const DAYS = ['2026-03-10', '2026-02-10', '2026-01-12'] as const;
const LIMIT = { secondPersonAbove: { amount: '1000.00', currency: 'AUD' } };
const NORA: Actor = { ...OMAR, id: 'nora' };
const WHY = { reasonCode: 'goodwill', comment: 'agreed on the phone' };

/** Y1, Y2: three approved entries of 750.00 on three tickets of March; one person may forgo 1,000.00 of a client and month. Each is taken elsewhere first, where the limit is fresh. */
describe('approved work that went elsewhere before it is forgone', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-20', LIMIT);
    await msp.signs('bluegum');
    for (const n of [1, 2, 3]) await (await msp.ticket(`T${n}`, 'bluegum')).time(`W${n}`, 300, DAY);
    await msp.house.settle();
  });
  afterEach(() => msp.closes());

  /** Asked there as before: that takes nothing from anybody. */
  async function moves(n: 2 | 3): Promise<void> {
    const work = { engineerId: PRIYA.id, engineerRole: 'engineer', workType: 'remote', minutes: 300, description: 'x' };
    const moved = { ticketId: `T${n}`, timeEntryId: `W${n}`, ...work, workDate: DAYS[n - 1], reason: 'another day' };
    expect(await msp.tries(tickets.CorrectTimeEntry, moved, { actor: NORA })).toBe('accepted');
    await msp.approves('time', `T${n}`, `W${n}`);
  }
  async function waiting(): Promise<readonly unknown[]> {
    await msp.house.settle();
    const { items } = await msp.house.billtrail.models.approvals.list({ state: 'waiting' });
    return items.map(({ target, waitsBecause }) => [target, waitsBecause]);
  }
  const stood = (sum: string) =>
    expect.objectContaining({ stoodIn: { clientId: 'bluegum', period: MARCH }, sum: { amount: sum, currency: 'AUD' } });

  it('counts where it stood once the ticket that it was merged into is of another client', async () => {
    for (const [n, clientId] of [
      [2, 'acacia'],
      [3, 'cedar'],
    ] as const) {
      await msp.signs(clientId);
      const whole = await msp.ticket(`M${n}`, 'bluegum');
      await msp.send(tickets.MergeTicket, { ticketId: `T${n}`, into: `M${n}`, reason: 'one outage' }, { actor: OMAR });
      await whole.isOf({ clientId, contractId: `${clientId}-1` });
    }
    await msp.house.settle();
    const off = (n: number, clientId: string) =>
      msp.tries(billing.WriteOffWork, { itemId: `W${n}`, clientId, period: MARCH, ...WHY });
    expect([await off(1, 'bluegum'), await off(2, 'acacia'), await off(3, 'cedar')]).toEqual([
      'accepted',
      'waits',
      'waits',
    ]);
    expect(await waiting()).toEqual([
      ['W2', stood('1500.00')],
      ['W3', stood('1500.00')],
    ]);
  });

  it('counts where it stood when a credit note gives it back', async () => {
    await moves(2);
    await moves(3);
    for (const period of MONTHS) await msp.bills(`I${period}`, 'bluegum', period);
    const credits = (index: 0 | 1 | 2) => {
      const items = [{ itemId: `W${index + 1}`, outcome: 'written-off' as const }];
      return msp.credits(`C${index}`, `I${MONTHS[index]}`, 'bluegum', MONTHS[index], items);
    };
    expect([await credits(0), await credits(1), await credits(2)]).toEqual(['accepted', 'waits', 'waits']);
    expect(await waiting()).toEqual([
      ['C1', stood('1500.00')],
      ['C2', stood('1500.00')],
    ]);
  });

  it('counts where it stood when other terms of its new day take it', async () => {
    await moves(2);
    await moves(3);
    const free = (from: string, hourly: string) =>
      msp.tries(contracts.PublishContractVersion, { contractId: 'bluegum-1', ...versionOf({ from, hourly }) });
    // Each day has terms of its own first, so that what follows is of one day alone.
    for (const day of DAYS)
      for (const from of [day, `${day.slice(0, 8)}${Number(day.slice(8)) + 1}`])
        expect(await free(from, '150.00')).toBe('accepted');
    expect([await free(DAYS[0], '0.00'), await free(DAYS[1], '0.00'), await free(DAYS[2], '0.00')]).toEqual([
      'accepted',
      'waits',
      'ForgoingRequestOpen',
    ]);
    expect(await waiting()).toEqual([['bluegum-1', stood('1500.00')]]);
  });

  it('counts where it is, from whatever month on other terms or a free block take it', async () => {
    const prepaid = { id: 'all', name: 'All work', match: {}, outcome: 'prepaid' } as const;
    const version = { contractId: 'bluegum-1', ...versionOf({ from: '2026-01-01', rules: [prepaid] }) };
    expect(await msp.tries(contracts.PublishContractVersion, version)).toBe('accepted');
    const block = (month: string) =>
      msp.tries(contracts.PurchasePrepaidBlock, {
        contractId: 'bluegum-1',
        blockId: month,
        purchasedOn: `${month}-02`,
        amount: { unit: 'minutes', minutes: 300 },
        price: null,
      });
    expect([await block('2026-01'), await block('2026-02')]).toEqual(['accepted', 'waits']);
    expect(await waiting()).toEqual([['bluegum-1', stood('1500.00')]]);
  });

  it('counts where it is, whatever month a ticket that is free of charge begins in', async () => {
    for (const n of [2, 3] as const) {
      const early = await msp.ticket(`E${n}`, 'bluegum');
      await early.time(`F${n}`, 15, DAYS[n - 1] ?? DAY);
      await early.time(`G${n}`, 285, DAY);
    }
    await msp.house.settle();
    const free = (ticketId: string) =>
      msp.tries(tickets.DeclareNoCharge, { ticketId, reasonCode: 'goodwill', reason: 'ours' }, { actor: NORA });
    expect([await free('E2'), await free('E3')]).toEqual(['accepted', 'waits']);
    expect(await waiting()).toEqual([['E3', stood('1575.00')]]);
  });
});
