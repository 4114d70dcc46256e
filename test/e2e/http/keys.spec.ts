import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { START } from '@billtrail/event-store';
import { makeKey, SCOPES } from '@billtrail/application';
import { LIMITS } from '../../../apps/api/src/http/limits.js';
import { Api, NOW, type Page, type Person, type WriteAnswer } from '../kit.js';
import { MONTH, Story, timeEntry } from '../story.js';

interface Made extends WriteAnswer {
  readonly personId: string;
  readonly keyId: string;
  readonly key: string;
  readonly expiresAt: string;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}
interface Operation {
  readonly security?: readonly object[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly example?: object }>> };
}

/** Of some month before. */
const BEFORE = '2026-02-01T00:00:00Z';
/** What is posted to these is asked, not recorded. */
const QUESTIONS: ReadonlySet<string> = new Set([
  'POST /v1/what-if',
  'POST /v1/contracts/check',
  'POST /v1/contracts/uplift',
  // Its commands look, or are refused to a key that only reads: elsewhere.spec.ts.
  'POST /v1/command-line',
]);
/** Whose key it is may always be asked; commands of all parts are run by no key that is for some of them. */
const WITHOUT_SCOPE: ReadonlySet<string> = new Set(['me', 'command-line']);

describe('keys of persons', () => {
  let api: Api;
  let admin: Person;
  /** All but the public ones. */
  let routes: readonly string[];
  /** What the document shows to be sent. */
  const examples = new Map<string, object>();
  beforeAll(async () => {
    api = await Api.open({ limits: { ...LIMITS, wrongKeys: Infinity } });
    admin = api.as('admin');
    await new Story(api)
      .client('acme')
      .contract('acme-tm')
      .ticketInProgress('INC1')
      .time('te-1')
      .resolve()
      .client('beta')
      .contract('beta-tm')
      .ticketInProgress('INC2')
      .told();
    const { paths } = await api.nobody().reads<Document>('/openapi.json');
    routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { security, requestBody }]) => {
        const route = `${method.toUpperCase()} ${path}`;
        examples.set(route, requestBody?.content['application/json']?.example ?? {});
        return security === undefined ? [] : [route];
      }),
    );
    expect(routes.length).toBeGreaterThan(90);
  });
  afterAll(() => api.close());

  const ask = (who: Person, route: string, id = 'NOPE') => {
    const path = route.split(' ')[1]!.replaceAll(/\{\w+\}/g, id);
    return route.startsWith('GET') ? who.get(path) : who.post(path, examples.get(route));
  };
  const codes = async (who: Person, id?: string) => {
    const found: [route: string, status: number, code: string][] = [];
    for (const route of routes) {
      const { status, body } = await ask(who, route, id);
      found.push([route, status, body.code]);
    }
    return found;
  };
  let persons = 0;
  const registered = async (roles: readonly string[], more: object = {}) => {
    const personId = `person-${++persons}`;
    await admin.does('/v1/persons', { personId, name: `Person ${persons}`, roles, ...more });
    return personId;
  };
  const made = (personId: string, body: object) => admin.does<Made>(`/v1/persons/${personId}/keys`, body);

  it('a person is registered, gets a key, is named by it, and signs in with it until it is revoked', async () => {
    const answer = await admin.does<Made>('/v1/persons', {
      name: 'Ana Bell',
      email: 'ana@wattle.example',
      roles: ['accounts', 'support'],
    });
    const { key, keyId, expiresAt } = await made(answer.personId, { role: 'accounts', expiresInDays: 30 });
    expect(expiresAt).toBe('2026-04-19T02:00:00.000Z');
    const ana = api.nobody(key);
    expect(await ana.reads('/v1/me')).toMatchObject({
      personId: answer.personId,
      name: 'Ana Bell',
      role: 'accounts',
      key: { keyId, expiresAt, lastUsedAt: NOW },
    });
    expect(await admin.reads(`/v1/persons/${answer.personId}`)).toMatchObject({
      keyedBy: [{ actorId: 'admin-1', at: NOW }],
    });
    const { stream } = await ana.does('/v1/clients/acme/details', {
      name: 'Acme',
      currency: 'AUD',
      timeZone: 'Australia/Sydney',
    });
    const { events } = await api.billtrail.store.readStream(stream);
    expect(events.at(-1)?.actor).toEqual({ id: answer.personId, role: 'accounts' });
    await ana.does(`/v1/keys/${keyId}/revoke`);
    expect(await ana.get('/v1/me')).toMatchObject({ status: 401, body: { code: 'NotSignedIn' } });
    const told = await admin.get(`/v1/persons/${answer.personId}`);
    expect(told.body).toMatchObject({ email: 'ana@wattle.example', keys: [{ keyId, revokedAt: NOW }] });
    expect(told.text).not.toContain(key);
  });

  it('that are revoked, expired, or whose role was taken away, sign in on no route there is', async () => {
    const person = await registered(['admin', 'support']);
    const keys = [
      await made(person, { role: 'admin' }),
      await made(person, { role: 'support' }),
      { ...(await makeKey(api.billtrail.vault, person, 'admin', BEFORE, { expiresAt: NOW })), key: '' },
    ];
    const expired = await makeKey(api.billtrail.vault, person, 'admin', BEFORE, { expiresAt: NOW });
    await admin.does(`/v1/keys/${keys[0]!.keyId}/revoke`);
    await admin.does(`/v1/persons/${person}/details`, { roles: ['admin'] });
    for (const key of [keys[0]!.key, keys[1]!.key, expired.key])
      for (const [route, status, code] of await codes(api.nobody(key)))
        expect([route, status, code]).toEqual([route, 401, 'NotSignedIn']);
  });

  it('that only read record nothing on any route, and may ask what their role may', async () => {
    const { key } = await made(await registered(['admin']), { role: 'admin', readOnly: true });
    const { position } = await admin.does('/v1/tickets', { ticketId: 'T-read', clientId: 'acme', summary: 'x' });
    for (const [route, status, code] of await codes(api.nobody(key))) {
      if (route.startsWith('GET') || QUESTIONS.has(route)) expect([route, status]).not.toEqual([route, 403]);
      else expect([route, status, code]).toEqual([route, 403, 'KeyReadOnly']);
    }
    expect(String(await api.billtrail.store.head())).toBe(position);
  });

  it('with a scope reach what stands under it and nothing else, and every route there is has one', async () => {
    const parts = new Set(routes.map((route) => route.split('/')[2] ?? ''));
    expect([...parts].filter((part) => !WITHOUT_SCOPE.has(part)).sort()).toEqual([...SCOPES].sort());
    const { key } = await made(await registered(['admin']), { role: 'admin', scope: ['tickets', 'sla'] });
    for (const [route, status, code] of await codes(api.nobody(key))) {
      if (/^\w+ \/v1\/(tickets|sla|me)\b/.test(route)) expect([route, status]).not.toEqual([route, 403]);
      else expect([route, status, code]).toEqual([route, 403, 'KeyOutOfScope']);
    }
    const wrong = await admin.post(`/v1/persons/${await registered(['admin'])}/keys`, {
      role: 'admin',
      scope: ['money'],
    });
    expect(wrong).toMatchObject({ status: 400, body: { code: 'InvalidInput' } });
  });

  it('of a client’s users find what is their client’s, and nothing of another client on any route', async () => {
    const of = async (clientId: string) => {
      const { key } = await made(await registered(['client'], { clientId }), { role: 'client' });
      return api.nobody(key);
    };
    const [acme, beta] = [await of('acme'), await of('beta')];
    const head = String(await api.billtrail.store.head());
    for (const [route, status, code] of await codes(beta, 'INC1')) {
      // Whose a new ticket would be is looked at below.
      if (route === 'GET /v1/me' || route === 'POST /v1/tickets') continue;
      expect([route, status === 403 ? 'NotAllowed' : 'not there']).toEqual([
        route,
        status === 404 ? 'not there' : code,
      ]);
    }
    const foreign = await beta.post('/v1/tickets', { summary: 'Not ours', clientId: 'acme' });
    expect(foreign).toMatchObject({ status: 404 });
    for (const step of ['reopen', 'service-verification/approve'])
      expect(await beta.post(`/v1/tickets/INC1/${step}`)).toMatchObject({
        status: 404,
        body: { code: 'TicketNotFound' },
      });
    const rejected = await beta.post('/v1/tickets/INC1/service-verification/reject', { reason: 'x' });
    expect(rejected).toMatchObject({ status: 404, body: { code: 'TicketNotFound' } });
    expect(String(await api.billtrail.store.head())).toBe(head);

    // Dated back, it would have missed its targets before it came.
    for (const occurredAt of [BEFORE, NOW, '2026-12-01T00:00:00Z']) {
      const dated = { summary: 'x', clientId: 'acme', priority: 'critical', occurredAt };
      for (const [path, body] of [
        ['/v1/tickets', dated],
        ['/v1/tickets/INC1/reopen', { occurredAt }],
      ] as const)
        expect(await acme.post(path, body)).toMatchObject({
          status: 409,
          body: { code: 'OccurredAtNotTaken', remedy: expect.stringContaining('Leave occurredAt out') },
        });
    }
    expect(String(await api.billtrail.store.head())).toBe(head);

    const own = await acme.does<{ ticketId: string }>('/v1/tickets', { summary: 'No mail', clientId: 'acme' });
    expect(own.stream).toBe(`ticket-${own.ticketId}`);
    expect((await acme.post('/v1/tickets/INC1/reopen')).status).toBe(200);
  });

  it('of somebody else are not there for who may rotate and revoke their own', async () => {
    const theirs = await made(await registered(['accounts']), { role: 'accounts' });
    const own = await made(await registered(['support']), { role: 'support' });
    const support = api.nobody(own.key);
    for (const act of ['rotate', 'revoke'])
      expect(await support.post(`/v1/keys/${theirs.keyId}/${act}`)).toMatchObject({
        status: 404,
        body: { code: 'KeyUnknown' },
      });
    const rotated = await support.does<Made>(`/v1/keys/${own.keyId}/rotate`);
    expect((await support.get('/v1/me')).status).toBe(401);
    expect((await api.nobody(rotated.key).get('/v1/me')).status).toBe(200);
  });

  it('that 20 callers make at once are all there, each once, and all sign in (Z7)', async () => {
    const people = await Promise.all(Array.from({ length: 4 }, () => registered(['support', 'operations'])));
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, caller) =>
        api.as('admin', `admin-${caller}`).post<Made>(`/v1/persons/${people[caller % 4]}/keys`, { role: 'support' }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    const made20 = answers.map(({ body }) => body);
    expect(new Set(made20.map(({ key }) => key)).size).toBe(20);
    const kept = await Promise.all(
      people.map((personId) => admin.readsAll<{ keyId: string }>(`/v1/keys?personId=${personId}`, 3)),
    );
    expect(
      kept
        .flat()
        .map(({ keyId }) => keyId)
        .sort(),
    ).toEqual(made20.map(({ keyId }) => keyId).sort());
    const signedIn = await Promise.all(made20.map(({ key }) => api.nobody(key).get<{ personId: string }>('/v1/me')));
    expect(signedIn.map(({ body }) => body.personId)).toEqual(made20.map(({ personId }) => personId));
  });

  it('are shown once, and what is asked again under one Idempotency-Key has one effect', async () => {
    const key = { 'idempotency-key': 'one-person' };
    const body = { name: 'Cleo Diaz', roles: ['support'] };
    const [one, again] = [
      await admin.does<Made>('/v1/persons', body, key),
      await admin.does<Made>('/v1/persons', body, key),
    ];
    expect(again).toMatchObject({ personId: one.personId, repeated: true });
    expect(await admin.post('/v1/persons', { ...body, name: 'Eve' }, key)).toMatchObject({ status: 422 });
    const ofKey = { 'idempotency-key': 'one-key' };
    await admin.does(`/v1/persons/${one.personId}/keys`, { role: 'support' }, ofKey);
    const repeated = await admin.post(`/v1/persons/${one.personId}/keys`, { role: 'support' }, ofKey);
    expect(repeated).toMatchObject({ status: 409, body: { code: 'KeyShownOnce' } });
    const { items } = await admin.reads<Page<object>>(`/v1/keys?personId=${one.personId}`);
    expect(items).toHaveLength(1);
  });

  it('leave the log without a name, an address or a key', async () => {
    const { personId } = await admin.does<Made>('/v1/persons', {
      name: 'Zora Quill-Unheard',
      email: 'zora@unheard.example',
      roles: ['support'],
    });
    const { key } = await made(personId, { role: 'support' });
    const { events } = await api.billtrail.store.readAll({ after: START, limit: 1_000 });
    const log = JSON.stringify(events);
    expect(log).toContain(personId);
    for (const secret of ['Zora', 'unheard', key]) expect(log).not.toContain(secret);
  });

  it('of persons of an earlier version go on, and they are named afterwards', async () => {
    const { key } = await makeKey(api.billtrail.vault, 'eng-7', 'support', BEFORE);
    const engineer = api.nobody(key);
    await engineer.does('/v1/tickets/INC2/time-entries', { ...timeEntry('te-7'), workDate: `${MONTH}-11` });
    expect(await engineer.reads('/v1/me')).toMatchObject({ personId: 'eng-7', name: null });
    await admin.does('/v1/persons/eng-7/details', { name: 'Eno Grey' });
    expect(await engineer.reads('/v1/me')).toMatchObject({ personId: 'eng-7', name: 'Eno Grey', roles: ['support'] });
  });
});
