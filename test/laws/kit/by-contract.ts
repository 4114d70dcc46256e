import type { ToldInvoice } from './documents.js';
import type { Findings } from './findings.js';
import { PARTIES } from './parties.js';

/** Where a client's invoices are by contract, each has items of one. */
export function ofSeveralContracts(invoices: readonly ToldInvoice[]): Findings {
  const parties = PARTIES.filter((party) => party.invoices === 'by-contract').map(({ clientId }) => `${clientId}-`);
  return invoices
    .filter(({ account }) => parties.some((party) => account.startsWith(party)))
    .flatMap(({ invoiceId, lines, charges }) => {
      const contractIds = new Set([...lines, ...charges].map(({ contractId }) => contractId));
      return contractIds.size > 1 ? [`${invoiceId} has items of ${[...contractIds].sort().join(' and ')}`] : [];
    });
}
