import { describe, expect, it } from '@jest/globals';
import { Position, type PositionNumber, type RecordedEvent } from '@billtrail/event-store';
import { LatestPositions } from './latest-positions.js';

const event = (at: number, id = `${at}`.padStart(8, '0')) =>
  ({ id: `${id}-rest`, position: at as PositionNumber }) as unknown as RecordedEvent;

describe('the positions of the last events that were read', () => {
  it('are known by the event there, the last ones alone', () => {
    const latest = new LatestPositions(3);
    latest.read([event(1), event(2)]);
    latest.read([event(5), event(9)]);
    const known = [1, 2, 5, 9].filter((at) => latest.has(Position.of(event(at))));
    expect(known).toEqual([2, 5, 9]);
    latest.read([event(10), event(11), event(12), event(13)]);
    expect([9, 11, 13].map((at) => latest.has(Position.of(event(at))))).toEqual([false, true, true]);
  });

  it('are not those of another log, nor such at which nothing is', () => {
    const latest = new LatestPositions();
    latest.read([event(5)]);
    expect(latest.has(Position.of(event(5, 'abcdef01')))).toBe(false);
    expect(latest.has(Position.of(event(4)))).toBe(false);
  });
});
