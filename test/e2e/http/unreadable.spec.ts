import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import Database from 'better-sqlite3';
import { UNLIFTED_REMEDY, UnknownStoredEvent } from '@billtrail/event-store';
import { Api } from '../kit.js';
import { Story } from '../story.js';

describe('what can not be read is refused by name, with its own remedy', () => {
  let api: Api;
  let story: Story;
  beforeAll(async () => {
    api = await Api.open();
    story = new Story(api);
    await story.client('acme').contract('acme-tm').ticketInProgress('INC1').time('te-1').approveTime('te-1').told();
    await story.draft('I1').told();
  });
  afterAll(() => api.close());

  it('a stream with an event that no version wrote so (X1)', async () => {
    const { store } = api.billtrail;
    const read = jest
      .spyOn(store, 'readStream')
      .mockRejectedValue(new UnknownStoredEvent('ticket-INC1', 'its data are odd', 'unlifted'));
    expect(await story.support.post('/v1/tickets/INC1/notes', { text: 'late' })).toMatchObject({
      status: 503,
      body: { code: 'EventUnreadable', details: { stream: 'ticket-INC1' }, remedy: UNLIFTED_REMEDY },
    });
    read.mockRestore();
    expect(await story.support.post('/v1/tickets/INC1/notes', { text: 'late' })).toMatchObject({ status: 201 });
  });

  it('a row that something else has changed: a rebuild fills it anew (Z2)', async () => {
    const file = new Database(join(api.dataDir, 'read-models.db'));
    expect(file.prepare(`UPDATE invoices SET tax_totals = '{"x":' WHERE invoice_id = 'I1'`).run().changes).toBe(1);
    file.close();
    expect(await story.accounts.get('/v1/invoices/I1')).toMatchObject({
      status: 503,
      body: { code: 'ReadModelsUnavailable', remedy: expect.stringContaining('billtrail rebuild') },
    });
    await api.billtrail.models.rebuild();
    expect(await story.accounts.get('/v1/invoices/I1')).toMatchObject({ status: 200 });
  });
});
