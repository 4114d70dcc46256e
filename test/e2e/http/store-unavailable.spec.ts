import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api } from '../kit.js';
import { Story } from '../story.js';

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
    const answer = await story.support.post('/tickets/INC1/notes', { text: 'x' });
    expect(answer).toMatchObject({
      status: 503,
      body: { code: 'StoreUnavailable', status: 503, details: { problem: 'closed' } },
    });
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.headers['retry-after']).toBe('5');
    expect(answer.body.remedy).toMatch(/\S/);
    expect(answer.text).not.toMatch(/node_modules|\.ts:\d/);
  });

  it('goes on answering what the read models hold', async () => {
    expect((await story.accounts.get('/invoices')).status).toBe(200);
  });

  it('is alive but not ready', async () => {
    expect((await story.admin.get('/health/live')).status).toBe(200);
    expect((await story.admin.get('/health/ready')).status).toBe(503);
  });
});
