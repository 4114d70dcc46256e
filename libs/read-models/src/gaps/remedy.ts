import { unreachable } from '@billtrail/kernel';
import type { EndsGap } from '@billtrail/billing';

/** What ends a gap, by the routes that do it. */
export function remedyOf(ends: EndsGap): string {
  const { by } = ends;
  switch (by) {
    case 'return-block':
      return `Return them: POST /v1/contracts/${ends.contractId}/prepaid-blocks/${ends.blockId}/return`;
    case 'restate-milestone':
      return `Publish a version that has it: POST /v1/contracts/${ends.contractId}/versions, or withdraw the declaration: POST /v1/contracts/${ends.contractId}/milestones/${ends.milestoneId}/withdraw`;
    case 'draft-tickets':
      return `Draft a document of the month with \`tickets\` ${ends.ticketIds.join(', ')}: POST /v1/invoices`;
    default:
      return unreachable(by);
  }
}
