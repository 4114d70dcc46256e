import { isRefusal, type Month } from '@billtrail/kernel';
import {
  draftableCharges,
  draftableItems,
  groupingOf,
  groupsToDraft,
  type ContractFacts,
  type DocumentGroup,
} from '@billtrail/billing';
import type { CommandPorts } from '../command-path/command-definition.js';
import { clientOf, sitesOf, type ClientDetails } from '../commands/references.js';
import { configurationOf } from '../configuration.js';

/**
 * What a run over a client and month drafts, each a document of its own: one for each recipient that has something to ask for, and of each for each contract or
 * site where the client's invoices are so. One of all where there is nothing: the draft then says why. `recipientId`: only what this client receives.
 */
export async function draftsToMake(
  ports: CommandPorts,
  clientId: string,
  period: Month,
  recipientId?: string,
): Promise<readonly DocumentGroup[]> {
  const { store, models, clock } = ports;
  const client = await clientOf(store, clientId);
  if (isRefusal(client)) return [{}];
  const configuration = await configurationOf(store);
  const contracts = await models.billableItems.contractsOf(clientId);
  const isTold = groupingOf({ client, configuration }) === 'by-site' || (await isAnyPayer(ports, client, contracts));
  const rated = isTold
    ? await models.billableItems.explainedOfPeriod(clientId, period)
    : {
        items: await models.billableItems.ofPeriod(clientId, period),
        charges: await models.charges.ofPeriod(clientId, period),
        siteOfTicket: new Map<string, string | null>(),
      };
  const placed = { at: clock(), contracts, clientTimeZone: client.timeZone, configuration };
  const items = draftableItems(rated.items);
  const charges = draftableCharges(rated.charges, placed);
  const elsewhere = models.documentFacts.askedElsewhere(clientId, charges);
  const received = { items, charges, siteOfTicket: rated.siteOfTicket, contracts, elsewhere };
  const receiving = models.documentFacts.receiving(clientId, received);
  const groups = groupsToDraft(items, charges, { client, configuration }, receiving, recipientId);
  return groups.length === 0 && recipientId === undefined ? [{}] : groups;
}

/** True where somebody else may receive something: of a client without, nothing need be rated again to know who does. */
async function isAnyPayer(
  { store, models }: CommandPorts,
  { clientId, billTo = null }: ClientDetails,
  contracts: readonly ContractFacts[],
): Promise<boolean> {
  const sites = await sitesOf(store, clientId);
  return (
    billTo !== null ||
    contracts.some(({ versions }) => versions.some(({ terms }) => terms.billTo !== undefined)) ||
    (!isRefusal(sites) && sites.some(({ details }) => details.some((of) => of.billTo !== null))) ||
    (await models.invoices.anyToAnother(clientId))
  );
}
