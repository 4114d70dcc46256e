import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Position, type RecordedEvent } from '@billtrail/event-store';
import { temporaryFolder } from '../e2e/temporary-folder.js';
import { Msp } from '../scenarios/msp.js';
import { EveryPosition } from './every-position.js';

const DAY = '2026-03-02';

describe('the laws at every position of a log', () => {
  const folder = temporaryFolder();
  let msp: Msp;
  let events: readonly RecordedEvent[];
  beforeAll(async () => {
    msp = await Msp.opens(DAY, {}, folder.path);
    await msp.signs('bluegum');
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 60, DAY);
    await ticket.time('W2', 30, DAY);
    await ticket.voids('W1');
    await ticket.resolves();
    await msp.house.settle();
    events = await msp.house.events();
  });
  afterAll(async () => {
    await msp.closes();
    folder.remove();
  });

  const look = (seen: readonly RecordedEvent[]) => EveryPosition.look(msp.house.billtrail, seen, folder.path);

  it('hold, each looked at after each event that is news', async () => {
    const { findings, looks } = await look(events);
    expect(findings).toEqual([]);
    // Once more at the end.
    expect(looks).toBe(events.filter(({ stream }) => !stream.startsWith('key-')).length + 1);
  });

  it('are found broken where they were broken for a while alone, and nothing is left of it at the end', async () => {
    const logged = events.find(({ type, data }) => type === 'TimeEntryLogged' && 'minutes' in data);
    expect(logged?.data).toMatchObject({ minutes: 60 });
    const other = events.map((one) => (one === logged ? { ...one, data: { ...one.data, minutes: 61 } } : one));
    const { findings } = await look(other);
    expect(findings).toContainEqual(
      expect.stringMatching(new RegExp(`^${String(Position.of(logged!))}: L1 Conservation: T1: recorded 61 min`)),
    );
    expect(findings.filter((one) => one.startsWith('at the end'))).toEqual([]);
  });
});
