import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Api, type Person } from '../kit.js';
import { MONTH, Story, TERMS, timeEntry } from '../story.js';

const SEED = 20_260_320;
const REQUESTS = 600;

/** JSON of so many levels: what walks through them by recursion runs out of stack, the writer of JSON too. */
const LEVELS = 5_000;
const DEEP = [
  `${'['.repeat(LEVELS)}${']'.repeat(LEVELS)}`,
  `${'{"terms":'.repeat(LEVELS)}{}${'}'.repeat(LEVELS)}`,
  `{"coverage":[${'{"match":'.repeat(LEVELS)}{}${'}'.repeat(LEVELS)}]}`,
];

/** Values that have broken parsers, databases and prices before. */
const STRANGE = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  '',
  ' ',
  '\u0000',
  '\ud800',
  '💸'.repeat(300),
  '-0',
  '1e5',
  '0x10',
  '99999999999999999999999999.999',
  'NaN',
  "'; DROP TABLE events; --",
  '__proto__',
  'constructor',
  '2026-02-30',
  '0000-00-00',
  '9999-12-31T23:59:60Z',
  'INC1',
  'te-1',
  'acme',
  [],
  {},
  [[[[]]]],
  JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`),
  { amount: '1', currency: 'AUD' },
  { amount: 'Infinity', currency: 'AUD' },
  { amount: '-5', currency: 'JPY' },
];

/** Requests that would be carried out if nothing in them were changed. */
const GOOD: readonly (readonly [path: string, body: Readonly<Record<string, unknown>>])[] = [
  [
    '/v1/tickets',
    { summary: 'x', clientId: 'acme', category: 'x', priority: 'high', occurredAt: '2026-03-19T00:00:00Z' },
  ],
  ['/v1/tickets/INC1/triage', { clientId: 'acme', category: 'x', priority: 'high' }],
  ['/v1/tickets/INC1/time-entries', { ...timeEntry('te-x'), startedAt: null, endedAt: null, statedBillableMinutes: 5 }],
  ['/v1/tickets/INC1/time-entries/te-1/correct', { ...timeEntry('te-1'), reason: 'x' }],
  [
    '/v1/tickets/INC1/materials',
    {
      itemCode: 'x',
      description: 'x',
      quantity: '1.5',
      unit: 'm',
      unitCost: { amount: '1.00', currency: 'AUD' },
      listPrice: { amount: '2.00', currency: 'AUD' },
      underWarranty: false,
      workDate: '2026-03-10',
    },
  ],
  [
    '/v1/tickets/INC1/expenses',
    { description: 'x', cost: { amount: '1.00', currency: 'AUD' }, workDate: '2026-03-10' },
  ],
  ['/v1/tickets/INC1/timers', { engineerId: 'support-1', timerId: 'tm-1' }],
  ['/v1/tickets/INC1/timers/tm-1/stop', { timeEntryId: 'te-2', workType: 'x', engineerRole: 'x', description: 'x' }],
  ['/v1/tickets/INC1/notes', { text: 'x', visibility: 'internal' }],
  ['/v1/tickets/INC1/resolve', { resolution: 'x', materials: 'none-used', scope: 'in-contract' }],
  ['/v1/clients', { name: 'x', currency: 'AUD', timeZone: 'Australia/Sydney', taxId: null, address: 'x' }],
  ['/v1/contracts', { clientId: 'acme', name: 'x', effectiveFrom: '2026-01-01', priority: 5, terms: TERMS }],
  ['/v1/contracts/acme-tm/versions', { effectiveFrom: '2026-02-01', effectiveTo: null, terms: TERMS }],
  [
    '/v1/contracts/acme-tm/prepaid-blocks',
    { amount: { unit: 'minutes', minutes: 60 }, purchasedOn: '2026-02-01', price: null },
  ],
  ['/v1/contracts/check', { clients: [{ clientId: 'acme', currency: 'AUD', contracts: [] }] }],
  [
    '/v1/what-if',
    { clientId: 'acme', period: MONTH, contractId: 'acme-tm', effectiveFrom: '2026-02-01', terms: TERMS },
  ],
  ['/v1/invoices', { clientId: 'acme', period: MONTH }],
  ['/v1/billable-items/te-1/write-off', { reasonCode: 'x', comment: 'x' }],
  ['/v1/configuration', { configuration: { organisation: {}, taxRates: { GST: '10' }, materialWords: [] } }],
];

/** Queries with parameters in them. */
const LISTS = [
  '/v1/billable-items',
  '/v1/gaps',
  '/v1/invoices',
  '/v1/reconciliation',
  '/v1/reconciliation/client-periods',
  '/v1/reconciliation/tickets',
  '/v1/tickets/INC1/timeline',
  '/v1/tickets/INC1/outcome',
];
const PARAMETERS = ['limit', 'cursor', 'atLeast', 'clientId', 'period', 'kind', 'state', 'asOf', 'upTo', 'fate', 'x'];

const strange = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...STRANGE) },
  { weight: 1, arbitrary: fc.jsonValue() },
);

/** One part of a good body, at any depth, replaced, added or taken away. */
const changedBody = (body: Readonly<Record<string, unknown>>) =>
  fc
    .tuple(fc.constantFrom(...pathsOf(body), ['surprise']), fc.option(strange, { nil: undefined, freq: 6 }))
    .map(([path, value]) => withChange(body, path, value));

function pathsOf(value: unknown, prefix: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => [[...prefix, name], ...pathsOf(part, [...prefix, name])]);
}

function withChange(body: unknown, [name, ...rest]: readonly string[], value: unknown): object {
  const copy = (Array.isArray(body) ? [...(body as unknown[])] : { ...(body as object) }) as Record<string, unknown>;
  copy[name!] = rest.length === 0 ? value : withChange(copy[name!], rest, value);
  return copy;
}

const write = fc
  .constantFrom(...GOOD)
  .chain(([path, body]) =>
    fc.record({ method: fc.constant('POST' as const), path: fc.constant(path), body: changedBody(body) }),
  );
const aimed = fc.record({
  method: fc.constantFrom('POST' as const, 'GET' as const),
  path: fc
    .tuple(fc.constantFrom(...GOOD.map(([path]) => path), ...LISTS), fc.string({ unit: 'binary', maxLength: 30 }))
    .map(([path, id]) => path.replace(/INC1|te-1|acme-tm|tm-1|$/, encodeSafely(id))),
  body: fc.constant({}),
});
const read = fc.record({
  method: fc.constant('GET' as const),
  path: fc
    .tuple(fc.constantFrom(...LISTS), fc.array(fc.tuple(fc.constantFrom(...PARAMETERS), strange), { maxLength: 4 }))
    .map(
      ([path, query]) => `${path}?${query.map(([name, value]) => `${name}=${encodeSafely(asText(value))}`).join('&')}`,
    ),
  body: fc.constant({}),
});

const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

function encodeSafely(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, ''));
}

describe('whatever is sent', () => {
  let api: Api;
  let admin: Person;
  beforeAll(async () => {
    api = await Api.open();
    const story = new Story(api);
    await story.client('acme').contract('acme-tm').ticketInProgress('INC1').time('te-1').told();
    admin = story.admin;
  });
  afterAll(() => api.close());

  it(`is answered with a result or a problem, never with a failure (${REQUESTS} requests, seed ${SEED})`, async () => {
    const statuses = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof({ weight: 5, arbitrary: write }, aimed, { weight: 2, arbitrary: read }),
        async (request) => {
          const answer =
            request.method === 'GET' ? await admin.get(request.path) : await admin.post(request.path, request.body);
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
          expect(answer.status).toBeLessThan(500);
          if (answer.status >= 400) {
            expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
            expect(answer.body).toMatchObject({ status: answer.status, code: expect.stringMatching(/^[A-Z]\w+$/) });
            expect(answer.text).not.toMatch(/node_modules|\.ts:\d|SQLITE/);
          }
        },
      ),
      { seed: SEED, numRuns: REQUESTS },
    );
    // The requests reach past the door: some are carried out, some malformed, some refused by a rule.
    for (const status of [200, 201, 400, 404, 409]) expect(statuses.get(status) ?? 0).toBeGreaterThan(0);
  });

  it.each(GOOD)(`is no failure where it is nested ${LEVELS} levels deep: POST %s`, async (path, body) => {
    for (const name of Object.keys(body)) {
      for (const deep of DEEP) {
        const text = JSON.stringify({ ...body, [name]: 'deep' }).replace(`"${name}":"deep"`, `"${name}":${deep}`);
        const answer = await admin.post(path, text, { 'content-type': 'application/json' });
        expect(answer).toMatchObject({ status: 400, body: { code: 'BodyTooDeep' } });
      }
    }
  });

  it('leaves the log whole, the read models running, and everything accounted for', async () => {
    const chain = await api.billtrail.store.capability('chain')?.verify();
    expect(chain?.findings).toEqual([]);
    await api.billtrail.upToDate();
    expect(api.billtrail.models.status().filter(({ error }) => error !== null)).toEqual([]);
    expect(api.billtrail.models.known.parkedInShort()).toBeNull();
    expect(await admin.reads<object>('/v1/reconciliation')).toMatchObject({ imbalances: [] });
  });
});
