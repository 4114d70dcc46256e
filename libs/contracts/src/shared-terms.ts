import type { LocalDate, Partly } from '@billtrail/kernel';
import type { Note } from './problems.js';
import { inspectNamed } from './shared-calendars.js';
import { inspectNamedCard } from './shared-cards.js';
import type { ContractTerms } from './terms/contract-terms.js';
import type { SharedCalendars } from './terms/shared-calendars.js';
import type { SharedCards } from './terms/shared-cards.js';

/** What terms may name of the configuration: calendars, holiday sets and rate cards. */
export type SharedTerms = SharedCalendars & SharedCards;

/** Notes what terms name and the configuration does not have. `effectiveFrom`: their first day. */
export function inspectNamedBy(
  note: Note,
  { rateCalendar, rateCard }: Partly<Pick<ContractTerms, 'rateCalendar' | 'rateCard'>>,
  effectiveFrom: LocalDate | undefined,
  shared: SharedTerms,
): void {
  inspectNamed(note, 'terms.rateCalendar.calendar', rateCalendar?.calendar, 'calendars', shared);
  inspectNamed(note, 'terms.rateCalendar.holidays', rateCalendar?.holidays, 'holidaySets', shared);
  inspectNamedCard(note, rateCard, effectiveFrom, shared);
}

/** What terms name of the configuration. */
export function namedBy({ rateCalendar, rateCard }: Pick<ContractTerms, 'rateCalendar' | 'rateCard'>): NamedShared {
  const { calendar, holidays } = rateCalendar ?? {};
  return {
    calendars: calendar === undefined ? [] : [calendar],
    holidaySets: typeof holidays === 'string' ? [holidays] : [],
    rateCards: rateCard.card === undefined ? [] : [rateCard.card],
  };
}
export type NamedShared = Readonly<Record<keyof SharedTerms, readonly string[]>>;
