import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isRefusal } from '@billtrail/kernel';
import { NAMED_CONFIGURATION } from '@billtrail/billing/testing';
import { Msp } from './msp.js';
import { ANNA, BEA, OMAR } from './people.js';

describe('where money leaks', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-02');
  });
  afterEach(() => msp.closes());

  it('a quick question that took 45 minutes', async () => {
    await msp.signs('bluegum', { rules: [{ id: 'flat', name: 'Flat fee', match: {}, outcome: 'included' }] });
    const question = await msp.ticket('T1', 'bluegum', { type: 'quick-question', summary: 'Just a quick question' });
    await question.time('W1', 15, '2026-03-02');
    expect(await msp.gaps()).toEqual([]);
    await question.time('W2', 30, '2026-03-02');
    await question.resolves();
    expect(await msp.items('bluegum', '2026-03')).toEqual(['W1 covered 0.25 h 0.00 AUD', 'W2 covered 0.5 h 0.00 AUD']);
    expect(await msp.gaps()).toEqual(['scope-suspected: 75.00 AUD']);
  });

  it('an SSD that a note mentions and nobody recorded, until somebody does', async () => {
    await msp.signs('bluegum');
    const laptop = await msp.ticket('T1', 'bluegum');
    await laptop.time('W1', 30, '2026-03-02');
    await laptop.notes('Put a new SSD in, and a cable from the van.');
    expect(await msp.gaps()).toEqual([]);
    await laptop.resolves('none-used');
    expect(await msp.gaps()).toEqual(['material-suspected: 120.00 AUD']);

    await laptop.uses('M1', '1', '149.90', '2026-03-02');
    expect(await msp.gaps()).toEqual([]);
    expect(await msp.bills('I1', 'bluegum', '2026-03')).toEqual([
      'INV-000001',
      'M1 1 piece 149.90',
      'W1 0.5 h 75.00',
      '224.90 + 22.49 = 247.39 AUD',
    ]);
    expect(await msp.endings('material-suspected')).toEqual(['corrected']);
  });

  it('a docking station that the configuration names since last week: notes from then on count', async () => {
    const dock = { word: 'docking station', assumedPrice: { amount: '260.00', currency: 'AUD' } };
    const { materialWords } = NAMED_CONFIGURATION;
    await msp.signs('bluegum');
    const [before, after] = [await msp.ticket('T1', 'bluegum'), await msp.ticket('T2', 'bluegum')];
    for (const desk of [before, after]) await desk.time(desk === before ? 'W1' : 'W2', 30, '2026-03-02');
    await before.notes('Left a docking station there.');
    await msp.configures({ materialWords: [...materialWords, dock] });
    await after.notes('Left a docking station there.');
    await before.resolves('none-used');
    await after.resolves('none-used');
    expect(await msp.gaps()).toEqual(['material-suspected: 260.00 AUD']);

    // Taken out again it has no price any more, and does not count.
    await msp.configures({ materialWords });
    expect(await msp.gaps()).toEqual([]);
    // What was found stays recorded: named again, it counts at the price of then.
    await msp.configures({ materialWords: [{ ...dock, assumedPrice: { amount: '200.00', currency: 'AUD' } }] });
    expect(await msp.gaps()).toEqual(['material-suspected: 200.00 AUD']);
  });

  it('work at the weekend that no rate knows is a gap, never zero', async () => {
    await msp.signs('bluegum');
    const server = await msp.ticket('T1', 'bluegum');
    await server.time('W1', 60, '2026-02-28', { type: 'weekend-duty' });
    await server.resolves();
    expect(await msp.items('bluegum', '2026-02')).toEqual(['W1 unpriced 1 h without a price']);
    expect(await msp.gaps()).toEqual(['unpriced W1: 60 min']);
    expect(await msp.drafts('I1', 'bluegum', '2026-02')).toBe('NothingToBill');

    await server.corrects('W1', 60, '2026-02-28');
    expect(await msp.items('bluegum', '2026-02')).toEqual(['W1 billable 1 h 150.00 AUD']);
    expect(await msp.endings('unpriced')).toEqual(['corrected']);
  });

  it('two contracts that overlap at the same priority price nothing, until one is named', async () => {
    await msp.signs('bluegum', { priority: 10, hourly: '150.00' });
    await msp.signsToo('bluegum', 'bluegum-2', { priority: 10, hourly: '95.00', allowOverlap: true });
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 60, '2026-03-02');
    expect(await msp.gaps()).toEqual(['unpriced W1: 60 min']);
    expect(await msp.why('W1')).toContain(
      'bluegum-1 version 1 and bluegum-2 version 1 are in force on 2026-03-02 with one priority, 10',
    );

    await printer.isOf({ contractId: 'bluegum-2' });
    expect(await msp.items('bluegum', '2026-03')).toEqual(['W1 billable 1 h 95.00 AUD']);
    expect(await msp.gaps()).toEqual([]);
  });

  it('a ticket whose only work was voided after its resolution', async () => {
    await msp.signs('bluegum');
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 60, '2026-03-02');
    await printer.resolves();
    await printer.voids('W1');
    expect(await msp.items('bluegum', '2026-03')).toEqual([]);
    expect(await msp.gaps()).toEqual(['work-not-recorded: of no stated value']);
    await msp.configures({ assumedPricePerHour: { amount: '120.00', currency: 'AUD' }, assumedMinutesPerTicket: 45 });
    expect(await msp.gaps()).toEqual(['work-not-recorded: 90.00 AUD']);
    expect(await msp.fates()).toMatchObject({ resolved: 1, gap: 1 });
  });

  it('a ticket that turns out to be of another client takes its work along, also off an invoice', async () => {
    await msp.signs('bluegum', { hourly: '150.00' });
    await msp.signs('harbour', { hourly: '200.00' });
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 60, '2026-03-02');
    await printer.resolves();
    await msp.bills('I1', 'bluegum', '2026-03');

    await printer.isOf({ clientId: 'harbour' });
    expect(await msp.items('bluegum', '2026-03')).toEqual([
      'W1 invoiced 1 h 150.00 AUD',
      'W1@a1 billable -1 h -150.00 AUD',
    ]);
    expect(await msp.items('harbour', '2026-03')).toEqual(['W1 billable 1 h 200.00 AUD']);
    await msp.days(14);
    expect(await msp.gaps()).toEqual(['unbilled W1: -150.00 AUD', 'unbilled W1: 200.00 AUD']);
    expect(await msp.bills('I2', 'harbour', '2026-03')).toEqual([
      'INV-000002',
      'W1 1 h 200.00',
      '200.00 + 20.00 = 220.00 AUD',
    ]);
    expect(await msp.gaps()).toEqual(['unbilled W1: -150.00 AUD']);
  });

  it('a gap that was accepted stays accepted while it is worth the same; a dear one needs a second person, and neither may be who did the work', async () => {
    await msp.signs('bluegum');
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 240, '2026-03-02');
    await printer.resolves();
    await msp.days(14);
    expect(await msp.gaps()).toEqual(['unbilled W1: 600.00 AUD']);
    expect(await msp.accepts('unbilled', ANNA)).toBe('waits');
    const [waiting] = (await msp.house.billtrail.models.approvals.list({ state: 'waiting' })).items;
    const decides = async (id: string) => {
      const answer = await msp.house.approve(waiting?.requestId ?? '', { id, role: 'accounts' });
      return isRefusal(answer) ? answer.code : 'accepted';
    };
    expect([await decides('anna'), await decides('priya'), await decides('bea')]).toEqual([
      'OwnRequest',
      'OwnWork',
      'accepted',
    ]);

    await msp.days(30);
    await printer.reopens();
    await printer.resolves();
    await msp.days(30);
    expect(await msp.gaps()).toEqual([]);
    expect(await msp.endings('unbilled')).toEqual(['accepted']);
    expect(await msp.fates()).toMatchObject({ resolved: 1, gap: 0, accepted: 1 });

    await printer.corrects('W1', 480, '2026-03-02');
    expect(await msp.gaps()).toEqual(['unbilled W1: 1200.00 AUD']);
  });

  it('the engineer who did the work does not write it off, nor does another without a second person above the limit', async () => {
    await msp.signs('bluegum');
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W2', 60, '2026-03-02');
    await printer.time('W3', 210, '2026-03-02');
    expect(await msp.writesOff('W2', 'bluegum', '2026-03', OMAR)).toBe('NotAllowed');
    const priyaOfAccounts = { id: 'priya', role: 'accounts' } as const;
    expect(await msp.writesOff('W2', 'bluegum', '2026-03', priyaOfAccounts)).toBe('OwnWork');
    expect(await msp.writesOff('W2', 'bluegum', '2026-03', ANNA)).toBe('accepted');
    expect(await msp.writesOff('W3', 'bluegum', '2026-03', ANNA, BEA)).toBe('accepted');
    expect(await msp.items('bluegum', '2026-03')).toEqual([
      'W2 written-off 1 h 150.00 AUD',
      'W3 written-off 3.5 h 525.00 AUD',
    ]);
    expect(await msp.drafts('I1', 'bluegum', '2026-03')).toBe('NothingToBill');
  });
});
