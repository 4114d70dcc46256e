import { type LocalDate, addDays, dayMonthsLater, monthNumber, monthOf } from '@billtrail/kernel';
import type { ContractVersion, Notice } from './events.js';
import { type VersionedContract, VersionTimeline, versionSpans } from './version-timeline.js';

/** What decides how long a contract lasts. */
export interface TermedContract extends VersionedContract {
  /** That it shall not be renewed. Absent: nobody said so. */
  readonly notice?: Notice;
}

/** The last day of a term, and the version in force on it. */
export interface TermEnd {
  readonly lastDay: LocalDate;
  readonly version: ContractVersion;
}

/** How a contract goes on after the end of its term. */
export interface Renewal extends TermEnd {
  /** Last day of the term that follows. */
  readonly until: LocalDate;
  /** Last day on which a notice would prevent it. */
  readonly noticeBy: LocalDate;
}

/** The end of the last term, whatever follows by renewal; null: the contract is open-ended. A termination is no end of a term. */
export function termEndOf({ versions }: Pick<VersionedContract, 'versions'>): TermEnd | null {
  let lastDay: LocalDate | null = null;
  for (const { to } of versionSpans(versions)) {
    if (to === null) return null;
    if (lastDay === null || to > lastDay) lastDay = to;
  }
  const version = lastDay === null ? null : new VersionTimeline({ versions, lastDay: null }).publishedFor(lastDay);
  return lastDay === null || version === null ? null : { lastDay, version };
}

/** The renewal that follows by itself at the end of the term; null: the terms have none, notice was given in time, or the contract was terminated. */
export function renewalOf(contract: TermedContract): Renewal | null {
  const end = termEndOf(contract);
  const terms = end?.version.terms.renewal;
  if (end === null || terms?.automatic !== true) return null;
  const { lastDay } = contract;
  if (lastDay !== null && lastDay <= end.lastDay) return null;
  const noticeBy = addDays(end.lastDay, -terms.noticeDays);
  if (isInTime(contract.notice, noticeBy)) return null;
  const until = termFrom(addDays(end.lastDay, 1), terms.months, end.version.effectiveFrom);
  return { ...end, noticeBy, until: lastDay !== null && lastDay < until ? lastDay : until };
}

function isInTime(notice: Notice | undefined, noticeBy: LocalDate): boolean {
  return notice !== undefined && !notice.isWithdrawn && notice.givenOn <= noticeBy;
}

/** True where somebody decided that the contract ends: it was terminated, or notice was given for the end of its term. */
export function endsByDecision(contract: TermedContract): boolean {
  if (contract.lastDay !== null) return true;
  const end = termEndOf(contract);
  const noticeDays = end?.version.terms.renewal?.noticeDays;
  return end !== null && noticeDays !== undefined && isInTime(contract.notice, addDays(end.lastDay, -noticeDays));
}

/** True where the first version of a contract begins after a day. */
export function beginsAfter({ versions }: Pick<VersionedContract, 'versions'>, day: LocalDate): boolean {
  return versions.length > 0 && versions.every(({ effectiveFrom }) => effectiveFrom > day);
}

/** The last day of a term that begins on a day. Terms that begin on the 31st begin on the last day of shorter months, and on the 31st again. */
function termFrom(first: LocalDate, months: number, began: LocalDate): LocalDate {
  const passed = monthNumber(monthOf(first)) - monthNumber(monthOf(began));
  const next =
    dayMonthsLater(began, passed) === first ? dayMonthsLater(began, passed + months) : dayMonthsLater(first, months);
  return addDays(next, -1);
}
