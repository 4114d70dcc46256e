import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROLES, type Role } from '@billtrail/kernel';
import { LIMITS } from '../../../apps/api/src/http/limits.js';
import { Api } from '../kit.js';
import { Story } from '../story.js';

type Who = 'everyone' | readonly Role[];

const WORKERS: Who = ['support', 'operations'];
const STEERERS: Who = ['operations'];
const ACCOUNTS: Who = ['accounts'];
const OFFICE: Who = ['operations', 'accounts'];
const STAFF: Who = ['operations', 'support', 'accounts'];
const ALL: Who = [...STAFF, 'client'];

/**
 * Who may do what, by the roles of the domain page and beside `admin`, who may everything. What is sent is the example of the document, so that nothing but the
 * role decides. A route that is not in this table fails the test.
 */
const MATRIX: Readonly<Record<string, readonly [Who]>> = {
  'GET /': ['everyone'],
  'GET /health/live': ['everyone'],
  'GET /health/ready': ['everyone'],
  'GET /v1/parked-streams': [ACCOUNTS],
  'POST /v1/clients': [OFFICE],
  'POST /v1/clients/{clientId}/details': [ACCOUNTS],
  'POST /v1/clients/{clientId}/sites': [OFFICE],
  'POST /v1/clients/{clientId}/sites/{siteId}/details': [OFFICE],
  'GET /v1/clients/{clientId}/sites': [STAFF],
  'POST /v1/contracts': [ACCOUNTS],
  'POST /v1/contracts/{contractId}/versions': [ACCOUNTS],
  'POST /v1/contracts/{contractId}/terminate': [ACCOUNTS],
  'POST /v1/contracts/{contractId}/renew': [ACCOUNTS],
  'POST /v1/contracts/{contractId}/notice': [ACCOUNTS],
  'POST /v1/contracts/{contractId}/notice/withdraw': [ACCOUNTS],
  'POST /v1/contracts/{contractId}/suspend': [ACCOUNTS],
  'POST /v1/contracts/{contractId}/resume': [ACCOUNTS],
  'POST /v1/contracts/{contractId}/prepaid-blocks': [ACCOUNTS],
  'POST /v1/contracts/{contractId}/prepaid-blocks/{blockId}/return': [ACCOUNTS],
  'POST /v1/contracts/{contractId}/prepaid-blocks/{blockId}/withdraw': [ACCOUNTS],
  'POST /v1/contracts/{contractId}/counts': [OFFICE],
  'POST /v1/contracts/{contractId}/milestones/{milestoneId}/reached': [OFFICE],
  'POST /v1/contracts/{contractId}/milestones/{milestoneId}/withdraw': [ACCOUNTS],
  'GET /v1/contracts/{contractId}/milestones': [OFFICE],
  'POST /v1/contracts/check': [ACCOUNTS],
  'POST /v1/contracts/uplift': [ACCOUNTS],
  'POST /v1/contracts/uplift/publish': [ACCOUNTS],
  'GET /v1/contracts/{contractId}/back-dating': [ACCOUNTS],
  'GET /v1/contracts/{contractId}/burn-down': [OFFICE],
  'POST /v1/what-if': [ACCOUNTS],
  'GET /v1/charges': [OFFICE],
  'GET /v1/charges/{chargeItemId}': [OFFICE],
  'GET /v1/charges/{chargeItemId}/explanation': [OFFICE],
  'GET /v1/prepaid': [OFFICE],
  'GET /v1/prepaid/statement': [OFFICE],
  'GET /v1/unpriced-work': [OFFICE],
  'POST /v1/tickets': [[...WORKERS, 'client']],
  'POST /v1/tickets/{ticketId}/triage': [STEERERS],
  'POST /v1/tickets/{ticketId}/reclassify': [STEERERS],
  'POST /v1/tickets/{ticketId}/scope': [STEERERS],
  'POST /v1/tickets/{ticketId}/merge': [STEERERS],
  'POST /v1/tickets/{ticketId}/split': [STEERERS],
  'POST /v1/tickets/{ticketId}/assign': [STEERERS],
  'POST /v1/tickets/{ticketId}/reprioritise': [STEERERS],
  'POST /v1/tickets/{ticketId}/start': [WORKERS],
  'POST /v1/tickets/{ticketId}/pend-on-client': [WORKERS],
  'POST /v1/tickets/{ticketId}/pend-on-third-party': [WORKERS],
  'POST /v1/tickets/{ticketId}/resume': [WORKERS],
  'POST /v1/tickets/{ticketId}/resolve': [WORKERS],
  'POST /v1/tickets/{ticketId}/service-verification': [WORKERS],
  'POST /v1/tickets/{ticketId}/service-verification/approve': [['client']],
  'POST /v1/tickets/{ticketId}/service-verification/reject': [['client', 'operations']],
  'POST /v1/tickets/{ticketId}/close': [STEERERS],
  'POST /v1/tickets/{ticketId}/cancel': [STEERERS],
  'POST /v1/tickets/{ticketId}/reopen': [[...WORKERS, 'client']],
  'POST /v1/tickets/{ticketId}/notes': [WORKERS],
  'POST /v1/tickets/{ticketId}/work/{workItemId}/courtesy': [ACCOUNTS],
  'POST /v1/tickets/{ticketId}/work/{workItemId}/courtesy/withdraw': [ACCOUNTS],
  'POST /v1/tickets/{ticketId}/no-charge': [OFFICE],
  'POST /v1/bulk-jobs': [STEERERS],
  'POST /v1/bulk-jobs/{jobId}/run': [STEERERS],
  'GET /v1/bulk-jobs/{jobId}': [STEERERS],
  'GET /v1/bulk-jobs/{jobId}/items': [STEERERS],
  'POST /v1/tickets/{ticketId}/time-entries': [WORKERS],
  'POST /v1/tickets/{ticketId}/time-entries/{timeEntryId}/correct': [WORKERS],
  'POST /v1/tickets/{ticketId}/time-entries/{timeEntryId}/approve': [STEERERS],
  'POST /v1/tickets/{ticketId}/time-entries/{timeEntryId}/reject': [STEERERS],
  'POST /v1/tickets/{ticketId}/materials/{materialUsageId}/approve': [STEERERS],
  'POST /v1/tickets/{ticketId}/materials/{materialUsageId}/reject': [STEERERS],
  'POST /v1/tickets/{ticketId}/expenses/{expenseId}/approve': [STEERERS],
  'POST /v1/tickets/{ticketId}/expenses/{expenseId}/reject': [STEERERS],
  'POST /v1/tickets/{ticketId}/time-entries/{timeEntryId}/price': [ACCOUNTS],
  'POST /v1/tickets/{ticketId}/time-entries/{timeEntryId}/void': [WORKERS],
  'POST /v1/tickets/{ticketId}/materials': [WORKERS],
  'POST /v1/tickets/{ticketId}/materials/{materialUsageId}/correct': [WORKERS],
  'POST /v1/tickets/{ticketId}/materials/{materialUsageId}/void': [WORKERS],
  'POST /v1/tickets/{ticketId}/materials/{materialUsageId}/supplier-credits': [ACCOUNTS],
  'POST /v1/tickets/{ticketId}/materials/{materialUsageId}/supplier-credits/withdraw': [ACCOUNTS],
  'POST /v1/tickets/{ticketId}/expenses': [WORKERS],
  'POST /v1/tickets/{ticketId}/expenses/{expenseId}/correct': [WORKERS],
  'POST /v1/tickets/{ticketId}/expenses/{expenseId}/void': [WORKERS],
  'POST /v1/tickets/{ticketId}/timers': [WORKERS],
  'POST /v1/tickets/{ticketId}/timers/{timerId}/stop': [WORKERS],
  'GET /v1/tickets/{ticketId}/timeline': [STAFF],
  'GET /v1/tickets/{ticketId}/outcome': [STAFF],
  'GET /v1/sla': [STAFF],
  'GET /v1/billable-items': [OFFICE],
  'GET /v1/billable-items/{itemId}': [OFFICE],
  'GET /v1/billable-items/{itemId}/explanation': [OFFICE],
  'POST /v1/billable-items/{itemId}/write-off': [ACCOUNTS],
  'GET /v1/gaps': [OFFICE],
  'GET /v1/gaps/{gapId}': [OFFICE],
  'POST /v1/gaps/{gapId}/assign': [OFFICE],
  'POST /v1/gaps/{gapId}/accept': [OFFICE],
  'GET /v1/approvals': [STAFF],
  'GET /v1/approvals/{requestId}': [STAFF],
  'POST /v1/approvals/{requestId}/approve': [OFFICE],
  'POST /v1/approvals/{requestId}/refuse': [OFFICE],
  'POST /v1/approvals/{requestId}/withdraw': [STAFF],
  'GET /v1/delegations': [STAFF],
  'POST /v1/delegations': [OFFICE],
  'POST /v1/delegations/{delegationId}/end': [STAFF],
  'GET /v1/invoices': [ACCOUNTS],
  'GET /v1/invoices/{invoiceId}': [ACCOUNTS],
  'GET /v1/invoices/{invoiceId}/lines': [ACCOUNTS],
  'GET /v1/invoices/{invoiceId}/charges': [ACCOUNTS],
  'GET /v1/invoices/{invoiceId}/credit-notes': [ACCOUNTS],
  'GET /v1/credit-notes': [ACCOUNTS],
  'GET /v1/credit-notes/{creditNoteId}': [ACCOUNTS],
  'GET /v1/credit-notes/{creditNoteId}/lines': [ACCOUNTS],
  'POST /v1/credit-notes': [ACCOUNTS],
  'POST /v1/credit-notes/owed': [ACCOUNTS],
  'POST /v1/invoices': [ACCOUNTS],
  'POST /v1/invoices/{invoiceId}/discard': [ACCOUNTS],
  'POST /v1/invoices/{invoiceId}/approve': [ACCOUNTS],
  'POST /v1/invoices/{invoiceId}/issue': [ACCOUNTS],
  'GET /v1/reconciliation': [OFFICE],
  'GET /v1/reconciliation/client-periods': [OFFICE],
  'GET /v1/reconciliation/tickets': [OFFICE],
  'GET /v1/configuration': [OFFICE],
  'POST /v1/configuration': [[]],
  'GET /v1/persons': [[]],
  'GET /v1/persons/{personId}': [[]],
  'POST /v1/persons': [[]],
  'POST /v1/persons/{personId}/details': [[]],
  'POST /v1/persons/{personId}/keys': [[]],
  'GET /v1/keys': [[]],
  'POST /v1/keys/{keyId}/rotate': [ALL],
  'POST /v1/keys/{keyId}/revoke': [ALL],
  'GET /v1/me': [ALL],
  'GET /v1/access-record': [[]],
  'POST /v1/command-line': [STAFF],
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
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}
interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly example?: object }>> };
  readonly 'x-roles'?: readonly Role[];
}

describe('who may do what', () => {
  let api: Api;
  let routes: readonly string[];
  let operations: ReadonlyMap<string, Operation>;
  beforeAll(async () => {
    api = await Api.open({ limits: { ...LIMITS, wrongKeys: Infinity } });
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
    operations = new Map(
      Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
      ),
    );
    routes = [...operations.keys()];
  });
  afterAll(() => api.close());

  const addressOf = (route: string) =>
    route.split(' ')[1]!.replaceAll(/\{(\w+)\}/g, (_all, name: string) => IDS[name] ?? 'NOPE');
  const ask = (who: ReturnType<Api['nobody']>, route: string) =>
    route.startsWith('GET') ? who.get(addressOf(route)) : who.post(addressOf(route), exampleOf(route));
  const exampleOf = (route: string) => operations.get(route)?.requestBody?.content['application/json']?.example ?? {};

  it('is said of every route there is', () => {
    expect([...routes].toSorted((a, b) => a.localeCompare(b))).toEqual(
      Object.keys(MATRIX).toSorted((a, b) => a.localeCompare(b)),
    );
  });

  it('is documented of every route as it is', () => {
    for (const [route, operation] of operations) {
      const [who = []] = MATRIX[route] ?? [];
      const roles = who === 'everyone' ? undefined : new Set([...who, 'admin']);
      expect([route, operation['x-roles'] && new Set(operation['x-roles'])]).toEqual([route, roles]);
    }
  });

  it('tells a key that is missing from one that is wrong, and how to make one', async () => {
    const texts = await Promise.all(
      [null, 'bt_wrong'].map(async (key) => {
        const { body } = await api.nobody(key).get('/v1/reconciliation');
        return [body.detail, body.remedy];
      }),
    );
    expect(texts).toEqual([
      ['This route needs an API key.', expect.stringContaining('billtrail key new --person ID --role admin')],
      ['This API key is not recognised.', expect.stringContaining('billtrail key new --person ID --role admin')],
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
      // The example of the document is well-formed.
      if (route.startsWith('POST') && body.code === 'InvalidInput') wrong.push(`${route}: ${body.detail}`);
    }
    expect(wrong).toEqual([]);
  });

  it('a client’s user sees and touches no ticket that is not the client’s: it is not there', async () => {
    const client = api.as('client', 'client-user');
    for (const what of ['reopen', 'service-verification/approve', 'service-verification/reject']) {
      const answer = await client.post(`/v1/tickets/INC1/${what}`, exampleOf(`POST /v1/tickets/{ticketId}/${what}`));
      expect(answer).toMatchObject({ status: 404, body: { code: 'TicketNotFound' } });
    }
    const requested = await client.post('/v1/tickets', { summary: 'x', clientId: 'acme' });
    expect(requested).toMatchObject({ status: 404 });
  });

  it('nobody approves their own work', async () => {
    const both = api.as('operations', 'support-1');
    const { timeEntryId } = await both.does<{ timeEntryId: string }>(
      '/v1/tickets/INC1/time-entries',
      exampleOf('POST /v1/tickets/{ticketId}/time-entries'),
    );
    const answer = await both.post(`/v1/tickets/INC1/time-entries/${timeEntryId}/approve`);
    expect(answer).toMatchObject({ status: 409, body: { code: 'OwnWork' } });
  });

  it('who acts is told by the key, whatever the body says', async () => {
    const { stream } = await api
      .as('support', 'support-7')
      .does('/v1/tickets', { summary: 'x', requestedBy: 'someone-else' });
    const { events } = await api.billtrail.store.readStream(stream);
    expect(events[0]?.actor).toEqual({ id: 'support-7', role: 'support' });
    const forged = await api.as('support').post('/v1/tickets', { summary: 'x', by: { id: 'admin', role: 'admin' } });
    expect(forged).toMatchObject({ status: 400, body: { code: 'InvalidInput' } });
  });
});
