import type { LocalDate } from '@billtrail/kernel';
import type { RegisterSite } from '@billtrail/contracts';
import type { ClientPlan } from './clients.js';

/** The client with two places: the first that is managed by the device; null: there is none. */
export function clientWithSites(clients: readonly ClientPlan[]): ClientPlan | null {
  return clients.find(({ shape }) => shape === 'managed-per-device') ?? null;
}

/** The client that pays for that one: it belongs to it. null: there are too few. */
export function payerOfSites(clients: readonly ClientPlan[]): ClientPlan | null {
  return clients.filter(({ shape }) => shape === 'managed-per-device')[1] ?? null;
}

const PLACES = ['office', 'warehouse'] as const;

function siteIdOf({ clientId }: ClientPlan, place: (typeof PLACES)[number]): string {
  return `${clientId}-${place}`;
}

/** Its places, in its own zone and with its own holidays: where work is done there decides on no price. */
export function sitesOf(client: ClientPlan, from: LocalDate): readonly RegisterSite[] {
  const { clientId, name, address } = client;
  const asTheClients = { timeZone: null, calendar: null, holidays: null, billTo: null };
  return PLACES.map((place) => ({
    type: 'RegisterSite',
    clientId,
    siteId: siteIdOf(client, place),
    from,
    name: `${name}, ${place}`,
    address: place === 'office' ? address : null,
    ...asTheClients,
  }));
}

/** What the two places of a client make of a ticket. */
export interface Placed {
  /** null: nobody said where. */
  readonly siteId: string | null;
  /** The engineer declares the work out of scope, and Operations decides that it is not. */
  readonly isOutOfScopeAtFirst: boolean;
}

interface ToPlace {
  readonly client: ClientPlan;
  readonly leak: unknown;
  readonly ending: string;
  readonly isAfterHours: boolean;
}

/**
 * Where each ticket of that client is, in turn at its places; all others are nowhere in particular. The first clean one that is resolved was declared out of
 * scope by its engineer, until Operations decided.
 */
export function placeOf(
  { client, leak, ending, isAfterHours }: ToPlace,
  withSites: ClientPlan | null,
  before: readonly Placed[],
): Placed {
  if (client !== withSites) return { siteId: null, isOutOfScopeAtFirst: false };
  const number = before.filter(({ siteId }) => siteId !== null).length;
  const isClean = leak === null && ending === 'resolved' && !isAfterHours;
  return {
    siteId: siteIdOf(client, number % 2 === 0 ? 'office' : 'warehouse'),
    isOutOfScopeAtFirst: isClean && before.every((one) => !one.isOutOfScopeAtFirst),
  };
}
