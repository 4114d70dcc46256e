import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROLES, type Role } from '@billtrail/kernel';
import { Api } from '../kit.js';
import { MONTH, Story, TERMS, timeEntry } from '../story.js';

type Who = 'everyone' | readonly Role[];

const { timeEntryId: _entry, ...TIME } = timeEntry('', 30);
const MATERIAL = { itemCode: 'x', description: 'x', quantity: '1', workDate: '2026-03-10' };
const EXPENSE = { description: 'x', cost: { amount: '1.00', currency: 'AUD' }, workDate: '2026-03-10' };
const CLIENT = { name: 'x', currency: 'AUD', timeZone: 'Australia/Sydney' };
const REASON = { reason: 'x' };
const BLOCK = { amount: { unit: 'minutes', minutes: 60 }, purchasedOn: '2026-03-01' };
const WHY = { reasonCode: 'x', comment: 'x' };

const WORKERS: Who = ['support', 'operations'];
const STEERERS: Who = ['operations'];
const ACCOUNTS: Who = ['accounts'];
const OFFICE: Who = ['operations', 'accounts'];
const SITE = { siteId: 'branch', from: '2026-01-01', name: 'Branch' };
const STAFF: Who = ['operations', 'support', 'accounts'];

/**
 * Who may do what, by the roles of the domain page and beside `admin`, who may everything; and a body that is well-formed, so that nothing but
 * the role decides. A route that is not in this table fails the test.
 */
const MATRIX: Readonly<Record<string, readonly [Who, object?]>> = {
  'GET /': ['everyone'],
  'GET /health/live': ['everyone'],
  'GET /health/ready': ['everyone'],
  'GET /parked-streams': [ACCOUNTS],
  'POST /clients': [OFFICE, CLIENT],
  'POST /clients/{clientId}/details': [ACCOUNTS, CLIENT],
  'POST /clients/{clientId}/sites': [OFFICE, SITE],
  'POST /clients/{clientId}/sites/{siteId}/details': [OFFICE, SITE],
  'GET /clients/{clientId}/sites': [STAFF],
  'POST /contracts': [ACCOUNTS, { clientId: 'acme', name: 'x', effectiveFrom: '2026-01-01', terms: TERMS }],
  'POST /contracts/{contractId}/versions': [ACCOUNTS, { effectiveFrom: '2026-02-01', terms: TERMS }],
  'POST /contracts/{contractId}/terminate': [ACCOUNTS, { lastDay: '2027-01-01', ...REASON }],
  'POST /contracts/{contractId}/renew': [ACCOUNTS, { versionNumber: 1, effectiveTo: null }],
  'POST /contracts/{contractId}/notice': [ACCOUNTS, { givenOn: '2026-11-01', ...REASON }],
  'POST /contracts/{contractId}/notice/withdraw': [ACCOUNTS, { ...REASON }],
  'POST /contracts/{contractId}/suspend': [ACCOUNTS, { from: '2026-11-01', ...REASON }],
  'POST /contracts/{contractId}/resume': [ACCOUNTS, { resumedOn: '2026-11-15' }],
  'POST /contracts/{contractId}/prepaid-blocks': [ACCOUNTS, BLOCK],
  'POST /contracts/{contractId}/prepaid-blocks/{blockId}/return': [ACCOUNTS, { amount: BLOCK.amount, ...REASON }],
  'POST /contracts/{contractId}/prepaid-blocks/{blockId}/withdraw': [ACCOUNTS, REASON],
  'POST /contracts/{contractId}/counts': [OFFICE, { countOf: 'workstation', count: 3, from: '2026-03-01' }],
  'POST /contracts/{contractId}/milestones/{milestoneId}/reached': [
    OFFICE,
    { reachedOn: '2026-03-10', acceptedBy: 'x' },
  ],
  'POST /contracts/{contractId}/milestones/{milestoneId}/withdraw': [ACCOUNTS, REASON],
  'GET /contracts/{contractId}/milestones': [OFFICE],
  'POST /contracts/check': [ACCOUNTS, { clients: [] }],
  'POST /contracts/uplift': [ACCOUNTS, { percent: '4', from: '2027-07-01' }],
  'POST /contracts/uplift/publish': [ACCOUNTS, { percent: '4', from: '2027-07-01', hash: 'a'.repeat(64) }],
  'GET /contracts/{contractId}/back-dating': [ACCOUNTS],
  'GET /contracts/{contractId}/burn-down': [OFFICE],
  'POST /what-if': [
    ACCOUNTS,
    { clientId: 'acme', period: MONTH, contractId: 'acme-tm', effectiveFrom: '2026-03-01', terms: TERMS },
  ],
  'GET /charges': [OFFICE],
  'GET /charges/{chargeItemId}': [OFFICE],
  'GET /charges/{chargeItemId}/explanation': [OFFICE],
  'GET /prepaid': [OFFICE],
  'GET /prepaid/statement': [OFFICE],
  'GET /unpriced-work': [OFFICE],
  'POST /tickets': [[...WORKERS, 'client'], { summary: 'x' }],
  'POST /tickets/{ticketId}/triage': [STEERERS],
  'POST /tickets/{ticketId}/reclassify': [STEERERS],
  'POST /tickets/{ticketId}/scope': [STEERERS, { scope: 'in-contract', ...REASON }],
  'POST /tickets/{ticketId}/merge': [STEERERS, { into: 'T2', ...REASON }],
  'POST /tickets/{ticketId}/split': [STEERERS, REASON],
  'POST /tickets/{ticketId}/assign': [STEERERS, { engineerId: 'support-1' }],
  'POST /tickets/{ticketId}/reprioritise': [STEERERS, { priority: 'low' }],
  'POST /tickets/{ticketId}/start': [WORKERS],
  'POST /tickets/{ticketId}/pend-on-client': [WORKERS],
  'POST /tickets/{ticketId}/pend-on-third-party': [WORKERS],
  'POST /tickets/{ticketId}/resume': [WORKERS],
  'POST /tickets/{ticketId}/resolve': [WORKERS],
  'POST /tickets/{ticketId}/service-verification': [WORKERS],
  'POST /tickets/{ticketId}/service-verification/approve': [['client']],
  'POST /tickets/{ticketId}/service-verification/reject': [['client', 'operations'], REASON],
  'POST /tickets/{ticketId}/close': [STEERERS],
  'POST /tickets/{ticketId}/cancel': [STEERERS, { as: 'cancelled', ...REASON }],
  'POST /tickets/{ticketId}/reopen': [[...WORKERS, 'client']],
  'POST /tickets/{ticketId}/notes': [WORKERS, { text: 'x' }],
  'POST /tickets/{ticketId}/work/{workItemId}/courtesy': [ACCOUNTS, REASON],
  'POST /tickets/{ticketId}/work/{workItemId}/courtesy/withdraw': [ACCOUNTS, REASON],
  'POST /tickets/{ticketId}/no-charge': [OFFICE, { reasonCode: 'x', ...REASON }],
  'POST /tickets/{ticketId}/time-entries': [WORKERS, TIME],
  'POST /tickets/{ticketId}/time-entries/{timeEntryId}/correct': [WORKERS, { ...TIME, ...REASON }],
  'POST /tickets/{ticketId}/time-entries/{timeEntryId}/approve': [STEERERS],
  'POST /tickets/{ticketId}/time-entries/{timeEntryId}/reject': [STEERERS, REASON],
  'POST /tickets/{ticketId}/time-entries/{timeEntryId}/price': [ACCOUNTS, { pricePerHour: null, ...REASON }],
  'POST /tickets/{ticketId}/time-entries/{timeEntryId}/void': [WORKERS, REASON],
  'POST /tickets/{ticketId}/materials': [WORKERS, MATERIAL],
  'POST /tickets/{ticketId}/materials/{materialUsageId}/correct': [WORKERS, { ...MATERIAL, ...REASON }],
  'POST /tickets/{ticketId}/materials/{materialUsageId}/void': [WORKERS, REASON],
  'POST /tickets/{ticketId}/expenses': [WORKERS, EXPENSE],
  'POST /tickets/{ticketId}/expenses/{expenseId}/correct': [WORKERS, { ...EXPENSE, ...REASON }],
  'POST /tickets/{ticketId}/expenses/{expenseId}/void': [WORKERS, REASON],
  'POST /tickets/{ticketId}/timers': [WORKERS, { engineerId: 'support-1' }],
  'POST /tickets/{ticketId}/timers/{timerId}/stop': [WORKERS],
  'GET /tickets/{ticketId}/timeline': [STAFF],
  'GET /tickets/{ticketId}/outcome': [STAFF],
  'GET /sla': [STAFF],
  'GET /billable-items': [OFFICE],
  'GET /billable-items/{itemId}': [OFFICE],
  'GET /billable-items/{itemId}/explanation': [OFFICE],
  'POST /billable-items/{itemId}/write-off': [ACCOUNTS, WHY],
  'GET /gaps': [OFFICE],
  'GET /gaps/{gapId}': [OFFICE],
  'POST /gaps/{gapId}/assign': [OFFICE, { ownerId: 'x' }],
  'POST /gaps/{gapId}/accept': [OFFICE, WHY],
  'GET /forgoing-requests': [OFFICE],
  'GET /forgoing-requests/{requestId}': [OFFICE],
  'POST /forgoing-requests/{requestId}/withdraw': [OFFICE, { reason: 'x' }],
  'GET /invoices': [ACCOUNTS],
  'GET /invoices/{invoiceId}': [ACCOUNTS],
  'GET /invoices/{invoiceId}/lines': [ACCOUNTS],
  'GET /invoices/{invoiceId}/charges': [ACCOUNTS],
  'GET /invoices/{invoiceId}/credit-notes': [ACCOUNTS],
  'GET /credit-notes': [ACCOUNTS],
  'GET /credit-notes/{creditNoteId}': [ACCOUNTS],
  'GET /credit-notes/{creditNoteId}/lines': [ACCOUNTS],
  'POST /credit-notes': [ACCOUNTS, { invoiceId: 'inv-1', items: [], reasonCode: 'x', comment: 'x' }],
  'POST /credit-notes/owed': [
    ACCOUNTS,
    { clientId: 'acme', period: MONTH, items: ['x'], reasonCode: 'x', comment: 'x' },
  ],
  'POST /invoices': [ACCOUNTS, { clientId: 'acme', period: MONTH }],
  'POST /invoices/{invoiceId}/discard': [ACCOUNTS, REASON],
  'POST /invoices/{invoiceId}/approve': [ACCOUNTS],
  'POST /invoices/{invoiceId}/issue': [ACCOUNTS],
  'GET /reconciliation': [OFFICE],
  'GET /reconciliation/client-periods': [OFFICE],
  'GET /reconciliation/tickets': [OFFICE],
  'GET /configuration': [OFFICE],
  'POST /configuration': [[], { configuration: {} }],
};

/** Things that are there, so that only the role stands between a caller and the answer. */
const IDS: Readonly<Record<string, string>> = {
  clientId: 'acme',
  contractId: 'acme-tm',
  ticketId: 'INC1',
  timeEntryId: 'te-1',
  itemId: 'te-1',
  invoiceId: 'inv-1',
};

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

describe('who may do what', () => {
  let api: Api;
  let routes: readonly string[];
  beforeAll(async () => {
    api = await Api.open();
    await new Story(api)
      .client('acme')
      .contract('acme-tm')
      .ticketInProgress('INC1')
      .time('te-1')
      .approveTime('te-1')
      .resolve()
      .draft('inv-1')
      .told();
    const { paths } = await api.nobody().reads<Document>('/openapi.json');
    routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
  });
  afterAll(() => api.close());

  const addressOf = (route: string) =>
    route.split(' ')[1]!.replaceAll(/\{(\w+)\}/g, (_all, name: string) => IDS[name] ?? 'NOPE');
  const ask = (who: ReturnType<Api['nobody']>, route: string) =>
    route.startsWith('GET') ? who.get(addressOf(route)) : who.post(addressOf(route), MATRIX[route]?.[1] ?? {});

  it('is said of every route there is', () => {
    expect([...routes].toSorted((a, b) => a.localeCompare(b))).toEqual(
      Object.keys(MATRIX).toSorted((a, b) => a.localeCompare(b)),
    );
  });

  it('tells a key that is missing from one that is wrong, and how to make one', async () => {
    const texts = await Promise.all(
      [null, 'bt_wrong'].map(async (key) => {
        const { body } = await api.nobody(key).get('/reconciliation');
        return [body.detail, body.remedy];
      }),
    );
    expect(texts).toEqual([
      ['This route needs an API key.', expect.stringContaining('billtrail key new --role admin')],
      ['This API key is not recognised.', expect.stringContaining('billtrail key new --role admin')],
    ]);
  });

  it('without a key, or with one that is nobody’s, only the public routes answer', async () => {
    const keys = [null, '', 'bt_', `bt_${'A'.repeat(43)}`, 'Basic x'];
    for (const route of routes) {
      for (const key of keys) {
        const { status, body, headers } = await ask(api.nobody(key), route);
        if (MATRIX[route]?.[0] === 'everyone') expect({ route, status }).toEqual({ route, status: 200 });
        else {
          expect({ route, status, code: body.code }).toEqual({ route, status: 401, code: 'NotSignedIn' });
          expect(headers['www-authenticate']).toMatch(/^Bearer/);
        }
      }
    }
  });

  it.each(ROLES)('%s is let through where the table says so and nowhere else', async (role) => {
    const person = api.as(role, `${role}-in-table`);
    const wrong: string[] = [];
    for (const route of routes) {
      const who = MATRIX[route]?.[0] ?? [];
      const may = who === 'everyone' || role === 'admin' || who.includes(role);
      const { status, body } = await ask(person, route);
      const letThrough = status !== 403 && status !== 401;
      if (letThrough !== may || status >= 500) wrong.push(`${route}: ${status} ${body.code}`);
      else if (!may) expect(body.code).toBe('NotAllowed');
    }
    expect(wrong).toEqual([]);
  });

  it('a client’s user sees and touches no ticket that is not the client’s: it is not there', async () => {
    const client = api.as('client', 'client-user');
    for (const what of ['reopen', 'service-verification/approve', 'service-verification/reject']) {
      const answer = await client.post(`/tickets/INC1/${what}`, what.endsWith('reject') ? REASON : {});
      expect(answer).toMatchObject({ status: 404, body: { code: 'TicketNotFound' } });
    }
    const requested = await client.post('/tickets', { summary: 'x', clientId: 'acme' });
    expect(requested).toMatchObject({ status: 404 });
  });

  it('nobody approves their own work', async () => {
    const both = api.as('operations', 'support-1');
    const { timeEntryId } = await both.does<{ timeEntryId: string }>('/tickets/INC1/time-entries', TIME);
    const answer = await both.post(`/tickets/INC1/time-entries/${timeEntryId}/approve`);
    expect(answer).toMatchObject({ status: 409, body: { code: 'OwnWork' } });
  });

  it('who acts is told by the key, whatever the body says', async () => {
    const { stream } = await api
      .as('support', 'support-7')
      .does('/tickets', { summary: 'x', requestedBy: 'someone-else' });
    const { events } = await api.billtrail.store.readStream(stream);
    expect(events[0]?.actor).toEqual({ id: 'support-7', role: 'support' });
    const forged = await api.as('support').post('/tickets', { summary: 'x', by: { id: 'admin', role: 'admin' } });
    expect(forged).toMatchObject({ status: 400, body: { code: 'InvalidInput' } });
  });
});
