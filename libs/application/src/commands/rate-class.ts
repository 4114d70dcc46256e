import { type LocalDate, type Refusal, isRefusal, refuse } from '@billtrail/kernel';
import type { EventStore } from '@billtrail/event-store';
import {
  calendarOf,
  classesOfCalendar,
  classesToDeclare,
  isCommonClass,
  rateCalendarOf,
  siteDetailsOn,
  type ClassCalendar,
  type ClientFacts,
  type ContractTerms,
  type RateClass,
  type SharedTerms,
  type Site,
  type StatedCalendar,
} from '@billtrail/contracts';
import { versionOn } from '@billtrail/billing';
import type { CommandPorts } from '../command-path/command-definition.js';
import { configurationOf } from '../configuration.js';
import { clientOf, siteOfTicket, sitesOf, clientOfTicket } from './references.js';

interface Declared {
  readonly ticketId: string;
  readonly rateClass: string;
  readonly workDate?: LocalDate | null;
}

/**
 * null: the class is one everywhere, or a calendar that may hold for the work names it: that of a contract in force, else that of the place, which is the
 * ticket's site, else the client, else the organisation. Or nobody can tell yet, for the ticket has no client or the client has no contract on that day.
 * Which contract takes the work is known when it is rated: where that one doesn't know the class, it is a gap.
 */
export async function rateClassProblem(
  { ticketId, rateClass, workDate = null }: Declared,
  ports: CommandPorts,
): Promise<Refusal | null> {
  if (isCommonClass(rateClass)) return null;
  const { store } = ports;
  const clientId = (await clientOfTicket(store, ticketId)) ?? null;
  if (clientId === null) return null;
  const client = await clientOf(store, clientId);
  const sites = await sitesOf(store, clientId);
  if (isRefusal(client) || isRefusal(sites)) return null;
  const terms = await termsInForce(ports, clientId, workDate);
  if (terms.length === 0) return null;
  const siteId = (await siteOfTicket(store, ticketId)) ?? null;
  const site = sites.find((one) => one.siteId === siteId);
  const configuration = await configurationOf(store);
  const elsewhere = client.calendar ?? configuration.organisation.calendar;
  const there = calendarsAt(site, workDate).map((calendar) => spelt(calendar ?? elsewhere, configuration));
  const calendars = terms.flatMap(({ rateCalendar }) =>
    rateCalendar === undefined ? there : [rateCalendarOf(rateCalendar, configuration)],
  );
  const known = [...new Set(calendars.flatMap((calendar) => classesToDeclare(calendar)))];
  if (known.includes(rateClass)) return null;
  const place = site === undefined ? `client ${clientId}` : `site ${site.siteId} of client ${clientId}`;
  const day = workDate === null ? '' : ` on ${workDate}`;
  return refuse(
    'RateClassUnknown',
    `${rateClass} is no rate class of work at ${place}${day}: neither a contract's calendar that holds there nor that of the place names it.`,
    `Declare one of ${known.join(', ')}, or leave it out: then the class is that of the day.`,
    { ticketId, rateClass, known },
  );
}

/** The terms of a client's contracts on a day; null: on any. */
export async function termsInForce(
  ports: Pick<CommandPorts, 'models' | 'upToDateToMend'>,
  clientId: string,
  workDate: LocalDate | null,
): Promise<readonly ContractTerms[]> {
  await ports.upToDateToMend();
  const contracts = await ports.models.billableItems.contractsOf(clientId);
  return contracts.flatMap((contract) => {
    if (workDate === null) return contract.versions.map((version) => version.terms);
    const inForce = versionOn(contract, workDate);
    return inForce === null ? [] : [inForce.terms];
  });
}

/** The calendars that the site states on the day, or on any where none is said; null: none of its own. */
function calendarsAt(site: Site | undefined, workDate: LocalDate | null): readonly (StatedCalendar | null)[] {
  if (site === undefined) return [null];
  if (workDate === null) return [null, ...site.details.map(({ calendar }) => calendar)];
  return [siteDetailsOn(site, () => workDate)?.calendar ?? null];
}

/**
 * What terms of a client may name: rate classes of the calendars of the client, of its sites and of the organisation, beside those of their own calendar;
 * calendars, holiday sets and rate cards of the configuration.
 */
export async function knownOfClient(
  store: EventStore,
  client: Pick<ClientFacts, 'calendar'> & { readonly clientId: string },
): Promise<{ readonly clientClasses: readonly RateClass[]; readonly shared: SharedTerms }> {
  const sites = await sitesOf(store, client.clientId);
  const configuration = await configurationOf(store);
  const ofSites = isRefusal(sites) ? [] : sites.flatMap(({ details }) => details.map(({ calendar }) => calendar));
  const calendars = [client.calendar, configuration.organisation.calendar, ...ofSites];
  const clientClasses = calendars.flatMap((calendar) => classesOfCalendar(spelt(calendar, configuration)));
  return { clientClasses: [...new Set(clientClasses)], shared: sharedOf(configuration) };
}

/** What is named, and nothing else of the configuration. */
export function sharedOf({ calendars = {}, holidaySets = {}, rateCards = {} }: SharedTerms): SharedTerms {
  return { calendars, holidaySets, rateCards };
}

function spelt(calendar: StatedCalendar | null | undefined, shared: SharedTerms): ClassCalendar | null {
  return calendar === null || calendar === undefined ? null : calendarOf(calendar, shared);
}
