import { type DemoCalendar, MINUTES_PER_DAY, type WallMinutes, dayOf, isBusinessDay, wallAt } from './calendar.js';
import type { Random } from './random.js';
import { ENGINEER, SENIOR_ENGINEER } from './agreements.js';

export interface Engineer {
  readonly id: string;
  readonly role: string;
}

/** Every third engineer is a senior. */
export function engineersOf(count: number): readonly Engineer[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `engineer-${String(index + 1).padStart(2, '0')}`,
    role: index % 3 === 0 ? SENIOR_ENGINEER : ENGINEER,
  }));
}

/** Office hours of the engineers, in minutes of the day on the organisation's clock. */
const OPENS = 8 * 60 + 30;
const CLOSES = 17 * 60 + 30;
/** Nobody of the sample works later: it stays the same day everywhere. */
const LATEST_END = 23 * 60 + 30;

/**
 * The engineers' diaries. Work is booked one after the other, so nobody works on two tickets at once, as long as the month is large
 * enough for all its tickets; beyond that they overlap.
 */
export class Workforce {
  /** First free minute of each engineer's day. */
  private readonly free: Int32Array;
  private readonly daysInMonth: number;

  constructor(
    private readonly engineers: readonly Engineer[],
    private readonly calendar: DemoCalendar,
  ) {
    this.daysInMonth = calendar.lastDay - calendar.firstDay + 1;
    this.free = new Int32Array(engineers.length * this.daysInMonth);
  }

  engineer(index: number): Engineer {
    return this.engineers[index] as Engineer;
  }

  /** Of three engineers chosen by chance, the one who is free first. */
  choose(from: WallMinutes, random: Random): number {
    let best = random.whole(0, this.engineers.length - 1);
    for (let more = 0; more < 2; more += 1) {
      const other = random.whole(0, this.engineers.length - 1);
      if (this.freeAt(other, from) < this.freeAt(best, from)) best = other;
    }
    return best;
  }

  /**
   * Books work in office hours, at `from` or later, and gives its start. `behind` are the minutes by which the client's clock is behind: the
   * client's office opens that much later.
   */
  book(index: number, from: WallMinutes, minutes: number, behind: number): WallMinutes {
    const opens = OPENS + behind;
    for (let day = dayOf(from); day <= this.calendar.lastDay; day += 1) {
      if (!isBusinessDay(day)) continue;
      const start = Math.max(from, wallAt(day, opens), this.freeOn(index, day));
      if (start + minutes > wallAt(day, CLOSES)) continue;
      this.take(index, day, start + minutes);
      return start;
    }
    return this.overlapping(from, minutes, opens);
  }

  /** Books work on the spot, at any hour. */
  bookAtOnce(index: number, from: WallMinutes, minutes: number): WallMinutes {
    const day = dayOf(from);
    const start = Math.max(from, this.freeOn(index, day));
    if (start + minutes > wallAt(day, LATEST_END)) return from;
    this.take(index, day, start + minutes);
    return start;
  }

  private overlapping(from: WallMinutes, minutes: number, opens: number): WallMinutes {
    const day = this.calendar.businessDays.at(-1) ?? this.calendar.lastDay;
    return Math.min(Math.max(from, wallAt(day, opens)), wallAt(day, LATEST_END) - minutes);
  }

  private freeAt(index: number, from: WallMinutes): WallMinutes {
    return Math.max(from, this.freeOn(index, dayOf(from)));
  }

  private freeOn(index: number, day: number): WallMinutes {
    return wallAt(day, this.free[index * this.daysInMonth + day - this.calendar.firstDay] ?? 0);
  }

  private take(index: number, day: number, until: WallMinutes): void {
    this.free[index * this.daysInMonth + day - this.calendar.firstDay] = until - day * MINUTES_PER_DAY;
  }
}
