import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import type { StoredEventType } from '@billtrail/kernel';
import { everything, LATER_NAMES, NAMES, note, request, textsOf, time } from '../contract-suite/fixtures.js';
import { KeysInMemory } from '../contract-suite/keys-in-memory.js';
import { CommandIdReused, UnknownStoredEvent } from '../errors.js';
import { START } from '../position.js';
import { isSealed, KEY_BYTES, opened, seal, takeTexts } from '../sealed-data.js';
import type { StreamKeys } from '../sealing.js';
import { SqliteEventStore } from './sqlite-event-store.js';
import { StoredNames } from '../stored-names.js';

const KEY = Buffer.alloc(KEY_BYTES, 7);
const sealedCopy = (data: object, paths: readonly string[]) => {
  const rest = structuredClone(data);
  const texts = takeTexts(rest, paths);
  return seal(rest, texts, KEY, 'here');
};

describe('sealed data', () => {
  const DATA = {
    id: 'INV-1',
    buyer: { name: 'Ana', taxId: null, address: 'Main Street 1' },
    lines: [
      { item: 'a', description: 'Call with Ana', trace: [{ text: 'one' }, { text: 'two' }] },
      { item: 'b', description: '', trace: [] },
      { item: 'c', trace: [{ text: 'three' }] },
    ],
    names: ['Ana', 'Ben'],
    note: 'Ana asked',
  };
  const PATHS = [
    'buyer.name',
    'buyer.taxId',
    'buyer.address',
    'lines[].description',
    'lines[].trace[].text',
    'names[]',
    'note',
    'gone.from[].here',
  ];

  it('are the same again when they are opened, to the order of their fields', () => {
    const sealed = sealedCopy(DATA, PATHS);
    expect(isSealed(sealed)).toBe(true);
    expect(JSON.stringify(opened(sealed, KEY, 'here'))).toBe(JSON.stringify(DATA));
  });

  it('show nothing of what is listed, and all the rest', () => {
    const { $sealed: _sealed, ...rest } = sealedCopy(DATA, PATHS) as Record<string, unknown>;
    expect(rest).toEqual({
      id: 'INV-1',
      buyer: { name: '(sealed)', taxId: null, address: '(sealed)' },
      lines: [
        { item: 'a', description: '(sealed)', trace: [{ text: '(sealed)' }, { text: '(sealed)' }] },
        { item: 'b', description: '', trace: [] },
        { item: 'c', trace: [{ text: '(sealed)' }] },
      ],
      names: ['(sealed)', '(sealed)'],
      note: '(sealed)',
    });
  });

  it('are sealed otherwise each time, and open in their own place by their own key only', () => {
    const sealed = sealedCopy(DATA, PATHS);
    expect(sealedCopy(DATA, PATHS)).not.toEqual(sealed);
    expect(() => opened(sealed, KEY, 'elsewhere')).toThrow();
    expect(() => opened(sealed, Buffer.alloc(KEY_BYTES, 8), 'here')).toThrow();
  });

  it('hold texts where a path leads to one', () => {
    expect(takeTexts(structuredClone(DATA), ['lines[].description', 'note'])).toEqual([
      ['lines[].description', ['Call with Ana']],
      ['note', ['Ana asked']],
    ]);
    const nowhere = ['buyer.taxId', 'id.name', 'lines.description', 'constructor.name', 'buyer[]', 'names[].x'];
    expect(takeTexts(structuredClone(DATA), nowhere)).toEqual([]);
  });
});

describe('a store that seals', () => {
  const SECRET = 'Ana Lee from Wollongong called';
  let folder: string;
  let file: string;
  let keys: KeysInMemory;
  const stores: SqliteEventStore[] = [];
  const open = (
    with_: { readonly names?: StoredNames; readonly keys?: StreamKeys | null; readonly tick?: () => number } = {},
  ) => {
    const { names = NAMES, keys: given = keys, tick } = with_;
    const store = SqliteEventStore.open({ file, names, ...(given && { keys: given }), ...(tick && { tick }) });
    stores.push(store);
    return store;
  };
  const bytes = () => Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'billtrail-sealing-'));
    file = join(folder, 'log.db');
    keys = new KeysInMemory();
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    rmSync(folder, { recursive: true });
  });

  it('leaves no plain text of a personal field in the bytes of its files, and reads it as it was', async () => {
    const store = open();
    await store.append(request('ticket-1', 'a', [note(SECRET), time(30)]));
    expect(textsOf((await store.readStream('ticket-1')).events)).toEqual([SECRET, undefined]);
    expect(textsOf(await everything(store))).toEqual([SECRET, undefined]);
    const [loaded] = (await store.load('ticket-1', 'a')).events;
    expect(loaded).toEqual((await store.readStream('ticket-1')).events[0]);
    expect(bytes().includes('Wollongong')).toBe(false);
    expect(bytes().includes('"minutes":30')).toBe(true);
    expect((await store.verify()).findings).toEqual([]);
  });

  it('gives no key to a stream in which nothing can be personal', async () => {
    await open().append(request('ticket-1', 'a', [time(30)]));
    expect(keys.all.size).toBe(0);
  });

  it('leaves no hash of what was asked for in the bytes of its files, by which a guess of it could be confirmed', async () => {
    const asked = request('ticket-1', 'a', [note(SECRET)]);
    const { fingerprint } = asked;
    const hash = fingerprint.slice(2);
    await open().append(asked, [{ key: 'key-1', fingerprint }]);
    await open().append(request('ticket-1', 'b', [note('')], { fingerprint }));
    expect(bytes().includes(hash)).toBe(false);
    // Without keys of streams it is there: the test can fail.
    await open({ keys: null }).append(request('ticket-2', 'a', [note(SECRET)]));
    expect(bytes().includes(hash)).toBe(true);
  });

  it('knows what was asked for and claimed in another process, also before what was asked for was under a key', async () => {
    const { fingerprint } = request('ticket-1', 'a', [note(SECRET)]);
    const claims = (key: string) => [{ key, fingerprint }];
    await open({ keys: null }).append(request('ticket-1', 'a', [note(SECRET)]), claims('key-1'));
    await open().append(request('ticket-1', 'b', [note(SECRET)]), claims('key-2'));
    keys.forgetWhatIsAtHand();
    const other = open();
    for (const [commandId, key] of [
      ['a', 'key-1'],
      ['b', 'key-2'],
    ] as const) {
      const { done } = await other.load('ticket-1', commandId);
      const claimed = await other.claimed(key);
      for (const recorded of [done, claimed])
        expect([fingerprint, 'f2'].map((one) => recorded?.isFor(one))).toEqual([true, false]);
      const again = request('ticket-1', commandId, [note(SECRET)]);
      expect(await other.append(again, claims(key))).toMatchObject({ repeated: true });
      await expect(other.append({ ...again, fingerprint: 'f2' })).rejects.toThrow(CommandIdReused);
      // Completed from another store, which writes the claim first: the same is not refused.
      const under = request('ticket-1', `${commandId} again`, [note(SECRET)]);
      expect(await other.append(under, claims(key))).toMatchObject({ repeated: false });
    }
  });

  it('takes a repeat for another request once the key of its stream is gone', async () => {
    const { fingerprint } = request('ticket-1', 'a', [note(SECRET)]);
    await open().append(request('ticket-1', 'a', [note(''), time(30)], { fingerprint }), [
      { key: 'key-1', fingerprint },
    ]);
    const gone = open({ keys: new KeysInMemory() });
    expect((await gone.load('ticket-1', 'a')).done?.isFor(fingerprint)).toBe(false);
    expect((await gone.claimed('key-1'))?.isFor(fingerprint)).toBe(false);
    for (const event of [note(''), time(30)])
      await expect(gone.append(request('ticket-1', 'a', [event], { fingerprint }))).rejects.toThrow(CommandIdReused);
  });

  it('knows a repeat, and what is no repeat, though it is sealed otherwise each time', async () => {
    const store = open();
    const first = await store.append(request('ticket-1', 'a', [note(SECRET)]));
    expect(await store.append(request('ticket-1', 'a', [note(SECRET)]))).toEqual({ ...first, repeated: true });
    await expect(store.append(request('ticket-1', 'a', [note('other')]))).rejects.toThrow('already carried out');
  });

  it('knows a repeat of what was stored in plain text before', async () => {
    await open({ keys: null }).append(request('ticket-1', 'a', [note(SECRET)]));
    expect(await open().append(request('ticket-1', 'a', [note(SECRET)]))).toMatchObject({ repeated: true });
    // As earlier versions did, which kept no fingerprint.
    const raw = new Database(file);
    raw.exec('DROP TRIGGER appends_never_change; UPDATE appends SET fingerprint = NULL');
    raw.close();
    expect(await open().append(request('ticket-1', 'a', [note(SECRET)]))).toMatchObject({ repeated: true });
  });

  it('keeps the order of what is appended to a stream while its key is made', async () => {
    const store = open();
    await Promise.all([
      store.append(request('ticket-1', 'a', [note('one')])),
      store.append(request('ticket-1', 'b', [time(2)])),
      store.append(request('ticket-1', 'c', [note('three')])),
    ]);
    const { events } = await store.readStream('ticket-1');
    expect(events.map(({ commandId }) => commandId)).toEqual(['a', 'b', 'c']);
  });

  it('opens what is sealed before it lifts it to the present shape', async () => {
    await open().append(request('ticket-1', 'a', [note(SECRET)]));
    const [event] = (await open({ names: LATER_NAMES }).readStream('ticket-1')).events;
    expect(event).toMatchObject({ type: 'CommentWritten', data: { body: SECRET, language: 'en' } });
  });

  it('opens what was sealed by another list of fields', async () => {
    await open().append(request('ticket-1', 'a', [note(SECRET)]));
    const unlisted: StoredEventType = {
      type: 'NoteAdded',
      storedName: 'note-added',
      schemaVersion: 1,
      personalFields: [],
    };
    const [event] = (await open({ names: new StoredNames([unlisted]) }).readStream('ticket-1')).events;
    expect(event?.data).toEqual({ text: SECRET });
  });

  it.each([
    ['by itself, without keys', () => null],
    ['whose vault lacks the key', () => new KeysInMemory()],
    [
      'whose vault holds another key',
      () => {
        const other = new KeysInMemory();
        other.all.set('ticket-1', Buffer.alloc(KEY_BYTES));
        return other;
      },
    ],
  ])('%s delivers as unknown what it can not open, and refuses its stream', async (_what, others) => {
    const store = open();
    await store.append(request('ticket-1', 'a', [note(SECRET)]));
    await store.append(request('ticket-2', 'b', [time(5)]));
    const other = open({ keys: others() });
    const found = await everything(other);
    expect(found).toMatchObject([
      { unknown: expect.stringContaining('sealed'), sealed: true },
      { data: { minutes: 5 } },
    ]);
    expect(JSON.stringify(found)).not.toContain('Ana');
    await expect(other.readStream('ticket-1')).rejects.toMatchObject({ kind: 'sealed' });
    await expect(other.load('ticket-1', 'a')).rejects.toThrow(UnknownStoredEvent);
    const slices = other.subscribe({ after: START, signal: new AbortController().signal });
    for await (const { events } of slices) {
      expect(events[0]).toMatchObject({ sealed: true });
      break;
    }
  });

  it('says where a text stood that is lost for good, and opens or refuses all else as before', async () => {
    const log = open();
    await log.append(request('ticket-1', 'a', [note(SECRET), note('')]));
    const later = await log.append(request('ticket-1', 'b', [note(SECRET)]));
    const empty = new KeysInMemory();
    empty.lost.set('ticket-1', later.position.at - 1);
    const after = open({ keys: empty });
    expect(await everything(after)).toMatchObject([
      { data: { text: '(lost)' } },
      { data: { text: '' } },
      { sealed: true, unknown: expect.stringContaining('does not hold') },
    ]);
    empty.lost.set('ticket-1', later.position.at);
    const read = async (names: StoredNames) => (await open({ names, keys: empty }).readStream('ticket-1')).events;
    expect(textsOf(await read(NAMES))).toEqual(['(lost)', '', '(lost)']);
    expect((await read(LATER_NAMES))[0]).toMatchObject({ data: { body: '(lost)', language: 'en' } });
    await after.append(request('ticket-1', 'c', [note('goes on')]));
    expect(textsOf(await everything(after))).toEqual(['(lost)', '', '(lost)', 'goes on']);
    await expect(after.append(request('ticket-1', 'b', [note(SECRET)]))).rejects.toThrow(CommandIdReused);
    const both = open({
      keys: {
        keyFor: () => KEY,
        keysOf: () =>
          new Map([['ticket-1', { keys: [empty.all, keys.all].map((all) => all.get('ticket-1')!), lostUpTo: 3 }]]),
      },
    });
    expect(textsOf(await everything(both))).toEqual([SECRET, '', SECRET, 'goes on']);
    expect(await both.append(request('ticket-1', 'b', [note(SECRET)]))).toMatchObject({ repeated: true });
  });

  it('stores nothing where no key can be had', async () => {
    const store = open({ keys: { keyFor: () => Promise.reject(new Error('no vault')), keysOf: () => new Map() } });
    await expect(store.append(request('ticket-1', 'a', [note(SECRET)]))).rejects.toThrow('no vault');
    expect(await store.head()).toEqual(START);
  });

  it('counts the wait for a key: what waited longer than its decision is good for is refused', async () => {
    let now = 0;
    const slow: StreamKeys = {
      keyFor: async () => {
        await new Promise(setImmediate);
        now += 2_001;
        return KEY;
      },
      keysOf: () => new Map(),
    };
    const store = open({ keys: slow, tick: () => now });
    await expect(store.append(request('ticket-1', 'a', [note(SECRET)], { maxWaitMs: 2_000 }))).rejects.toMatchObject({
      name: 'DecisionTooOld',
      message: expect.stringContaining('2001 ms'),
    });
    expect(await store.head()).toEqual(START);
    await store.append(request('ticket-1', 'a', [note(SECRET)], { maxWaitMs: 2_001 }));
    expect((await store.head()).at).toBe(1);
  });

  it('lets a sealed event be as large as a plain one, for its limit is that of what is appended', async () => {
    const store = open();
    const text = 'x'.repeat(900_000);
    await store.append(request('ticket-1', 'a', [note(text)]));
    expect(textsOf((await store.readStream('ticket-1')).events)).toEqual([text]);
  });

  it('refuses data that look sealed', async () => {
    const event = { ...note('x'), data: { $sealed: 'x' } };
    await expect(open().append(request('ticket-1', 'a', [event]))).rejects.toThrow('$sealed');
  });

  it('tells up to where a log that began before is in plain text', async () => {
    const store = open({ keys: null });
    await store.append(request('ticket-1', 'a', [note('one'), note('two')]));
    expect((await store.verify()).plainUpTo).toBe(0);
    await stores.pop()?.close();
    const raw = new Database(file);
    raw.exec('DROP TABLE sealing; PRAGMA user_version = 1');
    raw.close();
    const tool = SqliteEventStore.open({ file, names: NAMES, readonly: true });
    expect((await tool.verify()).plainUpTo).toBeNull();
    await tool.close();
    const sealing = open();
    await sealing.append(request('ticket-1', 'b', [note(SECRET)]));
    expect((await sealing.verify()).plainUpTo).toBe(2);
    expect(textsOf(await everything(sealing))).toEqual(['one', 'two', SECRET]);
  });
});
