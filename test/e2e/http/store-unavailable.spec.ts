import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createServer } from '../../../apps/api/src/server.js';
import { START } from '@billtrail/event-store';
import { ReadModelsBehind } from '@billtrail/read-models';
import { Api, type WriteAnswer } from '../kit.js';
import { MONTH, Story, timeEntry } from '../story.js';

describe('a store that can’t be used', () => {
  let api: Api;
  let story: Story;
  beforeAll(async () => {
    api = await Api.open();
    story = new Story(api);
    await story.client('acme').contract('acme-tm').ticketInProgress('INC1').told();
    await api.billtrail.store.close();
  });
  afterAll(() => api.close());

  it('refuses writes with 503, its cause, a remedy and when to come back', async () => {
    const answer = await story.support.post('/v1/tickets/INC1/notes', { text: 'x' });
    expect(answer).toMatchObject({
      status: 503,
      body: { code: 'StoreUnavailable', status: 503, details: { problem: 'closed' } },
    });
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.headers['retry-after']).toBe('5');
    expect(answer.body.remedy).toMatch(/\S/);
    expect(answer.text).not.toMatch(/node_modules|\.ts:\d/);
  });

  it('is told once where it keeps a server from starting, by who starts it', async () => {
    const logged = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      const aFile = fileURLToPath(import.meta.url);
      await expect(createServer({ dataDir: aFile })).rejects.toMatchObject({ problem: 'not-a-store' });
      expect(logged).not.toHaveBeenCalled();
    } finally {
      logged.mockRestore();
    }
  });

  it('goes on answering what the read models hold', async () => {
    expect((await story.accounts.get('/v1/invoices')).status).toBe(200);
  });

  it('is alive but not ready', async () => {
    expect((await story.admin.get('/health/live')).status).toBe(200);
    expect((await story.admin.get('/health/ready')).status).toBe(503);
  });
});

describe('read models that are far behind', () => {
  let api: Api;
  let story: Story;
  beforeAll(async () => {
    api = await Api.open();
    story = new Story(api);
    await story.client('acme').contract('acme-tm').ticketInProgress('INC1').told();
  });
  afterAll(() => api.close());

  it('refuse a write that rests on them with 503 and when to come back; nothing is recorded', async () => {
    const { store, models } = api.billtrail;
    await api.billtrail.upToDate();
    const head = await store.head();
    const waiting = jest.spyOn(models, 'waitFor').mockRejectedValue(new ReadModelsBehind(head, START));
    const draft = await story.accounts.post('/v1/invoices', { invoiceId: 'i', clientId: 'acme', period: MONTH });
    waiting.mockRestore();
    expect(draft).toMatchObject({ status: 503, body: { code: 'ReadModelsBehind', details: { position: `${START}` } } });
    expect(draft.headers['retry-after']).toBe('5');
    expect(await store.head()).toEqual(head);
  });
});

describe('a full disk that the read models can not be written to', () => {
  let api: Api;
  let story: Story;
  beforeAll(async () => {
    api = await Api.open();
    story = new Story(api);
    await story.client('acme').contract('acme-tm').ticketInProgress('INC1').told();
  });
  afterAll(() => api.close());
  const file = () => (api.billtrail.models as unknown as { database: { exec: (sql: string) => void } }).database;
  const note = (text: string) => story.support.post<WriteAnswer>('/v1/tickets/INC1/notes', { text });
  const ready = () => story.admin.get<{ log: { problem: string } | null; lag: number }>('/health/ready');

  it('stays up, says so, answers what they hold, and goes on by itself once there is room', async () => {
    await api.billtrail.upToDate();
    file().exec('PRAGMA max_page_count = 1');
    let written = 0;
    for (let answer = await ready(); answer.status === 200 && written < 500; answer = await ready()) {
      const entry = { ...timeEntry(`w-${written}`), description: 'x'.repeat(500) };
      expect((await story.support.post('/v1/tickets/INC1/time-entries', entry)).status).toBe(201);
      written += 1;
    }
    expect(await ready()).toMatchObject({ status: 503, body: { log: { problem: 'disk-full' } } });
    const { position } = (await note('late')).body;
    expect(await story.support.get(`/v1/tickets/INC1/timeline?atLeast=${position}`)).toMatchObject({
      status: 503,
      body: { code: 'StoreUnavailable', details: { problem: 'disk-full' }, remedy: expect.stringContaining('space') },
    });
    expect((await story.support.get('/v1/tickets/INC1/timeline')).status).toBe(200);

    file().exec('PRAGMA max_page_count = 4294967294');
    while ((await ready()).body.lag > 0);
    expect((await ready()).status).toBe(200);
    expect((await story.support.get(`/v1/tickets/INC1/timeline?atLeast=${position}&limit=200`)).text).toContain('late');
  });
});
