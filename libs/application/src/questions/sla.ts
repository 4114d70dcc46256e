import type { Instant } from '@billtrail/kernel';
import type { Position } from '@billtrail/event-store';
import type { Page, PageRequest, SlaFilter, SlaStatus } from '@billtrail/read-models';
import type { CommandPorts } from '../command-path/command-definition.js';

/**
 * The SLA targets of tickets now; with `upTo`, as they were when the event at that position was recorded: running clocks are measured at the time
 * of that event.
 */
export async function slaStatuses(
  ports: CommandPorts,
  filter: SlaFilter,
  page: PageRequest,
  upTo?: Position,
): Promise<Page<SlaStatus>> {
  const now = upTo === undefined ? ports.clock() : await recordedAt(ports, upTo);
  return ports.models.sla.list(now, filter, page);
}

async function recordedAt({ store, clock }: CommandPorts, position: Position): Promise<Instant> {
  const event = await store.eventAt(position);
  return event?.recordedAt ?? clock();
}
