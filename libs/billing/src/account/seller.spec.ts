import { describe, expect, it } from '@jest/globals';
import { LOST } from '@billtrail/kernel';
import { refuseLostParties } from './seller.js';

const party = { name: 'Acme', taxId: null, address: '5 Sample Road' };

describe('who sells and who buys', () => {
  it('is known where each text is', () => {
    expect(refuseLostParties({ seller: party, buyer: { ...party, name: 'Bolt' } })).toBeNull();
  });

  it.each(['name', 'taxId', 'address'] as const)('is not known where the %s is lost with a key', (field) => {
    expect(refuseLostParties({ seller: party, buyer: { ...party, [field]: LOST } })).toMatchObject({
      code: 'PartyLost',
      message: expect.stringContaining(`${field} of the buyer`),
      remedy: expect.stringMatching(/clients\/CLIENT\/details/),
      details: { lost: [{ party: 'buyer', field }] },
    });
    expect(refuseLostParties({ seller: { ...party, [field]: LOST }, buyer: party })).toMatchObject({
      details: { lost: [{ party: 'seller', field }] },
    });
  });
});
