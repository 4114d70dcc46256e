import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Billtrail, readinessOf } from '@billtrail/application';
import { commandDefinitions } from '@billtrail/application/testing';
import { EventStoreDbEventStore, LeaseUnavailable, StoredNames, type Lease } from '@billtrail/event-store';
import { House } from '../laws/kit/house.js';
import { Msp } from '../scenarios/msp.js';
import { logWhichIsThere } from './logs-of-houses.js';
import { ProtocolServer } from './protocol-server.js';

const certificate = (name: string) => new URL(`./certificates/${name}`, import.meta.url).pathname;

describe('the lease of a log in an EventStoreDB', () => {
  let server: ProtocolServer;
  const opened: { close(): Promise<void> }[] = [];
  beforeEach(async () => {
    server = await ProtocolServer.start();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((one) => one.close()));
    await server.stop();
  });
  const leaseOf = async (url = server.url) => {
    const store = await EventStoreDbEventStore.open({ url, names: new StoredNames([]), patienceMs: 0 });
    opened.push(store);
    return store.capability('lease')!;
  };
  /** Asked until it is free: a server learns by and by that a reader has left. */
  const taken = async (lease: Lease) => {
    while (!(await lease.take()));
    return lease;
  };
  const lostOf = ({ lost }: Lease) =>
    lost.aborted ? undefined : new Promise((resolve) => lost.addEventListener('abort', resolve, { once: true }));

  /** Asks who is there, and lets the user of the log make no subscription. */
  const secured = async () => {
    await server.stop();
    server = await ProtocolServer.start({
      secured: { certificate: readFileSync(certificate('server.pem')), key: readFileSync(certificate('server.key')) },
    });
    server.users.set('billtrail', { password: 's3cret', groups: [] });
    server.users.set('admin', { password: 's3cret', groups: ['$admins'] });
    const acl = { $acl: { $r: ['billtrail'] } };
    server.log.append('$$$all', 'any', [
      {
        id: randomUUID(),
        type: '$metadata',
        contentType: 'application/json',
        data: Buffer.from(JSON.stringify(acl)),
        metadata: new Uint8Array(),
      },
    ]);
    return (user: string) => `esdb://${user}:s3cret@localhost:${server.port}?tlsCAFile=${certificate('ca.pem')}`;
  };

  it('is held by one of all processes, until that gives it back or ends', async () => {
    const [one, two, three] = [await leaseOf(), await leaseOf(), await leaseOf()];
    expect([await one.take(), await one.take(), await two.take(), await three.take()]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect([one.trouble(), two.trouble()]).toEqual([null, null]);
    await one.release();
    await taken(two);
    expect([await one.take(), two.lost.aborted]).toEqual([false, false]);
    await opened.splice(1, 1)[0]?.close();
    await taken(three);
  });

  it('is another one for another log on the same cluster', async () => {
    await taken(await leaseOf());
    expect(await (await leaseOf(`${server.url}&streamPrefix=other`)).take()).toBe(true);
  });

  it('is lost where its holder is cut off, who hears of it and asks again', async () => {
    const [one, two] = [await taken(await leaseOf()), await leaseOf()];
    const lost = lostOf(one);
    server.dropSubscriptions();
    await lost;
    await taken(two);
    expect(await one.take()).toBe(false);
  });

  it('is nobody’s while the cluster is away, which is told, and somebody’s once it is back', async () => {
    const lease = await taken(await leaseOf());
    const lost = lostOf(lease);
    await server.stop();
    await lost;
    expect(await lease.take()).toBe(false);
    expect(lease.trouble()).toMatchObject({ problem: 'unreachable' });
    await server.listen();
    await taken(lease);
    expect(lease.trouble()).toBeNull();
  });

  it('hinders nobody where it is not to be had: then all go on, and it is told by name with what to do', async () => {
    const url = (await secured())('billtrail');
    const [one, two] = [await leaseOf(url), await leaseOf(url)];
    expect([await one.take(), await two.take()]).toEqual([true, true]);
    expect(one.trouble()).toBeInstanceOf(LeaseUnavailable);
    expect(one.trouble()?.message).toContain('billtrail cluster init');
  });

  it('is by which one server at a time runs the policies, and another one goes on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lease-'));
    const open = async (name: string) => {
      const billtrail = await Billtrail.open({
        dataDir: join(folder, name),
        storeUrl: server.url,
        lease: true,
        pastInThisThread: true,
      });
      opened.push(billtrail);
      return billtrail;
    };
    const [one, two] = [await open('one'), await open('two')];
    await one.catchUp();
    await two.catchUp();
    const leads = async () =>
      Promise.all([one, two].map(async (billtrail) => (await readinessOf(billtrail)).runsPolicies));
    expect(await leads()).toEqual([true, false]);
    expect((await readinessOf(two)).lease).toBeNull();
    server.dropSubscriptions();
    while (one.runsPolicies()) await new Promise(setImmediate);
    while (!two.runsPolicies()) await two.catchUp();
    await one.catchUp();
    expect(await leads()).toEqual([false, true]);
    rmSync(folder, { recursive: true });
  });

  it('once it was lost and is not to be had again, hinders no policy either', async () => {
    const as = await secured();
    const folder = mkdtempSync(join(tmpdir(), 'lease-'));
    await (await taken(await leaseOf(as('admin')))).release();
    const house = await House.open(
      '2026-04-01T09:00:00+11:00',
      folder,
      0,
      commandDefinitions,
      logWhichIsThere({ storeUrl: as('billtrail'), lease: true }),
    );
    opened.push(house);
    const { billtrail } = house;
    while (!billtrail.runsPolicies()) await billtrail.catchUp();
    server.deleteSubscriptions();
    while (billtrail.runsPolicies()) await new Promise(setImmediate);
    const msp = Msp.of(house);
    await msp.configures({});
    await msp.signs('bluegum');
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 60, '2026-03-10', { approved: false });
    await ticket.resolves();
    await house.settle();
    expect(await readinessOf(billtrail)).toMatchObject({ runsPolicies: true, lease: { cause: /is not there/ } });
    expect((await house.events()).map(({ type }) => type)).toContain('BillingGapOpened');
    rmSync(folder, { recursive: true });
  });
});
