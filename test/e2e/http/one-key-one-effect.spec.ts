import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MAX_READ, START, fingerprintOf, keyStream } from '@billtrail/event-store';
import { Api, NOW, type Answer, type Problem, type WriteAnswer } from '../kit.js';
import { ENGINEER, Story, timeEntry } from '../story.js';

type Written = Answer<WriteAnswer & Problem>;

describe('one key has one effect, over all that its caller does', () => {
  let api: Api;
  let story: Story;
  beforeAll(async () => {
    api = await Api.open();
    story = new Story(api);
    await story.client('one').contract('one-tm').told();
    await story.client('two').contract('two-tm').told();
  });
  afterAll(() => api.close());
  const under = (key: string) => ({ 'idempotency-key': key });
  /** What people recorded: policies go on beside it. */
  const recorded = async () => {
    const { events } = await api.billtrail.store.readAll({ after: START, limit: MAX_READ });
    return events.filter(({ actor }) => actor.role !== 'system').length;
  };
  /** Nothing was recorded, and nobody has an answer that is not the first one. */
  const repeats = async (first: Written, again: () => Promise<Written>) => {
    const before = await recorded();
    const answer = await again();
    expect(answer.body).toEqual({ ...first.body, repeated: true });
    expect(await recorded()).toBe(before);
  };
  const isRefusedAs = async (code: string, sent: () => Promise<Written>) => {
    const before = await recorded();
    const { status, body } = await sent();
    expect([status, body.code]).toEqual([code === 'IdempotencyKeyReused' ? 422 : status, code]);
    expect(await recorded()).toBe(before);
  };

  describe('G11: a retry goes where the first went, wherever its work is by then', () => {
    const REASON = { reasonCode: 'goodwill', comment: 'agreed by phone' };
    const writeOff = (itemId: string, key: string, body: object = REASON, where = '') =>
      story.accounts.post<WriteAnswer & Problem>(`/v1/billable-items/${itemId}/write-off${where}`, body, under(key));
    const work = async (id: string, minutes = 45, rest: object = {}) => {
      await new Story(api)
        .client('one')
        .ticketInProgress(`T-${id}`, { clientId: 'one' })
        .told()
        .catch(() => undefined);
      await story.support.does(`/v1/tickets/T-${id}/time-entries`, timeEntry(id, minutes, rest));
      await story.operations.does(`/v1/tickets/T-${id}/time-entries/${id}/approve`);
    };
    const corrected = (id: string, rest: object) => {
      const { timeEntryId: _, ...facts } = timeEntry(id, 45, rest);
      return story.support.does(`/v1/tickets/T-${id}/time-entries/${id}/correct`, { ...facts, reason: 'mistyped' });
    };
    const moves: readonly [string, (id: string) => Promise<unknown>][] = [
      // The first four stand on one person's word. What waits lapses when its work changes.
      [
        'nowhere',
        (id) => story.support.does(`/v1/tickets/T-${id}/time-entries/${id}/void`, { reason: 'never happened' }),
      ],
      ['another month', (id) => corrected(id, { workDate: '2026-02-10' })],
      [
        'two months',
        (id) =>
          corrected(id, {
            workDate: '2026-02-28',
            startedAt: '2026-02-28T23:30:00+11:00',
            endedAt: '2026-03-01T00:15:00+11:00',
          }),
      ],
      ['another client', (id) => story.operations.does(`/v1/tickets/T-${id}/reclassify`, { clientId: 'two' })],
      [
        'a ticket that it was merged into',
        async (id) => {
          await work(`${id}-into`);
          await story.operations.does(`/v1/tickets/T-${id}/merge`, { into: `T-${id}-into`, reason: 'the same' });
        },
      ],
      [
        'a ticket of its own again',
        async (id) => {
          await work(`${id}-into`);
          await story.operations.does(`/v1/tickets/T-${id}/merge`, { into: `T-${id}-into`, reason: 'the same' });
          await story.operations.does(`/v1/tickets/T-${id}/split`, { reason: 'it was not' });
        },
      ],
    ];

    it.each(moves)('when it moved to %s', async (where, move) => {
      const id = `g11-${moves.findIndex(([name]) => name === where)}`;
      await work(id);
      const first = await writeOff(id, id);
      expect(first).toMatchObject({ status: 200, body: { stream: 'account-one-2026-03', repeated: false } });
      await move(id);
      await repeats(first, () => writeOff(id, id));
      await isRefusedAs('IdempotencyKeyReused', () => writeOff(id, id, { ...REASON, comment: 'agreed by mail' }));
      await isRefusedAs('IdempotencyKeyReused', () => writeOff(id, id, REASON, '?period=2026-02'));
    });

    it('where only the key was claimed, it is decided on that stream and on no other', async () => {
      const claimed = async (id: string) => {
        await work(id);
        const data = {
          stream: 'account-one-2026-03',
          fingerprint: fingerprintOf('WriteOffWork', { itemId: id, ...REASON }),
        };
        const claim = { type: 'KeyClaimed', data, occurredAt: NOW };
        const stream = keyStream('accounts-1', id);
        const ids = { commandId: id, correlationId: id, causationId: null, fingerprint: data.fingerprint };
        const actor = { id: 'accounts-1', role: 'accounts' } as const;
        await api.billtrail.store.append({ stream, expected: 'none', events: [claim], actor, ...ids });
      };
      await claimed('stays');
      await isRefusedAs('IdempotencyKeyReused', () => writeOff('stays', 'stays', { ...REASON, comment: 'other' }));
      const first = await writeOff('stays', 'stays');
      expect(first).toMatchObject({ status: 200, body: { stream: 'account-one-2026-03', repeated: false } });
      await repeats(first, () => writeOff('stays', 'stays'));
      await claimed('goes');
      await corrected('goes', { workDate: '2026-02-10' });
      await isRefusedAs('ItemNotFound', () => writeOff('goes', 'goes'));
    });
  });

  describe('Y9: the same key is the same request, or refused', () => {
    const { timeEntryId: _, ...entry } = timeEntry('unused');
    const log = (ticketId: string, key: string, body: object = entry, who = story.support) =>
      who.post<WriteAnswer & Problem & { timeEntryId: string }>(
        `/v1/tickets/${ticketId}/time-entries`,
        body,
        under(key),
      );
    beforeAll(async () => {
      for (const id of ['T-a', 'T-b']) await story.ticketInProgress(id, { clientId: 'one' }).told();
    });

    it('with another id in the body, another ticket, another route', async () => {
      const first = await log('T-a', 'y9', timeEntry('y9-1'));
      expect(first.status).toBe(201);
      await isRefusedAs('IdempotencyKeyReused', () => log('T-a', 'y9', timeEntry('y9-2')));
      await isRefusedAs('IdempotencyKeyReused', () => log('T-a', 'y9', timeEntry('y9-1', 71)));
      await isRefusedAs('IdempotencyKeyReused', () => log('T-b', 'y9', timeEntry('y9-1')));
      await isRefusedAs('IdempotencyKeyReused', () =>
        story.support.post('/v1/tickets', { ticketId: 'T-y9', summary: 'no network' }, under('y9')),
      );
      await repeats(first, () => log('T-a', 'y9', timeEntry('y9-1')));
    });

    it('without an id in the body the same one is made for it again', async () => {
      const first = await log('T-a', 'made');
      await isRefusedAs('IdempotencyKeyReused', () => log('T-b', 'made'));
      await repeats(first, () => log('T-a', 'made'));
    });

    it("is its caller's own: another one may use it too", async () => {
      const other = api.as('support', 'support-2');
      const [mine, theirs] = [await log('T-a', 'shared'), await log('T-b', 'shared', entry, other)];
      expect([mine.status, theirs.status]).toEqual([201, 201]);
      await repeats(theirs, () => log('T-b', 'shared', entry, other));
    });

    it('is not used by what was refused, or changed nothing', async () => {
      await isRefusedAs('TicketUnknown', () => log('T-none', 'again'));
      expect((await log('T-a', 'again')).status).toBe(201);
      const start = (key: string) => story.support.post('/v1/tickets/T-b/start', {}, under(key));
      expect(await start('quiet')).toMatchObject({ status: 200, body: { repeated: true } });
      expect((await log('T-b', 'quiet')).status).toBe(201);
    });

    it('at the same moment, on twenty streams or twenty times on one, has one effect', async () => {
      const ids = Array.from({ length: 20 }, (_none, n) => `T-many-${n}`);
      const asked = (ticketId: string) => ({ ticketId, summary: 'The server does not answer' });
      const all = await Promise.all(
        ids.map((id) => story.support.post<WriteAnswer & Problem>('/v1/tickets', asked(id), under('many'))),
      );
      expect(all.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(all.filter(({ status, body }) => status === 422 && body.code === 'IdempotencyKeyReused')).toHaveLength(19);
      const versions = await Promise.all(ids.map((id) => api.billtrail.store.readStream(`ticket-${id}`)));
      expect(versions.reduce((sum, { version }) => sum + version, 0)).toBe(1);
      const same = await Promise.all(Array.from({ length: 20 }, () => log('T-a', 'twenty')));
      expect(same.map(({ status }) => status)).toEqual(same.map(() => 201));
      expect(same.filter(({ body }) => !body.repeated)).toHaveLength(1);
      expect(new Set(same.map(({ body }) => body.position)).size).toBe(1);
    });

    it('holds after the server was started again', async () => {
      const first = await log('T-a', 'restarted');
      await api.restart();
      const again = api.as('support', ENGINEER);
      await repeats(first, () => log('T-a', 'restarted', entry, again));
      await isRefusedAs('IdempotencyKeyReused', () => log('T-b', 'restarted', entry, again));
    });
  });
});
