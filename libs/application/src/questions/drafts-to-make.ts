import { isRefusal, type Month } from '@billtrail/kernel';
import { contractsToDraft, draftableCharges, draftableItems } from '@billtrail/billing';
import type { CommandPorts } from '../command-path/command-definition.js';
import { clientOf } from '../commands/references.js';
import { configurationOf } from '../configuration.js';

/**
 * What a run over a client and month drafts, each a document of its own: one of all, or one for each contract that has something to ask for. One of all, too,
 * where there is nothing: the draft then says why.
 */
export async function draftsToMake(
  { store, models, clock }: CommandPorts,
  clientId: string,
  period: Month,
): Promise<readonly { readonly contractId?: string }[]> {
  const client = await clientOf(store, clientId);
  if (isRefusal(client)) return [{}];
  const configuration = await configurationOf(store);
  const contracts = await models.billableItems.contractsOf(clientId);
  const placed = { at: clock(), contracts, clientTimeZone: client.timeZone, configuration };
  const contractIds = contractsToDraft(
    draftableItems(await models.billableItems.ofPeriod(clientId, period)),
    draftableCharges(await models.charges.ofPeriod(clientId, period), placed),
    { client, configuration },
  );
  return contractIds === null || contractIds.length === 0 ? [{}] : contractIds.map((contractId) => ({ contractId }));
}
