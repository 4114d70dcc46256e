import { Temporal } from 'temporal-polyfill';
import { InvariantViolation } from './refusal.js';

/** A span of time in which a zone keeps one offset: `from` is part of it, `to` is not (milliseconds since 1970). */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
}

/** Spans found so far, by zone, the latest hit first. A zone has two a year, and a log reads mostly within one. */
const spansByZone = new Map<string, Span[]>();

/**
 * The offset of a zone from UTC at a moment, in milliseconds (Sydney in summer: 39,600,000).
 * Asking the zone database costs tens of microseconds, so each span between two clock changes is asked for once.
 * Throws {@link InvariantViolation} on an unknown zone.
 */
export function offsetMillisAt(zone: string, millis: number): number {
  let spans = spansByZone.get(zone);
  const latest = spans?.[0];
  if (latest !== undefined && millis >= latest.from && millis < latest.to) return latest.offset;
  if (spans === undefined) spansByZone.set(zone, (spans = []));
  const index = spans.findIndex((span) => millis >= span.from && millis < span.to);
  const [known] = index < 0 ? [] : spans.splice(index, 1);
  const span = known ?? spanAround(zone, millis);
  spans.unshift(span);
  return span.offset;
}

function spanAround(zone: string, millis: number): Span {
  let moment: Temporal.ZonedDateTime;
  try {
    moment = Temporal.Instant.fromEpochMilliseconds(millis).toZonedDateTimeISO(zone);
  } catch (cause) {
    spansByZone.delete(zone);
    throw new InvariantViolation(`no time zone ${zone}, or no such moment: ${millis}`, { cause });
  }
  // `previous` is strictly before, so that a moment on the very change asks from the next nanosecond on.
  const before = moment.add({ nanoseconds: 1 }).getTimeZoneTransition('previous');
  const after = moment.getTimeZoneTransition('next');
  return {
    from: before?.epochMilliseconds ?? -Infinity,
    to: after?.epochMilliseconds ?? Infinity,
    offset: moment.offsetNanoseconds / 1_000_000,
  };
}
