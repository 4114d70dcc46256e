import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { START } from '@billtrail/event-store';
import { Api, type Page, type Person, type WriteAnswer } from '../kit.js';
import { Story } from '../story.js';

interface Kept {
  readonly kind: 'refusal' | 'read';
  readonly at: string;
  readonly source: string;
  readonly what: string;
  readonly personId: string | null;
  readonly keyId: string | null;
  readonly count: number;
}
interface Made extends WriteAnswer {
  readonly personId: string;
  readonly keyId: string;
  readonly key: string;
}

const WRONG = `bt_${'A'.repeat(43)}`;
/** Answers to these hold figures and ids, and nothing else. */
const NOTHING_PERSONAL = /^\/v1\/(reconciliation|prepaid|contracts\/[^/]+\/burn-down|sla|parked-streams|me)\b/;

describe('who asks', () => {
  let api: Api;
  let admin: Person;
  afterEach(() => api.close());
  const open = async (options: Parameters<typeof Api.open>[0] = {}) => {
    api = await Api.open(options);
    admin = api.as('admin');
  };
  const kept = (query = '') => admin.readsAll<Kept>(`/v1/access-record?${query}`);
  const statuses = async (who: Person, times: number, headers: Record<string, string> = {}) => {
    const found: number[] = [];
    for (let n = 0; n < times; n++) found.push((await who.get('/v1/sla', headers)).status);
    return found;
  };
  const madeKey = async (more: object = {}) => {
    const { personId } = await admin.does<Made>('/v1/persons', { name: 'Ana Bell', roles: ['support'] });
    return admin.does<Made>(`/v1/persons/${personId}/keys`, { role: 'support', ...more });
  };
  const times = (count: number, status: number) => Array.from({ length: count }, () => status);

  describe('with wrong keys', () => {
    beforeEach(() => open());

    it('is answered 429 with Retry-After after ten, while right keys from the same place go on (Z8)', async () => {
      const eve = api.nobody(WRONG);
      expect(await statuses(eve, 10)).toEqual(times(10, 401));
      const refused = await eve.get('/v1/sla');
      expect(refused).toMatchObject({ status: 429, body: { code: 'TooManyRequests' } });
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
      expect((await eve.post('/v1/tickets', { summary: 'x' })).status).toBe(429);
      expect(await statuses(api.as('support'), 3)).toEqual(times(3, 200));
      // To have none is no guess.
      expect(await statuses(api.nobody(), 3)).toEqual(times(3, 401));
    });

    it('is counted by the connection, whatever it says of itself', async () => {
      const eve = api.nobody(WRONG);
      for (let n = 0; n < 10; n++) await eve.get('/v1/sla', { 'x-forwarded-for': `203.0.113.${n}` });
      expect((await eve.get('/v1/sla', { 'x-forwarded-for': '203.0.113.99' })).status).toBe(429);
    });
  });

  it('behind a trusted proxy is counted by what that says: nobody is locked out for another', async () => {
    await open({ trustedProxies: ['127.0.0.1'] });
    const from = (source: string) => ({ 'x-forwarded-for': source });
    expect(await statuses(api.nobody(WRONG), 11, from('203.0.113.7'))).toEqual([...times(10, 401), 429]);
    // What stands before the address that the proxy has added is the word of whoever sends it.
    expect(await statuses(api.nobody(WRONG), 1, from('198.51.100.1, 203.0.113.7'))).toEqual([429]);
    expect(await statuses(api.nobody(WRONG), 1, from('203.0.113.8'))).toEqual([401]);
    expect(await kept('kind=refusal')).toContainEqual(expect.objectContaining({ source: '203.0.113.8', count: 1 }));
  });

  it('by a key with a rate is told to wait beyond it, and others go on', async () => {
    await open();
    const { key, keyId } = await madeKey({ ratePerMinute: 3 });
    const ana = api.nobody(key);
    expect(await statuses(ana, 4)).toEqual([200, 200, 200, 429]);
    const refused = await ana.post('/v1/tickets', { summary: 'x' });
    expect(refused).toMatchObject({ status: 429, body: { details: { limit: 3 } } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(await statuses(api.as('support'), 4)).toEqual(times(4, 200));
    expect(await kept(`keyId=${keyId}&kind=refusal`)).toMatchObject([
      { what: 'TooManyRequests POST /v1/tickets', count: 1 },
      { what: 'TooManyRequests GET /v1/sla', count: 1 },
    ]);
  });

  it('and is refused is kept: wrong keys by source and minute, who is known with the route (Z8)', async () => {
    await open();
    const { key, keyId, personId } = await madeKey();
    await statuses(api.nobody(WRONG), 500);
    const ana = api.nobody(key);
    for (let n = 0; n < 3; n++) await ana.post('/v1/invoices/inv-1/issue');
    api.moveTo('2026-03-20T02:01:30Z');
    await statuses(api.nobody(), 2);
    const source = expect.stringMatching(/^(127\.0\.0\.1|0:0:0:0::\/64)$/);
    const nobody = { kind: 'refusal', source, personId: null, keyId: null };
    expect(await kept('kind=refusal')).toMatchObject([
      { ...nobody, at: '2026-03-20T02:01:00.000Z', what: 'NotSignedIn', count: 2 },
      { what: 'NotAllowed POST /v1/invoices/:invoiceId/issue', personId, keyId, count: 3 },
      { ...nobody, at: '2026-03-20T02:00:00.000Z', what: 'TooManyRequests', count: 490 },
      { ...nobody, at: '2026-03-20T02:00:00.000Z', what: 'NotSignedIn', count: 10 },
    ]);
    expect(await kept(`personId=${personId}`)).toHaveLength(1);
    expect(await kept('since=2026-03-20T02:01:00Z&kind=refusal')).toHaveLength(1);
    const asked = await ana.get('/v1/access-record');
    expect(asked).toMatchObject({ status: 403 });
  });

  it('what is personal is kept, each time, on every route but those whose answers hold nothing of a person', async () => {
    await open();
    await new Story(api)
      .client('acme')
      .contract('acme-tm')
      .ticketInProgress('INC1')
      .time('te-1')
      .approveTime('te-1')
      .resolve()
      .draft('inv-1')
      .told();
    const { paths } = await api.nobody().reads<{ paths: Record<string, Record<string, object>> }>('/openapi.json');
    const { personId } = await madeKey();
    const ids: Readonly<Record<string, string>> = {
      clientId: 'acme',
      contractId: 'acme-tm',
      ticketId: 'INC1',
      itemId: 'te-1',
      invoiceId: 'inv-1',
      personId,
    };
    const asked: string[] = [];
    for (const [path, methods] of Object.entries(paths)) {
      if (!('get' in methods) || !path.startsWith('/v1')) continue;
      const address = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => ids[name] ?? 'NOPE');
      if (path !== '/v1/access-record' && (await admin.get(address)).status === 200) asked.push(address);
    }
    expect(asked.length).toBeGreaterThan(20);
    await admin.post('/v1/contracts/check', { clients: [] });
    await admin.get('/v1/billable-items?clientId=acme&period=2026-03&limit=3');
    const reads = (await kept('kind=read')).toReversed().map(({ what }) => what);
    expect(reads).toEqual([
      ...asked.filter((path) => !NOTHING_PERSONAL.test(path)).map((path) => `GET ${path}`),
      'POST /v1/contracts/check',
      'GET /v1/billable-items?clientId=acme&period=2026-03',
    ]);
    const [last, before] = await kept('kind=read');
    expect([last?.what, before?.what]).toEqual([
      'GET /v1/access-record',
      expect.stringContaining('/v1/billable-items'),
    ]);
    expect(last).toMatchObject({ personId: 'admin-1', keyId: expect.any(String), count: 1 });
  });

  it('is in the record with no key and no body, and in the log not at all', async () => {
    await open();
    const { key } = await madeKey();
    const secrets = ['Unheard-of-words', WRONG, key];
    await api.nobody(WRONG).post('/v1/tickets', { summary: 'Unheard-of-words' });
    await api.nobody(key).get(`/v1/tickets/${key}/timeline`);
    await admin.get(`/v1/billable-items?clientId=${key}`);
    await admin.get(`/v1/invoices?cursor=${key}`);
    const rows = JSON.stringify(await kept());
    await api.stop();
    const bytes = readFileSync(join(api.dataDir, 'access-record.db')).toString('latin1');
    for (const secret of secrets) for (const text of [rows, bytes]) expect(text).not.toContain(secret);
    await api.start();
    const { events } = await api.billtrail.store.readAll({ after: START, limit: 1_000 });
    expect(JSON.stringify(events)).not.toMatch(/NotSignedIn|timeline|access-record/);
  });

  it('is told page by page, the newest first', async () => {
    await open();
    for (let n = 0; n < 7; n++) await admin.get(`/v1/persons`);
    const first = await admin.reads<Page<Kept>>('/v1/access-record?limit=3&kind=read');
    expect(first.items).toHaveLength(3);
    const all = await admin.readsAll<Kept & { entry: number }>('/v1/access-record?kind=read', 3);
    const entries = all.map(({ entry }) => entry);
    expect(entries).toEqual([...entries].sort((a, b) => b - a));
    expect(new Set(entries).size).toBe(entries.length);
    expect(await admin.get('/v1/access-record?cursor=x')).toMatchObject({ status: 400 });
  });
});
