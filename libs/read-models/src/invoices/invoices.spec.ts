import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ReadModels } from '../read-models.js';
import { Story, drafted, event, issueRequested } from '../spec-kit/story.js';

const aud = (amount: string) => ({ amount, currency: 'AUD' });
const totals = {
  taxTotals: [{ taxCategory: 'GST', rate: '10', net: aud('150.00'), tax: aud('15.00') }],
  net: aud('150.00'),
  tax: aud('15.00'),
  total: aud('165.00'),
};
const content = {
  buyer: { name: 'Bluegum Dental', taxId: null, address: '2 Gum Street' },
  seller: { name: 'Example MSP', taxId: '96 999 111 222', address: null },
  dueDate: '2026-05-01',
  hash: 'a'.repeat(64),
};
const shown = { ...content, taxTotals: totals.taxTotals, tax: totals.tax, total: totals.total };

it('a number finds every document that has it, an id the one that has that (K14)', async () => {
  const story = new Story();
  const models = await ReadModels.open({ file: ':memory:', store: story.store });
  for (const invoiceId of ['I1', 'I2']) {
    const issued = event('InvoiceIssued', { invoiceId, number: 'INV-000001', numberInSeries: 1, series: invoiceId });
    const before = drafted(invoiceId, 'acme', '2026-03', { ...content, totals });
    await story.account('acme', '2026-03', before, issueRequested(invoiceId, content), issued);
  }
  await models.catchUp();
  const ids = async (name: string) => (await models.invoices.named(name)).map(({ invoiceId }) => invoiceId);
  expect(await ids('INV-000001')).toEqual(['I1', 'I2']);
  expect(await ids('I2')).toEqual(['I2']);
  expect(await ids('I3')).toEqual([]);
  await models.close();
  await story.store.close();
});

describe('a draft', () => {
  let story: Story;
  let models: ReadModels;
  beforeEach(async () => {
    story = new Story();
    models = await ReadModels.open({ file: ':memory:', store: story.store });
  });
  afterEach(async () => {
    await models.close();
    await story.store.close();
  });
  const after = async (...events: Parameters<Story['account']>[2][]) => {
    await story.account('acme', '2026-03', ...events);
    await models.catchUp();
    return models.invoices.get('I1');
  };

  it('is shown with the totals, the parties, the due date and the hash that it was drafted with', async () => {
    const by = { draftedBy: 'acc-2' };
    expect(await after(drafted('I1', 'acme', '2026-03', { ...content, totals, ...by }))).toMatchObject({
      ...shown,
      ...by,
    });
    const approved = event('InvoiceApproved', { invoiceId: 'I1', approvedBy: 'acc-1', hash: content.hash });
    expect(await after(approved)).toMatchObject({ ...shown, ...by, approvedBy: 'acc-1', status: 'approved' });
    const discarded = event('InvoiceDraftDiscarded', { invoiceId: 'I1', reason: 'x' });
    expect(await after(discarded)).toMatchObject({ ...shown, status: 'discarded' });
  });

  it('is shown with what its issue says, once that is requested', async () => {
    const other = {
      buyer: { ...content.buyer, name: 'Bluegum' },
      dueDate: '2026-05-02',
      taxTotals: [],
      total: aud('0.00'),
    };
    await after(drafted('I1', 'acme', '2026-03', { ...content, totals }));
    expect(await after(issueRequested('I1', other))).toMatchObject({ ...other, hash: content.hash });
  });

  it('has none of it where schema version 1 drafted it, and no totals where a tax category has no rate', async () => {
    const none = { tax: null, total: null, taxTotals: [] };
    expect(await after(drafted('I1', 'acme', '2026-03'))).toMatchObject({
      ...none,
      buyer: null,
      seller: null,
      dueDate: null,
      hash: null,
    });
    await after(drafted('I2', 'acme', '2026-03', content));
    expect(await models.invoices.get('I2')).toMatchObject({ ...content, ...none });
  });
});
