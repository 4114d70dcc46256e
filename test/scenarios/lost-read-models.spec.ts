import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../e2e/temporary-folder.js';
import { loseReadModels } from '../laws/kit/faults.js';
import { Msp } from './msp.js';
import type { TicketStory } from './ticket-story.js';

describe('where the read models are lost before the policy has seen what changed', () => {
  let msp: Msp;
  let remove: () => void;
  let ticket: TicketStory;
  beforeEach(async () => {
    const folder = temporaryFolder();
    remove = () => folder.remove();
    msp = await Msp.opens('2026-03-02', {}, folder.path);
    await msp.signs('bluegum');
    ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 60, '2026-03-02', { approved: false });
    await ticket.resolves();
    expect(await msp.gaps()).toEqual(['time-unapproved W1: 150.00 AUD']);
  });
  afterEach(async () => {
    await msp.closes();
    remove();
  });

  it('a gap that ended is closed (G6)', async () => {
    await ticket.approves('W1');
    await msp.house.restart(loseReadModels);
    expect(await msp.gaps()).toEqual([]);
  });

  it('a gap of another value is revalued', async () => {
    await ticket.corrects('W1', 120, '2026-03-02', { approved: false });
    await msp.house.restart(loseReadModels);
    expect(await msp.gaps()).toEqual(['time-unapproved W1: 300.00 AUD']);
  });

  it('a gap that stands is left alone', async () => {
    const head = await msp.house.billtrail.store.head();
    await msp.house.restart(loseReadModels);
    expect(await msp.gaps()).toEqual(['time-unapproved W1: 150.00 AUD']);
    expect(await msp.house.billtrail.store.head()).toEqual(head);
  });
});
