import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Billtrail, configurationOf, todayOf } from '@billtrail/application';
import { MAX_READ, START } from '@billtrail/event-store';
import { NAMED_CONFIGURATION } from '@billtrail/billing/testing';
import { DIST } from '../e2e/cli/built.js';
import { MONTH, TERMS, timeEntry } from '../e2e/story.js';
import { temporaryFolder } from '../e2e/temporary-folder.js';
import { lookAt } from '../laws/kit/look.js';
import { brokenLaws } from '../laws/kit/laws.js';
import { LAWS_OF_ANY_TERMS } from '../fuzz/laws.js';
import { ServerProcess, type Answer, type Request } from './server-process.js';

const CHILD = join(DIST, 'test/processes/server-child.js');
const NOW = '2026-03-20T02:00:00Z';
const CLIENT = { currency: 'AUD', timeZone: 'Australia/Sydney' };
const TURNS = 20;
const PAIRS = 100;
const INVOICES = 12;
const KEYS = 20;
const AT_ONCE = 50;
const MOST_TRIES = 20;

interface Written {
  readonly position: string;
  readonly repeated: boolean;
  readonly version: number;
  readonly timeEntryId?: string;
}
interface Invoice {
  readonly invoiceId: string;
  readonly numberInSeries: number | null;
}

describe('two servers on one folder (K12, G18, G11, L4, L7)', () => {
  const folder = temporaryFolder();
  let both: readonly [ServerProcess, ServerProcess];
  beforeAll(async () => {
    const task = { dataDir: folder.path, clock: { at: NOW }, callers: ['admin-1', 'admin-2'] };
    both = [await ServerProcess.start(CHILD, task), await ServerProcess.start(CHILD, task)];
    await does({ path: '/v1/configuration', body: { configuration: NAMED_CONFIGURATION } });
  });
  afterAll(async () => {
    await Promise.all(both.map((one) => one.kill()));
    folder.remove();
  });

  let turn = 0;
  /** The servers take turns. */
  const next = (): ServerProcess => both[(turn += 1) % 2]!;
  const at = <Body>(answers: readonly Answer<Body>[], status: number) => answers.filter((one) => one.status === status);

  async function does(request: Request): Promise<Written> {
    const { status, body } = await next().send<Written>(request);
    if (status >= 300) throw new Error(`${request.path} answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }
  async function reads<Body>(path: string): Promise<Body> {
    const { status, body } = await next().send<Body>({ method: 'GET', path });
    if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }
  async function worked(clientId: string): Promise<void> {
    await does({ path: '/v1/clients', body: { clientId, name: clientId, ...CLIENT } });
    const of = { contractId: `${clientId}-tm`, clientId, name: clientId, effectiveFrom: '2026-01-01', terms: TERMS };
    await does({ path: '/v1/contracts', body: of });
    const ticketId = `T-${clientId}`;
    await does({ path: '/v1/tickets', body: { ticketId, clientId, summary: 'No answer' } });
    await does({ path: `/v1/tickets/${ticketId}/triage`, body: { clientId, category: 'server', priority: 'high' } });
    await does({ path: `/v1/tickets/${ticketId}/assign`, body: { engineerId: 'eng-1' } });
    await does({ path: `/v1/tickets/${ticketId}/start` });
    await does({ path: `/v1/tickets/${ticketId}/time-entries`, body: timeEntry(`E-${clientId}`) });
    await does({ path: `/v1/tickets/${ticketId}/time-entries/E-${clientId}/approve`, as: 'admin-2' });
    const resolved = { resolution: 'Done', materials: 'none-used', scope: 'in-contract' };
    await does({ path: `/v1/tickets/${ticketId}/resolve`, body: resolved });
  }

  /** As often as it is told to wait for read models that lag, it sends it again. */
  async function issues(one: ServerProcess, clientId: string): Promise<Answer<Written & { readonly code?: string }>> {
    const request = { path: `/v1/invoices/I-${clientId}/issue`, key: `issue-${clientId}` };
    for (let tries = 1; ; tries++) {
      const answer = await one.send<Written & { readonly code?: string }>(request);
      if (answer.body.code !== 'ReadModelsBehind' || tries === MOST_TRIES) return answer;
    }
  }

  it('what one has written, the other reads at its position', async () => {
    await worked('acme');
    for (let note = 0; note < TURNS; note++) {
      const { position } = await does({
        path: '/v1/tickets/T-acme/notes',
        body: { noteId: `N${note}`, text: `said ${note}.`, visibility: 'internal' },
      });
      const { items } = await reads<{ items: readonly object[] }>(
        `/v1/tickets/T-acme/timeline?limit=200&atLeast=${position}`,
      );
      expect(JSON.stringify(items)).toContain(`said ${note}.`);
    }
  });

  it(`of ${PAIRS} pairs of contracts for the same days, asked for at once, no two are in force`, async () => {
    await does({ path: '/v1/clients', body: { clientId: 'pairs', name: 'x', ...CLIENT } });
    for (let pair = 0; pair < PAIRS; pair++) {
      const of = { clientId: 'pairs', name: 'x', priority: pair, effectiveFrom: '2026-01-01', terms: TERMS };
      const answers = await Promise.all(
        both.map((one, which) =>
          one.send<{ code?: string }>({ path: '/v1/contracts', body: { ...of, contractId: `p${pair}-${which}` } }),
        ),
      );
      expect(at(answers, 201)).toHaveLength(1);
      expect(at(answers, 409).map(({ body }) => body.code)).toEqual(['ContractsOverlap']);
    }
  });

  it(`${INVOICES} invoices that both issue at once have one number each, without a hole`, async () => {
    const clients = Array.from({ length: INVOICES }, (_, n) => `c${n}`);
    for (const clientId of clients) {
      await worked(clientId);
      await does({ path: '/v1/invoices', body: { invoiceId: `I-${clientId}`, clientId, period: MONTH } });
      await does({ path: `/v1/invoices/I-${clientId}/approve` });
    }
    const answers = await Promise.all(clients.flatMap((clientId) => both.map((one) => issues(one, clientId))));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    const positions = answers.map(({ body }) => body.position);
    for (const one of both) {
      const last = positions.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)).at(-1);
      const path = `/v1/invoices?status=issued&limit=200&atLeast=${last}`;
      const { body } = await one.send<{ items: readonly Invoice[] }>({ method: 'GET', path });
      const numbers = body.items.map(({ numberInSeries }) => numberInSeries ?? 0).sort((a, b) => a - b);
      expect(numbers).toEqual(clients.map((_, n) => n + 1));
    }
  });

  it(`${AT_ONCE} requests at once under each of ${KEYS} keys, half of them here and half there, have ${KEYS} effects`, async () => {
    const { timeEntryId: _made, ...entry } = timeEntry('');
    const answers = await Promise.all(
      Array.from({ length: KEYS * AT_ONCE }, (_, n) =>
        next().send<Written>({
          path: '/v1/tickets/T-acme/time-entries',
          body: { ...entry, minutes: 10 + (n % KEYS) },
          key: `storm-${n % KEYS}`,
        }),
      ),
    );
    expect(answers.filter(({ status }) => status !== 201)).toEqual([]);
    const effects = new Set(answers.map(({ body }) => `${body.timeEntryId} ${body.version} ${body.position}`));
    expect(effects.size).toBe(KEYS);
    expect(answers.filter(({ body }) => !body.repeated)).toHaveLength(KEYS);
  });

  it('neither has ended by itself, and where nothing is left to do all laws hold: what is derived is recorded', async () => {
    await Promise.all(both.map((one) => one.stop()));
    expect(both.map(({ endedByItself }) => endedByItself)).toEqual([null, null]);
    const billtrail = await Billtrail.open({ dataDir: folder.path, clock: () => NOW });
    await billtrail.catchUp();
    const house = {
      billtrail,
      events: async () => (await billtrail.store.readAll({ after: START, limit: MAX_READ })).events,
      today: async () => todayOf(await configurationOf(billtrail.store), NOW),
    };
    const look = await lookAt({ house }, { isSettled: true });
    expect(brokenLaws(look, LAWS_OF_ANY_TERMS)).toEqual([]);
    expect(look.observed.recordedGaps.length).toBeGreaterThan(0);
    expect((await billtrail.store.capability('chain')?.verify())?.findings).toEqual([]);
    await billtrail.close();
  });
});
