import type { Page, PageRequest, SlaFilter, SlaStatus } from '@billtrail/read-models';
import type { CommandPorts } from '../command-path/command-definition.js';

/** The SLA targets of tickets; running clocks are measured at the time of the clock, which for a question about the past is that of the last event. */
export async function slaStatuses(
  { models, clock }: Pick<CommandPorts, 'models' | 'clock'>,
  filter: SlaFilter,
  page: PageRequest,
): Promise<Page<SlaStatus>> {
  return models.sla.list(clock(), filter, page);
}
