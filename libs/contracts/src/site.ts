import {
  type Decision,
  type DomainEvent,
  type Instant,
  type Issued,
  type LocalDate,
  type Problem,
  type TimeZone,
  didYouMean,
  refuse,
  type Agreed,
} from '@billtrail/kernel';
import { canonical } from './canonical.js';
import { inspectStatedCalendar, inspectStatedHolidays } from './inspect/calendar.js';
import { MAX_SITES, MAX_SITE_CHANGES } from './limits.js';
import { problemsNoted } from './problems.js';
import type { StatedCalendar, StatedHolidays } from './terms/rate-calendar.js';
import type { SiteTravel } from './terms/travel.js';

/** A place of a client. What it does not state is the client's, else the organisation's. */
export interface SiteDetails {
  readonly name: string;
  readonly address: string | null;
  /** Days, months and hours of work at the site are those of this zone; null: the client's. */
  readonly timeZone: TimeZone | null;
  /** Class hours of work at the site, where the contract states none; null: the client's. */
  readonly calendar: StatedCalendar | null;
  /** Holidays of work at the site; null: the client's; an empty list: none. */
  readonly holidays: StatedHolidays | null;
  /** Id of the client that receives and pays what is done here; null: the client served. */
  readonly billTo: string | null;
  /** The way there, which travel terms charge for. Absent: nobody stated it. */
  readonly travel?: SiteTravel;
}

interface SiteFacts extends SiteDetails {
  readonly clientId: string;
  readonly siteId: string;
  /** The day from which the details hold, at the site. */
  readonly from: LocalDate;
}

export type SiteRegistered = DomainEvent<'SiteRegistered', Agreed & SiteFacts>;
export type SiteDetailsChanged = DomainEvent<'SiteDetailsChanged', Agreed & SiteFacts>;
export type SiteEvent = SiteRegistered | SiteDetailsChanged;

/**
 * Adds a site to a client. Yields nothing on repeat.
 * Refuses: ClientUnknown, SiteMalformed, SiteAlreadyRegistered, TooManySites.
 */
export interface RegisterSite extends SiteFacts {
  readonly type: 'RegisterSite';
  readonly occurredAt?: Instant;
}

/**
 * Replaces all details of a site from a day on, which may be in the past: what is not frozen is rated again. They hold until the next day from which
 * it has others; details stated again for a day replace those. Yields nothing if they hold on that day already.
 * Refuses: ClientUnknown, SiteUnknown, SiteMalformed, TooManySiteChanges.
 */
export interface ChangeSiteDetails extends SiteFacts {
  readonly type: 'ChangeSiteDetails';
  readonly occurredAt?: Instant;
}

export type SiteCommand = RegisterSite | ChangeSiteDetails;

/** A site with its details by the day from which they hold, in order of days. */
export interface Site {
  readonly siteId: string;
  readonly details: readonly (SiteDetails & { readonly from: LocalDate })[];
}

/** The details of a site on a day, which is asked for each in its own zone; null: it has none yet. */
export function siteDetailsOn(
  { details }: Site,
  dayUnder: (details: SiteDetails) => LocalDate,
): Site['details'][number] | null {
  return details.findLast((one) => one.from <= dayUnder(one)) ?? null;
}

/** What a site's details say that can't be meant; empty if there is nothing. */
function problemsOfSite({ calendar, holidays }: SiteFacts): readonly Problem[] {
  return problemsNoted((note) => {
    inspectStatedCalendar(note, 'calendar', calendar ?? undefined);
    inspectStatedHolidays(note, 'holidays', holidays ?? undefined);
  });
}

function factsOf(command: SiteCommand): SiteFacts {
  const { clientId, siteId, from } = command;
  return { clientId, siteId, from, ...detailsOf(command) };
}

function detailsOf({ name, address, timeZone, calendar, holidays, billTo, travel }: SiteDetails): SiteDetails {
  const known = { name, address, timeZone, calendar, holidays, billTo };
  return travel === undefined ? known : { ...known, travel };
}

/** Decides a command about a site of a registered client. */
export function decideSite(command: SiteCommand & Issued, sites: readonly Site[]): Decision<SiteEvent> {
  const facts = factsOf(command);
  const { clientId, siteId, from } = facts;
  const problems = problemsOfSite(facts);
  if (problems.length > 0) {
    return refuse(
      'SiteMalformed',
      `The site's details have ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}: ${problems.map((p) => `${p.path} ${p.problem}`).join('; ')}.`,
      'Correct what is listed and send the details again.',
      { clientId, siteId, problems },
    );
  }
  const occurredAt = command.occurredAt ?? command.at;
  const known = sites.find((site) => site.siteId === siteId);
  if (command.type === 'RegisterSite') {
    if (known !== undefined) {
      const [first] = known.details;
      if (known.details.length === 1 && first?.from === from && same(first, facts)) return [];
      return refuse(
        'SiteAlreadyRegistered',
        `Client ${clientId} already has a site ${siteId}.`,
        `Change it from a day on: POST /v1/clients/${clientId}/sites/${siteId}/details, or register this one under another id.`,
        { clientId, siteId },
      );
    }
    const alike = sites.find((one) => one.siteId.toLowerCase() === siteId.toLowerCase());
    if (alike !== undefined) {
      return refuse(
        'SiteAlreadyRegistered',
        `Client ${clientId} has a site ${alike.siteId}, and nobody could tell ${siteId} from it.`,
        `Change that one from a day on: POST /v1/clients/${clientId}/sites/${alike.siteId}/details, or use an id that differs in more than small and capital letters.`,
        { clientId, siteId, alike: alike.siteId },
      );
    }
    if (sites.length >= MAX_SITES) {
      return refuse(
        'TooManySites',
        `Client ${clientId} has ${MAX_SITES} sites, which is the most that a client can have.`,
        'Register the other places under a client of their own: POST /v1/clients',
        { clientId, most: MAX_SITES },
      );
    }
    return [{ type: 'SiteRegistered', data: facts, occurredAt }];
  }
  if (known === undefined) return siteUnknown(clientId, siteId, sites);
  if (same(holding(known, from), facts)) return [];
  const replaces = known.details.some((one) => one.from === from);
  if (!replaces && known.details.length >= MAX_SITE_CHANGES) {
    return refuse(
      'TooManySiteChanges',
      `Site ${siteId} of client ${clientId} has changed on ${MAX_SITE_CHANGES} days, which is the most that a site can.`,
      `Register the place under another id: POST /v1/clients/${clientId}/sites`,
      { clientId, siteId, most: MAX_SITE_CHANGES },
    );
  }
  return [{ type: 'SiteDetailsChanged', data: facts, occurredAt }];
}

/** In near ids of fewer letters a letter is what tells them apart. */
const MIN_NEAR_LENGTH = 4;
/** Most sites that a refusal names. */
const MAX_NAMED = 5;

/** Refused: the client has no such site. */
export function siteUnknown(clientId: string, siteId: string, sites: readonly Site[]) {
  const ids = sites.map((site) => site.siteId);
  const named = ids.slice(0, MAX_NAMED).join(', ');
  const has = ids.length === 0 ? 'It has none.' : `It has ${named}${ids.length > MAX_NAMED ? ' and others' : ''}.`;
  return refuse(
    'SiteUnknown',
    `Client ${clientId} has no site ${siteId}${siteId.length < MIN_NEAR_LENGTH ? '' : didYouMean(siteId, ids)}. ${has}`,
    `Name one of its sites (GET /v1/clients/${clientId}/sites), or register it: POST /v1/clients/${clientId}/sites`,
    { clientId, siteId },
  );
}

function holding({ details }: Site, day: LocalDate): SiteDetails | null {
  return details.findLast((one) => one.from <= day) ?? null;
}

function same(one: SiteDetails | null, other: SiteDetails): boolean {
  return one !== null && canonical(detailsOf(one)) === canonical(detailsOf(other));
}

/** The sites of a client after an event. Like every fold, it never rejects history. */
export function evolveSites(sites: readonly Site[], { data }: SiteEvent): readonly Site[] {
  const { siteId, from } = data;
  const known = sites.find((site) => site.siteId === siteId) ?? { siteId, details: [] };
  const details = [...known.details.filter((one) => one.from !== from), { from, ...detailsOf(data) }].sort((a, b) =>
    a.from < b.from ? -1 : 1,
  );
  return [...sites.filter((site) => site.siteId !== siteId), { siteId, details }].sort((a, b) =>
    a.siteId < b.siteId ? -1 : 1,
  );
}
