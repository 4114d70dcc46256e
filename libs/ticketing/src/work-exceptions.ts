import { type Instant, type LocalDate, type Minutes, addDays, epochMillis, localDateIn } from '@billtrail/kernel';

/** What makes somebody look at work before it is approved, the worst first. */
export const WORK_EXCEPTIONS = [
  'change-requested',
  'overlaps',
  'over-24-hours',
  'own-work',
  'long',
  'back-dated',
] as const;
export type WorkException = (typeof WORK_EXCEPTIONS)[number];

/** A time entry as it lies in its engineer's day. */
export interface TimeOfEngineer {
  readonly ticketId: string;
  readonly workItemId: string;
  readonly engineerId: string;
  readonly workDate: LocalDate;
  readonly minutes: Minutes;
  readonly startedAt: Instant | null;
  readonly endedAt: Instant | null;
}

/** A piece of work that somebody is to approve. */
export interface WorkToLookAt {
  readonly ticketId: string;
  readonly workItemId: string;
  /** null: goods. */
  readonly time: TimeOfEngineer | null;
  readonly workDate: LocalDate;
  /** Who entered or corrected it. */
  readonly writtenBy: readonly string[];
  /** When it was recorded or corrected last. */
  readonly recordedAt: Instant;
  /** Somebody asks to void, correct or reject it, and nobody has decided on that: an approval would end the request. */
  readonly isChangeRequested: boolean;
}

export interface LookedAtBy {
  /** Whoever approves it, and in whose place. */
  readonly personIds: readonly string[];
  /** The longest entry that nobody has to look at. */
  readonly normalMinutes: Minutes;
  /** How many days after the work it may be recorded. */
  readonly normalDays: number;
}

export const MINUTES_OF_DAY = 1_440;

/** Days around an entry in which other entries may overlap it: its own and those beside it, in whatever zone. */
const DAYS_AROUND = 1;

/** The days of an engineer that tell what an entry overlaps. */
export function daysAround(workDate: LocalDate): { readonly from: LocalDate; readonly to: LocalDate } {
  return { from: addDays(workDate, -DAYS_AROUND), to: addDays(workDate, DAYS_AROUND) };
}

/** The others of the engineer that take the same time as this entry, as far as both say when they began and ended. */
export function overlapping(entry: TimeOfEngineer, others: readonly TimeOfEngineer[]): readonly TimeOfEngineer[] {
  return others.filter((other) => !isSame(entry, other) && isAtOnce(entry, other));
}

/** Minutes that the engineer is said to have worked on the day of the entry, with it. */
export function minutesOfDay(entry: TimeOfEngineer, others: readonly TimeOfEngineer[]): Minutes {
  const beside = others.filter((other) => !isSame(entry, other) && other.workDate === entry.workDate);
  return beside.reduce((sum, { minutes }) => sum + minutes, entry.minutes);
}

export function isMoreThanADay(minutes: Minutes): boolean {
  return minutes > MINUTES_OF_DAY;
}

/** In the order of {@link WORK_EXCEPTIONS}. `ofEngineer`: the live time entries of its engineer on the days around it. Empty: nothing is out of the ordinary. */
export function exceptionsOf(
  work: WorkToLookAt,
  ofEngineer: readonly TimeOfEngineer[],
  { personIds, normalMinutes, normalDays }: LookedAtBy,
): readonly WorkException[] {
  const { time } = work;
  const is: Readonly<Record<WorkException, boolean>> = {
    'change-requested': work.isChangeRequested,
    overlaps: time !== null && overlapping(time, ofEngineer).length > 0,
    'over-24-hours': time !== null && isMoreThanADay(minutesOfDay(time, ofEngineer)),
    'own-work': [...(time === null ? [] : [time.engineerId]), ...work.writtenBy].some((id) => personIds.includes(id)),
    long: time !== null && time.minutes > normalMinutes,
    'back-dated': localDateIn('UTC', work.recordedAt) > addDays(work.workDate, normalDays),
  };
  return WORK_EXCEPTIONS.filter((exception) => is[exception]);
}

function isSame(one: TimeOfEngineer, other: TimeOfEngineer): boolean {
  return one.ticketId === other.ticketId && one.workItemId === other.workItemId;
}

/** Where one of them does not say when it was, nobody can tell. */
function isAtOnce(one: TimeOfEngineer, other: TimeOfEngineer): boolean {
  if (one.startedAt === null || one.endedAt === null || other.startedAt === null || other.endedAt === null)
    return false;
  return (
    epochMillis(one.startedAt) < epochMillis(other.endedAt) && epochMillis(other.startedAt) < epochMillis(one.endedAt)
  );
}
