import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Msp } from './msp.js';
import { ANNA } from './people.js';

describe('after the invoice', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-02');
    await msp.signs('bluegum');
  });
  afterEach(() => msp.closes());

  it('time that was logged late lands on the next draft', async () => {
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 70, '2026-03-02');
    await printer.resolves();
    expect(await msp.bills('I1', 'bluegum', '2026-03')).toEqual([
      'INV-000001',
      'W1 1.25 h 187.50',
      '187.50 + 18.75 = 206.25 AUD',
    ]);

    await msp.days(3);
    await printer.time('W2', 20, '2026-03-02');
    expect(await msp.items('bluegum', '2026-03')).toEqual([
      'W1 invoiced 1.25 h 187.50 AUD',
      'W2 billable 0.5 h 75.00 AUD',
    ]);
    expect(await msp.bills('I2', 'bluegum', '2026-03')).toEqual([
      'INV-000002',
      'W2 0.5 h 75.00',
      '75.00 + 7.50 = 82.50 AUD',
    ]);
    expect(await msp.gaps()).toEqual([]);
  });

  it('time that was logged late and never billed becomes a gap, and is billed in the end', async () => {
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 70, '2026-03-02');
    await printer.resolves();
    await msp.bills('I1', 'bluegum', '2026-03');
    await printer.time('W2', 20, '2026-03-02', { approved: false });
    expect(await msp.gaps()).toEqual(['time-unapproved W2: 75.00 AUD']);

    await printer.approves('W2');
    await msp.days(13);
    expect(await msp.gaps()).toEqual([]);
    expect(await msp.fates()).toMatchObject({ resolved: 1, waiting: 1, gap: 0 });
    await msp.days(1);
    expect(await msp.gaps()).toEqual(['unbilled W2: 75.00 AUD']);
    expect(await msp.fates()).toMatchObject({ resolved: 1, waiting: 0, gap: 1 });

    await msp.bills('I2', 'bluegum', '2026-03');
    expect(await msp.gaps()).toEqual([]);
    expect(await msp.endings('unbilled')).toEqual(['billed']);
    expect(await msp.endings('time-unapproved')).toEqual(['corrected']);
    expect(await msp.fates()).toMatchObject({ resolved: 1, billed: 1, gap: 0 });
  });

  it.each([
    ['on a document of 0.00', 'billed'],
    ['where it is written off', 'written-off'],
  ] as const)(
    'minutes that are rounded to nothing are told to the client %s, alone or beside other work',
    async (_, ending) => {
      const printer = await msp.ticket('T1', 'bluegum');
      await printer.time('W1', 70, '2026-03-02');
      await printer.resolves();
      await msp.bills('I1', 'bluegum', '2026-03');
      await printer.corrects('W1', 75, '2026-03-02');
      expect(await msp.items('bluegum', '2026-03')).toEqual([
        'W1 invoiced 1.25 h 187.50 AUD',
        'W1@a1 billable 0 h 0.00 AUD',
      ]);
      await msp.days(14);
      expect(await msp.gaps()).toEqual(['unbilled W1: 0.00 AUD']);
      if (ending === 'written-off') expect(await msp.writesOff('W1@a1', 'bluegum', '2026-03', ANNA)).toBe('accepted');
      else
        expect(await msp.bills('I2', 'bluegum', '2026-03')).toEqual([
          'INV-000002',
          'W1@a1 0 h 0.00',
          '0.00 + 0.00 = 0.00 AUD',
        ]);
      expect([await msp.gaps(), await msp.endings('unbilled')]).toEqual([[], [ending]]);
      expect(await msp.drafts('I3', 'bluegum', '2026-03')).toBe('NothingToBill');
      // Work that has a price takes the next such minutes along; what was written off becomes less by itself.
      await printer.corrects('W1', 74, '2026-03-02');
      await printer.time('W2', 20, '2026-03-02');
      expect(await msp.bills('I4', 'bluegum', '2026-03')).toEqual([
        expect.stringMatching(/^INV/),
        ...(ending === 'billed' ? ['W1@a2 0 h 0.00'] : []),
        'W2 0.5 h 75.00',
        '75.00 + 7.50 = 82.50 AUD',
      ]);
    },
  );

  it('an entry that is corrected leaves an adjustment, and the invoice as it was', async () => {
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 60, '2026-03-02');
    await printer.resolves();
    const before = await msp.bills('I1', 'bluegum', '2026-03');

    await printer.corrects('W1', 90, '2026-03-02');
    expect(await msp.items('bluegum', '2026-03')).toEqual([
      'W1 invoiced 1 h 150.00 AUD',
      'W1@a1 billable 0.5 h 75.00 AUD',
    ]);
    expect(await msp.why('W1@a1')).toContain('now 225.00, difference 75.00');
    expect(await msp.bills('I2', 'bluegum', '2026-03')).toEqual([
      'INV-000002',
      'W1@a1 0.5 h 75.00',
      '75.00 + 7.50 = 82.50 AUD',
    ]);
    expect(await msp.document('I1')).toEqual(before);
  });

  it('an entry that is voided gives its money back with the next work, never by an invoice below zero', async () => {
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 60, '2026-03-02');
    await printer.time('W2', 30, '2026-03-02');
    await msp.bills('I1', 'bluegum', '2026-03');

    await printer.voids('W1');
    expect(await msp.items('bluegum', '2026-03')).toEqual([
      'W1 invoiced 1 h 150.00 AUD',
      'W1@a1 billable -1 h -150.00 AUD',
      'W2 invoiced 0.5 h 75.00 AUD',
    ]);
    await msp.drafts('I2', 'bluegum', '2026-03');
    expect(await msp.issues('I2', 'bluegum', '2026-03')).toBe('NegativeTotal');
    await msp.discards('I2', 'bluegum', '2026-03');

    await printer.time('W3', 120, '2026-03-02');
    expect(await msp.bills('I3', 'bluegum', '2026-03')).toEqual([
      'INV-000002',
      'W1@a1 -1 h -150.00',
      'W3 2 h 300.00',
      '150.00 + 15.00 = 165.00 AUD',
    ]);
  });

  it('a back-dated contract prices anew what is not frozen, and not what is', async () => {
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 60, '2026-03-02');
    const before = await msp.bills('I1', 'bluegum', '2026-03');
    await printer.time('W2', 60, '2026-03-02');

    await msp.days(5);
    await msp.renegotiates('bluegum', { from: '2026-02-01', hourly: '120.00' });
    expect(await msp.items('bluegum', '2026-03')).toEqual(['W1 invoiced 1 h 150.00 AUD', 'W2 billable 1 h 120.00 AUD']);
    await printer.corrects('W1', 75, '2026-03-02');
    expect(await msp.items('bluegum', '2026-03')).toContain('W1@a1 billable 0.25 h 37.50 AUD');
    expect(await msp.document('I1')).toEqual(before);
  });

  it('a ticket that is reopened stays asked for: its gap stays, until a new resolution puts the day off for all its work', async () => {
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 60, '2026-03-02');
    await printer.resolves();
    await msp.days(14);
    expect(await msp.gaps()).toEqual(['unbilled W1: 150.00 AUD']);

    await printer.reopens();
    expect(await msp.gaps()).toEqual(['unbilled W1: 150.00 AUD']);
    await printer.time('W2', 30, '2026-03-16');
    await printer.resolves();
    await msp.days(13);
    expect(await msp.gaps()).toEqual([]);
    await msp.days(1);
    expect(await msp.gaps()).toEqual(['unbilled W1: 150.00 AUD', 'unbilled W2: 75.00 AUD']);
    expect(await msp.endings('unbilled')).toEqual(['corrected', null, null]);
  });
});
