import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MAX_PAGE, type TimelineEntry } from '@billtrail/read-models';
import type { EventStore, RecordedEvent } from '@billtrail/event-store';
import type { Msp } from '../scenarios/msp.js';
import { DumpableModels, misread, rowsThatDiffer } from './kit/dump.js';
import type { History } from './kit/history.js';
import { TIMEOUT_MS, overHistories } from './kit/run.js';
import { tellSample } from './kit/sample.js';

let msp: Msp;
beforeAll(async () => {
  msp = await tellSample();
});
afterAll(() => msp.closes());

type Rows = readonly string[];

/** Fresh read models that read the first events of a log, up to a position. */
async function projected(store: EventStore, upTo: number): Promise<DumpableModels> {
  const fresh = await DumpableModels.over(store);
  await fresh.models.catchUp({ upTo });
  return fresh;
}

async function rowsOf(store: EventStore, upTo: number): Promise<Rows> {
  const fresh = await projected(store, upTo);
  const rows = fresh.dump();
  await fresh.close();
  return rows;
}

async function rebuilt(store: EventStore, upTo: number): Promise<Rows> {
  const fresh = await projected(store, upTo);
  await fresh.models.rebuild();
  const rows = fresh.dump();
  await fresh.close();
  return rows;
}

/** Read models that follow a history step by step, with their rows at each position at which they were looked at. */
class Followed {
  private static readonly ofHistory = new WeakMap<History, Followed>();
  readonly rowsAt = new Map<number, Rows>();

  private constructor(readonly live: DumpableModels) {}

  static async look(history: History): Promise<Followed> {
    const followed = Followed.ofHistory.get(history) ?? (await Followed.begin(history));
    const position = await followed.live.models.catchUp();
    followed.rowsAt.set(position, followed.live.dump());
    return followed;
  }

  private static async begin(history: History): Promise<Followed> {
    const live = await DumpableModels.over(history.house.billtrail.store);
    const followed = new Followed(live);
    Followed.ofHistory.set(history, followed);
    history.follower = () => live.models.catchUp();
    return followed;
  }
}

describe('L8 Rebuild equals live', () => {
  it(
    'read models that followed the log and read models rebuilt from it have the same rows, byte for byte',
    () =>
      overHistories(async (history, isEnd) => {
        const { live, rowsAt } = await Followed.look(history);
        if (!isEnd) return [];
        const rows = live.dump();
        const again = await rebuilt(history.house.billtrail.store, [...rowsAt.keys()].at(-1) ?? 0);
        await live.models.rebuild();
        const itself = live.dump();
        await live.close();
        return [...rowsThatDiffer(rows, again), ...rowsThatDiffer(rows, itself)];
      }),
    2 * TIMEOUT_MS,
  );

  it('finds read models that had missed an event, or had read one otherwise', async () => {
    const { store } = msp.house.billtrail;
    const head = await store.head();
    const rows = await rowsOf(store, head);
    expect(rowsThatDiffer(rows, await rebuilt(store, head))).toEqual([]);
    for (const type of ['TimeEntryApproved', 'WorkWrittenOff', 'BillingGapAccepted', 'InvoiceIssued']) {
      const missed = await rowsOf(
        misread(store, (event) => (event.type === type ? null : event)),
        head,
      );
      expect(rowsThatDiffer(rows, missed)).not.toEqual([]);
    }
    const later = (event: RecordedEvent): RecordedEvent =>
      event.type === 'InvoiceIssued' ? { ...event, occurredAt: '2030-01-01T00:00:00Z' } : event;
    expect(rowsThatDiffer(rows, await rowsOf(misread(store, later), head))).not.toEqual([]);
  });
});

describe('L9 Time travel', () => {
  it(
    'the first events alone give the read models as they were then',
    () =>
      overHistories(async (history, isEnd) => {
        const { live, rowsAt } = await Followed.look(history);
        if (!isEnd) return [];
        await live.close();
        const { store } = history.house.billtrail;
        // The last position is that of L8.
        const findings = [...rowsAt]
          .slice(0, -1)
          .filter((_, index) => index % 2 === 0)
          .map(async ([position, rows]) => rowsThatDiffer(rows, await rowsOf(store, position)));
        return (await Promise.all(findings)).flat();
      }),
    2 * TIMEOUT_MS,
  );

  it(
    'the timeline of a ticket up to a position is the timeline that was told at it',
    () => {
      const told = new WeakMap<History, Map<string, readonly TimelineEntry[]>>();
      return overHistories(async (history) => {
        const { billtrail } = history.house;
        await billtrail.upToDate();
        const entries = async (ticketId: string, upTo?: number): Promise<readonly TimelineEntry[]> =>
          (await billtrail.models.timeline.timeline(ticketId, { upTo, limit: MAX_PAGE }))?.items ?? [];
        const known = told.get(history) ?? new Map<string, readonly TimelineEntry[]>();
        told.set(history, known);
        const findings: string[] = [];
        for (const [at, before] of known) {
          const [ticketId = '', position] = at.split(' ');
          if (JSON.stringify(await entries(ticketId, Number(position))) !== JSON.stringify(before))
            findings.push(`another timeline of ${at}`);
        }
        const position = await billtrail.store.head();
        for (const { ticketId } of history.tickets.slice(0, 2))
          known.set(`${ticketId} ${position}`, await entries(ticketId));
        return findings;
      });
    },
    TIMEOUT_MS,
  );

  it('finds rows that are one event too early or too late', async () => {
    const { store } = msp.house.billtrail;
    const { events } = await store.readAll({ after: 0, limit: 1000 });
    const issue = events.find(({ type }) => type === 'InvoiceIssued')?.position ?? 0;
    const rows = await rowsOf(store, issue);
    expect(rowsThatDiffer(rows, await rowsOf(store, issue))).toEqual([]);
    expect(rowsThatDiffer(rows, await rowsOf(store, issue - 1))).not.toEqual([]);
    expect(rowsThatDiffer(rows, await rowsOf(store, issue + 1))).not.toEqual([]);
    const timeline = async (upTo: number) =>
      (await msp.house.billtrail.models.timeline.timeline('T1', { upTo }))?.items.length ?? 0;
    expect(await timeline(issue)).toBe((await timeline(issue - 1)) + 1);
  });
});
