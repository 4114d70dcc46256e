import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { brokenLaws } from '../laws/kit/laws.js';
import { lookAt } from '../laws/kit/look.js';
import { Msp } from './msp.js';
import { ANNA } from './people.js';
import type { TicketStory } from './ticket-story.js';

const DAY = '2026-03-02';
const MARCH = '2026-03';

/** 150.00 an hour; an hour is W1. */
describe('work of which a part is on an invoice and a part is written off', () => {
  let msp: Msp;
  let ticket: TicketStory;
  beforeEach(async () => {
    msp = await Msp.opens(DAY);
    await msp.signs('bluegum');
    ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 60, DAY);
  });
  afterEach(async () => {
    await msp.house.settle();
    expect(brokenLaws(await lookAt(msp, { isSettled: true }))).toEqual([]);
    await msp.closes();
  });

  const items = () => msp.items('bluegum', MARCH);
  const writesOff = async (itemId: string) => {
    await msp.house.settle();
    expect(await msp.writesOff(itemId, 'bluegum', MARCH, ANNA)).toBe('accepted');
  };
  const billsAgain = async (invoiceId: string, itemId: string) => {
    await msp.house.settle();
    const credited = [{ itemId, outcome: 'bill-again' as const }];
    expect(await msp.credits('C1', invoiceId, 'bluegum', MARCH, credited, { actor: ANNA })).toBe('accepted');
  };

  it.each(['before', 'after'])(
    'is asked whole where its line is billed again %s it is corrected back',
    async (when) => {
      await msp.bills('I1', 'bluegum', MARCH);
      await ticket.corrects('W1', 90, DAY);
      await writesOff('W1@a1');
      if (when === 'before') await billsAgain('I1', 'W1');
      await ticket.corrects('W1', 60, DAY);
      if (when === 'after') await billsAgain('I1', 'W1');
      expect(await items()).toEqual([
        'W1@a1 written-off 0.5 h 75.00 AUD',
        'W1@a2 billable 1 h 150.00 AUD',
        'W1@w2 written-off -0.5 h -75.00 AUD',
      ]);
      expect((await msp.bills('I2', 'bluegum', MARCH)).at(-1)).toContain('150.00 + 15.00 = 165.00 AUD');
    },
  );

  it('gives back the hour that was invoiced, and not the one that was written off', async () => {
    await writesOff('W1');
    await ticket.corrects('W1', 120, DAY);
    await msp.bills('I1', 'bluegum', MARCH);
    await ticket.corrects('W1', 60, DAY);
    expect(await items()).toEqual([
      'W1 written-off 1 h 150.00 AUD',
      'W1@a1 invoiced 1 h 150.00 AUD',
      'W1@a2 billable -1 h -150.00 AUD',
    ]);
    await billsAgain('I1', 'W1@a1');
    expect(await items()).toEqual(['W1 written-off 1 h 150.00 AUD']);
  });
});

/** 220.00 a ticket, whatever the minutes: W1 asks it, W2 0.00. Of W1 30.00 are given back. */
describe('money that is given back of a price that two entries share, and the first is voided', () => {
  it.each<[string, readonly string[]]>([
    ['its line is billed again', ['W1']],
    ['both lines are billed again', ['W2', 'W1']],
  ])('190.00 are asked where %s', async (_, again) => {
    const msp = await Msp.opens(DAY);
    const flat = { workType: 'remote', mode: 'flat', price: '220.00', per: 'ticket' } as const;
    await msp.signs('bluegum', { workTypes: [flat] });
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 60, DAY);
    await ticket.time('W2', 30, DAY);
    await msp.bills('I1', 'bluegum', MARCH);
    const net = { amount: '30.00', currency: 'AUD' };
    const back = [{ itemId: 'W1', outcome: 'written-off' as const, net }];
    expect(await msp.credits('C1', 'I1', 'bluegum', MARCH, back, { actor: ANNA })).toBe('accepted');
    await ticket.voids('W1');
    for (const itemId of again) {
      await msp.house.settle();
      const freed = [{ itemId, outcome: 'bill-again' as const }];
      expect(await msp.credits(`C-${itemId}`, 'I1', 'bluegum', MARCH, freed, { actor: ANNA })).toBe('accepted');
    }
    const billable = (await msp.items('bluegum', MARCH)).filter((item) => item.includes(' billable '));
    expect(billable.map((item) => item.split(' ').at(-2))).toEqual(['190.00']);
    await msp.house.settle();
    expect(brokenLaws(await lookAt(msp, { isSettled: true }))).toEqual([]);
    await msp.closes();
  });
});
