import { contractCommands as contracts, ticketCommands as tickets } from '@billtrail/application';
import { chosen, type History } from './history.js';
import { OPERATOR } from './house.js';
import { PARTIES, payerOf } from './parties.js';
import type { Step } from './steps.js';

const SITES = ['north', 'south'] as const;
/** The ways that a site may have, and none. */
const WAYS = [{ zone: 'near', kilometres: '12.5' }, { zone: 'far', kilometres: '80' }, undefined] as const;
/** Far from those of the clients, so that work near a month's end moves over it. */
const ZONES = ['Pacific/Auckland', 'America/Los_Angeles'] as const;

/**
 * A ticket is pointed to a site, which is registered if the client doesn't have it; or a site changes from a day on: another holiday or another zone, which
 * may give work another rate class, day and month, frozen or not, or another way there, which may change the travel of a visit.
 */
export async function stateSite(history: History, { pick: [which, from, holiday, what] }: Step): Promise<void> {
  const ticket = chosen(
    history.tickets.filter(({ clientId }) => clientId !== null),
    which,
  );
  const clientId = what % 3 === 0 ? chosen(PARTIES, which)?.clientId : ticket?.clientId;
  if (clientId === undefined || clientId === null) return;
  const siteId = chosen(SITES, what) ?? 'north';
  const details = {
    clientId,
    siteId,
    from: history.dayBack(4 * from),
    name: `Site ${siteId}`,
    travel: chosen(WAYS, from),
    billTo: holiday % 2 === 1 ? payerOf({ clientId }, from) : null,
    timeZone: from % 3 === 0 ? chosen(ZONES, from) : null,
    holidays:
      holiday % 3 === 0
        ? null
        : holiday % 7 === 1
          ? 'state'
          : [{ date: history.dayBack(holiday), name: 'Show day', ...partOf(holiday) }],
  };
  const isKnown = !(await history.send(contracts.RegisterSite, details, OPERATOR));
  if (isKnown || what % 4 === 0) {
    const since = { ...details, from: history.dayBack(holiday), timeZone: chosen(ZONES, what) };
    await history.send(contracts.ChangeSiteDetails, since, OPERATOR);
  }
  if (ticket?.clientId !== clientId) return;
  const moved = { ticketId: ticket.ticketId, siteId, reason: 'put right' };
  await history.send(tickets.ReclassifyTicket, moved, OPERATOR, { agreed: true });
}

function partOf(holiday: number): object {
  return holiday % 2 === 0 ? {} : { from: '06:00', to: '18:00' };
}
