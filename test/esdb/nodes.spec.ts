import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Billtrail } from '@billtrail/application';
import { Position, START } from '@billtrail/event-store';
import { startPostgres } from '../../libs/vault/src/testing/local-postgres.js';
import { Api, type Page } from '../e2e/kit.js';
import { MONTH, Story } from '../e2e/story.js';
import { ProtocolServer } from './protocol-server.js';

const postgres = await startPostgres();
if (typeof postgres === 'string') {
  const missing = `NOT RUN: nodes with a vault on PostgreSQL, for ${postgres}`;
  if (process.env['BILLTRAIL_WITHOUT_POSTGRES'] === '1') process.stderr.write(`${missing}\n`);
  else
    it('nodes with a vault on PostgreSQL', () => {
      throw new Error(`${missing}. Without it: BILLTRAIL_WITHOUT_POSTGRES=1 npm test`);
    });
} else {
  afterAll(() => postgres.stop());

  describe('two nodes on one log and one vault', () => {
    let server: ProtocolServer;
    let stores: { readonly storeUrl: string; readonly vaultUrl: string };
    let one: Api;
    let other: Api;
    beforeEach(async () => {
      server = await ProtocolServer.start();
      stores = { storeUrl: `${server.url}&defaultDeadline=2000`, vaultUrl: await postgres.newDatabase() };
      one = await Api.open(stores);
      other = await Api.open({ ...stores, isNamed: false });
    });
    afterEach(async () => {
      await one.close();
      await other.close();
      await server.stop();
    });

    it('a person who is registered on one signs in on the other, until their key is revoked on the one', async () => {
      const admin = one.as('admin', 'owner');
      await admin.does('/v1/persons', { personId: 'ana', name: 'Ana Silva', roles: ['admin'] });
      const { key, keyId } = await admin.does<{ key: string; keyId: string }>('/v1/persons/ana/keys', {
        role: 'admin',
        expiresInDays: 30,
        ratePerMinute: 6,
      });
      const there = other.nobody(key);
      expect(await there.reads('/v1/persons/ana')).toMatchObject({ name: 'Ana Silva' });

      // What it may send in a minute it may send to both together.
      const statuses: number[] = [];
      for (let n = 0; n < 4; n++)
        for (const node of [one, other]) statuses.push((await node.nobody(key).get('/v1/me')).status);
      expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);

      await admin.does(`/v1/keys/${keyId}/revoke`);
      expect(await there.get('/v1/me')).toMatchObject({ status: 401, body: { code: 'NotSignedIn' } });
    });

    it('what is personal and sealed on one is read on the other, and on a third that starts from nothing', async () => {
      const { position } = await new Story(one).client('acme').contract('K1').ticketInProgress('T1').time('W1').told();
      const told = (node: Api) => node.as('support').reads<Page<object>>(`/v1/tickets/T1/timeline?atLeast=${position}`);
      const third = await Api.open({ ...stores, isNamed: false });
      const said = await told(one);
      expect(JSON.stringify(said)).not.toMatch(/sealed|lost/);
      expect(await told(other)).toEqual(said);
      expect(await told(third)).toEqual(said);
      expect(existsSync(join(third.dataDir, 'vault.db'))).toBe(false);
      await third.close();
    });

    it('what the read models and the vault hold is answered while the log is away, and nobody asks it; a write is refused', async () => {
      const story = new Story(one)
        .client('acme')
        .contract('K1')
        .ticketInProgress('T1')
        .time('W1')
        .approveTime('W1')
        .resolve();
      await story.told();
      const [ops, accounts] = [one.as('operations'), one.as('accounts')];
      const drafted = { invoiceId: 'inv-1', clientId: 'acme', period: MONTH };
      const { position } = await accounts.does<{ position: string }>('/v1/invoices', drafted);
      await one.billtrail.upToDate();
      const questions = [
        '/v1/me',
        '/v1/reconciliation',
        `/v1/gaps?atLeast=${position}`,
        '/v1/billable-items',
        '/v1/prepaid',
        '/v1/sla',
      ];
      const asked = async () => {
        const answers: unknown[] = [];
        for (const path of questions) answers.push(await ops.reads(path));
        answers.push(await accounts.reads('/v1/invoices'));
        return answers;
      };
      await one.billtrail.upToDate(Position.parse(position)!);
      // That the key was used is noted once in a minute.
      await asked();
      await one.billtrail.access.settled();
      const before = await asked();
      await server.stop();
      const looks = (['readStream', 'eventAt', 'newest', 'head', 'load', 'readAll'] as const).map((name) =>
        jest.spyOn(one.billtrail.store, name),
      );
      expect(await asked()).toEqual(before);
      expect(looks.map((look) => look.mock.calls.length)).toEqual(looks.map(() => 0));
      for (const look of looks) look.mockRestore();

      // Whether a draft is stale rests on the log: that alone is not known.
      expect(await accounts.reads('/v1/invoices?stale=true')).toMatchObject({
        items: [{ invoiceId: 'inv-1', freshness: 'not-known', stale: null }],
      });

      const client = { clientId: 'late', name: 'Late', currency: 'AUD', timeZone: 'Australia/Sydney' };
      expect(await accounts.post('/v1/clients', client)).toMatchObject({
        status: 503,
        body: { code: 'StoreUnavailable' },
      });
      await server.listen();
    });

    it('one leads, and the other says so; none says it of a log on which nobody leads yet', async () => {
      const open = () => Billtrail.open({ dataDir: ':memory:', storeUrl: server.url, lease: true, follow: true });
      const first = await open();
      expect(await first.isLedElsewhere()).toBe(false);
      const second = await open();
      expect([await second.isLedElsewhere(), first.runsPolicies(), second.runsPolicies()]).toEqual([true, true, false]);
      await second.close();
      await first.close();
    });

    it('each says what it can’t reach, and how far its read models are, whatever the positions of the log are', async () => {
      const readiness = () => other.nobody().get<object>('/health/ready');
      const there = other.as('support');
      await there.reads('/v1/me');
      const { position } = await new Story(one).client('acme').told();
      expect(Number(position.split('.')[0])).toBeGreaterThan(238_000_000);
      await other.billtrail.upToDate();
      expect((await readiness()).body).toMatchObject({ status: 'ready', isCaughtUp: true, ageSeconds: 0 });

      const held = jest.spyOn(other.billtrail.models, 'position').mockReturnValue(START);
      other.moveTo('2026-03-20T02:00:30Z');
      expect(await readiness()).toMatchObject({ status: 200, body: { isCaughtUp: false, ageSeconds: 30 } });
      other.moveTo('2026-03-20T02:00:31Z');
      expect(await readiness()).toMatchObject({ status: 503, body: { isCaughtUp: false, ageSeconds: 31, log: null } });
      held.mockRestore();
      expect((await readiness()).status).toBe(200);

      await postgres.shut(stores.vaultUrl);
      const away = await readiness();
      expect(away).toMatchObject({
        status: 503,
        body: { log: null, vault: { cause: expect.stringMatching(/PostgreSQL/) } },
      });
      expect(away.text).not.toContain(stores.vaultUrl);
      expect(await there.get('/v1/me')).toMatchObject({ status: 503, body: { code: 'VaultUnavailable' } });
      await postgres.open(stores.vaultUrl);
      expect((await readiness()).body).toMatchObject({ status: 'ready', vault: null });
    });
  });
}
