import { Command } from 'commander';
import { isRefusal } from '@billtrail/kernel';
import { sitesOf } from '@billtrail/application';
import type { Site, SiteTravel, StatedHolidays } from '@billtrail/contracts';
import { refused, Session, type GlobalOptions } from '../session.js';
import { table } from '../terminal/output.js';

export function sitesCommand(): Command {
  return new Command('sites')
    .description('show the sites of a client, with the days from which their details hold')
    .argument('<client>', 'id of the client')
    .action(async (clientId: string, _options, self: Command) => {
      await Session.run(self.optsWithGlobals<GlobalOptions>(), async (session) => {
        const sites = await session.ask(async ({ store }) => {
          const found = await sitesOf(store, clientId);
          if (isRefusal(found)) throw refused(found);
          return found;
        });
        session.out.answer({ clientId, items: sites }, () => sitesText(clientId, sites));
      });
    });
}

function sitesText(clientId: string, sites: readonly Site[]): string {
  if (sites.length === 0) return `Client ${clientId} has no sites. Register one: POST /v1/clients/${clientId}/sites`;
  const rows = sites.flatMap(({ siteId, details }) =>
    details.map(({ from, name, timeZone, calendar, holidays, billTo, travel }) => [
      siteId,
      from,
      name,
      timeZone ?? "the client's",
      calendar === null ? "the client's" : typeof calendar === 'string' ? calendar : 'its own',
      holidaysText(holidays),
      billTo ?? "the client's",
      travelText(travel),
    ]),
  );
  return table(['Site', 'From', 'Name', 'Time zone', 'Class hours', 'Holidays', 'Bill to', 'Way there'], rows);
}

/** One way. */
function travelText({ zone, minutes, kilometres }: SiteTravel = {}): string {
  const parts = [
    ...(zone === undefined ? [] : [zone]),
    ...(minutes === undefined ? [] : [`${minutes} min`]),
    ...(kilometres === undefined ? [] : [`${kilometres} km`]),
  ];
  return parts.length === 0 ? 'not stated' : parts.join(', ');
}

function holidaysText(holidays: StatedHolidays | null): string {
  if (typeof holidays === 'string') return holidays;
  if (holidays === null) return "the client's";
  const last = holidays
    .map(({ date }) => date)
    .sort()
    .at(-1);
  return last === undefined ? 'none' : `${holidays.length}, the last on ${last}`;
}
