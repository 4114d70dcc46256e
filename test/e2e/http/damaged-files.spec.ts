import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { billtrail, failureOf } from '../cli/cli.js';
import { Api } from '../kit.js';
import { Story } from '../story.js';

const PAGE = 8192;

/** Overwrites all pages but the first few, which name the tables. */
function spoil(file: string, from: number): void {
  const { size } = statSync(file);
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(size - from * PAGE, 0xa5), 0, size - from * PAGE, from * PAGE);
  closeSync(handle);
}

describe('files that are damaged or lost', () => {
  let api: Api;
  let story: Story;
  const log = () => join(api.dataDir, 'events.db');
  const readModels = () => join(api.dataDir, 'read-models.db');
  beforeEach(async () => {
    api = await Api.open();
    story = new Story(api);
    await story.client('acme').contract('acme-tm').ticketInProgress('INC1').time('te-1', 70).told();
  });
  afterEach(() => api.close());
  const ready = () => api.as('admin').get<{ log: { problem: string; cause: string } | null }>('/health/ready');

  it('a damaged log: up, ready for nothing, writes refused with the cause, what the read models hold answered', async () => {
    await api.stop();
    spoil(log(), 5);
    const before = readFileSync(log());
    await api.start();
    expect(await ready()).toMatchObject({ status: 503, body: { log: { problem: 'corrupt' } } });
    const admin = api.as('support');
    expect(await admin.post('/v1/tickets/INC1/notes', { text: 'late' })).toMatchObject({
      status: 503,
      body: { code: 'StoreUnavailable', details: { problem: 'corrupt' }, remedy: expect.stringContaining('backup') },
    });
    expect(await api.as('accounts').get('/v1/billable-items')).toMatchObject({ status: 200 });
    await api.stop();
    expect(readFileSync(log())).toEqual(before);
    const written = await billtrail('--data', api.dataDir, 'verify');
    expect([4, 5]).toContain(written.code);
    const health = await billtrail('--data', api.dataDir, '--json', 'health');
    expect(health.code).toBe(4);
    expect(failureOf(health)).toMatchObject({
      code: 'NotReady',
      remedy: expect.stringContaining(`billtrail --data ${api.dataDir} rebuild`),
    });
    expect(JSON.parse(health.stdout)).toMatchObject({ status: 'not ready', log: { problem: 'corrupt' } });
  });

  it('a damaged log: no rebuild empties what the read models hold, and what they lack is not answered as nothing', async () => {
    const items = (await api.as('accounts').get('/v1/billable-items')).text;
    expect(items).toContain('te-1');
    await api.stop();
    spoil(log(), 5);
    for (const named of [[], ['gaps']]) {
      const refused = await billtrail('--data', api.dataDir, '--json', 'rebuild', ...named);
      expect([refused.code, failureOf(refused)]).toEqual([5, expect.objectContaining({ code: 'StoreUnavailable' })]);
    }
    await api.start();
    expect((await api.as('accounts').get('/v1/billable-items')).text).toBe(items);
    await api.stop();
    rmSync(readModels());
    await api.start();
    for (const question of ['/v1/billable-items', '/v1/invoices', '/v1/gaps', '/v1/reconciliation'])
      expect([question, await api.as('accounts').get(question)]).toEqual([
        question,
        expect.objectContaining({
          status: 503,
          body: expect.objectContaining({ code: 'StoreUnavailable', details: { problem: 'corrupt' } }),
        }),
      ]);
  });

  it('a damaged log that was left open: a command says so, whatever of it can still be answered', async () => {
    await api.stop();
    spoil(log(), 5);
    writeFileSync(`${log()}-wal`, 'left open');
    const { stderr } = await billtrail('--data', api.dataDir, '--json', 'invoice', 'list');
    expect(stderr).toContain('is damaged, so nothing is written to it');
  });

  it('damaged read models: a server fills them anew', async () => {
    const items = (await api.as('accounts').get('/v1/billable-items')).text;
    await api.stop();
    for (const pages of [0, 2]) {
      spoil(readModels(), pages);
      await api.start();
      expect(api.billtrail.modelsWereDamaged).toMatch(/damaged|not a database/);
      await api.billtrail.upToDate();
      expect((await api.as('accounts').get('/v1/billable-items')).text).toBe(items);
      await api.stop();
    }
    await api.start();
    expect(api.billtrail.modelsWereDamaged).toBeNull();
  });

  it('damaged read models: a command refuses them, and the remedy that it names works', async () => {
    await api.stop();
    writeFileSync(readModels(), Buffer.alloc(20 * PAGE, 0x5a));
    const refused = await billtrail('--data', api.dataDir, '--json', 'timeline', 'INC1');
    expect([refused.code, refused.stderr]).toEqual([5, expect.any(String)]);
    expect(failureOf(refused)).toMatchObject({
      code: 'ReadModelsUnavailable',
      remedy: `Fill it anew from the log: billtrail --data ${api.dataDir} rebuild`,
    });
    expect((await billtrail('--data', api.dataDir, 'rebuild')).code).toBe(0);
    expect((await billtrail('--data', api.dataDir, 'timeline', 'INC1')).stdout).toContain('te-1');
  });

  it('a log that is removed under a running server: told by readiness, no write is acknowledged, and put back it goes on', async () => {
    renameSync(log(), `${log()}.away`);
    expect(await ready()).toMatchObject({ status: 503, body: { log: { problem: 'lost' } } });
    const lost = await api.as('support').post('/v1/tickets/INC1/notes', { text: 'late' });
    expect(lost).toMatchObject({ status: 503, body: { details: { problem: 'lost' } } });
    await api.stop();
    rmSync(log(), { force: true });
    renameSync(`${log()}.away`, log());
    await api.start();
    expect((await ready()).status).toBe(200);
    expect((await api.as('support').post('/v1/tickets/INC1/notes', { text: 'late' })).status).toBe(201);
  });

  it('only the owner may look into any of them', () => {
    for (const name of ['events.db', 'read-models.db', 'vault.db'])
      expect([name, statSync(join(api.dataDir, name)).mode & 0o077]).toEqual([name, 0]);
  });

  it('a vault that is removed while the server runs: nothing is sealed for good, which is told, and reading goes on', async () => {
    await api.stop();
    const vault = join(api.dataDir, 'vault.db');
    const backup = readFileSync(vault);
    await api.start();
    const [support, accounts] = [api.as('support'), api.as('accounts')];
    for (const actor of [support, accounts]) await actor.get('/v1/billable-items');
    for (const end of ['', '-wal', '-shm']) rmSync(`${vault}${end}`, { force: true });
    const head = await api.billtrail.store.head();
    const late = { ticketId: 'INC2', clientId: 'acme', summary: 'late', category: 'mail', priority: 'low' };
    for (const [path, body] of [
      ['/v1/tickets', late],
      ['/v1/tickets/INC1/notes', { text: 'late' }],
    ] as const)
      expect(await support.post(path, body)).toMatchObject({
        status: 503,
        body: { code: 'VaultUnavailable', remedy: expect.stringContaining('put the vault back') },
      });
    expect(await api.billtrail.store.head()).toEqual(head);
    expect(await api.nobody().get('/health/ready')).toMatchObject({
      status: 503,
      body: { vault: { cause: expect.stringContaining('was removed') } },
    });
    expect((await accounts.get('/v1/billable-items')).status).toBe(200);
    await api.stop();
    writeFileSync(vault, backup);
    await api.start();
    expect((await api.as('support').post('/v1/tickets', late)).status).toBe(201);
  });
});
