import { epochMillis, type Instant } from '@billtrail/kernel';
import { ClockSuspect } from './errors.js';

const HOUR_MS = 3_600_000;
/** Clocks of machines are set back by that much at most: by a time server, or by hand on a day when the clocks change. */
const MOST_MS_BEHIND = HOUR_MS;
/** A log that nothing was recorded in for so long is rare, and one bad clock must not date it: every contract would get the months until then. */
const MOST_MS_AHEAD = 7 * 24 * HOUR_MS;

/**
 * The time at which what is appended now is recorded: the clock's, or that of the last event where the clock is a little behind it, so that a log is in the
 * order of its times. `last`: of the last event; null: there is none.
 */
export function recordingTime(clock: Instant, last: Instant | null): Instant | ClockSuspect {
  if (last === null || clock === last) return clock;
  const ahead = epochMillis(clock) - epochMillis(last);
  if (ahead > MOST_MS_AHEAD || ahead < -MOST_MS_BEHIND) return new ClockSuspect(clock, last);
  return ahead < 0 ? last : clock;
}
