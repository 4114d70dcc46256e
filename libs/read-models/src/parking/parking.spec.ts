import { storedPersonEvents } from '@billtrail/kernel';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { storedBillingEvents } from '@billtrail/billing';
import { storedContractEvents } from '@billtrail/contracts';
import { categoryOf, SqliteEventStore, START, StoredNames } from '@billtrail/event-store';
import { storedTicketEvents } from '@billtrail/ticketing';
import { PROJECTIONS, ReadModels } from '../read-models.js';
import { dump } from '../spec-kit/dump.js';
import {
  approved,
  contract,
  drafted,
  event,
  logged,
  registered,
  requested,
  resolved,
  Story,
} from '../spec-kit/story.js';
import type { About } from './parked.js';
import { NotKnown } from './not-known.js';
import { dueGaps } from '../spec-kit/due-gaps.js';

const LATER = new StoredNames(storedTicketEvents, storedContractEvents, storedBillingEvents, storedPersonEvents, [
  { type: 'Teleported', storedName: 'teleported', schemaVersion: 1, personalFields: [] },
]);
const AT = '2026-03-20T00:00:00.000Z';
const DAY = '2026-06-30';

const UNREAD = ['teleporter-1', 'numbering-INV', 'clock', 'invoice-I9', 'key-abc'];

/** Two clients, each with a ticket that is to be billed and a recorded gap. */
const CLIENTS = ['acme', 'bolt'];

describe('an event that this version can not read (G4, G17)', () => {
  let folder: string;
  let story: Story;
  const opened: ReadModels[] = [];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'parking-'));
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
      await story.tell(`gap-${clientId}`, gapOf(clientId));
    }
  });
  afterEach(async () => {
    for (const models of opened.splice(0)) await models.close();
    await story.store.close();
    rmSync(folder, { recursive: true });
  });

  const gapOf = (clientId: string) =>
    event('BillingGapOpened', {
      gapId: clientId,
      kind: 'unbilled',
      ticketId: clientId,
      clientId,
      period: '2026-03',
      workItemId: `te-${clientId}`,
      valueAtRisk: { money: { amount: '187.50', currency: 'AUD' }, minutes: null },
      cause: 'nobody billed it',
      sourceEventIds: [],
    });
  const later = () => SqliteEventStore.open({ file: join(folder, 'events.db'), names: LATER, clock: () => AT });
  async function teleported(stream: string, times = 1): Promise<void> {
    const store = later();
    for (let n = 0; n < times; n++)
      await store.append({
        stream,
        expected: 'any',
        events: [{ type: 'Teleported', data: { to: 'Mars' }, occurredAt: AT }],
        actor: { id: 'later', role: 'support' },
        commandId: `teleport-${n}`,
        correlationId: 'later',
        causationId: null,
        fingerprint: 'teleport',
      });
    await store.close();
  }
  async function read(file = 'read-models.db', store: SqliteEventStore = story.store): Promise<ReadModels> {
    const models = await ReadModels.open({ file: join(folder, file), store });
    opened.push(models);
    await models.catchUp();
    expect(models.status().map(({ state }) => state)).toEqual(models.status().map(() => 'live'));
    expect(models.position()).toEqual(await store.head());
    return models;
  }
  const itemsOf = (models: ReadModels, clientId: string) => models.billableItems.ofPeriod(clientId, '2026-03');
  const partOf = (models: ReadModels, about: About) => models.partOfLog(about, models.position())?.streams;
  async function closeAll(): Promise<void> {
    for (const models of opened.splice(0)) await models.close();
  }

  it.each([
    ['ticket-acme', ['approvals', 'rating-facts', 'ticket-timeline']],
    ['contract-acme-1', ['approvals', 'rating-facts']],
    ['contracts-acme', ['approvals', 'rating-facts']],
    ['client-acme', ['approvals', 'rating-facts']],
    ['gap-acme', ['approvals', 'gaps', 'rating-facts', 'ticket-timeline']],
    ['account-acme-2026-03', ['approvals', 'invoices', 'rating-facts', 'ticket-timeline']],
  ])('on %s parks its client in the read models that read it, and nobody else', async (stream, readModels) => {
    const before = await itemsOf(await read(), 'bolt');
    await teleported(stream, 2);
    const models = await read();
    expect(models.known.parkedStreams().items).toMatchObject([
      { stream, clients: ['acme'], readModels, cause: expect.stringContaining('"teleported"'), events: 2 },
    ]);
    await expect(itemsOf(models, 'acme')).rejects.toMatchObject({
      name: 'NotKnown',
      refusal: { code: 'NotKnown', details: { clientId: 'acme', stream }, remedy: expect.stringContaining('newer') },
    });
    expect(await itemsOf(models, 'bolt')).toEqual(before);
    expect(before).toMatchObject([{ disposition: 'billable' }]);
  });

  it('is looked for in all categories that a read model takes events from', async () => {
    await story.account('acme', '2026-03', drafted('I1', 'acme', '2026-03'));
    const { events } = await story.store.readAll({ after: START, limit: 100 });
    for (const projection of PROJECTIONS) {
      if (projection.derivedFrom !== undefined) continue;
      const taken = events
        .filter(({ type }) => projection.types.includes(type))
        .map(({ stream }) => categoryOf(stream));
      if (projection.categories === 'all') continue;
      expect(projection.categories).toEqual(expect.arrayContaining([...new Set(taken)]));
    }
  });

  it('is known after a restart too, and is the same where the read models are made anew', async () => {
    await teleported('ticket-acme');
    await read();
    await closeAll();
    const again = await read();
    await expect(itemsOf(again, 'acme')).rejects.toThrow(NotKnown);
    await again.rebuild();
    expect(again.known.parkedStreams().items).toHaveLength(1);
    await expect(itemsOf(again, 'acme')).rejects.toThrow(NotKnown);
    expect(await itemsOf(again, 'bolt')).toHaveLength(1);
  });

  it.each(['configuration', 'calendar', 'ticket-of-nobody', 'gap-of-nobody'])(
    'on %s may concern anybody: nothing is told',
    async (stream) => {
      await teleported(stream);
      const models = await read();
      expect(models.known.parkedStreams().items).toMatchObject([{ stream, clients: [] }]);
      for (const clientId of CLIENTS) await expect(itemsOf(models, clientId)).rejects.toThrow(NotKnown);
      await expect(models.reconciliation.of(DAY)).rejects.toThrow(NotKnown);
      await expect(models.billableItems.list()).rejects.toThrow(NotKnown);
      // What reads no such stream tells all that it knows.
      expect((await models.invoices.list()).items).toEqual([]);
      await expect(models.gaps.list()).rejects.toThrow(NotKnown);
    },
  );

  it.each(UNREAD)('on a stream that no read model reads (%s) is told, and parks nobody', async (stream) => {
    await teleported(stream, 2);
    const models = await read();
    expect(models.known.parkedStreams().items).toMatchObject([{ stream, clients: [], readModels: [], events: 2 }]);
    expect(models.known.parkedInShort()).toMatchObject({ streams: 1 });
    expect((await models.billableItems.list()).items).toHaveLength(2);
    const all = await models.reconciliation.of(DAY);
    expect(all.notKnown).toBeUndefined();
    expect(models.known.now().clientIds()).toEqual([]);
    expect(partOf(models, { clientId: 'acme' })).not.toContain(stream);
    await closeAll();
    const store = later();
    expect((await read('read-models.db', store)).known.parkedInShort()).toBeNull();
    await store.close();
  });

  it('is named by each list and each sum over all clients, and in none of their figures', async () => {
    const { recorded, accounted, tickets } = await (await read()).reconciliation.of(DAY, { clientId: 'bolt' });
    await teleported('ticket-acme');
    const models = await read();
    expect(await models.reconciliation.of(DAY)).toMatchObject({
      recorded,
      accounted,
      tickets,
      notKnown: [{ clientId: 'acme', period: null }],
    });
    const lists = [
      models.billableItems.list(),
      models.charges.list(),
      models.unpricedWork.list(),
      models.prepaid.balances(),
      models.reconciliation.byClientPeriod(DAY),
      models.reconciliation.tickets(DAY),
      models.sla.list(AT),
      models.gaps.list(),
    ];
    for (const page of await Promise.all(lists)) {
      expect(page.notKnown).toEqual([{ clientId: 'acme', period: null }]);
      expect(JSON.stringify(page.items)).not.toContain('acme');
    }
    expect((await models.billableItems.list({ ticketId: 'bolt' })).notKnown).toBeUndefined();
    await expect(models.billableItems.list({ ticketId: 'acme' })).rejects.toThrow(NotKnown);
    await expect(models.reconciliation.of(DAY, { ticketId: 'acme' })).rejects.toThrow(NotKnown);
    await expect(models.timeline.timeline('acme')).rejects.toThrow(NotKnown);
    await expect(models.gaps.list({ clientId: 'acme' })).rejects.toThrow(NotKnown);
    await expect(models.gaps.get('acme')).rejects.toThrow(NotKnown);
    expect(await models.gaps.get('bolt')).toMatchObject({ state: 'open' });
    await expect(models.gaps.totals()).rejects.toThrow(NotKnown);
  });

  it('leaves its client alone for whoever acts on what is due', async () => {
    await teleported('ticket-acme');
    const models = await read();
    expect(await models.billableItems.periods()).toEqual([{ clientId: 'bolt', period: '2026-03' }]);
    const due = await dueGaps(models, '2026-12-31', 10);
    expect(due.filter(({ clientId }) => clientId === 'acme')).toEqual([]);
    expect(await models.contractTerms.clients()).toEqual(['bolt']);
  });

  it('follows its ticket to another client, and into the ticket that it is merged into', async () => {
    await teleported('ticket-acme');
    await story.ticket('T9', requested('T9', { clientId: 'cove' }));
    const reclassified = { ...requested('acme', { clientId: 'bolt' }).data, reason: null };
    const models = await read();
    expect(models.known.now().isKnown({ clientId: 'bolt' })).toBe(true);
    await story.ticket('acme', event('TicketReclassified', reclassified as never));
    await models.catchUp();
    expect(models.known.now().clientIds()).toEqual(['acme', 'bolt']);
    await story.ticket('T9', event('TicketMerged', { into: 'bolt', reason: 'the same' }));
    await models.catchUp();
    expect(models.known.now().clientIds()).toEqual(['acme', 'bolt']);
    await story.ticket('acme', event('TicketMerged', { into: 'T9', reason: 'the same' }));
    await models.catchUp();
    expect(models.known.now().clientIds()).toEqual(['acme', 'bolt', 'cove']);
    expect(models.known.parkedStreams().items).toHaveLength(1);
  });

  it('on a contract of which nothing else can be read is of the client whose contracts name it', async () => {
    await teleported('contract-bolt-2');
    const activated = { contractId: 'bolt-2', clientId: 'bolt', name: 'support', priority: 2 };
    await story.tell('contracts-bolt', event('ContractActivated', activated));
    const models = await read();
    expect(models.known.parkedStreams().items).toMatchObject([{ stream: 'contract-bolt-2', clients: ['bolt'] }]);
    expect(models.known.now().clientIds()).toEqual(['bolt']);
  });

  it('is no reason to stop for what follows on its stream and does not fit', async () => {
    await teleported('gap-odd');
    await story.tell('gap-odd', event('BillingGapAssigned', { gapId: 'odd', ownerId: 'ops-1' }));
    const models = await read();
    expect(models.known.parkedStreams().items).toMatchObject([{ stream: 'gap-odd', clients: [] }]);
  });

  it('is told by a version that can read it, from rows that are made anew', async () => {
    await teleported('ticket-acme');
    await teleported('configuration');
    await story.ticket(
      'bolt',
      event('NoteAdded', { text: 'still here', author: 'eng-1', visibility: 'internal' } as never),
    );
    await read();
    await closeAll();
    const store = later();
    const healed = await read('read-models.db', store);
    expect(healed.known.parkedStreams().items).toEqual([]);
    expect(await itemsOf(healed, 'acme')).toHaveLength(1);
    await read('fresh.db', store);
    await closeAll();
    expect(dump(join(folder, 'read-models.db'))).toBe(dump(join(folder, 'fresh.db')));
    await store.close();
  });
});
