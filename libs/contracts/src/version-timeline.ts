import { type LocalDate, addDays } from '@billtrail/kernel';
import type { ContractVersion, Suspension } from './events.js';

/** What decides which version of a contract is in force on a day. */
export interface VersionedContract {
  readonly versions: readonly ContractVersion[];
  /** Last day in force; null: not terminated. */
  readonly lastDay: LocalDate | null;
  /** Absent: none. */
  readonly suspensions?: readonly Suspension[];
}

/** Days from `from` to `to`, both included; `to` null: without end. */
export interface DaySpan {
  readonly from: LocalDate;
  readonly to: LocalDate | null;
}

/** Most overlaps that are listed. */
const MAX_OVERLAPS = 100;
/** The last day that can be written. */
const LAST_DAY = '9999-12-31';

/** The day after, or null after the last one that can be written. */
export function nextDay(day: LocalDate): LocalDate | null {
  return day >= LAST_DAY ? null : addDays(day, 1);
}

interface VersionSpan extends DaySpan {
  readonly version: ContractVersion;
}

/**
 * The days that each version claims: to its own last day, or, where it has none, to the day before the next later start of any version of
 * the contract. Where two claim a day, the one published last has it.
 */
export function versionSpans(versions: readonly ContractVersion[]): readonly VersionSpan[] {
  const starts = [...new Set(versions.map((version) => version.effectiveFrom))].sort();
  const later = new Map(starts.map((start, index) => [start, starts[index + 1] ?? null]));
  return versions.map((version) => {
    const next = later.get(version.effectiveFrom) ?? null;
    const to = version.effectiveTo ?? (next === null ? null : addDays(next, -1));
    return { version, from: version.effectiveFrom, to };
  });
}

export function isWithin(span: DaySpan, day: LocalDate): boolean {
  return span.from <= day && (span.to === null || day <= span.to);
}

/** True on a day of a suspension: from its first day until just before the day in force again. */
export function isSuspendedOn(suspensions: readonly Suspension[] | undefined, day: LocalDate): boolean {
  return (suspensions ?? []).some(({ from, resumedOn }) => from <= day && (resumedOn === null || day < resumedOn));
}

/** Finds versions by day. It works out the spans once, so that a contract with many versions is asked cheaply. */
export class VersionTimeline {
  private readonly spans: readonly VersionSpan[];

  constructor(private readonly contract: VersionedContract) {
    this.spans = versionSpans(contract.versions);
  }

  /** The version in force, or null: before the first, in a hole, after the last day, or while the contract is suspended. */
  versionOn(day: LocalDate): ContractVersion | null {
    return isSuspendedOn(this.contract.suspensions, day) ? null : this.publishedFor(day);
  }

  /** As {@link versionOn}, ignoring suspensions. */
  publishedFor(day: LocalDate): ContractVersion | null {
    if (this.contract.lastDay !== null && day > this.contract.lastDay) return null;
    let latest: ContractVersion | null = null;
    for (const span of this.spans) {
      if (isWithin(span, day) && (latest === null || span.version.versionNumber > latest.versionNumber)) {
        latest = span.version;
      }
    }
    return latest;
  }

  /** Days on which something begins or ceases to be in force, in order: between two of them nothing changes. */
  changePoints(): readonly LocalDate[] {
    const points = this.versionPoints();
    for (const { from, resumedOn } of this.contract.suspensions ?? []) {
      points.add(from);
      if (resumedOn !== null) points.add(resumedOn);
    }
    return [...points].sort();
  }

  /** Days between the first version and the last on which no version is in force. A suspension is none: it was asked for. */
  holes(): readonly DaySpan[] {
    const points = [...this.versionPoints()].sort();
    const holes: DaySpan[] = [];
    let inForce = false;
    let openFrom: LocalDate | null = null;
    for (const point of points) {
      const has = this.publishedFor(point) !== null;
      if (has && openFrom !== null) holes.push({ from: openFrom, to: addDays(point, -1) });
      if (has) openFrom = null;
      else if (inForce && openFrom === null) openFrom = point;
      inForce ||= has;
    }
    return holes;
  }

  /** Pairs of versions that both state a right to the same days, where neither simply follows the other. */
  overlaps(): readonly { readonly earlier: number; readonly later: number; readonly days: DaySpan }[] {
    const sorted = [...this.spans].sort((a, b) =>
      a.from === b.from ? a.version.versionNumber - b.version.versionNumber : a.from < b.from ? -1 : 1,
    );
    const overlaps: { earlier: number; later: number; days: DaySpan }[] = [];
    sorted.forEach((one, index) => {
      for (const other of sorted.slice(index + 1)) {
        if (one.to !== null && other.from > one.to) break;
        if (overlaps.length >= MAX_OVERLAPS) return;
        const days = { from: other.from, to: earlierEnd(one.to, other.to) };
        overlaps.push({ earlier: one.version.versionNumber, later: other.version.versionNumber, days });
      }
    });
    return overlaps;
  }

  private versionPoints(): Set<LocalDate> {
    const points = new Set<LocalDate>();
    const ends = this.spans.map((span) => span.to);
    for (const { from } of this.spans) points.add(from);
    for (const end of [...ends, this.contract.lastDay]) {
      const after = end === null ? null : nextDay(end);
      if (after !== null) points.add(after);
    }
    return points;
  }
}

function earlierEnd(one: LocalDate | null, other: LocalDate | null): LocalDate | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}
