import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { StreamName } from '@billtrail/event-store';
import { ReadModels } from '../read-models.js';
import { contract, drafted, event, logged, registered, requested, Story, type AnyEvent } from '../spec-kit/story.js';

const AT = '2026-03-20T00:00:00.000Z';
const KEY = Buffer.alloc(32, 7);
const CLIENTS = ['acme', 'bolt'];

const discarded = event('InvoiceDraftDiscarded', { invoiceId: 'I1', reason: 'a call' });

const gapOf = (gapId: string, clientId: string | null, ticketId: string) =>
  event('BillingGapOpened', {
    gapId,
    kind: 'unbilled',
    ticketId,
    clientId,
    period: '2026-03',
    workItemId: `te-${ticketId}`,
    valueAtRisk: { money: { amount: '187.50', currency: 'AUD' }, minutes: null },
    cause: 'nobody billed it',
    sourceEventIds: [],
  });

describe('a stream whose key is lost before the read models are filled', () => {
  let folder: string;
  let lost: StreamName | null;
  let story: Story;
  let models: ReadModels | null;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lost-key-'));
    lost = null;
    story = new Story(join(folder, 'events.db'), () => AT, {
      keyFor: () => KEY,
      keysOf: (streams) =>
        new Map(streams.filter((one) => one !== lost).map((one) => [one, { keys: [KEY], lostUpTo: 0 }])),
    });
    await story.house('acme');
    await story.tell('client-bolt', registered('bolt'));
    await story.tell('contract-bolt-1', ...contract('bolt'));
    for (const clientId of CLIENTS) {
      await story.ticket(clientId, requested(clientId, { clientId }), logged(`te-${clientId}`));
      await story.tell(`gap-${clientId}`, gapOf(clientId, clientId, clientId));
    }
    await story.account('acme', '2026-03', drafted('I1', 'acme', '2026-03'), discarded);
  });
  afterEach(async () => {
    await models?.close();
    models = null;
    await story.store.close();
    rmSync(folder, { recursive: true });
  });

  async function without(stream: StreamName): Promise<ReadModels> {
    lost = stream;
    models = await ReadModels.open({ file: join(folder, 'read-models.db'), store: story.store });
    await models.catchUp();
    expect(models.status().map(({ state }) => state)).toEqual(models.status().map(() => 'live'));
    return models;
  }
  async function parksAcmeAlone(read: ReadModels): Promise<void> {
    expect(read.known.now().clientIds()).toEqual(['acme']);
    await expect(read.billableItems.ofPeriod('acme', '2026-03')).rejects.toMatchObject({ name: 'NotKnown' });
    expect(await read.billableItems.ofPeriod('bolt', '2026-03')).toHaveLength(1);
  }

  it.each(['ticket-acme', 'contract-acme-1', 'client-acme', 'gap-acme', 'account-acme-2026-03'])(
    'is one of its client all the same (%s), for that is not sealed',
    async (stream) => {
      const read = await without(stream);
      expect(read.known.parkedStreams().items).toMatchObject([{ stream, clients: ['acme'] }]);
      await parksAcmeAlone(read);
      await read.rebuild();
      await parksAcmeAlone(read);
    },
  );

  const later: readonly (readonly [string, string, StreamName, readonly AnyEvent[]])[] = [
    ['a gap of a ticket', 'gap-g', 'gap-g', [gapOf('g', null, 'acme')]],
    ['a ticket that is merged', 'ticket-acme', 'ticket-T9', [event('TicketMerged', { into: 'acme', reason: 'same' })]],
  ];
  it.each(later)('is one of the client of what it names: %s', async (_what, ofLostKey, stream, events) => {
    if (stream === 'ticket-T9') await story.ticket('T9', requested('T9', { clientId: null as never }));
    await story.tell(stream, ...events);
    const read = await without(ofLostKey);
    await parksAcmeAlone(read);
  });

  it('is of a ticket that went to another client: both are parked', async () => {
    await story.ticket(
      'acme',
      event('TicketReclassified', { ...requested('acme', { clientId: 'bolt' }).data, reason: 'moved' } as never),
    );
    expect((await without('ticket-acme')).known.now().clientIds()).toEqual(CLIENTS);
  });
});
