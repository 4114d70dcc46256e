import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@billtrail/event-store';
import type { Msp } from '../scenarios/msp.js';
import { ANNA, BEA } from '../scenarios/people.js';
import { lookAt, type Look } from './kit/look.js';
import { tellForgone } from './kit/sample.js';
import * as bugs from './kit/seeded.js';

describe('L11 In sight', () => {
  let told: Msp;
  let look: Look;
  beforeAll(async () => {
    told = await tellForgone();
    await told.house.settle();
    look = await lookAt(told, { isSettled: true });
  });
  afterAll(() => told.closes());

  const found = (change: (events: readonly RecordedEvent[]) => readonly RecordedEvent[]) =>
    bugs.findings('L11', look, { events: change(look.events) }).join('\n');
  const changed = (type: string, change: (event: RecordedEvent) => Partial<RecordedEvent>) =>
    found((events) => events.map((event) => (event.type === type ? { ...event, ...change(event) } : event)));

  it('finds what was given up and nobody asked for: a write-off, and approved work that is voided', () => {
    const without = found((events) => events.filter(({ type }) => type !== 'ForgoingRequested'));
    expect(without).toContain('anna wrote off W1, and nobody asked for it');
    expect(without).toContain('TimeEntryVoided takes value of T1 W3, and nobody asked for it');
  });

  it('finds what one person gave up above the limit, summed over its acts, and what nobody knows the value of', () => {
    const alone = found((events) => events.filter(({ type }) => type !== 'ForgoingApproved'));
    expect(alone).toContain("one person's word forgoes 300.00 AUD of ticket T1");
    expect(alone).toContain("one person's word forgoes 450.00 AUD of bluegum in 2026-03");
    const unknown = changed('ForgoingRequested', ({ data }) => ({
      data: { ...data, forgone: [{ ticketId: 'T1', money: null }] },
    }));
    expect(unknown).toContain('write-off of W1 by anna alone, and nobody knows its value');
  });

  it('finds a second person who is the first, did the work, is nobody known, or may be held by the first', () => {
    const by = (actor: RecordedEvent['actor']) => changed('ForgoingApproved', () => ({ actor }));
    expect(by(ANNA)).toContain('anna approved what anna asked for, and is the same person');
    expect(by({ ...BEA, id: 'priya' })).toContain('priya approved what omar asked for, and did the work');
    expect(by({ ...BEA, id: 'nobody' })).toContain('nobody approved what anna asked for, and is nobody known');
    const keyed = changed('PersonRegistered', ({ stream }) => (stream === `person-${BEA.id}` ? { actor: ANNA } : {}));
    expect(keyed).toContain('bea approved what anna asked for, and may be them, by a key they made');
    const asked = changed('PersonRegistered', ({ stream }) => (stream === `person-${ANNA.id}` ? { actor: BEA } : {}));
    expect(asked).toContain('bea approved what anna asked for, and may have asked for it, by a key they made');
    const own = changed('TimeEntryLogged', ({ data }) => ({ data: { ...data, engineerId: BEA.id } }));
    expect(own).toContain('bea approved what omar asked for, and did the work');
  });

  it('finds approved work that is no item', () => {
    expect(bugs.findings('L11', look, bugs.item(look, 'W4', null))).toEqual([
      'T1 W4 was approved or resolved, and is no item',
    ]);
  });
});
