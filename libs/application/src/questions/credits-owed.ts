import { isRefusal, Money, type LocalDate, type Month } from '@billtrail/kernel';
import { draftableFrom, isReadyToBill, recipientOf, type BillableItem, type ChargeItem } from '@billtrail/billing';
import type { CommandPorts } from '../command-path/command-definition.js';
import { clientOf } from '../commands/references.js';
import { configurationOf, todayOf } from '../configuration.js';

/** Ids of the items and charges of a client's month that are billable at less than nothing, and due on a day: by default today. `recipientId`: those that this client is owed. */
export async function creditsOwed(
  ports: CommandPorts,
  clientId: string,
  period: Month,
  { date, recipientId }: { readonly date?: LocalDate | undefined; readonly recipientId?: string | undefined } = {},
): Promise<readonly string[]> {
  const { models, store, clock } = ports;
  const client = await clientOf(store, clientId);
  if (isRefusal(client)) return [];
  const configuration = await configurationOf(store);
  const day = date ?? todayOf(configuration, clock());
  const rated = await models.billableItems.explainedOfPeriod(clientId, period);
  const items = rated.items.filter((item) => isOwed(item) && isReadyToBill(item));
  const charges = rated.charges.filter((charge) => isOwed(charge) && draftableFrom(charge, configuration) <= day);
  const contracts = await models.billableItems.contractsOf(clientId);
  const elsewhere = models.documentFacts.askedElsewhere(clientId, charges);
  const received = { items, charges, siteOfTicket: rated.siteOfTicket, contracts, elsewhere };
  const receiving = models.documentFacts.receiving(clientId, received);
  const isTo = (one: (typeof items)[number] | ChargeItem): boolean =>
    recipientId === undefined || recipientOf(one, receiving) === recipientId;
  return [
    ...items.filter(isTo).map(({ itemId }) => itemId),
    ...charges.filter(isTo).map(({ chargeItemId }) => chargeItemId),
  ];
}

function isOwed({ disposition, net }: Pick<BillableItem | ChargeItem, 'disposition' | 'net'>): boolean {
  return disposition === 'billable' && net !== null && Money.from(net).isNegative();
}
