import { type TimeZone, isRefusal } from '@billtrail/kernel';
import type { CommandPorts } from '../command-path/command-definition.js';
import { clientOf } from '../commands/references.js';
import { configurationOf } from '../configuration.js';

/** The zones in which people read times of clients: each client's own. */
export async function zonesOf({ store }: Pick<CommandPorts, 'store'>, clientIds: Iterable<string>) {
  const zones = new Map<string, TimeZone>();
  for (const clientId of new Set(clientIds)) {
    const client = await clientOf(store, clientId);
    if (!isRefusal(client)) zones.set(clientId, client.timeZone);
  }
  return zones;
}

/** The zone in which people read the times of a ticket: that of its client, else the organisation's. */
export async function zoneOfTicket({ store, models }: CommandPorts, ticketId: string): Promise<TimeZone> {
  const clientId = models.timeline.clientOf(ticketId);
  const zones = clientId === null ? null : await zonesOf({ store }, [clientId]);
  return zones?.get(clientId ?? '') ?? (await configurationOf(store)).organisation.timeZone;
}
