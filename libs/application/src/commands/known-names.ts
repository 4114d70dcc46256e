import { isRefusal } from '@billtrail/kernel';
import type { KnownNames } from '@billtrail/contracts';
import type { CommandPorts } from '../command-path/command-definition.js';
import { configurationOf } from '../configuration.js';
import { knownOfClient } from './rate-class.js';
import { clientOf, sitesOf } from './references.js';

/** The names that terms of a client may use, as far as they are recorded. A client that is not registered has no calendar and no sites yet. */
export async function namesKnown({ store, models }: CommandPorts, clientId: string): Promise<KnownNames> {
  const client = await clientOf(store, clientId);
  const sites = await sitesOf(store, clientId);
  const configuration = await configurationOf(store);
  const { workTypes, engineerRoles, categories, ticketTypes } = configuration;
  const { clientClasses, shared } = await knownOfClient(store, isRefusal(client) ? { clientId } : client);
  return {
    taxCategories: Object.keys(configuration.taxRates),
    rateClasses: clientClasses,
    shared,
    sites: isRefusal(sites) ? [] : sites.map(({ siteId }) => siteId),
    ...(workTypes === undefined ? {} : { workTypes }),
    ...(engineerRoles === undefined ? {} : { engineerRoles }),
    ...(categories === undefined ? {} : { categories }),
    ...(ticketTypes === undefined ? {} : { ticketTypes }),
    seenCategories: await models.billableItems.categories(),
  };
}
