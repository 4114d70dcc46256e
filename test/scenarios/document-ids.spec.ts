import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { streamName } from '@billtrail/event-store';
import { ADMIN } from '../laws/kit/house.js';
import { Msp } from './msp.js';

describe('ids of documents', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-02');
    await msp.signs('bluegum');
    await msp.signs('nordic');
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 60, '2026-03-02');
  });
  afterEach(() => msp.closes());
  const taken = async (category: string, id: string) =>
    (await msp.house.billtrail.store.readStream(streamName(category, id))).events.map(({ type }) => type);

  it('are not taken by a draft that is refused: the corrected one has the same', async () => {
    expect(await msp.drafts('I1', 'bluegum', '2026-02')).toBe('NothingToBill');
    expect(await msp.drafts('I1', 'nordic', '2026-03')).toBe('NothingToBill');
    expect(await taken('invoice', 'I1')).toEqual([]);
    expect(await msp.drafts('I1', 'bluegum', '2026-03')).toBe('accepted');
    expect(await taken('invoice', 'I1')).toEqual(['KeyClaimed']);
    expect(await msp.drafts('I1', 'nordic', '2026-03')).toBe('InvoiceIdTaken');
  });

  it('are not taken by a credit note that is refused', async () => {
    await msp.bills('I1', 'bluegum', '2026-03');
    const server = await msp.ticket('T2', 'nordic');
    await server.time('W2', 60, '2026-03-02');
    await msp.bills('I2', 'nordic', '2026-03');
    const credits = (invoiceId: string, clientId: string, itemId: string) =>
      msp.credits('C1', invoiceId, clientId, '2026-03', [{ itemId, outcome: 'bill-again' }]);
    expect(await credits('I1', 'bluegum', 'W9')).toBe('ItemNotOnInvoice');
    expect(await taken('credit-note', 'C1')).toEqual([]);
    expect(await credits('I2', 'nordic', 'W2')).toBe('accepted');
    expect(await taken('credit-note', 'C1')).toEqual(['KeyClaimed']);
    expect(await credits('I1', 'bluegum', 'W1')).toBe('CreditNoteIdTaken');
  });

  it('that old logs took in an event of their own stay taken, by the account that has them', async () => {
    const takenBefore = (invoiceId: string, clientId: string) => {
      const data = { invoiceId, clientId, period: '2026-03' };
      const ids = {
        commandId: `take/${clientId}/2026-03`,
        correlationId: 'old',
        causationId: null,
        fingerprint: 'old',
      };
      const events = [{ type: 'InvoiceIdTaken', data, occurredAt: '2026-03-02T09:00:00+11:00' }];
      const stream = streamName('invoice', invoiceId);
      return msp.house.billtrail.store.append({ stream, expected: 'none', events, actor: ADMIN, ...ids });
    };
    await takenBefore('I1', 'nordic');
    await takenBefore('I2', 'bluegum');
    expect(await msp.drafts('I1', 'bluegum', '2026-03')).toBe('InvoiceIdTaken');
    expect(await msp.drafts('I2', 'bluegum', '2026-03')).toBe('accepted');
    expect(await taken('invoice', 'I2')).toEqual(['InvoiceIdTaken']);
  });
});
