import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api, type Answer, type Page, type Problem, type WriteAnswer } from '../kit.js';
import { Story, timeEntry } from '../story.js';

/** Every refusal looks like this (RFC 9457), whatever went wrong. */
function expectProblem(answer: Answer<Problem>, status: number, code: string): Problem {
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(answer.body).toMatchObject({ type: `urn:billtrail:problem:${code}`, status });
  for (const text of [answer.body.title, answer.body.detail, answer.body.remedy]) expect(text).toMatch(/\S/);
  expect(answer.body.correlationId).toMatch(/^[\x21-\x7e]{1,100}$/);
  expect(answer.text).not.toMatch(/node_modules|\.ts:\d|\.js:\d| at .*\(/);
  return answer.body;
}

function problemsIn(details: Problem['details']): readonly { readonly path: string }[] {
  return (details ?? {})['problems'] as readonly { readonly path: string }[];
}

const JSON_TYPE = { 'content-type': 'application/json' };

describe('API conventions', () => {
  let api: Api;
  let story: Story;
  beforeAll(async () => {
    api = await Api.open();
    story = new Story(api);
    await story.client('acme').contract('acme-tm').ticketInProgress('INC1').told();
  });
  afterAll(() => api.close());

  describe('bodies', () => {
    it('are refused with all problems at once, each with its path', async () => {
      const { details } = expectProblem(
        await story.support.post('/v1/tickets/INC1/time-entries', {
          ...timeEntry('te-bad'),
          minutes: -5,
          workDate: '2026-02-30',
          engineerRole: '',
          surprise: 1,
          statedBillableMinutes: 1.5,
        }),
        400,
        'InvalidInput',
      );
      const paths = problemsIn(details).map(({ path }) => path);
      expect([...new Set(paths)].toSorted((a, b) => a.localeCompare(b))).toEqual([
        'engineerRole',
        'minutes',
        'statedBillableMinutes',
        'surprise',
        'workDate',
      ]);
    });

    it.each([
      '/v1/what-if',
      '/v1/credit-notes',
      '/v1/credit-notes/owed',
      '/v1/invoices',
      '/v1/contracts',
      '/v1/clients',
    ])('of POST %s that are no object say so', async (path) => {
      for (const body of ['[]', '"text"', '7', 'true']) {
        const { detail, remedy } = expectProblem(await story.accounts.post(path, body, JSON_TYPE), 400, 'InvalidInput');
        expect(detail).toBe('The body must be a JSON object.');
        expect(remedy).toBe('Send an object: {"name": value, ...}.');
      }
    });

    it.each([
      [{}, 'reasonCode and reason are required.'],
      [{ reason: 'Courtesy' }, 'reasonCode is required.'],
      [{ reasonCode: '', reason: 'Courtesy' }, 'reasonCode must have 1 to 50 characters.'],
      [{ reasonCode: 'goodwill', reason: 'Courtesy', surprise: 1 }, 'Unknown field `surprise`.'],
      [{ surprise: 1 }, 'reasonCode and reason are required; Unknown field `surprise`.'],
    ])('say of %j what is missing or wrong', async (body, detail) => {
      expect((await story.operations.post('/v1/tickets/INC1/no-charge', body)).body.detail).toBe(detail);
    });

    it('date business from 1990 to 2100 only (X1)', async () => {
      const draft = { clientId: 'acme', period: '9999-12' };
      const { detail } = expectProblem(await story.accounts.post('/v1/invoices', draft), 400, 'InvalidInput');
      expect(detail).toBe('period must be a month, like 2026-03, from 1990-01 to 2100-12.');
    });

    it('name the nested field that is wrong', async () => {
      const { detail, details } = expectProblem(
        await story.support.post('/v1/tickets/INC1/expenses', {
          description: 'Parking',
          cost: { amount: 'a lot', currency: 'XXXX', tip: 1 },
          workDate: '2026-03-10',
        }),
        400,
        'InvalidInput',
      );
      const paths = problemsIn(details).map(({ path }) => path);
      expect(new Set(paths)).toEqual(new Set(['cost.amount', 'cost.currency', 'cost.tip']));
      expect(detail).toContain('cost.amount must be a decimal number');
      expect(detail).toContain('cost.tip is unknown; allowed here: amount, currency');
    });

    it('tell every problem of terms that the contract itself inspects', async () => {
      const { details } = expectProblem(
        await story.accounts.post('/v1/contracts', {
          clientId: 'acme',
          name: 'Empty',
          effectiveFrom: '2026-01-01',
          terms: { coverage: [], rateCard: {} },
        }),
        400,
        'ContractMalformed',
      );
      expect(problemsIn(details).length).toBeGreaterThan(3);
    });

    it('tell the problems of terms together with those of the fields around them', async () => {
      const { details } = expectProblem(
        await story.accounts.post('/v1/contracts', {
          clientId: 'acme',
          name: '',
          effectiveFrom: '2026-02-30',
          surprise: 1,
          terms: { coverage: [], rateCard: { currency: 'XXXX' }, discount: [] },
        }),
        400,
        'InvalidInput',
      );
      const paths = problemsIn(details).map(({ path }) => path);
      expect(paths).toEqual(
        expect.arrayContaining([
          'name',
          'effectiveFrom',
          'surprise',
          'terms.coverage',
          'terms.rateCard.currency',
          'terms.rateCard.taxCategories.time',
          'terms.discount',
        ]),
      );
    });

    it('may not say again what the path says', async () => {
      const problem = expectProblem(
        await story.support.post('/v1/tickets/INC1/notes', { ticketId: 'INC2', text: 'Whose note?' }),
        400,
        'InvalidInput',
      );
      expect(problem.detail).toContain('ticketId');
    });

    it.each([
      ['broken JSON', '{"summary": ', JSON_TYPE, 400, 'MalformedRequest'],
      ['a prototype in JSON', '{"__proto__": {"role": "admin"}, "summary": "x"}', JSON_TYPE, 400, 'MalformedRequest'],
      ['a field that every object has', '{"summary": "x", "toString": "y"}', JSON_TYPE, 400, 'InvalidInput'],
      ['a constructor in an object', '{"summary": {"constructor": {"a": 1}}}', JSON_TYPE, 400, 'InvalidInput'],
      ['nothing where JSON was promised', '', JSON_TYPE, 400, 'MalformedRequest'],
      ['a list', '[]', JSON_TYPE, 400, 'InvalidInput'],
      ['a text', '"x"', JSON_TYPE, 400, 'InvalidInput'],
      ['a form', 'summary=x', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'UnsupportedMediaType'],
      ['plain text', '{"summary": "x"}', { 'content-type': 'text/plain' }, 415, 'UnsupportedMediaType'],
      ['XML', '<a/>', { 'content-type': 'application/xml' }, 415, 'UnsupportedMediaType'],
      ['more than 1 MB', `{"summary": "${'x'.repeat(1_000_000)}"}`, JSON_TYPE, 413, 'BodyTooLarge'],
      ['51 levels', `{"summary": ${'['.repeat(50)}${']'.repeat(50)}}`, JSON_TYPE, 400, 'BodyTooDeep'],
      [
        '50 levels, where a text belongs',
        `{"summary": ${'['.repeat(49)}${']'.repeat(49)}}`,
        JSON_TYPE,
        400,
        'InvalidInput',
      ],
      ['400,000 levels', `{"summary": ${'['.repeat(400_000)}${']'.repeat(400_000)}}`, JSON_TYPE, 400, 'BodyTooDeep'],
    ] as const)('%s is refused', async (_name, body, headers, status, code) => {
      expectProblem(await story.support.post('/v1/tickets', body, headers), status, code);
    });
  });

  describe('paths', () => {
    it('that nothing answers are 404, also by another method', async () => {
      expectProblem(await story.admin.get('/nothing/here'), 404, 'RouteNotFound');
      const withoutVersion = await story.admin.get('/gaps');
      expectProblem(withoutVersion, 404, 'RouteNotFound');
      expect(withoutVersion.body.remedy).toContain('/v1');
      const underIt = await story.admin.post('/v1/reconciliation');
      expectProblem(underIt, 404, 'RouteNotFound');
      expect(underIt.body.remedy).not.toContain('/v1');
    });

    it.each([
      ['GET', '/v1/tickets/NOPE/timeline', 'TicketNotFound'],
      ['GET', '/v1/tickets/NOPE/outcome', 'TicketNotFound'],
      ['GET', '/v1/invoices/NOPE', 'InvoiceNotFound'],
      ['GET', '/v1/invoices/NOPE/lines', 'InvoiceNotFound'],
      ['GET', '/v1/gaps/NOPE', 'GapNotFound'],
      ['GET', '/v1/billable-items/NOPE', 'BillableItemNotFound'],
      ['POST', '/v1/tickets/NOPE/start', 'TicketUnknown'],
      ['POST', '/v1/tickets/INC1/time-entries/NOPE/approve', 'WorkItemUnknown'],
      ['POST', '/v1/tickets/INC1/timers/NOPE/stop', 'TimerUnknown'],
      ['POST', '/v1/invoices/NOPE/issue', 'InvoiceNotFound'],
    ])('%s %s names a thing that is not there: 404', async (method, path, code) => {
      expectProblem(method === 'GET' ? await story.admin.get(path) : await story.admin.post(path), 404, code);
    });

    it.each(['%00', 'a%2Fb', '..%2F..%2Fetc', '%20', "'%20OR%201=1", '-x', 'a'.repeat(150), '%F0%9F%92%A9'])(
      'an id like %s can be nobody’s',
      async (id) => {
        expectProblem(await story.admin.post(`/v1/tickets/${id}/start`), 400, 'InvalidInput');
        expectProblem(await story.admin.get(`/v1/tickets/${id}/timeline`), 404, 'TicketNotFound');
      },
    );

    it.each(['%E0%A4%A', '%zz', 'a'.repeat(1_000)])('a part of a path like %s can’t be read', async (id) => {
      expectProblem(await story.admin.get(`/v1/tickets/${id}/timeline`), 400, 'MalformedRequest');
    });

    it('what is no HTTP at all gets a problem too', async () => {
      const { hostname, port } = new URL(api.url);
      const answered = await new Promise<string>((resolve, reject) => {
        let text = '';
        const socket = connect(Number(port), hostname, () => socket.end('HELLO\r\n\r\n'));
        socket.on('data', (chunk) => (text += chunk.toString()));
        socket.on('close', () => resolve(text));
        socket.on('error', reject);
      });
      expect(answered).toMatch(/^HTTP\/1\.1 400 /);
      expect(answered).toContain('application/problem+json');
      expect(answered).toContain('"code":"MalformedRequest"');
    });
  });

  describe('Idempotency-Key', () => {
    const note = { text: 'Said once' };

    it('answers a repeat as the first time, with the same made id, and has one effect', async () => {
      const key = { 'idempotency-key': 'note-1' };
      const first = await story.support.does<{ noteId: string }>('/v1/tickets/INC1/notes', note, key);
      const again = await story.support.does<{ noteId: string }>('/v1/tickets/INC1/notes', note, key);
      expect(again).toEqual({ ...first, repeated: true });
      const entries = await story.support.readsAll<{ type: string }>('/v1/tickets/INC1/timeline');
      expect(entries.filter(({ type }) => type === 'NoteAdded')).toHaveLength(1);
    });

    it('refuses another request under the same key', async () => {
      const key = { 'idempotency-key': 'note-2' };
      await story.support.does('/v1/tickets/INC1/notes', note, key);
      expectProblem(
        await story.support.post('/v1/tickets/INC1/notes', { text: 'Something else' }, key),
        422,
        'IdempotencyKeyReused',
      );
    });

    it('is the caller’s own: two callers may use one key', async () => {
      const key = { 'idempotency-key': 'shared' };
      const mine = await story.support.does<{ noteId: string }>('/v1/tickets/INC1/notes', note, key);
      const theirs = await story.operations.does<{ noteId: string }>('/v1/tickets/INC1/notes', note, key);
      expect(theirs).toMatchObject({ repeated: false });
      expect(theirs.noteId).not.toBe(mine.noteId);
    });

    it('may have 255 characters and not one more, nor none', async () => {
      const post = (key: string) => story.support.post('/v1/tickets/INC1/notes', note, { 'idempotency-key': key });
      const first = await post('k'.repeat(255));
      expect(first.status).toBe(201);
      expect(await post('k'.repeat(255))).toMatchObject({ status: 201, body: { ...first.body, repeated: true } });
      expectProblem(await post('k'.repeat(256)), 400, 'MalformedRequest');
      expectProblem(await post('two words'), 400, 'MalformedRequest');
    });

    it('answers again what an issue answered', async () => {
      await story
        .ticketInProgress('INC-issue')
        .time('te-issue')
        .approveTime('te-issue')
        .resolve()
        .draft('inv-issue')
        .approve()
        .told();
      const key = { 'idempotency-key': 'issue-1' };
      const first = await story.accounts.does('/v1/invoices/inv-issue/issue', {}, key);
      expect(await story.accounts.does('/v1/invoices/inv-issue/issue', {}, key)).toMatchObject({
        position: first.position,
        repeated: true,
      });
    });
  });

  describe('ETag and If-Match', () => {
    it('let a change through only where nothing changed since', async () => {
      const first = await story.support.post<WriteAnswer>('/v1/tickets', { summary: 'Versions' });
      const { stream, version, position: seen } = first.body;
      expect(first.headers['etag']).toBe(`"${seen}"`);
      const notes = `/v1/tickets/${stream.slice('ticket-'.length)}/notes`;
      const second = await story.support.post<WriteAnswer>(notes, { text: 'a' }, { 'if-match': `"${seen}"` });
      expect(second).toMatchObject({ status: 201, body: { version: version + 1 } });
      const { details } = expectProblem(
        await story.support.post(notes, { text: 'b' }, { 'if-match': `"${seen}"` }),
        412,
        'PreconditionFailed',
      );
      expect(details).toEqual({ ifMatch: seen, etag: second.body.position });
      // A number of events, as ETags once were, fits no event.
      expectProblem(await story.support.post(notes, { text: 'b' }, { 'if-match': '"2"' }), 412, 'PreconditionFailed');
    });

    it('of many at once with one ETag, one wins', async () => {
      const { stream, position: seen } = await story.support.does('/v1/tickets', { summary: 'Many' });
      const notes = `/v1/tickets/${stream.slice('ticket-'.length)}/notes`;
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => story.support.post(notes, { text: 'x' }, { 'if-match': `"${seen}"` })),
      );
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 201)).toHaveLength(1);
      expect(statuses.filter((status) => status === 412)).toHaveLength(9);
    });

    it.each(['abc', '*', '"1", "2"', 'W/"1"'])('refuse an If-Match like %s', async (header) => {
      expectProblem(
        await story.support.post('/v1/tickets/INC1/notes', { text: 'x' }, { 'if-match': header }),
        400,
        'MalformedRequest',
      );
    });
  });

  describe('reads', () => {
    it('see one’s own write at the position that it answered', async () => {
      for (let round = 0; round < 20; round++) {
        const { ticketId, position } = await story.support.does<{ ticketId: string }>('/v1/tickets', {
          summary: 'Mine',
        });
        const noCharge = { reasonCode: 'test', reason: 'Nothing was done' };
        await story.operations.does(`/v1/tickets/${ticketId}/no-charge`, noCharge);
        const page = await story.support.reads<Page<object>>(`/v1/tickets/${ticketId}/timeline?atLeast=${position}`);
        expect(page.items[0]).toMatchObject({ type: 'TicketRequested', position });
      }
    });

    it.each(['atLeast', 'upTo'])(
      'refuse a position in %s that the log has not reached, or where another event is',
      async (name) => {
        const { position } = await story.support.does('/v1/tickets', { summary: 'Mine' });
        const [at = '', tag = ''] = position.split('.');
        const other = `${at}.${tag === 'ffffffff' ? '00000000' : 'ffffffff'}`;
        for (const unknown of ['9000000000000000.00000000', other]) {
          const asked = `/v1/billable-items?${name}=${unknown}`;
          const { details, remedy } = expectProblem(await story.accounts.get(asked), 409, 'PositionUnknown');
          expect(details).toMatchObject({ position: unknown });
          expect(remedy).toContain('Ask again without it');
        }
        expect((await story.accounts.get(`/v1/billable-items?${name}=${position}`)).status).toBe(200);
      },
    );

    it.each([
      'limit=0',
      'limit=201',
      'limit=ten',
      'limit=1.5',
      'atLeast=-1',
      'atLeast=1',
      'upTo=1.0000000G',
      'atLeast=0.00000000&atLeast=0.00000000',
      'period=2026-13',
      'surprise=1',
    ])('refuse ?%s', async (query) => {
      expectProblem(await story.accounts.get(`/v1/billable-items?${query}`), 400, 'InvalidInput');
    });

    it('name a parameter that they do not know', async () => {
      const { body } = await story.accounts.get('/v1/billable-items?surprise=1');
      expect(body.detail).toBe('Unknown query parameter `surprise`.');
    });

    it('suggest the client that a wrong id may mean, by id or by name, and none where nothing is near', async () => {
      const detail = async (clientId: string): Promise<string> =>
        (await story.accounts.get(`/v1/reconciliation?clientId=${clientId}`)).body.detail;
      const { position } = await story.time('te-near', 30).told();
      await story.accounts.reads(`/v1/reconciliation?atLeast=${position}`);
      expect(await detail('acne')).toBe('No client with id acne. Did you mean acme, Client acme?');
      expect(await detail('CLIENT')).toBe('No client with id CLIENT. Did you mean acme, Client acme?');
      expect(await detail('nothing-like-it')).toBe('No client with id nothing-like-it.');
    });

    it('take 1 to 200 rows a page', async () => {
      for (const limit of [1, 200]) {
        const page = await story.support.reads<Page<object>>(`/v1/tickets/INC1/timeline?limit=${limit}`);
        expect(page.items.length).toBeLessThanOrEqual(limit);
      }
    });

    it('go page by page through every list without a hole or a double', async () => {
      await story.ticketInProgress('INC-pages').told();
      for (let index = 0; index < 7; index++) await story.time(`te-page-${index}`, 30 + index).told();
      const { position } = await story.time('te-page-last').told();
      const one = await story.accounts.readsAll<{ itemId: string }>(
        `/v1/billable-items?ticketId=INC-pages&atLeast=${position}`,
        3,
      );
      expect(one.map(({ itemId }) => itemId).toSorted((a, b) => a.localeCompare(b))).toEqual([
        ...Array.from({ length: 7 }, (_, index) => `te-page-${index}`),
        'te-page-last',
      ]);
    });

    it.each([
      'nonsense',
      '',
      Buffer.from('["gaps",1]').toString('base64url'),
      Buffer.from('["invoices",1e300]').toString('base64url'),
      'x'.repeat(1_001),
    ])('refuse the cursor %j of another list or of nobody', async (cursor) => {
      expectProblem(await story.accounts.get(`/v1/invoices?cursor=${cursor}`), 400, 'InvalidInput');
    });
  });

  describe('every answer', () => {
    it('carries the caller’s correlation id where it is sane, and one of its own where not', async () => {
      const given = await story.admin.get<object>('/health/live', { 'x-correlation-id': 'my-id-1' });
      expect(given.headers['x-correlation-id']).toBe('my-id-1');
      const insane = await story.admin.get<object>('/health/live', { 'x-correlation-id': 'x'.repeat(101) });
      expect(insane.headers['x-correlation-id']).toMatch(/^[0-9a-f-]{36}$/);
      const refused = await story.admin.get('/nothing', { 'x-correlation-id': 'my-id-2' });
      expect(refused.body.correlationId).toBe('my-id-2');
    });

    it('hands the correlation id to the events it causes', async () => {
      const { stream } = await story.support.does('/v1/tickets', { summary: 'x' }, { 'x-correlation-id': 'my-id-3' });
      const { events } = await api.billtrail.store.readStream(stream);
      expect(events.map((event) => event.correlationId)).toEqual(['my-id-3']);
    });

    it('forbids caching, sniffing and telling where it came from', async () => {
      expect((await story.admin.get('/v1/reconciliation')).headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
    });

    it('of a refused move names the route that leads on, and no command of the code', async () => {
      const { body } = await story.support.post('/v1/tickets/INC1/resume');
      expect(`${body.detail} ${body.remedy}`).not.toMatch(/[a-z][A-Z]/);
      const closed = await story.support.post('/v1/tickets/INC1/service-verification');
      expect([closed.body.detail, closed.body.remedy]).toEqual([
        "INC1 is in progress, so its service verification report can't be sent.",
        'Resolve it: POST /v1/tickets/INC1/resolve',
      ]);
    });

    it('of a refused command names the rule and what to do, and writes nothing', async () => {
      const before = await api.billtrail.store.readStream('ticket-INC1');
      const problem = expectProblem(
        await story.support.post('/v1/tickets/INC1/resolve', { resolution: 'Done', materials: 'none-used' }),
        409,
        'WorkUndeclared',
      );
      expect(problem.remedy).toMatch(/declare no charge/);
      expect(await api.billtrail.store.readStream('ticket-INC1')).toEqual(before);
    });
  });
});
