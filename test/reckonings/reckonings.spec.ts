import { describe, expect, it } from '@jest/globals';
import { inProduct, onPage, opened, played } from './books.js';
import { RECKONINGS } from './index.js';

/** Whole client-months, reckoned by hand and then by the product. */
describe('a reckoning by hand', () => {
  it.each(RECKONINGS.map((one) => [one.title, one] as const))('%s', async (_, reckoning) => {
    const { clientId, currency = 'AUD' } = reckoning.client;
    const msp = await opened(reckoning);
    try {
      for (const stage of reckoning.stages) {
        await played(msp, stage, clientId);
        const page = onPage(stage, currency);
        expect({ stage: stage.what, ...(await inProduct(msp, stage, clientId)) }).toEqual({
          stage: stage.what,
          ...page,
        });
      }
    } finally {
      await msp.closes();
    }
  });
});
