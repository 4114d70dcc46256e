import { unreachable } from '@billtrail/kernel';
import { type DemoWorkType, INCLUDED_MINUTES, WORK_TYPES } from './agreements.js';
import { mostMinutesOn } from './clients.js';
import type { LeakStory } from './leaks.js';
import type { TicketPlan } from './plan-tickets.js';
import type { Random } from './random.js';

/** What becomes of a time entry: approved in time, or one of the ways in which it is not. */
export type EntryFate = 'approved' | 'never-approved' | 'rejected' | 'approved-late' | 'logged-late';

export interface EntryPlan {
  readonly workType: DemoWorkType;
  readonly minutes: number;
  readonly fate: EntryFate;
}

export type TicketType = 'incident' | 'service-request' | 'change' | 'quick-question';

/** The work on a ticket, before it is put into the diary. */
export interface WorkPlan {
  readonly ticketType: TicketType;
  readonly isNoCharge: boolean;
  readonly entries: readonly EntryPlan[];
}

const QUICK_QUESTION_SHARE = 0.07;
const NO_CHARGE_SHARE = 0.04;

const ENTRY_COUNTS = [
  [1, 10],
  [2, 19],
  [3, 25],
  [4, 22],
  [5, 14],
  [6, 10],
] as const;
const ENTRY_MINUTES = [
  [10, 6],
  [15, 14],
  [20, 16],
  [25, 14],
  [30, 16],
  [40, 12],
  [45, 8],
  [55, 7],
  [70, 4],
  [85, 3],
] as const;
const TICKET_TYPES = [
  ['incident', 60],
  ['service-request', 30],
  ['change', 10],
] as const;

export function planWork(plan: TicketPlan, random: Random): WorkPlan {
  if (plan.leak !== null) return leakingWork(plan, plan.leak, random);
  if (plan.ending === 'resolved' && !plan.isAfterHours) {
    if (random.chance(QUICK_QUESTION_SHARE)) {
      const entries = [approved(WORK_TYPES.remote, random.whole(1, 3) * 5)];
      return { ticketType: 'quick-question', isNoCharge: false, entries };
    }
    if (random.chance(NO_CHARGE_SHARE)) {
      const entries = random.chance(0.5) ? [approved(WORK_TYPES.remote, random.weighted(ENTRY_MINUTES))] : [];
      return { ticketType: 'incident', isNoCharge: true, entries };
    }
  }
  const ticketType = random.weighted(TICKET_TYPES);
  const most = mostMinutesOn(plan.client);
  if (!plan.isAfterHours)
    return normal(ticketType, cleanEntries(ticketType, random.weighted(ENTRY_COUNTS), most, random));
  const first = approved(WORK_TYPES.afterHours, random.whole(3, 15) * 5);
  return normal('incident', [first, ...cleanEntries('incident', random.whole(0, 2), most - first.minutes, random)]);
}

function normal(ticketType: TicketType, entries: readonly EntryPlan[]): WorkPlan {
  return { ticketType, isNoCharge: false, entries };
}

function approved(workType: DemoWorkType, minutes: number): EntryPlan {
  return { workType, minutes, fate: 'approved' };
}

/** Entries that together take at most `most` minutes. */
function cleanEntries(ticketType: TicketType, count: number, most: number, random: Random): readonly EntryPlan[] {
  const entries: EntryPlan[] = [];
  let left = most;
  for (let index = 0; index < count && left >= 10; index += 1) {
    const minutes = Math.min(random.weighted(ENTRY_MINUTES), left);
    left -= minutes;
    entries.push(approved(workTypeOf(ticketType, random), minutes));
  }
  return entries;
}

function workTypeOf(ticketType: TicketType, random: Random): DemoWorkType {
  if (ticketType === 'change' && random.chance(0.6)) return WORK_TYPES.project;
  return random.chance(0.78) ? WORK_TYPES.remote : WORK_TYPES.onsite;
}

/** The work of a ticket with a planted gap: clean entries, and what makes the gap. */
function leakingWork(plan: TicketPlan, leak: LeakStory, random: Random): WorkPlan {
  const ticketType = random.weighted([
    ['incident', 2],
    ['service-request', 1],
  ] as const);
  const clean = (least: number, most: number): readonly EntryPlan[] =>
    cleanEntries(ticketType, random.whole(least, most), Math.min(mostMinutesOn(plan.client), 150), random);
  const late = (fate: EntryFate): WorkPlan => {
    const workType = random.chance(0.6) ? WORK_TYPES.remote : WORK_TYPES.onsite;
    return normal(ticketType, [...clean(1, 3), { workType, minutes: random.whole(6, 24) * 5, fate }]);
  };
  const alone = (workType: DemoWorkType): WorkPlan => normal(ticketType, [approved(workType, random.whole(6, 24) * 5)]);
  switch (leak) {
    case 'entry-logged-too-late':
      return late('logged-late');
    case 'entry-approved-too-late':
      return late('approved-late');
    case 'entry-rejected':
      return late('rejected');
    case 'entry-never-approved':
      return late('never-approved');
    case 'no-rate-for-work-type':
      return normal(ticketType, [...clean(1, 2), ...alone(WORK_TYPES.dataRecovery).entries]);
    case 'no-coverage-rule':
      return normal(ticketType, [...clean(1, 2), ...alone(WORK_TYPES.training).entries]);
    case 'contract-ended':
    case 'contracts-match-equally':
    case 'before-the-contract':
      return alone(WORK_TYPES.remote);
    case 'part-in-note':
    case 'part-in-resolution':
      return normal(ticketType, clean(1, 3));
    case 'over-included-minutes':
      return normal(ticketType, splitOver(INCLUDED_MINUTES + random.whole(3, 20) * 5, random.whole(3, 5)));
    case 'long-quick-question':
      return normal('quick-question', splitOver(random.whole(7, 12) * 5, random.whole(1, 2)));
    case 'work-never-recorded':
      return normal(ticketType, []);
    default:
      return unreachable(leak);
  }
}

/** Remote support of so many minutes, in so many entries. */
function splitOver(minutes: number, entries: number): readonly EntryPlan[] {
  const each = Math.floor(minutes / entries);
  return Array.from({ length: entries }, (_, index) =>
    approved(WORK_TYPES.remote, index === 0 ? minutes - each * (entries - 1) : each),
  );
}
