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
