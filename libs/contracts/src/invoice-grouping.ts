/** How a client's items are laid on documents: what can go on one goes on one, or a document for each contract, or for each site. */
export const INVOICE_GROUPINGS = ['together', 'by-contract', 'by-site'] as const;
export type InvoiceGrouping = (typeof INVOICE_GROUPINGS)[number];
