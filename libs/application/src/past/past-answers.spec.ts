import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { START, SqliteEventStore, StoreUnavailable, type Position, type StreamKeys } from '@billtrail/event-store';
import { VaultUnavailable } from '@billtrail/vault';
import { storedNames } from '../stored-events.js';
import { PastAnswers } from './past-answers.js';
import type { AskedOfPast } from './past-messages.js';
import { inItsThread, inThisThread, type StartAnswerer } from './start-answerer.js';

const KEY = Buffer.alloc(32, 7);
const keys: StreamKeys = {
  keyFor: () => KEY,
  keysOf: (streams) => new Map(streams.map((stream) => [stream, { keys: [KEY], lostUpTo: 0 }])),
};
const FIRST = '2026-03-02T00:00:00.000Z';
const WORK = {
  timeEntryId: 'W1',
  loggedBy: 'eng-1',
  engineerId: 'eng-1',
  engineerRole: 'engineer',
  workType: 'remote-support',
  minutes: 70,
  workDate: '2026-03-02',
  startedAt: null,
  endedAt: null,
  statedBillableMinutes: null,
  rateClass: null,
  description: 'looked at the mail of Ms Bell',
};
const ABOUT = {
  siteId: null,
  category: null,
  ticketType: null,
  contractId: null,
  reference: null,
  source: null,
  description: null,
  requestedBy: null,
};
const threadOf = (code: string) => new URL(`data:text/javascript,${encodeURIComponent(code)}`);
const HEAR = `import { parentPort, workerData } from 'node:worker_threads';
const answer = (one) => parentPort.postMessage(JSON.stringify({ kind: 'answer', answer: one }));`;

/** X8 */
describe('answers about the past', () => {
  let folder: string;
  let file: string;
  let log: SqliteEventStore;
  let past: PastAnswers | null;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'billtrail-'));
    file = join(folder, 'events.db');
    log = SqliteEventStore.open({ file, names: storedNames, keys, clock: () => FIRST });
    past = null;
  });
  afterEach(async () => {
    await past?.close();
    await log.close();
    rmSync(folder, { recursive: true });
  });

  const asked = (upTo: Position = START): AskedOfPast => ({
    name: 'listItems',
    given: { filter: {}, page: {} },
    upTo,
    needed: { part: null },
  });
  const asking = (start: StartAnswerer, given: Pick<StreamKeys, 'keysOf'> = keys) => {
    past = new PastAnswers(start, given);
    return past;
  };
  const requested = async (ticketId: string): Promise<Position> =>
    (
      await log.append({
        stream: `ticket-${ticketId}`,
        expected: 'any',
        events: [
          {
            type: 'TicketRequested',
            data: { ...ABOUT, ticketId, clientId: 'acme', summary: 'Ms Bell has no mail', priority: 'low' },
            occurredAt: FIRST,
          },
          { type: 'TimeEntryLogged', data: { ...WORK, timeEntryId: `of-${ticketId}` }, occurredAt: FIRST },
        ],
        actor: { id: 'ops-1', role: 'operations' },
        commandId: ticketId,
        correlationId: ticketId,
        causationId: null,
        fingerprint: ticketId,
      })
    ).position;
  const texts = (answer: unknown) =>
    (answer as { readonly items: readonly { ticketId: string; description: string }[] }).items
      .map(({ ticketId, description }) => `${ticketId}: ${description}`)
      .sort();

  it('are of the log up to there, whose sealed events are opened by the keys that the one who asks gives', async () => {
    const first = await requested('T1');
    const second = await requested('T2');
    const given: string[] = [];
    const answers = asking(inThisThread(file), {
      keysOf: (streams) => {
        given.push(...streams);
        return keys.keysOf(streams);
      },
    });
    expect(texts(await answers.ask(asked(first)))).toEqual([`T1: ${WORK.description}`]);
    expect(new Set(given)).toEqual(new Set(['ticket-T1']));
    expect(texts(await answers.ask(asked(second)))).toEqual([`T1: ${WORK.description}`, `T2: ${WORK.description}`]);
  });

  it('fail as the vault does where it can not be reached, and the next is answered', async () => {
    const position = await requested('T1');
    const down = new VaultUnavailable('the vault is away', 'Bring it back');
    let isDown = true;
    const answers = asking(inThisThread(file), {
      keysOf: (streams) => (isDown ? Promise.reject(down) : keys.keysOf(streams)),
    });
    await expect(answers.ask(asked(position))).rejects.toBe(down);
    isDown = false;
    expect(texts(await answers.ask(asked(position)))).toEqual([`T1: ${WORK.description}`]);
  });

  it('fail as the log does', async () => {
    const failed = asking(inThisThread(join(folder, 'none.db'))).ask(asked());
    await expect(failed).rejects.toThrow(StoreUnavailable);
    await expect(failed).rejects.toMatchObject({ problem: 'not-a-store', message: expect.stringContaining('none.db') });
  });

  it('that need more memory than they may take are refused by name, and the next has a new thread', async () => {
    const greedy = threadOf(`${HEAR}
      parentPort.on('message', (text) => {
        if (JSON.parse(text).asked.name !== 'listItems') return answer(workerData.file);
        for (const all = []; ; ) all.push(new Array(1000).fill(all.length));
      });`);
    const answers = asking(inItsThread(file, greedy, 16));
    const [tooLarge, next] = await Promise.all([answers.ask(asked()), answers.ask({ ...asked(), name: 'listSla' })]);
    expect(tooLarge).toMatchObject({ code: 'PastUnanswered', remedy: expect.stringContaining('one client') });
    expect(next).toBe(file);
  });

  it('whose thread ends are refused by name, and the next has a new one', async () => {
    const broken = threadOf(`${HEAR}
      parentPort.on('message', (text) => (JSON.parse(text).asked.name === 'listItems' ? process.exit(3) : answer('whole')));`);
    const answers = asking(inItsThread(file, broken));
    expect(await answers.ask(asked())).toMatchObject({ code: 'PastUnanswered', details: { cause: 'exit code 3' } });
    expect(await answers.ask({ ...asked(), name: 'listSla' })).toBe('whole');
  });

  it('are refused by name once it is closed, at once, whatever the thread is at', async () => {
    const endless = threadOf(`${HEAR}
      parentPort.on('message', () => { for (;;); });`);
    const answers = asking(inItsThread(file, endless));
    const all = [answers.ask(asked()), answers.ask(asked())];
    await new Promise(setImmediate);
    await answers.close();
    for (const answer of await Promise.all(all)) expect(answer).toMatchObject({ code: 'ServerStopping' });
  });
});
