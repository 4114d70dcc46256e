import type { ToldInvoice } from './documents.js';
import type { Findings } from './findings.js';
import { PARTIES } from './parties.js';

const OF_ONE = [
  { invoices: 'by-contract', of: 'contractId' },
  { invoices: 'by-site', of: 'siteId' },
] as const;

/** Where a client's invoices are by contract or site, each has items of one. */
export function ofSeveralGroups(invoices: readonly ToldInvoice[]): Findings {
  return OF_ONE.flatMap(({ invoices: grouping, of }) => ofSeveral(invoices, grouping, of));
}

function ofSeveral(
  invoices: readonly ToldInvoice[],
  grouping: 'by-contract' | 'by-site',
  of: 'contractId' | 'siteId',
): Findings {
  const parties = PARTIES.filter((party) => party.invoices === grouping).map(({ clientId }) => `${clientId}-`);
  return invoices
    .filter(({ account }) => parties.some((party) => account.startsWith(party)))
    .flatMap(({ invoiceId, lines, charges }) => {
      const ids = new Set([...lines, ...charges].map((line) => line[of] ?? 'no site'));
      return ids.size > 1 ? [`${invoiceId} has items of ${[...ids].sort().join(' and ')}`] : [];
    });
}
