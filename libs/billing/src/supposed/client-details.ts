import type { ClientState } from '@billtrail/contracts';
import type { ClientPeriodFacts } from '../client-period.js';

type Registered = Extract<ClientState, { status: 'registered' }>;

/** What rating takes of a client's details. */
type DetailsOfClient = Pick<ClientPeriodFacts, 'clientTimeZone' | 'places' | 'billTo'>;

export function detailsOf({ facts, sites }: Pick<Registered, 'facts' | 'sites'>): DetailsOfClient {
  const { timeZone, calendar, holidays, billTo = null } = facts;
  return {
    clientTimeZone: timeZone,
    places: {
      ...(calendar === undefined ? {} : { calendar }),
      ...(holidays === undefined ? {} : { holidays }),
      sites,
    },
    ...(billTo === null ? {} : { billTo }),
  };
}

/** A month of the client as it would be with other details. */
export function withDetails(facts: ClientPeriodFacts, details: DetailsOfClient): ClientPeriodFacts {
  const { clientTimeZone: _zone, places: _places, billTo: _billTo, ...rest } = facts;
  return { ...rest, ...details };
}
