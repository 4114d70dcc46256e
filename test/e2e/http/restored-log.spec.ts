import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Position, type EventStore, type RecordedEvent } from '@billtrail/event-store';
import { PROJECTIONS } from '@billtrail/read-models';
import { Api, NOW, type Page, type WriteAnswer } from '../kit.js';
import { openLog } from '../open-log.js';
import { MONTH, Story } from '../story.js';

type Entry = { readonly position: string; readonly type: string };

const TIMELINE = '/v1/tickets/INC1/timeline';
const NOTES = '/v1/tickets/INC1/notes';

/** Notes on the ticket, told by `history`, until the log ends at `last`. */
async function grown(store: EventStore, history: string, last: number): Promise<void> {
  const { events } = await store.readStream('ticket-INC1');
  const { type, data, occurredAt, actor } = events.find((event) => event.type === 'NoteAdded') as RecordedEvent;
  const missing = last - (await store.head()).at;
  const notes = Array.from({ length: missing }, (_, n) => ({
    type,
    data: { ...data, noteId: `${history}-${last}-${n}`, text: `${history} ${n}` },
    occurredAt,
  }));
  await store.append({
    stream: 'ticket-INC1',
    expected: 'any',
    events: notes,
    actor,
    commandId: `${history}-${last}`,
    fingerprint: history,
    correlationId: history,
    causationId: null,
  });
}

describe.each([
  ['and grown to 1,100 (G3, Z1)', 1_100],
  ['and grown to where it was', 900],
  ['and not grown since', 700],
])('a log at 900 that was restored at 700, %s', (_what, last) => {
  let api: Api;
  let story: Story;
  const kept = { early: '', late: '', earlyCursor: '', lateCursor: '', invoiceCursor: '', etagOfOther: '', etag: '' };
  const log = (): string => join(api.dataDir, 'events.db');

  beforeAll(async () => {
    api = await Api.open();
    story = new Story(api);
    for (const client of ['acme', 'beta'])
      await story
        .client(client)
        .contract(`${client}-tm`)
        .ticketInProgress(`INC-${client}`)
        .time(`te-${client}`, 60)
        .approveTime(`te-${client}`)
        .resolve()
        .told();
    await story.ticketInProgress('INC1').told();
    kept.early = (await story.support.does(NOTES, { text: 'early' })).position;
    const other = await story.support.post<WriteAnswer>('/v1/tickets', { ticketId: 'INC2', summary: 'Untouched' });
    kept.etagOfOther = other.headers['etag'] ?? '';
    await grown(api.billtrail.store, 'common', 700);
    await api.stop();
    copyFileSync(log(), `${log()}.backup`);

    await api.start();
    story = new Story(api);
    for (const clientId of ['acme', 'beta'])
      await story.accounts.does('/v1/invoices', { invoiceId: `inv-${clientId}`, clientId, period: MONTH });
    await grown(api.billtrail.store, 'lost', 899);
    const note = await story.support.post<WriteAnswer>(NOTES, { text: 'late' });
    kept.late = note.body.position;
    kept.etag = note.headers['etag'] ?? '';
    const pages: Page<Entry>[] = [];
    for (let cursor = ''; pages.length < 4; cursor = `&cursor=${pages.at(-1)?.nextCursor}`)
      pages.push(await story.support.reads<Page<Entry>>(`${TIMELINE}?limit=200&atLeast=${kept.late}${cursor}`));
    kept.earlyCursor = pages[1]?.nextCursor ?? '';
    kept.lateCursor = pages[3]?.nextCursor ?? '';
    kept.invoiceCursor = (await story.accounts.reads<Page<object>>('/v1/invoices?limit=1')).nextCursor ?? '';
    await api.stop();

    for (const file of [`${log()}-wal`, `${log()}-shm`]) rmSync(file, { force: true });
    copyFileSync(`${log()}.backup`, log());
    const { store, close } = await openLog(api.dataDir, NOW);
    if (last > 700) await grown(store, 'new', last);
    await close();
    await api.start();
    story = new Story(api);
    await api.billtrail.upToDate();
  });
  afterAll(() => api.close());

  it('fills its read models anew, and tells which', () => {
    expect(api.billtrail.models.filledFromAnotherLog()).toEqual(PROJECTIONS.map(({ name }) => name));
  });

  it('shows what is in the log now, and no phantom of what was', async () => {
    expect(await story.accounts.readsAll('/v1/invoices')).toEqual([]);
    const { events } = await api.billtrail.store.readStream('ticket-INC1');
    const shown = await story.support.readsAll<Entry>(TIMELINE);
    expect(shown.filter(({ type }) => type === 'NoteAdded').map(({ position }) => position)).toEqual(
      events.filter(({ type }) => type === 'NoteAdded').map((event) => String(Position.of(event))),
    );
  });

  it('refuses by name each link and cursor from after the backup', async () => {
    expect(kept.lateCursor).not.toBe('');
    for (const asked of [
      `/v1/tickets/INC1/timeline?upTo=${kept.late}`,
      `/v1/billable-items?upTo=${kept.late}`,
      `/v1/invoices?atLeast=${kept.late}`,
      `${TIMELINE}?limit=200&cursor=${kept.lateCursor}`,
      `/v1/invoices?limit=1&cursor=${kept.invoiceCursor}`,
    ])
      expect([asked, await story.accounts.get(asked)]).toMatchObject([
        asked,
        { status: 409, body: { code: 'PositionUnknown', remedy: expect.stringContaining('Ask again without it') } },
      ]);
  });

  it('takes those from before the backup, and goes on after them rightly', async () => {
    const then = await story.support.reads<Page<Entry>>(`${TIMELINE}?limit=200&upTo=${kept.early}`);
    expect(then.items.at(-1)).toMatchObject({ position: kept.early, type: 'NoteAdded' });
    expect((await story.accounts.get(`/v1/billable-items?atLeast=${kept.early}`)).status).toBe(200);
    const whole = await story.support.readsAll<Entry>(TIMELINE);
    const next = await story.support.reads<Page<Entry>>(`${TIMELINE}?limit=200&cursor=${kept.earlyCursor}`);
    expect(next.items).toEqual(whole.slice(400, 600));
  });

  it('lets no subscriber go on from after the backup, and each from before it', async () => {
    const { store } = api.billtrail;
    const next = async (text: string) => {
      const ending = new AbortController();
      const after = Position.parse(text)!;
      const asked = store.subscribe({ after, batchSize: 1, signal: ending.signal })[Symbol.asyncIterator]().next();
      // What waits for more ends here.
      ending.abort();
      return asked;
    };
    await expect(next(kept.late)).rejects.toMatchObject({ name: 'PositionUnknown' });
    expect((await next(kept.early)).value).toMatchObject({ events: [{ stream: 'ticket-INC2' }] });
  });

  it('fits no ETag from after the backup, whatever event is the nth now (G2), and those of what did not change', async () => {
    const refused = await story.support.post(NOTES, { text: 'x' }, { 'if-match': kept.etag });
    expect(refused).toMatchObject({ status: 412, body: { code: 'PreconditionFailed' } });
    const taken = await story.support.post('/v1/tickets/INC2/notes', { text: 'x' }, { 'if-match': kept.etagOfOther });
    expect(taken.status).toBe(201);
  });
});
