import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Api } from '../e2e/kit.js';
import { Story } from '../e2e/story.js';
import { ProtocolServer } from './protocol-server.js';

let server: ProtocolServer;
let api: Api;
beforeEach(async () => {
  server = await ProtocolServer.start();
  api = await Api.open({ storeUrl: `${server.url}&defaultDeadline=2000` });
});
afterEach(async () => {
  await api.close();
  await server.stop();
});

interface Ready {
  readonly status: string;
  readonly log: { readonly problem: string } | null;
  readonly head: string | null;
  readonly position: string;
}

it('the same program runs on an EventStoreDB by its setting: from ticket to invoice, as of any position, and through its absence', async () => {
  let accounts = api.as('accounts');
  const story = new Story(api).client('acme').contract('K1').ticketInProgress('T1').time('W1').approveTime('W1');
  const before = await story.told();
  await story.resolve().verification().draft('I1').approve().issue().told();
  const invoice = await accounts.reads<object>('/v1/invoices/I1');
  expect(invoice).toMatchObject({ number: expect.any(String), net: { amount: '187.50' } });

  // The past is folded from the same log; a position of another is refused.
  const items = `/v1/billable-items?upTo=${before.position}`;
  expect(await accounts.reads(items)).toMatchObject({ items: [{ itemId: 'W1', invoiceId: null }] });
  expect(await accounts.get('/v1/billable-items?upTo=9999.00000000')).toMatchObject({
    body: { code: 'PositionUnknown' },
  });

  // The same key again is the same effect, also by a server that starts anew on the log.
  const key = { 'idempotency-key': 'once' };
  const entry = () =>
    accounts.post('/v1/clients', { clientId: 'bell', name: 'Bell', currency: 'AUD', timeZone: 'UTC' }, key);
  const first = await entry();
  await api.restart();
  accounts = api.as('accounts');
  expect((await entry()).body).toMatchObject({ position: (first.body as unknown as { position: string }).position });
  expect(await accounts.reads('/v1/invoices/I1')).toEqual(invoice);
  expect(server.calls.batchAppend).toBe(0);

  const readiness = async () => (await api.as('admin').get<Ready>('/health/ready')).body;
  expect(await readiness()).toMatchObject({ status: 'ready', log: null });
  await server.stop();
  expect(await readiness()).toMatchObject({ status: 'not ready', log: { problem: 'unreachable' }, head: null });
  // What the read models hold needs nothing of the log; what is told as of an earlier position does.
  expect(await accounts.reads('/v1/billable-items')).toMatchObject({ items: [{ itemId: 'W1' }] });
  expect(await accounts.reads('/v1/invoices/I1')).toMatchObject({ number: 'INV-000001' });
  expect((await accounts.get(items)).body).toMatchObject({
    code: 'StoreUnavailable',
    details: { problem: 'unreachable' },
  });
  await server.listen();
  const { position } = await new Story(api).client('cove').told();
  expect(await accounts.reads(`/v1/invoices/I1?atLeast=${position}`)).toEqual(invoice);
  expect(await readiness()).toMatchObject({ status: 'ready', log: null });
});
