import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { DomainEvent, Instant } from '@billtrail/kernel';
import { fingerprintOf, type Position, type StreamName, type StreamSlice } from '@billtrail/event-store';
import { Billtrail } from '../billtrail.js';
import { Fence, type Decided } from './fence.js';

const NOON = '2026-03-02T12:00:00.000Z';
const LATER = '2026-03-02T12:30:00.000Z';
const TARGET = 'ticket-T1';

const noted = (text: string): DomainEvent => ({
  type: 'NoteAdded',
  data: { noteId: text, text, visibility: 'internal' },
  occurredAt: NOON,
});

describe('the fence of the policies', () => {
  let billtrail: Billtrail;
  let now: Instant;
  beforeEach(async () => {
    now = NOON;
    billtrail = await Billtrail.open({ dataDir: ':memory:', clock: () => now });
  });
  afterEach(() => billtrail.close());

  const tell = async (stream: StreamName, text: string): Promise<Position> => {
    const appended = await billtrail.store.append({
      stream,
      expected: 'any',
      events: [noted(text)],
      actor: { id: 'ops-1', role: 'operations' },
      commandId: `told-${text}`,
      correlationId: text,
      causationId: null,
      fingerprint: fingerprintOf('told', { text }),
    });
    return appended.position;
  };
  const entry = (text: string, { version }: StreamSlice): Decided => ({
    events: [noted(text)],
    commandId: `spec/${version}`,
    correlationId: text,
    causationId: null,
    asked: { version },
    restsOn: { clients: [] },
  });
  const read = async () => ({ slice: await billtrail.store.readStream(TARGET) });
  const versionNow = async () => (await read()).slice.version;
  const record = (
    meanwhile: () => Promise<unknown> = async () => undefined,
    fence: Fence = new Fence(billtrail, 'record-gaps'),
  ) => {
    const times: Instant[] = [];
    const loaded = async () => {
      const found = await read();
      await meanwhile();
      return found;
    };
    const looked = fence.record(loaded, ({ slice }, at) => {
      times.push(at);
      return entry('recorded', slice);
    });
    return looked.then(({ again: at, isRecorded }) => ({ at, isRecorded, times }));
  };

  it('records at the version that was read, once the read models have passed the last event of the stream', async () => {
    await tell(TARGET, 'first');
    await billtrail.models.catchUp();
    const { at, times } = await record();
    expect(at).toEqual(await billtrail.store.head());
    expect(times).toEqual([NOON]);
    expect(await versionNow()).toBe(2);
  });

  it('says whether it recorded anything: not where it lost the race', async () => {
    await tell(TARGET, 'first');
    await billtrail.models.catchUp();
    expect((await record()).isRecorded).toBe(true);
    await billtrail.models.catchUp();
    expect((await record(() => tell(TARGET, 'in between'))).isRecorded).toBe(false);
    expect((await record()).isRecorded).toBe(false);
  });

  it('decides nothing while they have not, and says from where on it can', async () => {
    await tell(TARGET, 'first');
    await billtrail.models.catchUp();
    const second = await tell(TARGET, 'second');
    await tell('ticket-T2', 'third');
    const { at, times } = await record();
    expect([at, times]).toEqual([second, []]);
    expect(await versionNow()).toBe(2);
  });

  it('is behind by no event of another stream', async () => {
    await tell(TARGET, 'first');
    await billtrail.models.catchUp();
    await tell('ticket-T2', 'second');
    expect((await record()).at).toEqual(await billtrail.store.head());
    expect(await versionNow()).toBe(2);
  });

  it('loses a race in silence: what another recorded in between stands, and is to be looked at', async () => {
    await tell(TARGET, 'first');
    await billtrail.models.catchUp();
    let meanwhile: Position | null = null;
    const { at, times } = await record(async () => (meanwhile = await tell(TARGET, 'in between')));
    expect(times).toHaveLength(1);
    expect(at).toEqual(meanwhile);
    expect((await read()).slice.events.at(-1)?.data).toMatchObject({ text: 'in between' });
  });

  it('decides on the facts of one moment, where the read models move on while it reads', async () => {
    await tell(TARGET, 'first');
    await billtrail.models.catchUp();
    const { at } = await record(async () => {
      await tell('ticket-T2', 'second');
      await billtrail.models.catchUp();
    });
    expect(at).toEqual(await billtrail.store.head());
    expect(await versionNow()).toBe(2);
  });

  it('takes the time of the last event that its read models have read where its clock is behind that', async () => {
    now = LATER;
    await tell(TARGET, 'first');
    await billtrail.models.catchUp();
    now = NOON;
    expect((await record()).times).toEqual([LATER]);
    now = '2026-03-02T23:31:00.000+11:00';
    expect((await new Fence(billtrail, 'record-gaps').now()).now).toBe(now);
  });

  it('takes no older time for a position than that of its own event, where many ask at once and the read models move on', async () => {
    await tell(TARGET, 'first');
    await billtrail.models.catchUp();
    const fence = new Fence(billtrail, 'record-gaps');
    const { store } = billtrail;
    const eventAt = store.eventAt.bind(store);
    let other: ReturnType<typeof record> | null = null;
    let answerAll = (): void => undefined;
    const all = new Promise<void>((resolve) => (answerAll = resolve));
    jest.spyOn(store, 'eventAt').mockImplementation(async (at) => {
      const found = await eventAt(at);
      if (other === null) {
        now = LATER;
        await tell('ticket-T2', 'second');
        await billtrail.models.catchUp();
        now = NOON;
        other = record(undefined, fence);
      } else answerAll();
      await all;
      return found;
    });
    const { times } = await record(undefined, fence);
    jest.restoreAllMocks();
    expect([times, (await other!).times]).toEqual([[LATER], [LATER]]);
  });
});
