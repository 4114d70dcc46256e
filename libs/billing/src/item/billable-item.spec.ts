import { describe, expect, it } from '@jest/globals';
import { facts, only, time } from '../testing/facts.js';
import { rate } from '../rate.js';
import { isPriced, isReadyToBill, namesOf, type BillableItem } from './billable-item.js';

const item = (changes: Partial<BillableItem> = {}): BillableItem => ({
  ...only(rate(facts([time()])).items),
  ...changes,
});

describe('an item', () => {
  it('is priced where it has a price, a tax category and the version that they are from', () => {
    expect(isPriced(item())).toBe(true);
    for (const lacking of ['unitPrice', 'net', 'taxCategory', 'contractId', 'contractVersion'] as const)
      expect(isPriced(item({ [lacking]: null }))).toBe(false);
  });

  it('is ready to bill once it is priced and nobody has yet to approve it', () => {
    expect(isReadyToBill(item({ approval: 'approved' }))).toBe(true);
    expect(isReadyToBill(item({ approval: null }))).toBe(true);
    expect(isReadyToBill(item({ approval: 'unapproved' }))).toBe(false);
    expect(isReadyToBill(item({ approval: 'rejected' }))).toBe(false);
    expect(isReadyToBill(item({ approval: 'approved', net: null }))).toBe(false);
    expect(isReadyToBill(item({ approval: null, net: null }))).toBe(false);
  });

  it('is named by its ticket, and by the one that this was merged into', () => {
    expect(namesOf({ ticketId: 'T-1' })).toStrictEqual(['T-1']);
    expect(namesOf({ ticketId: 'T-1', mergedInto: 'T-2' })).toEqual(['T-1', 'T-2']);
  });
});
