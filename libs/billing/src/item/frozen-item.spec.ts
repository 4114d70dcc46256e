import { describe, expect, it } from '@jest/globals';
import { NO_DETAILS, withoutDetails } from './frozen-item.js';

describe('a line without its details', () => {
  it('is the item or charge as it was frozen, with all that it says itself', () => {
    const charge = { chargeId: 'K1@fee@care@2026-03-01', net: { amount: '90.00', currency: 'AUD' }, ticketId: null };
    const line = { ...charge, ...NO_DETAILS, billTo: 'cl-2', purchaseOrder: 'PO-7' };
    expect(withoutDetails(line)).toEqual(charge);
    expect(withoutDetails({ ...charge, ...NO_DETAILS, parts: [] })).toEqual(charge);
  });

  it('has none to begin with: what later capabilities fill is empty', () => {
    expect(NO_DETAILS).toEqual({
      parts: [],
      taxes: [],
      billTo: null,
      servedClientId: null,
      siteId: null,
      purchaseOrder: null,
      estimateId: null,
      creditOf: null,
    });
  });
});
