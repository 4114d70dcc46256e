import { WEEKDAYS } from '@billtrail/kernel';
import { RATE_CLASSES, type ClassCalendar, type RateClass } from './terms/rate-calendar.js';

/** The classes that moments have under a calendar. */
export function classesOfCalendar(calendar: Partial<ClassCalendar> | null | undefined): readonly RateClass[] {
  if (calendar === null || calendar === undefined) return [];
  const outside = calendar.outside ?? { weekday: 'after-hours', weekend: 'weekend', holiday: 'holiday' };
  const inHours = WEEKDAYS.flatMap((weekday) =>
    (calendar.hours?.[weekday] ?? []).map((hours) => hours.rateClass ?? 'business'),
  );
  return [...inHours, ...Object.values(outside)];
}

/** The classes that can be declared where a calendar holds, each once: those of rating, and those that it names. */
export function classesToDeclare(calendar: Partial<ClassCalendar> | null | undefined): readonly RateClass[] {
  return [...new Set([...RATE_CLASSES, ...classesOfCalendar(calendar)])];
}

/** True of a class that is one everywhere. */
export function isCommonClass(rateClass: RateClass): boolean {
  return (RATE_CLASSES as readonly string[]).includes(rateClass);
}
