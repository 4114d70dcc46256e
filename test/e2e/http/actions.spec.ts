import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ActionNow } from '@billtrail/application';
import type { Role } from '@billtrail/kernel';
import { Random } from '../../crash/random.js';
import { Api, type Page, type Person } from '../kit.js';
import { MONTH, Story } from '../story.js';

interface Acted {
  readonly actions: readonly ActionNow[];
}
const ROLES_ASKING: readonly Role[] = ['support', 'operations', 'operations', 'accounts', 'accounts', 'admin'];
const STEPS = 40;

describe('what somebody may do with a thing', () => {
  let api: Api;
  const random = new Random(Number(process.env['BILLTRAIL_SEED'] ?? 1));
  beforeAll(async () => {
    api = await Api.open();
    await new Story(api)
      .client('acme')
      .contract('acme-tm')
      .ticketInProgress('INC1')
      .time('te-1')
      .expense('ex-1')
      .ticketInProgress('INC2')
      .time('te-2')
      .time('te-3', 400)
      .approveTime('te-2')
      .resolve({ materials: 'none-used' })
      .ticket('INC3')
      .told();
  });
  afterAll(() => api.close());

  const idsOf = async (path: string, field: string) =>
    (await api.as('admin').reads<Page<Record<string, string>>>(path)).items.map((one) => one[field] ?? '');
  const things = async () => [
    ...['INC1', 'INC2', 'INC3'].map((id) => `/v1/tickets/${id}/outcome`),
    ...(await idsOf(`/v1/billable-items?clientId=acme`, 'itemId')).map((id) => `/v1/billable-items/${id}`),
    ...(await idsOf('/v1/gaps', 'gapId')).map((id) => `/v1/gaps/${id}`),
    ...(await idsOf('/v1/invoices', 'invoiceId')).map((id) => `/v1/invoices/${id}`),
    ...(await idsOf('/v1/approvals', 'requestId')).map((id) => `/v1/approvals/${id}`),
  ];
  const sent = async (who: Person, { href, body }: ActionNow) => {
    const answer = await who.post(href, body);
    return answer.status < 300 ? null : answer.body.code;
  };

  it('is what comes of it: told allowed is taken, told refused is refused with that code', async () => {
    const taken = new Set<string>();
    const codes = new Set<string | undefined>();
    for (let step = 0; step < STEPS; step++) {
      const role = random.pick(ROLES_ASKING);
      const who = api.as(role, random.next() < 0.2 ? 'support-1' : `${role}-${random.whole(1, 2)}`);
      // What there is to bill is drafted now and then, so that there are documents.
      if (step % 9 === 8) await api.as('accounts').post('/v1/invoices', { clientId: 'acme', period: MONTH });
      const answer = await who.get<Acted>(random.pick(await things()));
      // Not theirs to see.
      if (answer.status === 403 || answer.status === 404) continue;
      const { actions } = answer.body;
      const wrong: string[] = [];
      for (const action of actions.filter(({ allowed }) => !allowed)) {
        const code = await sent(who, action);
        // What is so already is answered, and changes nothing.
        const because = action.changesNothing === true ? null : action.because?.code;
        if (code !== because) wrong.push(`${role}: ${action.name} ${action.because?.code}, came ${code}`);
        else codes.add(action.because?.code);
      }
      const may = actions.filter(({ allowed }) => allowed);
      if (may.length > 0) {
        const action = random.pick(may);
        const code = await sent(who, action);
        if (code === null) taken.add(action.name);
        else wrong.push(`${role}: ${action.name} is allowed, came ${code}: ${JSON.stringify(action)}`);
      }
      expect({ step, wrong }).toEqual({ step, wrong: [] });
    }
    // It was asked of much that is different.
    expect(taken.size).toBeGreaterThan(10);
    expect(codes.size).toBeGreaterThan(7);
  });

  it('is nothing that the key of whoever asks can’t send', async () => {
    const limited = { readOnly: true, scope: ['tickets'] };
    const key = (more: object) =>
      api.as('admin').does<{ key: string }>('/v1/persons/support-9/keys', { role: 'support', ...more });
    await api.as('admin').does('/v1/persons', { personId: 'support-9', name: 'Kim Lee', roles: ['support'] });
    const { key: reading } = await key(limited);
    const { key: all } = await key({});
    await api.as('support', 'support-9').does('/v1/tickets', { ticketId: 'INC9', summary: 'x' });
    const note = async (one: string) => {
      const { actions } = await api.nobody(one).reads<Acted>('/v1/tickets/INC9/outcome');
      return actions.find(({ name }) => name === 'AddNote');
    };
    expect(await note(all)).toMatchObject({ allowed: true, because: null });
    expect(await note(reading)).toMatchObject({ allowed: false, because: { code: 'KeyReadOnly' } });
  });

  it('tells what is so already as nothing to do, and a body of what is there', async () => {
    const goods = new Story(api).client('bluegum').contract('bluegum-tm').ticketInProgress('INC10').material('mu-10');
    await goods.approveGoods('materials/mu-10').resolve({ materials: 'listed' }).told();
    const of = async (path: string) => {
      const { actions } = await api.as('admin').reads<Acted>(path);
      return (name: string) => actions.find((action) => action.name === name);
    };
    const nothing = { allowed: false, changesNothing: true, because: { code: 'NothingToDo' } };
    const item = await of('/v1/billable-items/mu-10');
    expect(item('WithdrawCourtesy')).toMatchObject(nothing);
    const body = { itemCode: 'SSD-1T', quantity: '2', listPrice: { amount: '120.00', currency: 'AUD' } };
    expect(item('CorrectMaterialUsage')).toMatchObject({ allowed: true, body: { ...body, workDate: '2026-03-10' } });
    await goods.draft('inv-10').told();
    const { hash } = await api.as('admin').reads<{ readonly hash: string }>('/v1/invoices/inv-10');
    expect((await of('/v1/invoices/inv-10'))('ApproveInvoice')).toMatchObject({ allowed: true, body: { hash } });
    await goods.approve().issue().told();
    const issued = await of('/v1/invoices/inv-10');
    expect([issued('ApproveInvoice'), issued('IssueInvoice')]).toMatchObject([nothing, nothing]);
  });

  it('records nothing, and is nothing of the past', async () => {
    const { position } = await api.as('support').does('/v1/tickets/INC3/notes', { text: 'x' });
    await api.billtrail.catchUp();
    const head = await api.billtrail.store.head();
    await api.as('admin').reads('/v1/tickets/INC1/outcome');
    expect(await api.billtrail.store.head()).toEqual(head);
    const past = await api.as('admin').reads<Partial<Acted>>(`/v1/billable-items/mu-10?upTo=${position}`);
    expect(past.actions).toBeUndefined();
  });

  it('says why not yet, and what to do', async () => {
    await api.as('support').does('/v1/tickets', { ticketId: 'INC8', summary: 'x' });
    const { actions } = await api.as('support').reads<Acted>('/v1/tickets/INC8/outcome');
    expect(actions.find(({ name }) => name === 'ResolveTicket')).toMatchObject({
      href: '/v1/tickets/INC8/resolve',
      method: 'POST',
      allowed: false,
      because: { code: 'TransitionNotAllowed', sentence: expect.any(String), remedy: expect.any(String) },
    });
    // The body is one for this ticket and whoever asks.
    expect(actions.find(({ name }) => name === 'LogTimeEntry')?.body).toMatchObject({
      engineerId: 'support-1',
      workDate: '2026-03-20',
    });
  });
});
