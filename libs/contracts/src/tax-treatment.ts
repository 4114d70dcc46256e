/**
 * How a supply is taxed, and why. `taxable` alone bears tax. `gst-free`: no tax by law, with the right to claim back what was paid for it;
 * `input-taxed`: no tax, without that right; `not-registered`: the seller charges none.
 */
export const TAX_TREATMENTS = ['taxable', 'gst-free', 'export', 'input-taxed', 'not-registered'] as const;
export type TaxTreatment = (typeof TAX_TREATMENTS)[number];

/** What a client's supplies may be by default. That the seller is not registered is said by the organisation. */
export const CLIENT_TAX_TREATMENTS = ['gst-free', 'export', 'input-taxed'] as const;
export type ClientTaxTreatment = (typeof CLIENT_TAX_TREATMENTS)[number];
