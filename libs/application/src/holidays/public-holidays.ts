import { createRequire } from 'node:module';
import type Holidays from 'date-holidays';
import type { Problem } from '@billtrail/kernel';
import type { Holiday, HolidaySet, SharedCalendars } from '@billtrail/contracts';

type Sets = NonNullable<SharedCalendars['holidaySets']>;
type Place = Pick<HolidaySet, 'country' | 'state' | 'region'>;

const load = createRequire(import.meta.url);
/** Loaded by whoever asks for holidays first: it takes an eighth of the start of a process, and few ask. */
const packaged = () => load('date-holidays') as typeof Holidays;
const { version } = load('date-holidays/package.json') as { readonly version: string };
const BY = `date-holidays ${version}`;
const HOUR_MILLIS = 3_600_000;
/** A day on which a clock is put back has 25 hours: what is left after a day of 24 is no part of the next. */
const LEAST_REST_HOURS = 2;

/** The public holidays of a place in a year, as the package has them now, in order, each day once. */
function publicHolidays({ country = '', state = '', region = '' }: Place, year: number): readonly Holiday[] {
  const byDate = new Map<string, Holiday>();
  const Holidays = packaged();
  for (const { date, start, end, name, type } of new Holidays(country, state, region).getHolidays(year)) {
    if (type !== 'public') continue;
    for (const day of daysFrom(date, (end.getTime() - start.getTime()) / HOUR_MILLIS, name)) {
      const before = byDate.get(day.date);
      byDate.set(day.date, before === undefined ? day : both(before, day));
    }
  }
  return [...byDate.values()].sort((one, other) => (one.date < other.date ? -1 : 1));
}

/** `2026-12-24 18:00:00` for six hours is a part of one day; for several days each of them. */
function daysFrom(begins: string, hours: number, name: string): readonly Holiday[] {
  const [date = '', time = ''] = begins.split(' ');
  const from = Number(time.slice(0, 2));
  const days: Holiday[] = [];
  let day = Date.parse(`${date}T00:00:00Z`);
  for (let at = from, left = hours; left > 0; day += 24 * HOUR_MILLIS, left -= 24 - at, at = 0) {
    const to = Math.min(24, at + left);
    if (days.length > 0 && to < LEAST_REST_HOURS) break;
    const part = { ...(at === 0 ? {} : { from: clock(at) }), ...(to >= 23 ? {} : { to: clock(to) }) };
    days.push({ date: new Date(day).toISOString().slice(0, 10), name, ...part });
  }
  return days;
}

function clock(hours: number): string {
  const minutes = Math.round(hours * 60);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** Two holidays on one day: the one that takes more of it, under both names. */
function both(one: Holiday, other: Holiday): Holiday {
  const isWhole = one.from === undefined && one.to === undefined;
  return { ...(isWhole ? one : other), name: `${one.name}, ${other.name}` };
}

/** Why a place has no holidays; null: it has. */
function placeProblem({
  country = '',
  state,
  region,
}: Place): { readonly of: keyof Place; readonly problem: string } | null {
  const all = new (packaged())();
  const countries = Object.keys(all.getCountries());
  if (!countries.includes(country)) return { of: 'country', problem: `${country} is none of ${countries.join(', ')}` };
  if (state === undefined) return null;
  const states = Object.keys(all.getStates(country) ?? {});
  if (!states.includes(state))
    return { of: 'state', problem: `${state} is none of ${states.join(', ') || 'its states: it has none'}` };
  if (region === undefined) return null;
  const regions = Object.keys(all.getRegions(country, state) ?? {});
  if (regions.includes(region)) return null;
  return { of: 'region', problem: `${region} is none of ${regions.join(', ') || 'its regions: it has none'}` };
}

/** What is wrong with the places of holiday sets, with paths. */
export function problemsOfPlaces(sets: Sets): readonly Problem[] {
  return Object.entries(sets).flatMap(([name, set]) => {
    const problem = set.country === undefined ? null : placeProblem(set);
    return problem === null ? [] : [{ path: `holidaySets.${name}.${problem.of}`, problem: problem.problem }];
  });
}

/**
 * The sets with the public holidays of their years as dated days. A year that the set states, or that the set in force under its name has for the same place, stays
 * as it was: a newer package only proposes a difference ({@link proposedChanges}).
 */
export function expandedSets(sets: Sets, inForce: Sets): Sets {
  return Object.fromEntries(Object.entries(sets).map(([name, set]) => [name, expanded(set, inForce[name])]));
}

function expanded(set: HolidaySet, inForce: HolidaySet | undefined): HolidaySet {
  const { country, state, region, years = [] } = set;
  if (country === undefined) return set;
  const isSamePlace = inForce?.country === country && inForce.state === state && inForce.region === region;
  const known = [set.expanded, isSamePlace ? inForce.expanded : undefined].flatMap((one) => one ?? []);
  const days = years
    .toSorted((one, other) => one - other)
    .flatMap((year) => {
      const kept = known.map((one) => daysIn(one.days, year)).find((one) => one.length > 0);
      return kept ?? publicHolidays({ country, ...placeOf(set) }, year);
    });
  const said = JSON.stringify(days);
  const by = known.find((one) => JSON.stringify(one.days) === said)?.by ?? BY;
  return { ...set, expanded: { by, days } };
}

function placeOf({ state, region }: HolidaySet): Place {
  return { ...(state === undefined ? {} : { state }), ...(region === undefined ? {} : { region }) };
}

function daysIn(days: readonly Holiday[], year: number): readonly Holiday[] {
  return days.filter(({ date }) => date.startsWith(`${year}-`));
}

/** A day of a set that the package would have otherwise now. */
export interface ProposedChange {
  readonly set: string;
  readonly date: string;
  /** null: it was no public holiday when the set was published. */
  readonly was: Holiday | null;
  /** null: it is none any more. */
  readonly is: Holiday | null;
}

/** What the package would work out otherwise now than when the sets in force were published. Nothing takes effect by itself. */
export function proposedChanges(sets: Sets): readonly ProposedChange[] {
  return Object.entries(sets).flatMap(([name, set]) => {
    const { country, years = [], expanded: published } = set;
    if (country === undefined || published === undefined || placeProblem(set) !== null) return [];
    const now = new Map(
      years.flatMap((year) => publicHolidays({ country, ...placeOf(set) }, year)).map((day) => [day.date, day]),
    );
    const then = new Map(published.days.map((day) => [day.date, day]));
    return [...new Set([...then.keys(), ...now.keys()])].sort().flatMap((date): readonly ProposedChange[] => {
      const [was, is] = [then.get(date) ?? null, now.get(date) ?? null];
      return JSON.stringify(was) === JSON.stringify(is) ? [] : [{ set: name, date, was, is }];
    });
  });
}
