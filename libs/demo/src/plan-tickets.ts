import { invariant } from '@billtrail/kernel';
import { type DemoCalendar, type WallMinutes, wallAt } from './calendar.js';
import type { ClientPlan } from './clients.js';
import { type LeakStory, canHappenTo, leakStories } from './leaks.js';
import type { Random } from './random.js';
import { type Placed, clientWithSites, placeOf } from './sites.js';

/** What becomes of a ticket in the month. */
export type Ending = 'resolved' | 'open' | 'cancelled';

/** A ticket before its story is told: whose it is, when it comes in and what becomes of it. */
export interface TicketPlan extends Placed {
  readonly ticketId: string;
  readonly client: ClientPlan;
  readonly arrival: WallMinutes;
  readonly isAfterHours: boolean;
  readonly ending: Ending;
  readonly leak: LeakStory | null;
}

type Plan = Omit<TicketPlan, 'ticketId' | keyof Placed>;

/** Beside the resolved tickets, of every hundred of them: still open at the end of the month, and cancelled. */
const OPEN_SHARE = 0.03;
const CANCELLED_SHARE = 0.015;
const AFTER_HOURS_SHARE = 0.06;
const WEEKEND_SHARE = 0.4;

export interface Numbers {
  readonly tickets: number;
  readonly gaps: number;
}

/** All tickets in the order in which they come in. */
export function planTickets(
  numbers: Numbers,
  clients: readonly ClientPlan[],
  calendar: DemoCalendar,
  random: Random,
): readonly TicketPlan[] {
  const weights = clients.map((client) => [client, client.weight] as const);
  const plans: Plan[] = [];
  for (const leak of leakStories(numbers.gaps)) {
    const client = random.pick(clients.filter((one) => canHappenTo(one, leak)));
    plans.push({
      client,
      leak,
      ending: 'resolved',
      isAfterHours: false,
      arrival: leakArrival(client, leak, calendar, random),
    });
  }
  for (let clean = numbers.gaps; clean < numbers.tickets; clean += 1) {
    plans.push(cleanPlan(random.weighted(weights), calendar, random));
  }
  for (const [ending, share] of [
    ['open', OPEN_SHARE],
    ['cancelled', CANCELLED_SHARE],
  ] as const) {
    for (let count = Math.ceil(numbers.tickets * share); count > 0; count -= 1) {
      const client = random.weighted(weights);
      const days = ending === 'open' ? calendar.businessDays.slice(-4) : workableDays(client, calendar);
      plans.push({
        client,
        leak: null,
        ending,
        isAfterHours: false,
        arrival: inOfficeHours(client, random.pick(days), calendar, random),
      });
    }
  }
  plans.sort((a, b) => a.arrival - b.arrival);
  const withSites = clientWithSites(clients);
  const placed: TicketPlan[] = [];
  for (const [index, plan] of plans.entries())
    placed.push({ ...plan, ticketId: `T-${10_001 + index}`, ...placeOf(plan, withSites, placed) });
  return placed;
}

function cleanPlan(client: ClientPlan, calendar: DemoCalendar, random: Random): Plan {
  const isAfterHours = random.chance(AFTER_HOURS_SHARE);
  const arrival = isAfterHours
    ? afterHours(client, calendar, random)
    : inOfficeHours(client, random.pick(workableDays(client, calendar)), calendar, random);
  return { client, leak: null, ending: 'resolved', isAfterHours, arrival };
}

/** Business days on which a ticket may come in and still be resolved in the month: all from the contract on but the last two. */
function workableDays(client: ClientPlan, calendar: DemoCalendar): readonly number[] {
  return calendar.businessDays.slice(0, -2).filter((day) => day >= client.contractFromDay);
}

function leakArrival(client: ClientPlan, leak: LeakStory, calendar: DemoCalendar, random: Random): WallMinutes {
  if (leak !== 'before-the-contract') {
    return inOfficeHours(client, random.pick(workableDays(client, calendar)), calendar, random);
  }
  // Two business days before it at least, so that the work is done before it too.
  const early = calendar.businessDays.filter((day) => day < client.contractFromDay).slice(0, -2);
  invariant(early.length > 0, `no business day before the contract of ${client.clientId}`);
  return inOfficeHours(client, random.pick(early), calendar, random);
}

function inOfficeHours(client: ClientPlan, day: number, calendar: DemoCalendar, random: Random): WallMinutes {
  const behind = calendar.minutesBehind(client.timeZone, wallAt(day, 12 * 60));
  return wallAt(day, random.whole(8 * 60 + 30 + behind, 15 * 60 + 30));
}

function afterHours(client: ClientPlan, calendar: DemoCalendar, random: Random): WallMinutes {
  const days = workableDays(client, calendar);
  const last = days.at(-1) ?? calendar.lastDay;
  const weekends = calendar.weekendDays.filter((day) => day >= client.contractFromDay && day <= last);
  if (weekends.length > 0 && random.chance(WEEKEND_SHARE)) {
    return wallAt(random.pick(weekends), random.whole(12 * 60, 18 * 60));
  }
  const behind = calendar.minutesBehind(client.timeZone, wallAt(last, 12 * 60));
  return wallAt(random.pick(days), Math.min(random.whole(18 * 60, 20 * 60) + behind, 21 * 60));
}
