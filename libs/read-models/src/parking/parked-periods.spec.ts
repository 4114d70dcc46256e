import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { rate } from '@billtrail/billing';
import { billableItemsRatedBy } from '../billable-items/projection.js';
import { foldAgain } from '../folded-again.js';
import { PROJECTIONS, ReadModels } from '../read-models.js';
import { dump } from '../spec-kit/dump.js';
import {
  approved,
  contract,
  drafted,
  event,
  logged,
  MANAGED,
  registered,
  requested,
  resolved,
  Story,
  TERMS,
  used,
  version,
  type AnyEvent,
} from '../spec-kit/story.js';
import { NotKnown } from './not-known.js';

const DAY = '2026-06-30';
const MARCH = '2026-03';
const APRIL = '2026-04';
const FEBRUARY = '2026-02';

/** An entry as history may hold it, and no door would let it in. */
function entry(id: string, wrong: object): AnyEvent {
  const { data } = logged(id) as Extract<AnyEvent, { type: 'TimeEntryLogged' }>;
  return event('TimeEntryLogged', { ...data, ...wrong });
}
const voided = (timeEntryId: string) => event('TimeEntryVoided', { timeEntryId, reason: 'in error' });

describe('what was recorded and can not be rated (X1, X2, X3)', () => {
  let folder: string;
  let story: Story;
  const opened: ReadModels[] = [];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'parked-periods-'));
    story = new Story(join(folder, 'events.db'));
    await story.house('acme');
    await story.tell('client-bolt', registered('bolt'));
    await story.tell('contract-bolt-1', ...contract('bolt'));
    for (const clientId of ['acme', 'bolt']) {
      await story.ticket(clientId, requested(clientId, { clientId }));
      for (const [id, day] of Object.entries({ f: '2026-02-03', m: '2026-03-03', a: '2026-04-03' }))
        await story.ticket(
          `${clientId}-${id}`,
          requested(`${clientId}-${id}`, { clientId }),
          logged(`${clientId}-${id}`, 60, day),
          approved(`${clientId}-${id}`),
          resolved(`${day}T16:00:00+11:00`),
        );
    }
  });
  afterEach(async () => {
    await closeAll();
    await story.store.close();
    rmSync(folder, { recursive: true });
  });

  async function closeAll(): Promise<void> {
    for (const models of opened.splice(0)) await models.close();
  }
  async function read(file = 'read-models.db', projections = PROJECTIONS): Promise<ReadModels> {
    const models = await ReadModels.open({ file: join(folder, file), store: story.store, projections });
    opened.push(models);
    await models.catchUp();
    await isLive(models);
    return models;
  }
  async function isLive(models: ReadModels): Promise<void> {
    expect(models.status().map(({ state, error }) => error ?? state)).toEqual(models.status().map(() => 'live'));
    expect(models.position()).toEqual(await story.store.head());
  }
  const itemsOf = (models: ReadModels, clientId: string, period: string) =>
    models.billableItems.ofPeriod(clientId, period);
  const parked = (models: ReadModels) => models.known.parkedStreams().items;

  it('parks its client and month, by the event that told it; all other answers are as without it', async () => {
    const before = await read();
    const others = await Promise.all([
      itemsOf(before, 'acme', FEBRUARY),
      itemsOf(before, 'acme', APRIL),
      itemsOf(before, 'bolt', MARCH),
      before.reconciliation.of(DAY, { clientId: 'bolt' }),
    ]);
    const position = await story.ticket('acme', logged('fine', 30), entry('E9', { minutes: -50 }));
    await before.catchUp();
    await isLive(before);
    const [one] = parked(before);
    expect(parked(before)).toHaveLength(1);
    expect(one).toMatchObject({
      stream: 'ticket-acme',
      clients: ['acme'],
      period: MARCH,
      readModels: ['billable-items'],
      cause: 'InvariantViolation: actual must be whole minutes, got -50',
      position,
    });
    await expect(itemsOf(before, 'acme', MARCH)).rejects.toMatchObject({
      name: 'NotKnown',
      refusal: {
        details: { clientId: 'acme', period: MARCH, stream: 'ticket-acme' },
        remedy: expect.stringContaining('void'),
      },
    });
    expect(
      await Promise.all([
        itemsOf(before, 'acme', FEBRUARY),
        itemsOf(before, 'acme', APRIL),
        itemsOf(before, 'bolt', MARCH),
        before.reconciliation.of(DAY, { clientId: 'bolt' }),
      ]),
    ).toEqual(others);
    expect(before.known.parkedInShort()).toMatchObject({ streams: 1, periods: 1, oldest: position });
  });

  it('is in no sum and no list over months or clients, and each of them names it', async () => {
    await story.ticket('acme', entry('E9', { minutes: -50 }));
    const models = await read();
    const lacking = [{ clientId: 'acme', period: MARCH }];
    for (const scope of [{}, { clientId: 'acme' }]) {
      const all = await models.reconciliation.of(DAY, scope);
      expect(all).toMatchObject({ notKnown: lacking, imbalances: [] });
      expect(all.tickets.resolved).toBe('clientId' in scope ? 2 : 5);
    }
    await expect(models.reconciliation.of(DAY, { clientId: 'acme', period: MARCH })).rejects.toThrow(NotKnown);
    expect((await models.reconciliation.of(DAY, { clientId: 'acme', period: APRIL })).notKnown).toBeUndefined();
    const lists = [
      models.billableItems.list(),
      models.billableItems.list({ clientId: 'acme' }),
      models.reconciliation.byClientPeriod(DAY),
      models.reconciliation.tickets(DAY),
      models.gaps.list(),
    ];
    for (const page of await Promise.all(lists)) {
      expect(page.notKnown).toEqual(lacking);
      expect(JSON.stringify(page.items)).not.toContain('acme-m');
    }
    await expect(models.billableItems.list({ clientId: 'acme', period: MARCH })).rejects.toThrow(NotKnown);
    await expect(models.billableItems.list({ ticketId: 'acme-m' })).rejects.toThrow(NotKnown);
    expect((await models.billableItems.list({ ticketId: 'acme-a' })).items).toHaveLength(1);
    expect((await models.prepaid.balances({ clientId: 'acme' })).notKnown).toEqual(lacking);
    expect(await models.billableItems.periods({ clientId: 'acme' })).toEqual([
      { clientId: 'acme', period: FEBRUARY },
      { clientId: 'acme', period: APRIL },
    ]);
  });

  it.each([
    ['no day', { workDate: 'soon' }, ''],
    ['a day of no calendar', { workDate: '2026-02-31' }, FEBRUARY],
    ['a day in the year 10000', { workDate: '10000-01-01' }, ''],
    ['the last day that can be written', { workDate: '9999-12-31' }, '9999-12'],
    ['minutes that are a word', { minutes: 'many' }, MARCH],
    ['minutes that no row can hold', { minutes: 1e300 }, MARCH],
    ['a part of a minute', { minutes: 1.5 }, MARCH],
    ['a start that is no moment', { startedAt: 'soon', endedAt: '2026-03-03T10:00:00Z' }, MARCH],
    ['ten thousand years of work', { startedAt: '0001-01-01T00:00:00Z', endedAt: '9998-12-30T00:00:00Z' }, MARCH],
  ])(
    'an entry with %s parks its month, or where it has none its client; voided, all is as if it had never been',
    async (_, wrong, period) => {
      await story.ticket('acme', entry('E9', wrong));
      const models = await read();
      expect(parked(models)).toMatchObject([{ stream: 'ticket-acme', clients: ['acme'], period: period || null }]);
      await story.ticket('acme', voided('E9'));
      await models.catchUp();
      expect(parked(models)).toEqual([]);
      for (const month of [FEBRUARY, MARCH, APRIL]) expect(await itemsOf(models, 'acme', month)).toHaveLength(1);
      await read('fresh.db');
      await closeAll();
      expect(dump(join(folder, 'read-models.db'))).toBe(dump(join(folder, 'fresh.db')));
    },
  );

  it('heals when it is corrected, and when what it is rated by is stated anew', async () => {
    const { data } = used('M1') as Extract<AnyEvent, { type: 'MaterialUsed' }>;
    const of = (currency: string) => ({ ...data, listPrice: { amount: '9.95', currency } });
    await story.ticket('acme', event('MaterialUsed', of('ZZZ')));
    const models = await read();
    expect(parked(models)).toMatchObject([{ period: MARCH, cause: 'InvariantViolation: unknown currency: ZZZ' }]);
    await story.ticket('acme', event('MaterialUsageCorrected', { ...of('AUD'), reason: 'typo' }));
    await models.catchUp();
    expect(parked(models)).toEqual([]);
    const details = { clientId: 'acme', name: 'A', currency: 'AUD', taxId: null, address: null, taxExemption: null };
    await story.tell('client-acme', event('ClientDetailsChanged', { ...details, timeZone: 'Mars/Base' }));
    await models.catchUp();
    expect(models.known.now().isKnown({ clientId: 'bolt' })).toBe(true);
    expect(parked(models).map(({ stream, clients }) => [stream, clients])).toContainEqual(['client-acme', ['acme']]);
    await story.tell('client-acme', event('ClientDetailsChanged', { ...details, timeZone: 'Australia/Sydney' }));
    await models.catchUp();
    expect(parked(models)).toEqual([]);
    expect(await itemsOf(models, 'acme', MARCH)).toHaveLength(2);
  });

  it('parks the months after it where they go on from it, and says so', async () => {
    await story.tell('contract-acme-1', ...contract('acme', MANAGED).slice(1));
    await story.ticket('acme', entry('E9', { minutes: -50 }));
    const models = await read();
    expect(parked(models).map(({ period, stream }) => [period, stream])).toEqual([
      [MARCH, 'ticket-acme'],
      [APRIL, 'ticket-acme'],
    ]);
    expect(parked(models)[1]?.cause).toBe(
      `it goes on from ${MARCH}, which can't be rated: InvariantViolation: actual must be whole minutes, got -50`,
    );
    expect(await itemsOf(models, 'acme', FEBRUARY)).not.toEqual([]);
    await models.rebuild();
    expect(parked(models)).toHaveLength(2);
    await story.ticket('acme', voided('E9'));
    await models.catchUp();
    expect(parked(models)).toEqual([]);
    await read('fresh.db');
    await closeAll();
    expect(dump(join(folder, 'read-models.db'))).toBe(dump(join(folder, 'fresh.db')));
  });

  it('is looked for once, and again where the facts of the month are others', async () => {
    let ratings = 0;
    const counting = PROJECTIONS.map((projection) =>
      projection.name === 'billable-items'
        ? billableItemsRatedBy((facts) => {
            if (facts.clientId === 'acme' && facts.period === MARCH) ratings += 1;
            return rate(facts);
          })
        : projection,
    );
    const models = await read('read-models.db', counting);
    const ratingsAfter = async (...events: readonly AnyEvent[]): Promise<number> => {
      ratings = 0;
      await story.ticket('acme', ...events);
      await models.catchUp();
      return ratings;
    };
    expect(await ratingsAfter(entry('E9', { minutes: -50 }))).toBeGreaterThan(1);
    const first = parked(models);
    expect(await ratingsAfter(logged('fine', 30, '2026-04-07'))).toBe(1);
    expect(parked(models)).toEqual(first);
    expect(await ratingsAfter(logged('more', 30, '2026-03-07'))).toBeGreaterThan(1);
    expect(parked(models)).toEqual(first);
    expect(await ratingsAfter(voided('E9'))).toBe(1);
    expect(parked(models)).toEqual([]);
  });

  const failingFor = (clientId: string) =>
    PROJECTIONS.map((projection) =>
      projection.name === 'billable-items'
        ? billableItemsRatedBy((facts) => {
            if (facts.clientId === clientId && facts.period === MARCH) throw new TypeError('a bug of ours');
            return rate(facts);
          })
        : projection,
    );

  it('is tried again at each start, whatever its client is called', async () => {
    const clientId = 'Ticket-Co';
    await story.tell(`client-${clientId}`, registered(clientId));
    await story.tell(`contract-${clientId}-1`, ...contract(clientId));
    await story.ticket('T9', requested('T9', { clientId }), logged('E9', 60, '2026-03-03'), approved('E9'));
    expect(parked(await read('read-models.db', failingFor(clientId)))).toHaveLength(1);
    await closeAll();
    const models = await read();
    expect(parked(models)).toEqual([]);
    expect(await itemsOf(models, clientId, MARCH)).toHaveLength(1);
  });

  it('is tried again at each start, where the code may be another', async () => {
    const failing = failingFor('acme');
    expect(parked(await read('read-models.db', failing))).toMatchObject([
      { clients: ['acme'], period: MARCH, cause: 'TypeError: a bug of ours' },
    ]);
    await closeAll();
    const models = await read();
    expect(parked(models)).toEqual([]);
    expect(await itemsOf(models, 'acme', MARCH)).toHaveLength(1);
    await read('fresh.db');
    await closeAll();
    expect(dump(join(folder, 'read-models.db'))).toBe(dump(join(folder, 'fresh.db')));
  });

  it.each([
    ['a version that begins in the year 206', version('acme-1', 2, TERMS, '0206-01-01')],
    ['a version that begins on no day', version('acme-1', 2, TERMS, 'soon')],
    ['a version without terms', version('acme-1', 2, {} as never, '2026-02-01')],
    [
      'a price that is a word',
      version('acme-1', 2, { ...TERMS, rateCard: { ...TERMS.rateCard, currency: 'ZZZ' } }, '2026-01-01'),
    ],
  ])('%s of a contract parks its client until it is published anew', async (_, wrong) => {
    const models = await read();
    await story.tell('contract-acme-1', wrong);
    await models.catchUp();
    await isLive(models);
    expect(new Set(parked(models).flatMap(({ clients }) => clients))).toEqual(new Set(['acme']));
    expect(parked(models)[0]).toMatchObject({ stream: 'contract-acme-1' });
    await expect(itemsOf(models, 'acme', MARCH)).rejects.toThrow(NotKnown);
    expect(await itemsOf(models, 'bolt', MARCH)).toHaveLength(1);
    await story.tell('contract-acme-1', version('acme-1', 2, TERMS, '2026-03-01'));
    await models.catchUp();
    expect(parked(models)).toEqual([]);
    expect(await itemsOf(models, 'acme', MARCH)).toHaveLength(1);
    await read('fresh.db');
    await closeAll();
    expect(dump(join(folder, 'read-models.db'))).toBe(dump(join(folder, 'fresh.db')));
  });

  it('of an account that can not be folded parks its client, and is folded again at a start', async () => {
    const failing = PROJECTIONS.map((projection) =>
      projection.derivedFrom !== undefined || projection.name !== 'invoices'
        ? projection
        : {
            ...projection,
            start: (database: Parameters<typeof projection.start>[0]) => {
              const folding = projection.start(database);
              const apply = (one: Parameters<typeof folding.apply>[0]) => {
                if (one.type === 'InvoiceDrafted') throw new TypeError('a bug of ours');
                folding.apply(one);
              };
              return { ...folding, apply };
            },
          },
    );
    await story.account('acme', MARCH, drafted('I1', 'acme', MARCH));
    const first = await read('read-models.db', failing);
    expect(parked(first)).toMatchObject([{ clients: ['acme'], readModels: ['invoices'], period: null }]);
    await expect(first.invoices.list({ clientId: 'acme' })).rejects.toThrow(NotKnown);
    await closeAll();
    const models = await read();
    expect(parked(models)).toHaveLength(1);
    expect(await foldAgain(story.store, models)).toEqual(['invoices']);
    await models.catchUp();
    expect(parked(models)).toEqual([]);
    expect((await models.invoices.list({ clientId: 'acme' })).items).toHaveLength(1);
    expect(await foldAgain(story.store, models)).toEqual([]);
  });

  it.each([
    ['a full disk', Object.assign(new Error('disk'), { code: 'SQLITE_FULL' }), 'thrown'],
    ['a connection that is closed', new TypeError('The database connection is not open'), 'stopped'],
    ['an error that nobody knows', new Error('odd'), 'stopped'],
  ])('is not %s: that parks nobody', async (_, error, ends) => {
    const failing = PROJECTIONS.map((projection) =>
      projection.name === 'billable-items'
        ? billableItemsRatedBy(() => {
            throw error;
          })
        : projection,
    );
    const models = await ReadModels.open({ file: ':memory:', store: story.store, projections: failing });
    opened.push(models);
    const caughtUp = models.catchUp().then(
      () => models.status().find(({ name }) => name === 'billable-items')?.state,
      () => 'thrown',
    );
    expect(await caughtUp).toBe(ends);
    expect(parked(models)).toEqual([]);
  });
});
