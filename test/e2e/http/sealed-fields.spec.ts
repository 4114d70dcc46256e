import { copyFileSync, readFileSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { storedNames } from '@billtrail/application';
import { MAX_READ, START } from '@billtrail/event-store';
import { billtrail, failureOf } from '../cli/cli.js';
import { Api, type Problem, type WriteAnswer } from '../kit.js';
import { Story } from '../story.js';

/** The texts at a path of data: `lines[].description`. */
function textsAt(data: unknown, path: readonly string[]): readonly string[] {
  const [name, ...below] = path;
  if (name === undefined) return typeof data === 'string' ? [data] : [];
  if (typeof data !== 'object' || data === null) return [];
  const value = (data as Record<string, unknown>)[name.replace('[]', '')];
  return (Array.isArray(value) ? (value as unknown[]) : [value]).flatMap((each) => textsAt(each, below));
}

describe('the personal fields of events', () => {
  let api: Api;
  let story: Story;
  beforeEach(async () => {
    api = await Api.open();
    story = new Story(api);
    await story
      .client('acme')
      .contract('acme-tm')
      .ticketInProgress('INC1', { description: 'Ms Ada Bell of Wollongong called at noon' })
      .time('te-1', 70, { description: 'Talked with Ms Bell about her mail' })
      .approveTime('te-1')
      .expense('ex-1')
      .resolve({ resolution: 'Ms Bell reads her mail again' })
      .draft('inv-1')
      .told();
    await story.support.does(
      '/v1/tickets/INC1/notes',
      { text: 'Ms Bell says thanks' },
      { 'idempotency-key': 'thanks' },
    );
    await story.client('bolt').contract('bolt-tm').ticketInProgress('INC2').told();
  });
  afterEach(() => api.close());

  it('are in plain text nowhere in the bytes of the log, nor among checkpoints, and are told as they were', async () => {
    const { events } = await api.billtrail.store.readAll({ after: START, limit: MAX_READ });
    const personal = new Set(
      events.flatMap(({ type, data }) =>
        storedNames.toStored(type).personalFields.flatMap((path) => textsAt(data, path.split('.'))),
      ),
    );
    // Words and ids are elsewhere too; sentences and addresses are nowhere else.
    const sentences = [...personal].filter((text) => text.includes(' '));
    expect(sentences.length).toBeGreaterThan(15);
    expect(sentences).toContain('Talked with Ms Bell about her mail');
    const stored = readdirSync(api.dataDir).filter(
      (name) => name.startsWith('events.db') || name.startsWith('vault.db'),
    );
    const bytes = Buffer.concat(stored.map((name) => readFileSync(join(api.dataDir, name))));
    expect(sentences.filter((text) => bytes.indexOf(text) >= 0)).toEqual([]);
    expect(bytes.indexOf('(sealed)')).toBeGreaterThan(0);

    const models = new Database(join(api.dataDir, 'read-models.db'), { readonly: true });
    const names = models
      .prepare("SELECT name FROM sqlite_master WHERE name LIKE '%checkpoint%'")
      .pluck()
      .all() as string[];
    expect(names.length).toBeGreaterThan(0);
    const checkpoints = names.map((name) => JSON.stringify(models.prepare(`SELECT * FROM ${name}`).all())).join();
    models.close();
    expect(sentences.filter((text) => checkpoints.includes(text))).toEqual([]);

    expect((await story.accounts.get('/v1/tickets/INC1/timeline')).text).toContain('Ms Bell says thanks');
    expect(await api.billtrail.store.capability('chain')?.verify()).toMatchObject({ findings: [], plainUpTo: 0 });
  });

  it('can be guessed by nobody from what the log holds of a request: its hash is under the key of the stream', async () => {
    const personal = storedNames.types().flatMap((type) => (type.personalFields.length > 0 ? [type.storedName] : []));
    const log = new Database(join(api.dataDir, 'events.db'), { readonly: true });
    const fingerprints = log
      .prepare(
        `SELECT DISTINCT k.stored_name, a.fingerprint FROM events e JOIN appends a USING (append) JOIN kinds k USING (kind)
         WHERE k.stored_name IN (SELECT value FROM json_each(?)) OR k.category = 'key'`,
      )
      .all(JSON.stringify(personal)) as { stored_name: string; fingerprint: string }[];
    log.close();
    expect(fingerprints.length).toBeGreaterThan(15);
    expect(new Set(fingerprints.map(({ stored_name }) => stored_name))).toContain('key-claimed');
    expect(fingerprints.filter(({ fingerprint }) => !fingerprint.startsWith('2:'))).toEqual([]);
    const again = { text: 'Ms Bell says thanks' };
    const sent = (body: object) =>
      api.as('support').post<WriteAnswer & Problem>('/v1/tickets/INC1/notes', body, { 'idempotency-key': 'thanks' });
    // A note's id is made where it is not sent: the repeat is known by what was sent.
    expect((await sent(again)).body).toMatchObject({ repeated: true });
    expect((await sent({ text: 'Ms Bell says nothing' })).body).toMatchObject({ code: 'IdempotencyKeyReused' });
  });

  it('whose key the vault lacks are never told as erased: 503 by name for their client, all else goes on, until it is put back', async () => {
    const vault = join(api.dataDir, 'vault.db');
    await api.stop();
    copyFileSync(vault, `${vault}.whole`);
    const incomplete = new Database(vault);
    incomplete.exec("DELETE FROM stream_keys WHERE stream = 'ticket-INC1'");
    incomplete.close();
    await api.start();
    expect(await api.as('support').post('/v1/tickets/INC1/notes', { text: 'late' })).toMatchObject({
      status: 503,
      body: { code: 'VaultIncomplete', details: { stream: 'ticket-INC1' }, remedy: expect.stringContaining('vault') },
    });
    expect((await api.as('support').post('/v1/tickets/INC2/notes', { text: 'on time' })).status).toBe(201);
    await api.billtrail.models.rebuild();
    expect(await api.as('accounts').get('/v1/tickets/INC1/timeline')).toMatchObject({
      status: 503,
      body: { code: 'NotKnown', detail: expect.stringContaining('key'), remedy: expect.stringContaining('vault') },
    });
    expect((await api.as('accounts').get('/v1/tickets/INC2/timeline')).status).toBe(200);
    await api.stop();
    copyFileSync(`${vault}.whole`, vault);
    await api.start();
    await api.billtrail.upToDate();
    expect((await api.as('accounts').get('/v1/tickets/INC1/timeline')).text).toContain('Ms Bell says thanks');
    expect((await api.as('support').post('/v1/tickets/INC1/notes', { text: 'late' })).status).toBe(201);
  });

  it('beside an older vault nothing new is sealed, which is told, until the right one is back or the loss is accepted', async () => {
    const vault = join(api.dataDir, 'vault.db');
    await api.stop();
    copyFileSync(vault, `${vault}.older`);
    await api.start();
    const request = (ticketId: string) =>
      api
        .as('support')
        .post('/v1/tickets', { ticketId, clientId: 'bolt', summary: 'Ms Bell', category: 'mail', priority: 'low' });
    expect((await request('INC3')).status).toBe(201);
    await api.stop();
    renameSync(vault, `${vault}.newer`);
    copyFileSync(`${vault}.older`, vault);
    await api.start();
    expect(api.billtrail.vaultNotices).toEqual([expect.stringMatching(/^VaultIncomplete: .*ticket-INC3$/)]);
    const ready = await api.nobody().get('/health/ready');
    expect(ready).toMatchObject({ status: 503, body: { vault: { cause: expect.stringContaining('one stream') } } });
    expect(ready.text).not.toContain('INC3');
    const refused = { status: 503, body: { code: 'VaultIncomplete', details: { streams: 1 } } };
    expect(await request('INC4')).toMatchObject(refused);
    expect((await api.as('support').post('/v1/tickets/INC2/notes', { text: 'its key is there' })).status).toBe(201);
    await api.stop();
    renameSync(vault, `${vault}.older`);
    renameSync(`${vault}.newer`, vault);
    await api.start();
    expect((await api.nobody().get('/health/ready')).status).toBe(200);
    expect((await request('INC4')).status).toBe(201);
    await api.stop();

    copyFileSync(`${vault}.older`, vault);
    const onIt = (...args: string[]) => billtrail('--data', api.dataDir, '--json', ...args);
    const verified = await onIt('verify');
    expect([verified.code, failureOf(verified)]).toEqual([
      4,
      expect.objectContaining({ code: 'VaultIncomplete', details: { streams: 2, example: 'ticket-INC3' } }),
    ]);
    const lost = ['ticket-INC3', 'ticket-INC4'];
    await api.start();
    expect(JSON.parse((await onIt('vault', 'accept')).stdout)).toEqual({ isAccepted: false, streams: lost });
    expect(await request('INC5')).toMatchObject({ status: 503 });
    // The clock of the machine is not that of the tests.
    await onIt('clock', 'accept');
    expect(JSON.parse((await onIt('vault', 'accept', '--yes')).stdout)).toEqual({
      isAccepted: true,
      streams: lost,
    });
    // The running server follows it.
    while (api.billtrail.vaultIncomplete() !== null) await new Promise(setImmediate);
    expect((await request('INC5')).status).toBe(201);
    expect((await onIt('verify')).code).toBe(0);
    await api.stop();
    await api.start();
    expect((await api.nobody().get('/health/ready')).status).toBe(200);
  });
});
