import { type LocalDate, type Minutes, type TimeZone, epochMillis, localDateIn } from '@billtrail/kernel';
import {
  type ContractTerms,
  type Holiday,
  type RateCalendar,
  type RateClass,
  classesOfCalendar,
  isCommonClass,
} from '@billtrail/contracts';
import type { ContractFacts, WorkItem } from '../facts.js';
import type { Locality, Place, Places } from './places.js';
import { RateClasses, dayNumberAt, midnightOf } from './rate-classes.js';

const DAY_MILLIS = 86_400_000;

/**
 * When work was done, as steps 1 and 3 ask it: a day that was stated, or a stretch between two edges, which each zone dates and each calendar
 * classes for itself. The same everywhere within it, and one object for all work in it within one call of `rate`: what was found for it
 * once holds for all of that work.
 */
export interface When {
  dayIn(zone: TimeZone): LocalDate;
  /** The rate class under a version's terms at a place; null: no calendar holds there, and none was declared. */
  classUnder(terms: ContractTerms, place: Place): RateClass | null;
  /** The declared class, where it gives the work its class and is none there; null: it is one, or none was declared. */
  unknownClassUnder(terms: ContractTerms, place: Place): RateClass | null;
  /** The holiday that gives it its class, and whose it is; null: none does. */
  holidayUnder(terms: ContractTerms, place: Place): HolidayThere | null;
}

export interface HolidayThere {
  readonly holiday: Holiday;
  readonly of: NonNullable<Locality['holidays']>['of'] | 'contract';
}

/** A stretch of a piece of work, in minutes from its beginning; `to` is not part of it. Of a duration all of it. */
export interface Stretch {
  readonly fromMinute: Minutes;
  readonly toMinute: Minutes;
  readonly when: When;
}

/**
 * Step 2 of rating.md: where work with start and end may change its contract version, its rate class or its period. Edges are the midnights
 * of all zones of the client, its sites and its contracts, and what their calendars name; stretches on both sides of an edge that turn out alike are
 * joined again after step 3. The minutes of an entry that are not those between its times (a break) are laid over them evenly.
 */
export class Timeline {
  readonly clientZone: TimeZone;
  private readonly zones: ReadonlySet<TimeZone>;
  private readonly calendars = new Map<Locality, Map<RateCalendar | null, RateClasses | null>>();
  private readonly days = new Map<number, readonly Interval[]>();
  private readonly dates = new Map<string, OnDate>();

  constructor(
    contracts: readonly ContractFacts[],
    private readonly places: Places,
  ) {
    this.clientZone = places.clientZone;
    const localities = places.all.flatMap((place) => place.localities);
    const zones = new Set([this.clientZone, ...localities.map(({ timeZone }) => timeZone)]);
    for (const contract of contracts) {
      for (const { terms } of contract.versions) {
        zones.add(this.zoneOf(terms));
        for (const locality of localities) this.classesAt(terms, locality);
      }
    }
    this.zones = zones;
  }

  /** The zone of a version's own days, those of its start, its end and its blocks: its own, else the client's. */
  zoneOf(terms: ContractTerms): TimeZone {
    return terms.timeZone ?? this.clientZone;
  }

  /** The classes under a version's terms where work is done; null: neither has class hours or holidays. */
  classesAt(terms: ContractTerms, locality: Locality): RateClasses | null {
    let ofLocality = this.calendars.get(locality);
    if (ofLocality === undefined) this.calendars.set(locality, (ofLocality = new Map()));
    const key = this.calendarOf(terms);
    let classes = ofLocality.get(key);
    if (classes === undefined) ofLocality.set(key, (classes = classesOf(key, locality)));
    return classes;
  }

  /** Hours and holidays of a version's terms; null: they have none. */
  calendarOf({ rateCalendar }: ContractTerms): RateCalendar | null {
    return this.places.rateCalendar(rateCalendar);
  }

  /** The stretches of a piece of work in order of time. None has no minutes, but that of work that has none at all. */
  segmentsOf(work: WorkItem): readonly Stretch[] {
    if (!hasTimes(work)) {
      const declared = work.kind === 'time' ? work.rateClass : null;
      const minutes = work.kind === 'time' ? work.minutes : 0;
      return [{ fromMinute: 0, toMinute: minutes, when: this.onDate(work.workDate, declared) }];
    }
    const start = epochMillis(work.startedAt);
    const end = epochMillis(work.endedAt);
    return this.between(start, Math.max(end, start), work.minutes, work.rateClass);
  }

  private between(start: number, end: number, minutes: Minutes, declared: RateClass | null): readonly Stretch[] {
    let interval = this.intervalAt(start);
    if (interval.to >= end) return [{ fromMinute: 0, toMinute: minutes, when: interval.declaring(declared) }];
    const stretches: Stretch[] = [];
    let fromMinute = 0;
    for (;;) {
      const isLast = interval.to >= end;
      const toMinute = isLast ? minutes : Math.round(((interval.to - start) * minutes) / (end - start));
      if (toMinute > fromMinute || (isLast && stretches.length === 0))
        stretches.push({ fromMinute, toMinute, when: interval.declaring(declared) });
      if (isLast) return stretches;
      fromMinute = toMinute;
      interval = this.intervalAt(interval.to);
    }
  }

  private intervalAt(millis: number): Interval {
    const day = Math.floor(millis / DAY_MILLIS);
    let intervals = this.days.get(day);
    if (intervals === undefined) {
      intervals = this.intervalsOf(day);
      this.days.set(day, intervals);
    }
    let found = intervals[0];
    for (const interval of intervals) {
      if (interval.from > millis) break;
      found = interval;
    }
    return found ?? new Interval(this, millis, (day + 1) * DAY_MILLIS);
  }

  /** The stretches between the edges that lie within one day of UTC. */
  private intervalsOf(utcDay: number): readonly Interval[] {
    const from = utcDay * DAY_MILLIS;
    const to = from + DAY_MILLIS;
    const edges = new Set([from]);
    const add = (edge: number): void => {
      if (edge > from && edge < to) edges.add(edge);
    };
    for (const zone of this.zones) for (const day of daysTouching(zone, from, to)) add(midnightOf(zone, day));
    for (const ofLocality of this.calendars.values()) {
      for (const classes of ofLocality.values()) {
        if (classes === null) continue;
        for (const day of daysTouching(classes.zone, from, to)) classes.edgesOf(day).forEach(add);
      }
    }
    const sorted = [...edges].sort((a, b) => a - b);
    return sorted.map((edge, index) => new Interval(this, edge, sorted[index + 1] ?? to));
  }

  private onDate(date: LocalDate, declared: RateClass | null): OnDate {
    const key = `${date}\u0000${declared ?? ''}`;
    let on = this.dates.get(key);
    if (on === undefined) {
      on = new OnDate(this, date, declared);
      this.dates.set(key, on);
    }
    return on;
  }
}

type TimedEntry = Extract<WorkItem, { kind: 'time' }> & { readonly startedAt: string; readonly endedAt: string };

/** True for time of which both the start and the end were recorded. */
export function hasTimes(work: WorkItem): work is TimedEntry {
  return work.kind === 'time' && work.startedAt !== null && work.endedAt !== null;
}

function classesOf(rateCalendar: RateCalendar | null, { calendar, holidays, timeZone }: Locality): RateClasses | null {
  const hours = rateCalendar ?? calendar;
  const days = holidays?.days ?? rateCalendar?.holidays ?? [];
  return hours === null && days.length === 0 ? null : new RateClasses({ ...hours, holidays: days }, timeZone);
}

function holidayThere({ holidays }: Locality, holiday: Holiday | null): HolidayThere | null {
  return holiday === null ? null : { holiday, of: holidays?.of ?? 'contract' };
}

/** Where the contract has class hours, its own count; else those of the place. */
function isDeclarable(declared: RateClass, rateCalendar: RateCalendar | null, { calendar }: Locality): boolean {
  return isCommonClass(declared) || classesOfCalendar(rateCalendar ?? calendar).includes(declared);
}

function daysTouching(zone: TimeZone, from: number, to: number): readonly number[] {
  const days: number[] = [];
  for (let day = dayNumberAt(zone, from); day <= dayNumberAt(zone, to - 1); day += 1) days.push(day);
  return days;
}

/** A day of which no hours are known. */
class OnDate implements When {
  constructor(
    private readonly timeline: Timeline,
    private readonly date: LocalDate,
    private readonly declared: RateClass | null,
  ) {}

  dayIn(): LocalDate {
    return this.date;
  }

  classUnder(terms: ContractTerms, place: Place): RateClass | null {
    return this.declared ?? this.timeline.classesAt(terms, this.localityOf(place))?.ofDate(this.date) ?? null;
  }

  unknownClassUnder(terms: ContractTerms, place: Place): RateClass | null {
    return this.declared === null ||
      isDeclarable(this.declared, this.timeline.calendarOf(terms), this.localityOf(place))
      ? null
      : this.declared;
  }

  holidayUnder(terms: ContractTerms, place: Place): HolidayThere | null {
    if (this.declared !== null) return null;
    const locality = this.localityOf(place);
    return holidayThere(locality, this.timeline.classesAt(terms, locality)?.holidayOf(this.date) ?? null);
  }

  private localityOf(place: Place): Locality {
    return place.at(() => this.date);
  }
}

/** The time between two edges: `from` is part of it, `to` is not. A calendar's class of a moment is its own, whatever was declared. */
class Interval implements When {
  private readonly days = new Map<TimeZone, LocalDate>();
  private readonly byDeclared = new Map<RateClass, When>();

  constructor(
    private readonly timeline: Timeline,
    readonly from: number,
    readonly to: number,
  ) {}

  dayIn(zone: TimeZone): LocalDate {
    let day = this.days.get(zone);
    if (day === undefined) {
      day = localDateIn(zone, new Date(this.from).toISOString());
      this.days.set(zone, day);
    }
    return day;
  }

  classUnder(terms: ContractTerms, place: Place): RateClass | null {
    return this.timeline.classesAt(terms, this.localityOf(place))?.at(this.from) ?? null;
  }

  /** Nothing was declared that counts. */
  unknownClassUnder(): RateClass | null {
    return null;
  }

  holidayUnder(terms: ContractTerms, place: Place): HolidayThere | null {
    const locality = this.localityOf(place);
    return holidayThere(locality, this.timeline.classesAt(terms, locality)?.holidayAt(this.from) ?? null);
  }

  private localityOf(place: Place): Locality {
    return place.at((zone) => this.dayIn(zone));
  }

  /** Of work with a declared class: the class where a version has no calendar. */
  declaring(declared: RateClass | null): When {
    if (declared === null) return this;
    let when = this.byDeclared.get(declared);
    if (when === undefined) {
      when = {
        dayIn: (zone) => this.dayIn(zone),
        classUnder: (terms, place) => this.classUnder(terms, place) ?? declared,
        unknownClassUnder: (terms, place) =>
          this.classUnder(terms, place) !== null ||
          isDeclarable(declared, this.timeline.calendarOf(terms), this.localityOf(place))
            ? null
            : declared,
        holidayUnder: (terms, place) => this.holidayUnder(terms, place),
      };
      this.byDeclared.set(declared, when);
    }
    return when;
  }
}
