/** How a client's items are laid on documents: what can go on one goes on one, or a document for each contract. */
export const INVOICE_GROUPINGS = ['together', 'by-contract'] as const;
export type InvoiceGrouping = (typeof INVOICE_GROUPINGS)[number];
