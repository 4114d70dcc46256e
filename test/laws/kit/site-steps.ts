import { contractCommands as contracts, ticketCommands as tickets } from '@billtrail/application';
import { chosen, type History } from './history.js';
import { OPERATOR } from './house.js';
import { PARTIES } from './parties.js';
import type { Step } from './steps.js';

const SITES = ['north', 'south'] as const;
/** The ways that a site may have, and none. */
const WAYS = [{ zone: 'near', kilometres: '12.5' }, { zone: 'far', kilometres: '80' }, undefined] as const;

/**
 * A ticket is pointed to a site, which is registered if the client doesn't have it; or a site changes from a day on: another holiday, which may give
 * work another rate class, frozen or not, or another way there, which may change the travel of a visit.
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
    holidays: holiday % 3 === 0 ? null : [{ date: history.dayBack(holiday), name: 'Show day', ...partOf(holiday) }],
  };
  const isKnown = !(await history.send(contracts.RegisterSite, details, OPERATOR));
  if (isKnown && what % 2 === 0) await history.send(contracts.ChangeSiteDetails, details, OPERATOR);
  if (ticket?.clientId !== clientId) return;
  await history.send(tickets.ReclassifyTicket, { ticketId: ticket.ticketId, siteId, reason: 'put right' }, OPERATOR);
}

function partOf(holiday: number): object {
  return holiday % 2 === 0 ? {} : { from: '06:00', to: '18:00' };
}
