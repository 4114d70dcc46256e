import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { Billtrail, readinessOf } from '@billtrail/application';
import { billtrail, failureOf } from '../e2e/cli/cli.js';
import { ProtocolServer } from './protocol-server.js';

const certificate = (name: string) => new URL(`./certificates/${name}`, import.meta.url).pathname;
const ADMIN_PASSWORD = 'adm1n-s3cret';
const PASSWORD = 'pr0duct-s3cret';

const hostsOf = ({ port }: ProtocolServer) => `localhost:${port},127.0.0.1:${port}`;

let server: ProtocolServer;
let folder: string;
let as: (user: string) => string;
beforeEach(async () => {
  server = await ProtocolServer.start({
    secured: { certificate: readFileSync(certificate('server.pem')), key: readFileSync(certificate('server.key')) },
  });
  server.users.set('admin', { password: ADMIN_PASSWORD, groups: ['$admins'] });
  server.users.set('stranger', { password: 'x', groups: [] });
  folder = mkdtempSync(join(tmpdir(), 'cluster-'));
  as = (user) => `esdb://${user}@localhost:${server.port}?tlsCAFile=${certificate('ca.pem')}`;
  process.env['BILLTRAIL_STORE'] = as(`billtrail:${PASSWORD}`);
  process.env['BILLTRAIL_STORE_ADMIN'] = `admin:${ADMIN_PASSWORD}`;
});
afterEach(async () => {
  delete process.env['BILLTRAIL_STORE'];
  delete process.env['BILLTRAIL_STORE_ADMIN'];
  await server.stop();
  rmSync(folder, { recursive: true });
});

const init = async (...options: string[]) => {
  const ran = await billtrail('cluster', 'init', ...options);
  expect(ran.stdout + ran.stderr).not.toMatch(/s3cret/);
  return ran;
};

it('prints what it will do, does it on a yes, and nothing the next time', async () => {
  const plan = await init();
  expect(plan).toMatchObject({ code: 0, stderr: '' });
  expect(plan.stdout.match(/^to do:/gm)).toHaveLength(4);
  expect(plan.stdout).toContain('this concerns every program on the cluster');
  expect(server.users.has('billtrail')).toBe(false);
  expect((await init('--yes')).stdout).toContain('Done: the cluster is prepared.');
  expect(server.users.get('billtrail')).toEqual({ password: PASSWORD, groups: ['billtrail'] });
  const { length } = server.log.events;
  expect((await init()).stdout).not.toMatch(/may now|^to do:/m);
  const again = JSON.parse((await init('--yes', '--json')).stdout) as { isPrepared: boolean };
  expect(again.isPrepared).toBe(true);
  expect(server.log.events).toHaveLength(length);
});

it('keeps what others have, and mends what was changed since', async () => {
  await init('--yes');
  const client = EventStoreDBClient.connectionString(as(`admin:${ADMIN_PASSWORD}`));
  const credentials = { username: 'admin', password: ADMIN_PASSWORD };
  await client.setStreamMetadata('$all', { acl: { readRoles: ['audit'] }, foo: 'kept' }, { credentials });
  const acl = {
    $userStreamAcl: { $r: ['others', 'billtrail'], $w: '$all', $d: 'billtrail' },
    $systemStreamAcl: { $r: 'ops' },
  };
  await client.appendToStream('$settings', jsonEvent({ type: 'update-default-acl', data: acl }), { credentials });
  server.users.set('billtrail', { password: 'forgotten', groups: ['night-shift'] });
  expect((await init()).stdout.match(/^to do:/gm)).toHaveLength(3);
  expect((await init('--yes')).stdout).toContain('by administrators alone; others may what they may now; this');
  expect(server.users.get('billtrail')).toEqual({ password: PASSWORD, groups: ['night-shift', 'billtrail'] });
  expect((await client.getStreamMetadata('$all', { credentials })).metadata).toMatchObject({
    acl: { readRoles: ['audit', 'billtrail', '$admins'] },
    foo: 'kept',
  });
  const last = server.log.readStream('$settings', 'end', 'backwards', 1)?.[0];
  expect(JSON.parse(Buffer.from(last!.data).toString())).toMatchObject({
    $userStreamAcl: { $r: ['others', 'billtrail', '$admins'], $w: ['billtrail', '$admins'], $d: ['$admins'] },
    $systemStreamAcl: { $r: 'ops' },
  });
  await client.dispose();
});

it('refuses by name whoever may not, and a user that could delete the log', async () => {
  for (const [administrator, problem] of [
    ['admin:wr0ng', 'does not know this administrator'],
    ['stranger:x', 'lets only an administrator do this'],
  ] as const) {
    process.env['BILLTRAIL_STORE_ADMIN'] = administrator;
    expect(await init('--yes')).toMatchObject({ code: 5, stderr: expect.stringContaining(problem) });
  }
  process.env['BILLTRAIL_STORE_ADMIN'] = `admin:${ADMIN_PASSWORD}`;
  process.env['BILLTRAIL_STORE'] = as(`admin:${ADMIN_PASSWORD}`);
  expect(await init('--yes')).toMatchObject({ code: 5, stderr: expect.stringContaining('who could delete the log') });
  delete process.env['BILLTRAIL_STORE_ADMIN'];
  expect(await init('--yes')).toMatchObject({ code: 2, stderr: expect.stringContaining('BILLTRAIL_STORE_ADMIN') });
  delete process.env['BILLTRAIL_STORE'];
  expect(await init('--yes')).toMatchObject({ code: 2, stderr: expect.stringContaining('names no EventStoreDB') });
});

it('lets the user of the log lead; a right that is missing is named by readiness, with what to do', async () => {
  await init('--yes');
  const opened = await Billtrail.open({ dataDir: folder, storeUrl: as(`billtrail:${PASSWORD}`), lease: true });
  await opened.catchUp();
  expect(await readinessOf(opened)).toMatchObject({ runsPolicies: true, lease: null, log: null });
  await opened.close();
  const client = EventStoreDBClient.connectionString(as(`admin:${ADMIN_PASSWORD}`));
  const credentials = { username: 'admin', password: ADMIN_PASSWORD };
  const acl = { $userStreamAcl: { $r: '$all', $w: '$admins' } };
  await client.appendToStream('$settings', jsonEvent({ type: 'update-default-acl', data: acl }), { credentials });
  await client.dispose();
  const unable = await Billtrail.open({ dataDir: folder, storeUrl: as(`billtrail:${PASSWORD}`), lease: true });
  await unable.catchUp();
  const { status, log } = await readinessOf(unable);
  expect({ status, problem: log?.problem }).toEqual({ status: 'not ready', problem: 'not-allowed' });
  expect(log?.cause).toMatch(/does not let this user write streams.*billtrail cluster init/);
  await unable.close();
  await expect(Billtrail.open({ dataDir: folder, storeUrl: as('stranger:x') })).rejects.toMatchObject({
    problem: 'not-allowed',
    message: expect.stringContaining('does not let this user read $all'),
    remedy: expect.stringContaining('billtrail cluster init'),
  });
});

it.each([
  ['are dead', () => 'localhost:1,127.0.0.1:2', `tlsCAFile=${certificate('ca.pem')}`, 'unreachable'],
  ['have a certificate of somebody else', hostsOf, `tlsCAFile=${certificate('other.pem')}`, 'untrusted-certificate'],
  ['are spoken to in plain text', hostsOf, 'tls=false', 'tls-required'],
] as const)('says what is wrong where both nodes %s', async (_what, hosts, options, problem) => {
  process.env['BILLTRAIL_STORE'] = `esdb://billtrail:${PASSWORD}@${hosts(server)}?${options}&maxDiscoverAttempts=1`;
  const { code, stderr } = await init('--json');
  expect({ code, ...failureOf({ code, stdout: '', stderr }).details }).toEqual({ code: 5, problem });
});
