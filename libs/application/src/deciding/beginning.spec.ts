import { describe, expect, it } from '@jest/globals';
import { beginningOf } from './beginning.js';

const bea = { id: 'bea', registeredBy: 'ana', registeredAt: '2026-03-01T09:00:00.000Z' };
const carl = { ...bea, id: 'carl', registeredAt: '2026-03-05T09:00:00.000Z' };
const NOW = '2026-03-31T08:59:59.999Z';

describe('the beginning of an organisation', () => {
  it('is while there is nobody else, or all of them were registered by whoever asks in the last 30 days', () => {
    expect(beginningOf([], 'ana', NOW)).toEqual({ personIds: [], until: null });
    expect(beginningOf([carl, bea], 'ana', NOW)).toEqual({
      personIds: ['carl', 'bea'],
      until: '2026-03-31T09:00:00.000Z',
    });
    expect(beginningOf([carl, bea], 'ana', '2026-03-31T09:00:00.000Z')).toBeNull();
  });

  it('is over where another one registered somebody, who is taken for another at once', () => {
    expect(beginningOf([bea, { ...carl, registeredBy: 'dora' }], 'ana', NOW)).toBeNull();
    expect(beginningOf([bea], 'carl', NOW)).toBeNull();
  });

  it('goes on where whom they registered registered somebody', () => {
    const eve = { ...carl, id: 'eve', registeredBy: 'carl' };
    expect(beginningOf([eve, bea, carl], 'ana', NOW)?.personIds).toEqual(['eve', 'bea', 'carl']);
    expect(beginningOf([eve, { ...bea, id: 'ana', registeredBy: 'founder' }], 'carl', NOW)).toBeNull();
  });

  it('counts what an account of the machine registered as theirs, but for the first person', () => {
    expect(beginningOf([{ ...bea, registeredBy: 'os:root' }], 'ana', NOW)).not.toBeNull();
    expect(beginningOf([{ ...bea, id: 'owner', registeredBy: 'os:root' }], 'bea', NOW)).toBeNull();
  });
});
