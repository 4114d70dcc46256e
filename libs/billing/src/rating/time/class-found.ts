import type { LocalDate, TimeZone } from '@billtrail/kernel';
import type { RateClass } from '@billtrail/contracts';
import type { HolidayThere } from './step-2-segments.js';

/** Which class work has, on which day, and what made it so. */
export interface ClassFound {
  readonly date: LocalDate;
  readonly rateClass: RateClass | null;
  readonly timeZone: TimeZone;
  /** The site whose days and hours it has; null: those of the client. */
  readonly siteId: string | null;
  readonly holiday: HolidayThere | null;
}
