import { unreachable } from '@billtrail/kernel';
import type { EndsGap } from '@billtrail/billing';

/** What ends a gap, by the routes that do it. */
export function remedyOf(ends: EndsGap): string {
  const { by } = ends;
  switch (by) {
    case 'return-block':
      return `Return them: POST /v1/contracts/${ends.contractId}/prepaid-blocks/${ends.blockId}/return`;
    case 'restate-milestone': {
      const contract = `POST /v1/contracts/${ends.contractId}`;
      return `Publish a version that has it: ${contract}/versions, or withdraw the declaration: ${contract}/milestones/${ends.milestoneId}/withdraw`;
    }
    case 'draft-tickets':
      return `Draft a document of the month with \`tickets\` ${ends.ticketIds.join(', ')}: POST /v1/invoices`;
    default:
      return unreachable(by);
  }
}
