import { describe, expect, it } from '@jest/globals';
import { FAILPOINTS } from '@billtrail/event-store';
import { crashStore } from './store-crash.js';

describe('kill -9 of a process that appends', () => {
  it('loses no acknowledged event, tears no append, and a command sent again has one effect', async () => {
    const figures = await crashStore({ kills: 32, seed: 20_260_331 });
    expect(figures).toMatchObject({
      kills: 32,
      lostEvents: 0,
      partialAppends: 0,
      chainFindings: 0,
      notExactlyOnce: 0,
      failedLives: 0,
    });
    // The run did reach what it is about.
    for (const death of ['acknowledgement', ...FAILPOINTS] as const) expect(figures.killsBy[death]).toBe(4);
    expect(figures.acknowledgedEvents).toBeGreaterThan(1_000);
    expect(figures.committedUnacknowledged).toBeGreaterThan(0);
  });

  it('the seeded bug, an acknowledgement before the commit, is caught', async () => {
    const figures = await crashStore({ kills: 4, seed: 7, acknowledgeEarly: true, deaths: ['before-commit'] });
    expect(figures.lostEvents).toBeGreaterThan(0);
    expect(figures).toMatchObject({ partialAppends: 0, chainFindings: 0, notExactlyOnce: 0, failedLives: 0 });
  });
});
