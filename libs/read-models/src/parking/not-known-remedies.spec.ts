import { storedPersonEvents } from '@billtrail/kernel';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import BetterSqlite from 'better-sqlite3';
import { storedBillingEvents } from '@billtrail/billing';
import { storedContractEvents } from '@billtrail/contracts';
import { SqliteEventStore, StoredNames, UNLIFTED_REMEDY } from '@billtrail/event-store';
import { storedTicketEvents } from '@billtrail/ticketing';
import { ReadModels } from '../read-models.js';
import { approved, contract, logged, registered, requested, resolved, Story } from '../spec-kit/story.js';

const AT = '2026-03-20T00:00:00.000Z';
const MARCH = '2026-03';
const CLIENTS = ['acme', 'bolt'];

const RESOLVED = storedTicketEvents.find(({ type }) => type === 'TicketResolved')!;
/** A later version of the software, which lifts what is stored of a resolved ticket. */
const later = (lift: (data: object) => object) =>
  new StoredNames(
    storedTicketEvents.map((one) =>
      one === RESOLVED
        ? { ...one, schemaVersion: one.schemaVersion + 1, upcasters: { ...one.upcasters, [one.schemaVersion]: lift } }
        : one,
    ),
    storedContractEvents,
    storedBillingEvents,
    storedPersonEvents,
  );
const STRICT = later((data) => {
  if ('odd' in data) throw new TypeError('odd is none of its fields');
  return data;
});
const LENIENT = later((data) => data);

describe('the remedy that is told with what is not known', () => {
  let folder: string;
  let story: Story;
  let models: ReadModels | null = null;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'remedies-'));
    story = new Story(join(folder, 'events.db'));
    await story.house('acme');
    await story.tell('client-bolt', registered('bolt'));
    await story.tell('contract-bolt-1', ...contract('bolt'));
    for (const clientId of CLIENTS) {
      await story.ticket(
        clientId,
        requested(clientId, { clientId }),
        logged(`te-${clientId}`),
        approved(`te-${clientId}`),
      );
      await story.ticket(clientId, resolved());
    }
  });
  afterEach(async () => {
    await models?.close();
    await story.store.close();
    rmSync(folder, { recursive: true });
  });

  const itemsOf = (clientId: string) => models?.billableItems.ofPeriod(clientId, MARCH);
  async function read(store: SqliteEventStore = story.store): Promise<void> {
    await models?.close();
    models = await ReadModels.open({ file: join(folder, 'read-models.db'), store });
    await models.catchUp();
    expect(models.status().filter(({ state }) => state !== 'live')).toEqual([]);
  }
  async function by(names: StoredNames, work: (store: SqliteEventStore) => Promise<unknown>): Promise<void> {
    const store = SqliteEventStore.open({ file: join(folder, 'events.db'), names, clock: () => AT });
    await work(store);
    await models?.close();
    models = null;
    await store.close();
  }

  it('works where an event can not be lifted: a version that can reads it at its start (X1)', async () => {
    const event = resolved();
    Object.assign(event.data, { odd: true });
    await story.ticket('acme', event);
    // At each start the same, while it is the same version.
    for (let start = 1; start <= 2; start++)
      await by(STRICT, async (store) => {
        await read(store);
        await expect(itemsOf('acme')).rejects.toMatchObject({
          refusal: {
            message: expect.stringContaining("an event can't be read (ticket-acme"),
            remedy: `${UNLIFTED_REMEDY} Nothing is lost, and all else goes on.`,
          },
        });
        expect(models?.known.parkedInShort()?.cause).toBe('events hold data that no version of Billtrail wrote');
        expect(await itemsOf('bolt')).toHaveLength(1);
      });
    await by(LENIENT, async (store) => {
      await read(store);
      expect(await itemsOf('acme')).toHaveLength(1);
      expect(models?.known.parkedInShort()).toBeNull();
    });
  });

  it.each([
    ['folded', "UPDATE contracts SET state = '{\"x\":' WHERE contract_id = 'acme-1'", 'contract-acme-1'],
    ['rated', "UPDATE work_items SET facts = '{\"x\":' WHERE work_item_id = 'te-acme'", 'ticket-acme'],
  ])('works where a row can not be read as it is %s: a rebuild fills it anew (Z2)', async (_when, sql, stream) => {
    await read();
    const before = await itemsOf('acme');
    const file = new BetterSqlite(join(folder, 'read-models.db'));
    expect(file.prepare(sql).run().changes).toBe(1);
    file.close();
    if (stream.startsWith('contract')) await story.tell(stream, ...contract('acme').slice(-1));
    else await story.ticket('acme', logged('te-2'), approved('te-2'));
    await models?.catchUp();
    await expect(itemsOf('acme')).rejects.toMatchObject({
      refusal: {
        message: expect.stringMatching(/a row of the read models can't be read, .*: .*no JSON/),
        remedy: expect.stringContaining('billtrail rebuild'),
      },
    });
    expect(models?.known.parkedInShort()?.cause).toContain('billtrail rebuild');
    expect(await itemsOf('bolt')).toHaveLength(1);
    await models?.rebuild();
    expect(models?.known.parkedInShort()).toBeNull();
    expect(await itemsOf('acme')).toHaveLength(stream.startsWith('contract') ? before!.length : before!.length + 1);
  });
});
