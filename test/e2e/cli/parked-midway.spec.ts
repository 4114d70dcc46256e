import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { billingCommands, type CommandClass } from '@billtrail/application';
import { runInvoices, type InvoiceRunLine, warningsOf } from '../../../libs/command-line/src/commands/invoice-run.js';
import { Session } from '../../../libs/command-line/src/session.js';
import { Api, NOW } from '../kit.js';
import { MONTH, Story, timeEntry } from '../story.js';
import { billtrail } from './cli.js';

let api: Api;
beforeAll(async () => {
  api = await Api.open();
  const story = new Story(api);
  for (const clientId of ['acme', 'bolt', 'cove'])
    await story
      .client(clientId)
      .contract(`${clientId}-tm`)
      .ticketInProgress(`INC-${clientId}`)
      .time(`te-${clientId}`)
      .approveTime(`te-${clientId}`)
      .resolve()
      .told();
  await api.leaveToCommandLine();
});
afterAll(() => api.close());

/** Past every door. */
async function poison(session: Session, clientId: string): Promise<void> {
  await session.billtrail.store.append({
    stream: `ticket-INC-${clientId}`,
    expected: 'any',
    events: [{ type: 'TimeEntryLogged', data: { ...timeEntry('te-odd'), minutes: -50 }, occurredAt: NOW }],
    actor: { id: 'eng-1', role: 'support' },
    commandId: 'poison',
    correlationId: 'poison',
    causationId: null,
    fingerprint: 'poison',
  });
}

it('an invoice run tells what it recorded, whatever goes wrong with what there is to warn of', async () => {
  await Session.run({ data: api.dataDir, json: true }, async (session) => {
    const odd = Object.create(session) as Session;
    odd.ask = () => Promise.reject(new TypeError('terms are not iterable'));
    const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const warnings = await warningsOf(odd, [{ invoiceId: 'inv-1' }]);
    const told = stderr.mock.calls.map(([line]) => String(line)).join('');
    stderr.mockRestore();
    expect(warnings).toMatchObject([{ code: 'WarningsNotKnown', details: { isInternalError: true } }]);
    expect(told).toContain('TypeError: terms are not iterable');
  });
});

it('an invoice run goes on where a client is parked midway, and names it (X1)', async () => {
  let lines: readonly InvoiceRunLine[] = [];
  await Session.run({ data: api.dataDir, json: true }, async (session) => {
    const midway = Object.create(session) as Session;
    midway.try = async (type, input, context) => {
      const isNext = (type as CommandClass) === billingCommands.DraftInvoice;
      if (isNext && (input as { clientId?: string }).clientId === 'bolt') await poison(session, 'bolt');
      return session.try(type, input, context);
    };
    lines = await runInvoices(midway, { period: MONTH, ticket: [], charge: [], issue: true });
  });
  expect(lines.map(({ clientId, refusal }) => [clientId, refusal?.code ?? null])).toEqual([
    ['acme', null],
    ['bolt', 'NotKnown'],
    ['cove', null],
  ]);
  expect(lines[1]?.refusal).toMatchObject({ details: { clientId: 'bolt', period: MONTH } });
  const listed = await billtrail('--data', api.dataDir, '--json', 'invoice', 'list');
  expect(JSON.parse(listed.stdout)).toMatchObject([
    { clientId: 'acme', status: 'issued' },
    { clientId: 'cove', status: 'issued' },
  ]);
  const again = await billtrail('--data', api.dataDir, '--json', 'invoice', 'run', '--period', MONTH);
  expect(again.code).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({
    invoices: [],
    notKnown: [{ clientId: 'bolt', period: MONTH }],
  });
  const one = await billtrail('--data', api.dataDir, '--json', 'invoice', 'run', '--period', MONTH, '--client', 'bolt');
  expect(one.code).toBe(5);
});
