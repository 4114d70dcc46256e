import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Copying, StoredAppend, WholeLog } from '../capabilities.js';
import { keyStream } from '../claims.js';
import { LogNotEmpty } from '../errors.js';
import type { EventStore } from '../port.js';
import { everything, expectWholeChain, NAMES_WITHOUT_TIME, note, request, time } from './fixtures.js';
import type { OpenedStore, UnderTest } from './fixtures.js';

const KEY = keyStream('user-7', 'k1');

function copying(store: EventStore): Copying {
  const found = store.capability('copying');
  if (found === null) throw new Error('the store can copy no log');
  return found;
}

async function appendsOf(store: EventStore): Promise<StoredAppend[]> {
  const found: StoredAppend[] = [];
  for await (const append of copying(store).copyOut().appends()) found.push(append);
  return found;
}

/** A log that breaks off, as when the process ends that reads it. */
function brokenOff(log: WholeLog, after: number): WholeLog {
  return {
    ...log,
    appends: async function* () {
      let count = 0;
      for await (const append of log.appends()) {
        if (count++ === after) throw new Error('broken off');
        yield append;
      }
    },
  };
}

function changed(log: WholeLog, change: (append: StoredAppend, index: number) => StoredAppend): WholeLog {
  return {
    ...log,
    appends: async function* () {
      let index = 0;
      for await (const append of log.appends()) yield change(append, index++);
    },
  };
}

/** For stores that can copy whole logs. `open` makes another log, which is empty. */
export function describeCopying(log: UnderTest, open: () => Promise<OpenedStore>): void {
  describe('a whole log that is copied into another', () => {
    let other: OpenedStore;
    beforeEach(async () => {
      other = await open();
      const many = (from: number) => Array.from({ length: 600 }, (_, n) => time(from + n));
      await log.store.append(request('ticket-1', 'a', [note('1'), note('2')]), [{ key: KEY, fingerprint: 'f1' }]);
      await log.store.append(request('ticket-2', 'b', many(0), { causationId: 'cause' }));
      await log.store.append(request('ticket-1', 'c', [note('3')], { actor: { id: 'ana', role: 'accounts' } }));
      for (const id of ['d', 'e', 'f']) await log.store.append(request(`ticket-${id}`, id, many(1_000)));
    });
    afterEach(() => other.dispose());

    it('has the same ids, times, claims and bytes, and goes on as the other would', async () => {
      expect(await copying(other.store).copyIn(copying(log.store).copyOut())).toEqual({ written: 2_404, held: 0 });
      const copy = await other.reopen();
      expect(await appendsOf(copy)).toEqual(await appendsOf(log.store));
      await expectWholeChain(copy);
      if (log.seals) return;
      const bare = async (store: EventStore) =>
        (await everything(store)).map(({ position: _position, ...event }) => event);
      expect(await bare(copy)).toEqual(await bare(log.store));
      expect((await copy.claimed(KEY))?.isFor('f1')).toBe(true);
      const again = await copy.append(request('ticket-1', 'a', [note('1'), note('2')]));
      expect(again).toMatchObject({ version: 2, repeated: true });
      expect(await copy.append(request('ticket-1', 'g', [note('4')], { expected: 3 }))).toMatchObject({ version: 4 });
    });

    it('says as the other up to where texts are plain', async () => {
      const from = copying(log.store).copyOut();
      await copying(other.store).copyIn({ ...from, plainEvents: 3 });
      expect(copying(await other.reopen()).copyOut().plainEvents).toBe(3);
    });

    it('is written once, however often it is copied', async () => {
      const from = copying(log.store).copyOut();
      await copying(other.store).copyIn(from);
      const head = await other.store.head();
      expect(await copying(await other.reopen()).copyIn(from)).toEqual({ written: 0, held: 2_404 });
      expect(await other.store.head()).toEqual(head);
    });

    it.each([0, 2, 4, 5, 6])('that breaks off after %i appends is completed by the next copy', async (after) => {
      const from = copying(log.store).copyOut();
      await expect(copying(other.store).copyIn(brokenOff(from, after))).rejects.toThrow('broken off');
      const { written, held } = await copying(await other.reopen()).copyIn(from);
      expect(written + held).toBe(2_404);
      expect(held).toBe([0, 0, 0, 1_204, 1_204][[0, 2, 4, 5, 6].indexOf(after)]);
      expect(await appendsOf(other.store)).toEqual(await appendsOf(log.store));
      await expectWholeChain(other.store);
    });

    it('is refused where there is anything else, of which nothing changes', async () => {
      const from = copying(log.store).copyOut();
      await other.store.append(request('ticket-9', 'z', [note('mine')]));
      const before = await appendsOf(other.store);
      await expect(copying(other.store).copyIn(from)).rejects.toEqual(new LogNotEmpty('ticket-9', 1));
      expect(await appendsOf(other.store)).toEqual(before);
    });

    it('is refused where something was recorded behind it', async () => {
      const from = copying(log.store).copyOut();
      await copying(other.store).copyIn(from);
      await other.store.append(request('ticket-9', 'z', [note('mine')]));
      await expect(copying(other.store).copyIn(from)).rejects.toEqual(new LogNotEmpty('ticket-9', 1));
    });

    it('is refused where it differs from what is there: by a byte, an id, a time, who asked, or what was asked', async () => {
      const from = copying(log.store).copyOut();
      await copying(other.store).copyIn(from);
      const before = await other.store.head();
      const changes: readonly ((append: StoredAppend) => StoredAppend)[] = [
        (append) => ({ ...append, events: append.events.map((event) => ({ ...event, json: '{}' })) }),
        (append) => ({ ...append, events: append.events.map((event) => ({ ...event, id: 'f'.repeat(32) })) }),
        (append) => ({ ...append, recordedAt: '2020-01-01T00:00:00.000Z' }),
        (append) => ({ ...append, actor: { id: 'eve', role: 'admin' } }),
        (append) => ({ ...append, fingerprint: 'another' }),
      ];
      for (const change of changes) {
        const differing = changed(from, (append, index) => (index === 3 ? change(append) : append));
        await expect(copying(other.store).copyIn(differing)).rejects.toEqual(new LogNotEmpty('ticket-1', 3));
      }
      expect(await other.store.head()).toEqual(before);
    });

    it('is refused where somebody writes to it meanwhile', async () => {
      const from = copying(log.store).copyOut();
      const raced: WholeLog = {
        ...from,
        appends: async function* () {
          let index = 0;
          for await (const append of from.appends()) {
            if (index++ === 5) await other.store.append(request('ticket-9', 'z', [note('mine')]));
            yield append;
          }
        },
      };
      await expect(copying(other.store).copyIn(raced)).rejects.toEqual(new LogNotEmpty('ticket-9', 1));
      await expectWholeChain(other.store);
    });

    it('keeps what this version does not know', async () => {
      const lacking = await other.reopen(NAMES_WITHOUT_TIME);
      await copying(lacking).copyIn(copying(log.store).copyOut());
      const unknown = (await everything(lacking)).filter((event) => event.type === 'unknown:time-entry-logged');
      expect(unknown).toHaveLength(2_400);
    });
  });
}
