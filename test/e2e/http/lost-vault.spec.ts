import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NAMED_CONFIGURATION } from '@billtrail/billing/testing';
import { billtrail, failureOf } from '../cli/cli.js';
import { Api, eventually, type Person, type Problem, type WriteAnswer } from '../kit.js';
import { MONTH, Story } from '../story.js';

const SECRET = 'Ms Ada Bell of Wollongong called at noon';

describe('after the vault is lost, and its loss accepted', () => {
  let api: Api;
  let support: Person;
  let accounts: Person;
  beforeEach(async () => {
    api = await Api.open();
    await new Story(api)
      .client('acme')
      .contract('acme-tm')
      .ticketInProgress('INC1', { description: SECRET })
      .time('te-1', 70, { description: 'Talked with Ms Bell' })
      .approveTime('te-1')
      .resolve()
      .draft('inv-1')
      .told();
    await api.stop();
    renameSync(join(api.dataDir, 'vault.db'), kept());
    await api.start();
    [support, accounts] = [api.as('support'), api.as('accounts')];
    for (const one of [support, accounts]) await one.get('/v1/clients');
  });
  afterEach(() => api.close());

  const kept = () => join(api.dataDir, 'kept.db');
  const onIt = async (...args: string[]) => {
    const { code, stdout, stderr } = await billtrail('--data', api.dataDir, '--json', ...args);
    if (code !== 0) throw new Error(`billtrail ${args.join(' ')} ended with ${code}: ${stderr}`);
    return JSON.parse(stdout) as { readonly streams: readonly string[]; readonly missing: readonly string[] };
  };
  const note = (text: string) =>
    support.post<WriteAnswer & Problem>(
      '/v1/tickets/INC1/notes',
      { text },
      { 'idempotency-key': text.replace(' ', '-') },
    );
  const named = () => api.as('admin').post('/v1/configuration', { configuration: NAMED_CONFIGURATION });
  const told = async (invoiceId: string) => {
    const paths = [
      '/v1/tickets/INC1/timeline',
      '/v1/billable-items',
      '/v1/gaps',
      '/v1/invoices',
      `/v1/invoices/${invoiceId}`,
    ];
    return Promise.all(paths.map(async (path) => (await accounts.get(path)).text));
  };

  it('every stream goes on, what was personal is said to be lost, and a rebuild tells the same', async () => {
    expect(api.billtrail.vaultIncomplete()?.streams).toEqual(
      expect.arrayContaining(['configuration', 'client-acme', 'ticket-INC1', 'account-acme-2026-03']),
    );
    for (const refused of [await note('late'), await named()])
      expect(refused).toMatchObject({ status: 503, body: { code: 'VaultIncomplete' } });

    // The clock of the machine is not that of the tests.
    await onIt('clock', 'accept');
    expect((await onIt('vault', 'accept', '--yes')).streams).toContain('ticket-INC1');
    while (api.billtrail.vaultIncomplete() !== null) await new Promise(setImmediate);
    expect(api.billtrail.vaultTrouble()).toBeNull();

    // Who sells and who buys is lost: nothing is issued so, and the remedy works.
    await accounts.does('/v1/invoices/inv-1/approve');
    const issue = (invoiceId: string) => accounts.post<WriteAnswer & Problem>(`/v1/invoices/${invoiceId}/issue`);
    expect(await issue('inv-1')).toMatchObject({
      status: 409,
      body: {
        code: 'PartyLost',
        details: {
          lost: expect.arrayContaining([
            { party: 'seller', field: 'name' },
            { party: 'buyer', field: 'name' },
          ]),
        },
      },
    });
    expect((await named()).status).toBe(201);
    await accounts.does('/v1/clients/acme/details', {
      name: 'Acme Renamed',
      currency: 'AUD',
      timeZone: 'Australia/Sydney',
      address: '6 Sample Road, Sydney NSW 2000',
    });
    expect((await note('goes on')).status).toBe(201);
    expect((await note('goes on')).body).toMatchObject({ repeated: true });
    expect((await issue('inv-1')).body).toMatchObject({ code: 'PartiesChanged' });
    await accounts.does('/v1/invoices/inv-1/discard', { reason: 'names are lost' });
    await accounts.does('/v1/invoices', { invoiceId: 'inv-2', clientId: 'acme', period: MONTH });
    await accounts.does('/v1/invoices/inv-2/approve');

    // As after a restore: the server gives no number until the log is adopted, by another process at that.
    await api.billtrail.gate.shutAfter('restored');
    expect(await issue('inv-2')).toMatchObject({
      status: 409,
      body: { code: 'LogNotAdopted', remedy: expect.stringContaining('billtrail adopt') },
    });
    expect(await api.nobody().get('/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'ready', numbering: { why: 'restored' } },
    });
    const numbers = ['--last', 'CN=0', '--last', 'INV=0'];
    expect(await onIt('adopt', ...numbers)).toMatchObject({ isAdopted: false });
    expect((await issue('inv-2')).status).toBe(409);
    await onIt('clock', 'accept');
    expect(await onIt('adopt', ...numbers, '--yes')).toMatchObject({ isAdopted: true });
    expect((await issue('inv-2')).status).toBe(200);

    await api.billtrail.upToDate();
    const live = await told('inv-2');
    expect(live[0]).toContain('(lost)');
    expect(live[0]).toContain('goes on');
    expect(live.join()).not.toContain('Bell');
    expect(live.at(-1)).toContain('Acme Renamed');
    await api.billtrail.models.rebuild();
    expect(await told('inv-2')).toEqual(live);
    await api.restart();
    accounts = api.as('accounts');
    expect(api.billtrail.vaultNotices).toEqual([]);
    expect(await told('inv-2')).toEqual(live);
    expect((await api.nobody().get('/health/ready')).status).toBe(200);
  });

  it('the keys of a vault that is found are brought beside the new ones, under a running server, and nothing is lost any more', async () => {
    await onIt('clock', 'accept');
    await onIt('vault', 'accept', '--yes');
    while (api.billtrail.vaultIncomplete() !== null) await new Promise(setImmediate);
    expect((await note('goes on')).status).toBe(201);
    const before = readFileSync(kept());
    const timeline = () => accounts.get('/v1/tickets/INC1/timeline');
    expect((await timeline()).text).toContain('Resolved: (lost)');

    expect(await onIt('vault', 'merge', kept())).toMatchObject({ otherKeys: 0, missing: [] });
    expect(readFileSync(kept()).equals(before)).toBe(true);
    await eventually(timeline, ({ status, text }) => status === 200 && text.includes('Resolved: It answers again'));
    expect((await timeline()).text).toContain('goes on');
    expect((await note('goes on')).body).toMatchObject({ repeated: true });
    const live = await told('inv-1');
    await api.billtrail.models.rebuild();
    expect(await told('inv-1')).toEqual(live);
    expect(live.join()).not.toContain('(lost)');
    expect(await onIt('vault', 'merge', kept())).toEqual({ apiKeys: 0, streamKeys: 0, otherKeys: 0, missing: [] });
  });

  it('keys that were brought need no loss to be accepted; those of another log are refused', async () => {
    const other = await Api.open();
    await new Story(other).client('acme').told();
    await other.stop();
    for (const [file, code] of [
      [join(other.dataDir, 'vault.db'), 'VaultOfAnotherLog'],
      [join(api.dataDir, 'events.db'), 'VaultWithoutCheckpoint'],
      [join(api.dataDir, 'nowhere.db'), 'FileUnreadable'],
    ] as const)
      expect([file, failureOf(await billtrail('--data', api.dataDir, '--json', 'vault', 'merge', file)).code]).toEqual([
        file,
        code,
      ]);
    await other.close();
    expect((await onIt('vault', 'merge', kept())).missing).toEqual([]);
    await eventually(
      () => note('on-time'),
      ({ status }) => status === 201,
    );
    expect(api.billtrail.vaultIncomplete()).toBeNull();
    expect((await api.nobody().get('/health/ready')).status).toBe(200);
  });
});
