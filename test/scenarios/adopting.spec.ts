import { cpSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { isRefusal, type Refusal } from '@billtrail/kernel';
import {
  billingCommands as billing,
  makeKey,
  readinessOf,
  type AdoptionPlan,
  type Billtrail,
} from '@billtrail/application';
import { START, type AppendRequest } from '@billtrail/event-store';
import { commandDefinitions } from '@billtrail/application/testing';
import { temporaryFolder } from '../e2e/temporary-folder.js';
import { logWhichIsThere, type LogOfHouse } from '../esdb/logs-of-houses.js';
import { ProtocolServer } from '../esdb/protocol-server.js';
import { ADMIN, House } from '../laws/kit/house.js';
import { Msp } from './msp.js';

const MARCH = '2026-03';
const DAY = '2026-04-10T09:00:00+10:00';
const CLIENTS = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
type Client = (typeof CLIENTS)[number];
const NONE: ReadonlyMap<string, number> = new Map();
const stated = (numbers: Record<string, number>) => new Map(Object.entries(numbers));

/** Clients with an approved draft each, of which the first is issued. */
async function prepared(
  dataDir: string,
  setting: LogOfHouse['setting'],
  clients: readonly Client[] = CLIENTS,
): Promise<void> {
  const msp = await opened(dataDir, setting);
  await msp.configures({});
  for (const client of clients) {
    await msp.signs(client);
    const ticket = await msp.ticket(`T-${client}`, client);
    await ticket.time(`W-${client}`, 60, '2026-03-10');
  }
  await msp.house.settle();
  for (const client of clients) {
    await msp.drafts(`I-${client}`, client, MARCH);
    await msp.send(billing.ApproveInvoice, { invoiceId: `I-${client}`, clientId: client, period: MARCH });
  }
  expect(await issue(msp, 'a')).toBe('accepted');
  await msp.closes();
}

let opening = 0;
async function opened(dataDir: string, setting: LogOfHouse['setting']): Promise<Msp> {
  // Command ids of a house that is opened again are others.
  opening += 1_000;
  return Msp.of(await House.open(DAY, dataDir, opening, commandDefinitions, logWhichIsThere(setting)));
}

function issue(msp: Msp, client: Client, sending: { interrupted?: true } = {}): Promise<string> {
  return msp.tries(billing.IssueInvoice, { invoiceId: `I-${client}`, clientId: client, period: MARCH }, sending);
}

const bt = (msp: Msp): Billtrail => msp.house.billtrail;
const adopts = (msp: Msp, numbers = NONE) => bt(msp).adopt(ADMIN, numbers);
const codeOf = (answer: AdoptionPlan | Refusal) => (isRefusal(answer) ? answer.code : 'done');
const gateOf = async (msp: Msp) => (await bt(msp).gate.shut())?.why ?? 'open';

async function numberOf(msp: Msp, client: Client): Promise<string | null | undefined> {
  await msp.house.settle();
  return (await bt(msp).models.invoices.get(`I-${client}`))?.number;
}

async function typesSince(msp: Msp, head: string): Promise<readonly string[]> {
  const { events } = await bt(msp).store.readAll({ after: START, limit: 5_000 });
  const at = events.findIndex(({ position }) => String(position) === head.split('.')[0]);
  return events.slice(at + 1).map(({ type }) => type);
}

const WHY = { reasonCode: 'wrong-item', comment: 'agreed on the phone' };
const AT_A = { machine: () => 'machine-a' };
const AT_B = { machine: () => 'machine-b' };
const ONE = { homeName: 'one' };
const TWO = { homeName: 'two' };

describe('a log that may number in one place alone', () => {
  const first = temporaryFolder();
  const folders: string[] = [];
  const houses: Msp[] = [];

  beforeAll(() => prepared(first.path, ONE));
  afterAll(() => first.remove());
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const msp of houses.splice(0)) await msp.closes();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  const copied = (from = first.path): string => {
    const { path } = temporaryFolder();
    cpSync(from, path, { recursive: true });
    folders.push(path);
    return path;
  };
  const open = async (dataDir: string, setting: LogOfHouse['setting'] = ONE): Promise<Msp> => {
    const msp = await opened(dataDir, setting);
    houses.push(msp);
    return msp;
  };
  const close = async (msp: Msp): Promise<void> => {
    houses.splice(houses.indexOf(msp), 1);
    await msp.closes();
  };

  it('G15: a folder on another machine or path asks, bills and works on, and gives no number until it is adopted, by one yes', async () => {
    const folder = copied();
    // At home where a first start of this version finds it, by machine and path.
    await close(await open(folder, AT_A));
    const named = await open(folder, AT_A);
    expect(codeOf(await adopts(named))).toBe('done');
    await close(named);

    const copy = copied(folder);
    for (const [dataDir, there] of [
      [copy, AT_A],
      [folder, AT_B],
    ] as const) {
      const msp = await open(dataDir, there);
      expect(await gateOf(msp)).toBe('moved');
      await close(msp);
    }
    const original = await open(folder, AT_A);
    expect(await gateOf(original)).toBe('open');
    expect(await issue(original, 'b')).toBe('accepted');
    expect(await numberOf(original, 'b')).toBe('INV-000002');

    const moved = await open(copy, AT_B);
    expect(bt(moved).vaultNotices.join()).toMatch(
      /^LogNotAdopted: .*is at home in .* on the machine machine-.*billtrail adopt/,
    );
    expect(await readinessOf(bt(moved))).toMatchObject({ status: 'ready', numbering: { why: 'moved' } });
    const head = String(await bt(moved).store.head());
    expect(await issue(moved, 'c')).toBe('LogNotAdopted');
    expect(String(await bt(moved).store.head())).toBe(head);
    const ticket = await moved.ticket('T-late', 'c');
    await ticket.time('W-late', 30, '2026-04-09');
    expect(await moved.items('c', '2026-04')).toHaveLength(1);

    const beforeAdopting = String(await bt(moved).store.head());
    expect(codeOf(await adopts(moved))).toBe('done');
    expect(await typesSince(moved, beforeAdopting)).toEqual(['NumbersLost', 'NumbersLost', 'LogAdopted']);
    expect(await gateOf(moved)).toBe('open');
    expect(await issue(moved, 'd')).toBe('accepted');
    // The other one gave it too: whoever adopts a copy must end the original, which nothing here can see.
    expect(await numberOf(moved, 'd')).toBe('INV-000002');
    expect(codeOf(await adopts(moved))).toBe('done');
    await close(moved);
    expect(await gateOf(await open(copy, AT_B))).toBe('open');
  });

  it('G2: after an older log is put back, the next number is behind those that were given since, and keys stay revoked', async () => {
    const folder = copied();
    const backup = copied(folder);
    const msp = await open(folder);
    const { key, keyId } = await makeKey(bt(msp).vault, 'ana', 'accounts', msp.house.now);
    for (const client of ['b', 'c', 'd'] as const) expect(await issue(msp, client)).toBe('accepted');
    await bt(msp).access.revokeKey(keyId, ADMIN, msp.house.now);
    await close(msp);
    cpSync(join(backup, 'events.db'), join(folder, 'events.db'));

    const restored = await open(folder);
    expect(await gateOf(restored)).toBe('not-in-log');
    expect(await issue(restored, 'e')).toBe('LogNotAdopted');
    expect(await bt(restored).planAdoption(NONE)).toMatchObject({
      series: [
        { series: 'CN', inLog: 0, inVault: null, last: null },
        { series: 'INV', inLog: 1, inVault: 4, last: null },
      ],
    });
    for (const [numbers, code] of [
      [{}, 'NumbersNeeded'],
      [{ INV: 5 }, 'NumbersNeeded'],
      [{ INV: 3, CN: 0 }, 'LastNumberTooLow'],
      [{ INV: 10 ** 15, CN: 0 }, 'LastNumberTooHigh'],
      [{ INV: 5, CN: 0, 'INV-': 5 }, 'SeriesNotConfigured'],
    ] as const)
      expect([numbers, codeOf(await adopts(restored, stated(numbers)))]).toEqual([numbers, code]);
    expect(await gateOf(restored)).toBe('not-in-log');
    // Looking away doesn't open it, nor does another start.
    await close(restored);
    const again = await open(folder);
    expect(await gateOf(again)).toBe('not-in-log');
    expect(codeOf(await adopts(again, stated({ INV: 5, CN: 2 })))).toBe('done');
    expect(await issue(again, 'e')).toBe('accepted');
    expect(await numberOf(again, 'e')).toBe('INV-000006');
    expect(await bt(again).access.signIn(key, again.house.now)).toMatchObject({ code: 'NotSignedIn' });
    await close(again);
    expect(await gateOf(await open(folder))).toBe('open');
  });

  it('an adoption that the log holds already does not open it for a log that is set back once more', async () => {
    const folder = copied();
    const moved = await open(folder, TWO);
    expect(codeOf(await adopts(moved))).toBe('done');
    await close(moved);
    const backup = copied(folder);
    const msp = await open(folder, TWO);
    expect(await issue(msp, 'b')).toBe('accepted');
    await close(msp);
    // The vault has followed the log beyond the backup: it follows it from its start again.
    await close(await open(folder, TWO));
    cpSync(join(backup, 'events.db'), join(folder, 'events.db'));
    const back = await open(folder, TWO);
    expect(bt(back).vaultNotices.join()).toContain('had followed another log');
    expect(await gateOf(back)).toBe('not-in-log');
  });

  it('is seen by the number alone where the process was killed before the vault had followed the log', async () => {
    const folder = copied();
    const msp = await open(folder);
    const backup = copied(folder);
    const checkpoint = await bt(msp).vault.checkpoint();
    expect(await issue(msp, 'b')).toBe('accepted');
    expect((await bt(msp).vault.checkpoint()).is(checkpoint)).toBe(true);
    const killed = copied(folder);
    for (const end of ['', '-wal', '-shm']) rmSync(join(killed, `events.db${end}`), { force: true });
    cpSync(join(backup, 'events.db'), join(killed, 'events.db'));
    cpSync(join(backup, 'events.db-wal'), join(killed, 'events.db-wal'));
    expect(await gateOf(await open(killed))).toBe('not-in-log');
  });

  it('both set back together on one machine are not seen; a vault that is new asks for numbers', async () => {
    const folder = copied();
    const backup = copied(folder);
    const msp = await open(folder);
    expect(await issue(msp, 'b')).toBe('accepted');
    await close(msp);
    for (const name of ['events.db', 'vault.db']) cpSync(join(backup, name), join(folder, name));
    const back = await open(folder);
    expect(await gateOf(back)).toBe('open');
    await close(back);

    renameSync(join(folder, 'vault.db'), join(folder, 'elsewhere'));
    const renewed = await open(folder);
    expect(await gateOf(renewed)).toBe('new-vault');
    await bt(renewed).acceptLostKeys(ADMIN);
    // A log that is copied alone to a place that was made for it is not at home there either.
    const { path } = temporaryFolder();
    folders.push(path);
    const empty = await open(path);
    expect(await gateOf(empty)).toBe('open');
    await close(empty);
    cpSync(join(backup, 'events.db'), join(path, 'events.db'));
    expect(await gateOf(await open(path))).toBe('new-vault');
    expect(codeOf(await adopts(renewed))).toBe('NumbersNeeded');
  });

  it('a restore or an import shuts it anew, whatever shut it before', async () => {
    const msp = await open(copied());
    const { gate, vault } = bt(msp);
    const ids = new Set<string | undefined>();
    for (const [why, asksForNumbers] of [
      ['imported', false],
      ['restored', true],
      ['imported', true],
    ] as const) {
      await gate.shutAfter(why);
      const { shut } = await vault.home();
      // What was lost before is lost still.
      expect(shut).toMatchObject({ why, asksForNumbers });
      ids.add(shut?.id);
      expect(await issue(msp, 'b')).toBe('LogNotAdopted');
    }
    expect(ids.size).toBe(3);
    expect(codeOf(await adopts(msp))).toBe('NumbersNeeded');
    expect(codeOf(await adopts(msp, stated({ INV: 1, CN: 0 })))).toBe('done');
    expect(await issue(msp, 'b')).toBe('accepted');
  });

  it('keeps what waits for it: a request to forgo money is not withdrawn because the gate is shut', async () => {
    const msp = await open(copied());
    const items = [{ itemId: 'W-a', outcome: 'written-off', net: { amount: '10.00', currency: 'AUD' } }] as const;
    const asked = { creditNoteId: 'C1', invoiceId: 'I-a', clientId: 'a', period: MARCH, items, ...WHY };
    expect(await msp.tries(billing.IssueCreditNote, asked, { interrupted: true })).toBe('accepted');
    await bt(msp).gate.shutAfter('imported');
    await bt(msp).catchUp();
    expect(bt(msp).policyTroubles()).toMatchObject([{ policy: 'carry-out-forgoing' }]);
    expect(await bt(msp).models.creditNotes.get('C1')).toBeNull();
    expect(codeOf(await adopts(msp))).toBe('done');
    expect((await msp.creditNote('C1'))[0]).toBe('CN-000001 of INV-000001');
  });

  it('is interrupted before any step, and done whole by the next try', async () => {
    const steps = { count: 0, failsAt: 0 };
    const failing = (msp: Msp) => {
      const { store, vault } = bt(msp);
      const step = () => {
        steps.count += 1;
        if (steps.count === steps.failsAt) throw new Error('killed');
      };
      const append = store.append.bind(store);
      jest.spyOn(store, 'append').mockImplementation((request: AppendRequest) => {
        step();
        return append(request);
      });
      for (const name of ['shutGate', 'noteAdopter', 'follow'] as const) {
        const real = vault[name].bind(vault) as (...args: unknown[]) => Promise<never>;
        jest.spyOn(vault, name).mockImplementation((...args: unknown[]) => {
          step();
          return real(...args);
        });
      }
    };
    for (let failsAt = 1; ; failsAt++) {
      const folder = copied();
      const killed = await open(folder, TWO);
      Object.assign(steps, { count: 0, failsAt });
      failing(killed);
      const whole = await adopts(killed).then(
        () => true,
        () => false,
      );
      jest.restoreAllMocks();
      if (!whole) expect(await gateOf(killed)).not.toBe('open');
      await close(killed);
      const again = await open(folder, TWO);
      expect(codeOf(await adopts(again))).toBe('done');
      expect(await gateOf(again)).toBe('open');
      const { events } = await bt(again).store.readAll({ after: START, limit: 5_000 });
      const told = events.filter(({ type }) => type === 'NumbersLost' || type === 'LogAdopted').map(({ type }) => type);
      expect([failsAt, told]).toEqual([failsAt, ['NumbersLost', 'NumbersLost', 'LogAdopted']]);
      expect(await issue(again, 'b')).toBe('accepted');
      expect(await numberOf(again, 'b')).toBe('INV-000002');
      await close(again);
      if (whole) {
        expect(failsAt).toBe(7);
        return;
      }
    }
  });

  const stores = [
    ['SQLite', () => Promise.resolve({})],
    ['EventStoreDB', startServer],
  ] as const;
  let server: ProtocolServer | null = null;
  async function startServer() {
    server = await ProtocolServer.start();
    return { storeUrl: server.url };
  }
  afterAll(() => server?.stop());

  it.each(stores)(
    'on %s: an issue under way when the log is adopted elsewhere has no number there, and one in the new home',
    async (name, start) => {
      const log = await start();
      const folder = name === 'SQLite' ? copied() : temporaryFolder().path;
      folders.push(folder);
      if (name !== 'SQLite') await prepared(folder, { ...log, ...ONE }, ['a', 'b', 'c', 'd']);
      const before = await open(folder, { ...log, ...ONE });
      const after = await open(folder, { ...log, ...TWO });
      // One that was interrupted waits for its number as long as the gate is shut.
      expect(await issue(before, 'b', { interrupted: true })).toBe('accepted');
      expect(await numberOf(after, 'b')).toBeNull();

      // Two administrators at once, at the very moment in which the old home gives a number.
      const { store } = bt(before);
      const append = store.append.bind(store);
      jest.spyOn(store, 'append').mockImplementation(async (request: AppendRequest) => {
        if (request.stream === 'numbering-INV') {
          jest.restoreAllMocks();
          expect((await Promise.all([adopts(after), adopts(after, stated({ INV: 4 }))])).map(codeOf)).toEqual([
            'done',
            'done',
          ]);
        }
        return append(request);
      });
      expect(await issue(before, 'c')).toBe('LogNotAdopted');
      expect(await gateOf(before)).toBe('moved');
      expect(await issue(before, 'd')).toBe('LogNotAdopted');
      expect(codeOf(await before.house.billtrail.planAdoption(NONE))).toBe('done');

      const numbers = [await numberOf(after, 'b'), await numberOf(after, 'c')];
      expect(new Set(numbers)).toEqual(new Set(['INV-000005', 'INV-000006']));
      expect(await issue(after, 'd')).toBe('accepted');
      expect(await numberOf(after, 'd')).toBe('INV-000007');
      expect(await bt(after).store.readStream('access-adoptions')).toMatchObject({ version: 1 });
    },
  );
});
