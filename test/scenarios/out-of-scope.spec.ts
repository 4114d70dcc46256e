import { afterEach, describe, expect, it } from '@jest/globals';
import { contractCommands as contracts, ticketCommands as tickets } from '@billtrail/application';
import type { CoverageRule } from '@billtrail/contracts';
import { blockInUse } from '../laws/kit/broken-stories.js';
import { Msp } from './msp.js';
import { ANNA, OMAR } from './people.js';
import { TicketStory } from './ticket-story.js';

const INCLUDED: CoverageRule[] = [{ id: 'included', name: 'Included', match: {}, outcome: 'included' }];
const PREPAID: CoverageRule[] = [{ id: 'prepaid', name: 'From the hours', match: {}, outcome: 'prepaid' }];
const DAY = '2026-03-02';
const MARCH = '2026-03';

describe('work that was declared out of scope (K20)', () => {
  let msp: Msp;
  afterEach(() => msp.closes());

  async function ticketOf(minutes: number, rules: readonly CoverageRule[] = INCLUDED): Promise<TicketStory> {
    msp = await Msp.opens(DAY);
    await msp.signs('bluegum', { rules, minimum: 0, increment: 1 });
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', minutes, DAY);
    return ticket;
  }

  it('is a gap at the price of the card, and never given away', async () => {
    const ticket = await ticketOf(240);
    await ticket.resolves('none-used', 'out-of-scope');
    expect(await msp.items('bluegum', MARCH)).toEqual(['W1 covered 4 h 0.00 AUD']);
    expect(await msp.gaps()).toEqual(['scope-suspected: 600.00 AUD']);
    expect(await msp.fates()).toMatchObject({ gap: 1 });
  });

  it('has the price of the card once Operations rates it as out of scope, and its gap ends', async () => {
    const ticket = await ticketOf(240);
    await ticket.resolves('none-used', 'out-of-scope');
    await msp.gaps();
    await ticket.isClassified('out-of-scope');
    expect(await msp.items('bluegum', MARCH)).toEqual(['W1 billable 4 h 600.00 AUD']);
    expect(await msp.gaps()).toEqual([]);
    expect(await msp.endings('scope-suspected')).toEqual(['corrected']);
    expect(await msp.why('W1')).toContain('rated as out of scope of contract bluegum-1 version 1');
    expect(await msp.bills('I1', 'bluegum', MARCH)).toEqual([
      'INV-000001',
      'W1 4 h 600.00',
      '600.00 + 60.00 = 660.00 AUD',
    ]);
  });

  it('goes to the next contract in the chain, by its price', async () => {
    const ticket = await ticketOf(240);
    await msp.signsToo('bluegum', 'bluegum-projects', { priority: 20, hourly: '200.00', minimum: 0, increment: 1 });
    await ticket.resolves('none-used', 'out-of-scope');
    await ticket.isClassified('out-of-scope');
    expect(await msp.items('bluegum', MARCH)).toEqual(['W1 billable 4 h 800.00 AUD']);
  });

  it('is covered for good once Operations says, with a reason, that it was in the contract', async () => {
    const ticket = await ticketOf(240);
    await ticket.resolves('none-used', 'out-of-scope');
    await msp.gaps();
    const blank = { ticketId: 'T1', scope: 'in-contract', reason: ' ' };
    expect(await msp.tries(tickets.ClassifyScope, blank, { actor: OMAR })).toBe('FieldInvalid');
    await ticket.isClassified('in-contract');
    expect(await msp.gaps()).toEqual([]);
    expect(await msp.endings('scope-suspected')).toEqual(['covered']);
    expect(await msp.items('bluegum', MARCH)).toEqual(['W1 covered 4 h 0.00 AUD']);
  });

  it('is settled when somebody accepts the loss', async () => {
    const ticket = await ticketOf(240);
    await ticket.resolves('none-used', 'out-of-scope');
    await msp.gaps();
    expect(await msp.accepts('scope-suspected', OMAR, ANNA)).toBe('accepted');
    expect(await msp.gaps()).toEqual([]);
  });

  it('is a gap where it draws on a block, which has its hours again once it is out of scope', async () => {
    msp = await Msp.opens(DAY);
    await msp.signs('bluegum', { rules: PREPAID, minimum: 0, increment: 1, besides: { prepaid: {} } });
    const block = { blockId: 'A', amount: { unit: 'minutes', minutes: 600 }, purchasedOn: DAY };
    await msp.send(contracts.PurchasePrepaidBlock, { contractId: 'bluegum-1', ...block });
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 90, DAY);
    await ticket.resolves('none-used', 'out-of-scope');
    expect(await msp.gaps()).toEqual(['scope-suspected: 225.00 AUD']);
    await ticket.isClassified('out-of-scope');
    expect(await msp.items('bluegum', MARCH)).toEqual(['W1 billable 1.5 h 225.00 AUD']);
    const later = await msp.ticket('T2', 'bluegum');
    await later.time('W2', 600, DAY);
    expect(await msp.items('bluegum', MARCH)).toContain('W2 covered 10 h 0.00 AUD');
  });

  it('stays a gap when the ticket is reopened and resolved again as in contract: that speaks of the work since', async () => {
    const ticket = await ticketOf(240);
    await ticket.resolves('none-used', 'out-of-scope');
    await ticket.reopens();
    expect(await msp.gaps()).toEqual(['scope-suspected: 600.00 AUD']);
    await ticket.time('W2', 60, DAY);
    expect(await msp.gaps()).toEqual(['scope-suspected: 600.00 AUD']);
    await ticket.resolves();
    expect(await msp.gaps()).toEqual(['scope-suspected: 600.00 AUD']);
    await ticket.isClassified('in-contract');
    expect(await msp.gaps()).toEqual([]);
  });

  it('is asked again by another resolution as out of scope, for all the work that is not billed', async () => {
    const ticket = await ticketOf(240);
    await ticket.resolves();
    expect(await msp.gaps()).toEqual([]);
    await ticket.reopens();
    await ticket.time('W2', 60, DAY);
    await ticket.resolves('none-used', 'out-of-scope');
    expect(await msp.gaps()).toEqual(['scope-suspected: 750.00 AUD']);
    await ticket.isClassified('in-contract');
    await ticket.reopens();
    await ticket.resolves('none-used', 'out-of-scope');
    expect(await msp.gaps()).toEqual(['scope-suspected: 750.00 AUD']);
    await ticket.isClassified('out-of-scope');
    await ticket.reopens();
    await ticket.time('W3', 30, DAY);
    await ticket.resolves('none-used', 'out-of-scope');
    expect(await msp.items('bluegum', MARCH)).toEqual([
      'W1 billable 4 h 600.00 AUD',
      'W2 billable 1 h 150.00 AUD',
      'W3 billable 0.5 h 75.00 AUD',
    ]);
  });

  it('is a gap where an invoice carries it as covered, until its line is credited and billed again', async () => {
    msp = await Msp.opens(DAY);
    await blockInUse(msp);
    const ticket = new TicketStory(msp, 'T1');
    await ticket.reopens();
    await ticket.resolves('none-used', 'out-of-scope');
    expect(await msp.items('bluegum', MARCH)).toEqual(['W1 invoiced 5 h 0.00 AUD']);
    expect(await msp.gaps()).toEqual(['scope-suspected: 650.00 AUD']);
    await ticket.isClassified('out-of-scope');
    expect(await msp.gaps()).toEqual(['contract-mismatch W1: 650.00 AUD']);
    expect(await msp.credits('C1', 'I1', 'bluegum', MARCH, [{ itemId: 'W1', outcome: 'bill-again' }])).toBe('accepted');
    expect(await msp.items('bluegum', MARCH)).toContain('W1 billable 5 h 650.00 AUD');
    expect((await msp.bills('I2', 'bluegum', MARCH)).at(-1)).toBe('650.00 + 65.00 = 715.00 AUD');
    expect(await msp.gaps()).toEqual([]);
  });

  it('tells an overcharge where billed work is put back into the contract', async () => {
    const ticket = await ticketOf(240);
    await ticket.resolves('none-used', 'out-of-scope');
    await ticket.isClassified('out-of-scope');
    await msp.bills('I1', 'bluegum', MARCH);
    await ticket.isClassified('in-contract');
    expect(await msp.gaps()).toEqual(['contract-mismatch W1: -600.00 AUD']);
  });

  it('is no gap where no charge was declared, or where its price is asked anyway', async () => {
    const ticket = await ticketOf(240);
    const why = { reasonCode: 'goodwill', reason: 'our mistake' };
    await msp.send(tickets.DeclareNoCharge, { ticketId: 'T1', ...why }, { actor: OMAR });
    await ticket.resolves('none-used', 'out-of-scope');
    expect(await msp.gaps()).toEqual([]);
    await msp.signs('redgum');
    const billed = await msp.ticket('T2', 'redgum');
    await billed.time('W2', 60, DAY);
    await billed.resolves('none-used', 'out-of-scope');
    expect(await msp.gaps()).toEqual([]);
  });
});
