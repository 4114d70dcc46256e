import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { isRefusal } from '@billtrail/kernel';
import { billingCommands as billing } from '@billtrail/application';
import { temporaryFolder } from '../e2e/temporary-folder.js';
import { ACCOUNTANT, House } from '../laws/kit/house.js';
import { Msp } from './msp.js';

const MARCH = '2026-03';
const DRAFT = { invoiceId: 'I1', clientId: 'bluegum', period: MARCH };

/** Two entries of an hour at 150.00, tax at 10 %, all of March in the past. */
async function twoHours(dataDir?: string) {
  const msp = await Msp.opens('2026-04-01', {}, dataDir);
  await msp.signs('bluegum');
  const ticket = await msp.ticket('T1', 'bluegum');
  await ticket.time('W1', 60, '2026-03-10');
  await ticket.time('W2', 60, '2026-03-11');
  await msp.house.settle();
  return { msp, ticket };
}

describe('a document is decided on facts of one moment (G16)', () => {
  let msp: Msp | undefined;
  afterEach(async () => {
    jest.restoreAllMocks();
    await msp?.closes();
  });

  /** Lets `meanwhile` happen before the command's n-th look at the log. True if it came to that. */
  function happensBeforeRead(n: number, { house }: Msp, meanwhile: () => Promise<unknown>): () => boolean {
    const { store } = house.billtrail;
    let reads = 0;
    let isWithin = false;
    const before = async () => {
      if (isWithin || ++reads !== n) return;
      isWithin = true;
      await meanwhile();
    };
    for (const name of ['readStream', 'load', 'append'] as const) {
      const original = store[name].bind(store) as (...given: unknown[]) => Promise<never>;
      jest.spyOn(store, name).mockImplementation(async (...given: unknown[]) => {
        await before();
        return original(...given);
      });
    }
    return () => reads >= n;
  }

  const TAXED_MORE = { taxRates: { GST: '20' } };

  it('an entry is voided and the tax rate changed while it is drafted: lines and tax are both of before, or both of after', async () => {
    const seen = new Set<string>();
    for (let n = 1, isReached = true; isReached; n++) {
      const { msp: own, ticket } = await twoHours();
      msp = own;
      const reached = happensBeforeRead(n, own, async () => {
        await ticket.voids('W2');
        await own.configures(TAXED_MORE);
        await own.house.settle();
      });
      expect(await own.tries(billing.DraftInvoice, DRAFT)).toBe('accepted');
      jest.restoreAllMocks();
      const document = await own.document('I1');
      seen.add(document.at(-1) ?? '');
      isReached = reached();
      await own.closes();
      msp = undefined;
    }
    expect([...seen].sort()).toEqual(['150.00 + 30.00 = 180.00 AUD', '300.00 + 30.00 = 330.00 AUD']);
  });

  it('a draft says up to which position of the log its facts were known', async () => {
    ({ msp } = await twoHours());
    const { store } = msp.house.billtrail;
    const before = await store.head();
    expect(await msp.tries(billing.DraftInvoice, DRAFT)).toBe('accepted');
    const drafted = (await msp.house.events()).find(({ type }) => type === 'InvoiceDrafted');
    expect(drafted?.data).toMatchObject({ ratedUpTo: String(before) });
  });
});

describe('a decision rests on its stream as it is (G13)', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let msp: Msp;
  let other: House;
  afterEach(async () => {
    await other.close();
    await msp.closes();
    folder.remove();
  });

  it('a draft that was approved and then discarded by another process is not approved again', async () => {
    folder = temporaryFolder();
    ({ msp } = await twoHours(folder.path));
    other = await House.open('2026-04-02T09:00:00+11:00', folder.path, 1_000);
    expect(await msp.tries(billing.DraftInvoice, DRAFT)).toBe('accepted');
    expect(await msp.tries(billing.ApproveInvoice, DRAFT)).toBe('accepted');
    await other.must(billing.DiscardInvoiceDraft, { ...DRAFT, reason: 'not wanted' }, { actor: ACCOUNTANT });
    const again = await msp.house.send(billing.ApproveInvoice, DRAFT, { actor: ACCOUNTANT });
    expect(isRefusal(again) ? again.code : again).toBe('InvoiceDiscarded');
  });

  it('an invoice that another process issues right after its stream was read is not refused for what the read models know of that', async () => {
    folder = temporaryFolder();
    ({ msp } = await twoHours(folder.path));
    other = await House.open('2026-04-02T09:00:00+11:00', folder.path, 1_000);
    expect(await msp.tries(billing.DraftInvoice, DRAFT)).toBe('accepted');
    expect(await msp.tries(billing.ApproveInvoice, DRAFT)).toBe('accepted');
    const { store, models } = msp.house.billtrail;
    const read = store.readStream.bind(store);
    let isIssued = false;
    jest.spyOn(store, 'readStream').mockImplementation(async (stream, ...rest) => {
      const slice = await read(stream, ...rest);
      if (!isIssued && stream.startsWith('account-')) {
        isIssued = true;
        await other.must(billing.IssueInvoice, DRAFT, { actor: ACCOUNTANT });
        await models.catchUp();
      }
      return slice;
    });
    expect(await msp.house.send(billing.IssueInvoice, DRAFT, { actor: ACCOUNTANT })).toMatchObject({ repeated: true });
    expect(isIssued).toBe(true);
    jest.restoreAllMocks();
  });
});
