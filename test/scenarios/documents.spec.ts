import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withFreshness } from '@billtrail/application';
import { NAMED_CONFIGURATION } from '@billtrail/billing/testing';
import { Msp } from './msp.js';

describe('drafts and invoices', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-02');
  });
  afterEach(() => msp.closes());

  it('a draft that went stale is refused with what has changed, and drafted anew', async () => {
    await msp.signs('bluegum');
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 60, '2026-03-02');
    await printer.time('W2', 60, '2026-03-02');
    await printer.time('W3', 60, '2026-03-02');
    await msp.drafts('I1', 'bluegum', '2026-03');
    await printer.corrects('W1', 90, '2026-03-02');
    await printer.voids('W2');

    await msp.house.settle();
    // Three hours were drafted; an hour and a half, and an hour, are left of them.
    const [listed] = await msp.house.billtrail.models.invoices
      .list({}, {})
      .then(({ items }) => withFreshness(msp.house.billtrail, items));
    expect(listed?.freshness).toBe('stale');
    expect(listed?.stale).toMatchObject({
      code: 'DraftStale',
      net: { amount: '-75.00' },
      drafted: { amount: '450.00' },
      now: { amount: '375.00' },
    });
    expect(await msp.issues('I1', 'bluegum', '2026-03')).toBe('DraftStale');
    expect(await msp.differences('I1', 'bluegum', '2026-03')).toMatchObject([
      {
        itemId: 'W1',
        difference: 'changed',
        fields: {
          actualMinutes: { drafted: 60, now: 90 },
          net: { drafted: { amount: '150.00' }, now: { amount: '225.00' } },
        },
      },
      { itemId: 'W2', difference: 'gone' },
    ]);
    await msp.discards('I1', 'bluegum', '2026-03');
    expect(await msp.bills('I2', 'bluegum', '2026-03')).toEqual([
      'INV-000001',
      'W1 1.5 h 225.00',
      'W3 1 h 150.00',
      '375.00 + 37.50 = 412.50 AUD',
    ]);
  });

  it('a draft of work that was corrected at the same price is stale too: its line would not name the correction', async () => {
    await msp.signs('bluegum');
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 60, '2026-03-02');
    await msp.drafts('I1', 'bluegum', '2026-03');
    await printer.corrects('W1', 60, '2026-03-02', { stated: 60 });
    expect(await msp.issues('I1', 'bluegum', '2026-03')).toBe('DraftStale');
  });

  it('two tickets whose entries have one id are two pieces of work, each at its price', async () => {
    await msp.signs('bluegum');
    const printer = await msp.ticket('T1', 'bluegum');
    const server = await msp.ticket('T2', 'bluegum');
    await printer.time('1', 60, '2026-03-02');
    await server.time('1', 120, '2026-03-02');
    expect(await msp.bills('I1', 'bluegum', '2026-03')).toEqual([
      'INV-000001',
      '1 1 h 150.00',
      'T2@@1 2 h 300.00',
      '450.00 + 45.00 = 495.00 AUD',
    ]);
  });

  it('of two accountants who draft at once one gets the work', async () => {
    await msp.signs('bluegum');
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 60, '2026-03-02');
    expect((await msp.draftsTwice('bluegum', '2026-03')).sort()).toEqual(['NothingToBill', 'accepted']);
    expect(await msp.items('bluegum', '2026-03')).toEqual(['W1 claimed 1 h 150.00 AUD']);
  });

  it('a client abroad is invoiced without tax, and the invoice says why at any later time', async () => {
    await msp.signs('kiwi', { taxExemption: 'export of services', timeZone: 'Pacific/Auckland' });
    const printer = await msp.ticket('T1', 'kiwi');
    await printer.time('W1', 60, '2026-03-02');
    expect(await msp.bills('I1', 'kiwi', '2026-03')).toEqual([
      'INV-000001',
      'W1 1 h 150.00',
      '150.00 + 0.00 = 150.00 AUD',
    ]);
  });

  it('yen have no cents: each line is rounded to a whole yen, the tax once', async () => {
    await msp.signs('kobe', { currency: 'JPY', hourly: '8333', minimum: 0, increment: 1, timeZone: 'Asia/Tokyo' });
    const printer = await msp.ticket('T1', 'kobe');
    // 8,333 x 7 / 60 is 972.18; 8,333 x 10 / 60 is 1,388.83; a tenth of 2,361 is 236.1.
    await printer.time('W1', 7, '2026-03-02');
    await printer.time('W2', 10, '2026-03-02');
    expect(await msp.bills('I1', 'kobe', '2026-03')).toEqual([
      'INV-000001',
      'W1 0.116667 h 972',
      'W2 0.166667 h 1389',
      '2361 + 236 = 2597 JPY',
    ]);
  });

  it('tax is taken once of the sum, not of each line', async () => {
    await msp.signs('bluegum', { hourly: '0.35', minimum: 0, increment: 60 });
    const printer = await msp.ticket('T1', 'bluegum');
    for (const id of ['W1', 'W2', 'W3']) await printer.time(id, 60, '2026-03-02');
    // Of each line 3.5 cents would be 4, and 12 in all; of the sum it is 10.5, and so 11.
    expect((await msp.bills('I1', 'bluegum', '2026-03')).at(-1)).toBe('1.05 + 0.11 = 1.16 AUD');
  });

  it('a crash between the issue and its number leaves no hole, whatever series is in force by then', async () => {
    await msp.signs('bluegum');
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 60, '2026-03-02');
    await msp.drafts('I1', 'bluegum', '2026-03');
    expect(await msp.issues('I1', 'bluegum', '2026-03', { interrupted: true })).toBe('accepted');
    await msp.configures({ ...NAMED_CONFIGURATION, invoiceSeries: { series: 'Y27', prefix: 'Y27-', digits: 3 } });
    expect(await msp.document('I1')).toEqual(['INV-000001', 'W1 1 h 150.00', '150.00 + 15.00 = 165.00 AUD']);

    await printer.time('W2', 60, '2026-03-02');
    expect((await msp.bills('I2', 'bluegum', '2026-03'))[0]).toBe('Y27-001');
  });
});
