import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { compareTexts, type Role } from '@billtrail/kernel';
import { Position, SqliteEventStore, START, StoredNames } from '@billtrail/event-store';
import { storedAccessEvents } from '../access-events.js';
import { keyIdOf } from '../key-id.js';
import { LogFollower } from '../log-follower.js';
import { openSqliteVault } from '../sqlite/open-sqlite-vault.js';
import type { ApiKey, NewApiKey, Person, SignInEnding, Vault } from '../port.js';
import { VaultSetBack } from '../vault-unavailable.js';

/** A vault under test, empty at first. */
export interface OpenedVault {
  readonly vault: Vault;
  /** Opens the same vault once more, as another process does. Whoever opens it closes it. */
  again(): Promise<Vault>;
  /** Copies what it holds now, and gives what puts the copy back under those who have it open. */
  copied(): Promise<() => Promise<void>>;
  /** Closes what is open and removes the vault. */
  dispose(): Promise<void>;
}

const place = (text: string) => Position.parse(text) ?? START;
const AT = '2026-03-02T09:00:00Z';
const REVOKED_AT = '2026-03-03T09:00:00Z';
const HASHES = ['a', 'b', 'c', 'd'].map((letter) => Buffer.alloc(32, letter).toString('base64url'));
const [ANA, BEN, CLEO, EVE] = HASHES as [string, string, string, string];

const keyOf = (hash: string, more: Partial<NewApiKey> = {}): NewApiKey => ({
  hash,
  personId: 'ana',
  role: 'accounts',
  createdAt: AT,
  ...more,
});

/** Of whom nothing is known but their keys. */
const unnamed = (id: string, roles: readonly Role[], registeredAt = AT): Person => {
  return { id, name: null, email: null, roles, clientId: null, registeredAt, version: 0 };
};

/** Everything that the port promises, for any database. */
export function describeVaultContract(name: string, open: () => Promise<OpenedVault>): void {
  describe(`vault contract: ${name}`, () => {
    let opened: OpenedVault;
    let vault: Vault;
    beforeEach(async () => {
      opened = await open();
      vault = opened.vault;
    });
    afterEach(() => opened.dispose());

    describe('the home of the log', () => {
      const here = { home: 'h1', told: '/srv/one' };
      const adoption = (opens: string, home = 'h2') => ({
        revocations: [],
        losses: [],
        adoptions: [
          { logId: 'log', home, opens, numbers: [{ series: 'INV', last: 123 }], position: place('9.00ff00ff') },
        ],
        checkpoint: place('9.00ff00ff'),
      });

      it('is taken once, and is that of all processes and copies', async () => {
        const { vaultId, ...kept } = await vault.home();
        expect(kept).toEqual({ place: null, logId: null, shut: null, numbers: [] });
        expect(vaultId).toMatch(/^[0-9a-f]{32}$/);
        await vault.takeHome(here, null);
        await vault.takeHome({ home: 'h2', told: '/srv/two' }, 'log');
        await vault.takeHome(here, 'another');
        const again = await opened.again();
        expect(await again.home()).toEqual({ vaultId, place: here, logId: 'log', shut: null, numbers: [] });
        await again.close();
      });

      it('is shut until it is adopted under the id of this time, and what was lost once stays lost', async () => {
        await vault.takeHome(here, 'log');
        await vault.noteNumber({ series: 'INV', number: 119, position: place('5.deadbeef') });
        await vault.noteNumber({ series: 'INV', number: 118, position: place('4.deadbeef') });
        const restored = await vault.shutGate({ why: 'restored', asksForNumbers: true });
        expect(await vault.shutGate({ why: 'moved', asksForNumbers: false })).toEqual(restored);
        const imported = await vault.shutGate({ why: 'imported', asksForNumbers: false });
        expect(imported).toMatchObject({ why: 'imported', asksForNumbers: true });
        await vault.noteAdopter({ home: 'h2', told: '/srv/two' });
        for (const opens of [restored.id, 'another']) await vault.follow(adoption(opens));
        expect(await vault.home()).toMatchObject({ place: here, shut: imported, numbers: [{ number: 119 }] });
        for (let time = 0; time < 2; time++) await vault.follow(adoption(imported.id));
        expect(await vault.home()).toMatchObject({ place: { home: 'h2', told: '/srv/two' }, logId: 'log', shut: null });
        expect((await vault.home()).numbers).toEqual([{ series: 'INV', number: 123, position: place('9.00ff00ff') }]);
      });

      it('is shut with the start of another log', async () => {
        await vault.takeHome(here, 'log');
        await vault.startAnew();
        expect((await vault.home()).shut).toMatchObject({ why: 'not-in-log', asksForNumbers: true });
      });
    });

    describe('keys', () => {
      it('are found by their hash, and listed with the oldest first', async () => {
        expect(await vault.keys()).toEqual([]);
        await vault.addKeys([
          keyOf(ANA),
          keyOf(BEN, { personId: 'ben', role: 'admin', createdAt: '2026-03-01T09:00:00Z' }),
        ]);
        expect(await vault.keyWith(BEN)).toEqual({
          id: keyIdOf(BEN),
          hash: BEN,
          personId: 'ben',
          role: 'admin',
          scope: [],
          readOnly: false,
          ratePerMinute: null,
          isFirst: false,
          createdAt: '2026-03-01T09:00:00Z',
          expiresAt: null,
          lastUsedAt: null,
          revokedAt: null,
          person: unnamed('ben', ['admin'], '2026-03-01T09:00:00Z'),
        });
        expect(await vault.keyWith(CLEO)).toBeNull();
        expect((await vault.keys()).map(({ personId }) => personId)).toEqual(['ben', 'ana']);
      });

      it('begin with one first key, whoever makes it at the same moment, and with another once that has ended', async () => {
        const other = await opened.again();
        const first = (hash: string, createdAt: string, expiresAt: string) =>
          keyOf(hash, { role: 'admin', isFirst: true, createdAt, expiresAt });
        const made = await Promise.all([
          vault.addFirstKey(first(ANA, AT, REVOKED_AT)),
          other.addFirstKey(first(BEN, AT, REVOKED_AT)),
        ]);
        expect(made.filter(Boolean)).toEqual([true]);
        expect(await vault.keys()).toHaveLength(1);
        expect(await other.addFirstKey(first(CLEO, '2026-03-03T08:59:59Z', REVOKED_AT))).toBe(false);
        expect(await other.addFirstKey(first(CLEO, REVOKED_AT, '2026-03-04T09:00:00Z'))).toBe(true);
        await vault.addKeys([keyOf(ANA === (await vault.keys())[0]?.hash ? BEN : ANA)]);
        expect(await other.addFirstKey(first(EVE, '2026-03-09T09:00:00Z', '2026-03-10T09:00:00Z'))).toBe(false);
        await other.close();
      });

      it('have the requests of a minute counted by all processes together', async () => {
        const other = await opened.again();
        const now = 1_900_000_000_000;
        const counts = await Promise.all(
          Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? vault : other).countRequest('one', now + index)),
        );
        expect(counts.map(({ count }) => count).sort((a, b) => a - b)).toEqual(
          Array.from({ length: 20 }, (_, index) => index + 1),
        );
        expect(await other.countRequest('another', now)).toEqual({ count: 1, untilMs: now + 60_000 });
        const until = counts[0]!.untilMs;
        // The clock of the other one is behind.
        expect(await other.countRequest('one', until - 64_000)).toEqual({ count: 21, untilMs: until });
        expect(await vault.countRequest('one', until - 1)).toEqual({ count: 22, untilMs: until });
        expect(await other.countRequest('one', until)).toEqual({ count: 1, untilMs: until + 60_000 });
        // A clock that was set back by an hour keeps nobody out for one.
        expect(await vault.countRequest('one', until - 3_600_000)).toMatchObject({ count: 1 });
        await other.close();
      });

      it('stay as they are when they are added again', async () => {
        await vault.addKeys([keyOf(ANA)]);
        await vault.addKeys([keyOf(ANA, { personId: 'eve', role: 'admin' }), keyOf(BEN)]);
        expect((await vault.keys()).map(({ personId }) => personId)).toEqual(['ana', 'ana']);
        await vault.addKeys([]);
      });

      it('are limited as they were made, and tell when they were used last', async () => {
        const limits = {
          scope: ['tickets', 'sla'],
          readOnly: true,
          ratePerMinute: 60,
          isFirst: true,
          expiresAt: '2026-04-01T09:00:00Z',
        };
        await vault.addKeys([keyOf(ANA, limits), keyOf(BEN)]);
        await vault.noteUse(keyIdOf(ANA), REVOKED_AT);
        expect(await vault.keyWith(ANA)).toMatchObject({ ...limits, lastUsedAt: REVOKED_AT });
        expect(await vault.keyWith(BEN)).toMatchObject({ readOnly: false, lastUsedAt: null });
        const all = await vault.keys();
        const uses = all.map(({ lastUsedAt }) => String(lastUsedAt)).sort(compareTexts);
        expect(uses).toEqual([REVOKED_AT, 'null']);
      });

      it('reach what a part of the API is called by now', async () => {
        await vault.addKeys([keyOf(ANA, { scope: ['forgoing-requests', 'sla', 'approvals'] })]);
        expect((await vault.keyWith(ANA))?.scope).toEqual(['approvals', 'sla']);
      });

      it('more of them than one statement takes', async () => {
        const many = Array.from({ length: 1_203 }, (_, index) =>
          keyOf(Buffer.alloc(32, String(index)).toString('base64url')),
        );
        await vault.addKeys(many);
        expect(await vault.keys()).toHaveLength(new Set(many.map(({ hash }) => keyIdOf(hash))).size);
      });
    });

    describe('persons', () => {
      const ana: Person = {
        ...unnamed('ana', ['operations', 'accounts']),
        name: 'Ana Bell',
        email: 'ana@wattle.example',
        version: 1,
      };

      it('are told by their ids, and stated anew by a later version of their stream alone', async () => {
        expect(await vault.person('ana')).toBeNull();
        await vault.savePerson({ ...unnamed('ben', ['client']), clientId: 'acme', version: 4 });
        await vault.savePerson(ana);
        expect(await vault.persons()).toEqual([ana, { ...unnamed('ben', ['client']), clientId: 'acme', version: 4 }]);
        await vault.savePerson({ ...ana, name: 'Ana Bell-Cruz', email: null, roles: [], version: 3 });
        await vault.savePerson({ ...ana, name: 'Late', version: 2 });
        expect(await vault.person('ana')).toEqual({
          ...ana,
          name: 'Ana Bell-Cruz',
          email: null,
          roles: [],
          version: 3,
        });
      });

      it('whose keys come before them are to be named, with the roles of their keys; the others stay as they are', async () => {
        await vault.savePerson(ana);
        await vault.addKeys([
          // A role that they do not have, as of a key that is late: it was taken away meanwhile.
          keyOf(ANA, { role: 'support' }),
          keyOf(BEN, { personId: 'ben', role: 'support' }),
          keyOf(CLEO, { personId: 'ben', role: 'admin', createdAt: '2026-03-01T09:00:00Z' }),
        ]);
        expect(await vault.persons()).toEqual([ana, unnamed('ben', ['support', 'admin'], '2026-03-01T09:00:00Z')]);
        expect((await vault.keyWith(ANA))?.person).toEqual(ana);
      });

      it('have the roles of all keys that come while nothing is recorded of them, also one after the other', async () => {
        await vault.addKeys([keyOf(ANA)]);
        await vault.addKeys([keyOf(BEN, { role: 'support' })]);
        expect(await vault.persons()).toEqual([unnamed('ana', ['support', 'accounts'])]);
      });

      it('are changed in what is stated alone, in whatever order it comes, and twice as once', async () => {
        expect(await vault.changePerson('ana', 2, { name: 'Ana' })).toBeNull();
        await vault.savePerson(ana);
        await vault.changePerson('ana', 4, { roles: ['support'], email: null });
        await vault.changePerson('ana', 2, { name: 'Ana Bell-Cruz', roles: ['admin'] });
        const changed = { ...ana, name: 'Ana Bell-Cruz', email: null, roles: ['support'], version: 4 };
        expect(await vault.changePerson('ana', 2, { name: 'Ana Bell-Cruz', roles: ['admin'] })).toEqual(changed);
        await vault.changePerson('ana', 3, { name: 'Ana Diaz', email: 'late@wattle.example' });
        await vault.changePerson('ana', 2, { name: 'Ana Bell-Cruz' });
        expect(await vault.person('ana')).toEqual({ ...changed, name: 'Ana Diaz' });
      });

      it('have one key in the place of another, of two processes that put one there at once', async () => {
        await vault.addKeys([keyOf(ANA)]);
        const other = await opened.again();
        const replaced = { keyId: keyIdOf(ANA), revokedAt: REVOKED_AT };
        const put = await Promise.all([
          vault.replaceKey(replaced, keyOf(BEN)),
          other.replaceKey(replaced, keyOf(CLEO)),
        ]);
        expect(put.filter(Boolean)).toHaveLength(1);
        const alive = (await vault.keys()).filter(({ revokedAt }) => revokedAt === null);
        expect([alive.length, (await vault.keyWith(ANA))?.revokedAt]).toEqual([1, REVOKED_AT]);
        await other.close();
      });

      it.each([
        [
          'two keys of two persons',
          { keyId: keyIdOf(ANA), revokedAt: REVOKED_AT },
          { keyId: keyIdOf(BEN), revokedAt: REVOKED_AT },
        ],
        ['the role of two persons', { personId: 'ana', keeps: ['support'] }, { personId: 'ben', keeps: [] }],
        [
          'a key of one, and the role of another',
          { keyId: keyIdOf(ANA), revokedAt: REVOKED_AT },
          { personId: 'ben', keeps: [] },
        ],
      ] satisfies readonly [string, SignInEnding, SignInEnding][])(
        'that are ended at once by two processes leave the last sign-in of a kind: %s',
        async (_, one, another) => {
          const admin = { role: 'admin' } as const;
          await vault.addKeys([
            keyOf(ANA, admin),
            keyOf(BEN, { ...admin, personId: 'ben' }),
            keyOf(CLEO, { personId: 'cleo' }),
          ]);
          const other = await opened.again();
          const isAdmin = (key: ApiKey) => key.role === 'admin';
          const kept = await Promise.all([vault.endUnlessLast(one, isAdmin), other.endUnlessLast(another, isAdmin)]);
          expect(kept.filter((key) => key !== null)).toHaveLength(1);
          const signsIn = await Promise.all(
            [ANA, BEN].map(async (hash) => {
              const key = await vault.keyWith(hash);
              return key?.revokedAt === null && key.person.roles.includes('admin') ? key.id : null;
            }),
          );
          expect(signsIn.filter(Boolean)).toEqual([kept.find((key) => key !== null)?.id]);
          // Whoever is none of the kind is none of the last of it.
          expect(await vault.endUnlessLast({ keyId: keyIdOf(CLEO), revokedAt: REVOKED_AT }, isAdmin)).toBeNull();
          expect((await vault.keyWith(CLEO))?.revokedAt).toBe(REVOKED_AT);
          await other.close();
        },
      );

      it('are none twice where several processes bring their keys', async () => {
        const others = await Promise.all([opened.again(), opened.again()]);
        await Promise.all([vault, ...others].map((each, at) => each.addKeys([keyOf(HASHES[at]!)])));
        expect(await vault.persons()).toEqual([unnamed('ana', ['accounts'])]);
        expect(await vault.keys()).toHaveLength(3);
        await Promise.all(others.map((other) => other.close()));
      });
    });

    describe('keys of streams', () => {
      const all = Array.from({ length: 1_100 }, (_, index) => `ticket-${index}`);

      it('are made once, and are the same from then on, however many are asked for', async () => {
        expect(await vault.streamKeys(['ticket-1'])).toEqual(new Map());
        const made = await vault.makeStreamKeys(['ticket-1', 'ticket-2']);
        expect([...made.keys()].sort()).toEqual(['ticket-1', 'ticket-2']);
        expect(made.get('ticket-1')).toMatchObject({ keys: [{ length: 32 }], lostUpTo: 0 });
        expect(made.get('ticket-1')).not.toEqual(made.get('ticket-2'));
        const more = await vault.makeStreamKeys(all);
        expect(more.size).toBe(all.length);
        expect(more.get('ticket-1')).toEqual(made.get('ticket-1'));
        expect(await vault.streamKeys(['ticket-1', 'ticket-2', 'nowhere'])).toEqual(made);
        expect((await vault.streamKeys(all)).size).toBe(all.length);
      });

      it('are the same for processes that make them at the same time', async () => {
        const others = await Promise.all([opened.again(), opened.again()]);
        const [one, ...rest] = await Promise.all(
          [vault, ...others].map((each, index) => each.makeStreamKeys(index === 1 ? all.toReversed() : all)),
        );
        for (const made of rest) for (const stream of all) expect(made.get(stream)).toEqual(one?.get(stream));
        await Promise.all(others.map((other) => other.close()));
      });
    });

    describe('lost keys of streams', () => {
      const lost = (streams: readonly string[], upTo: string) =>
        vault.follow({
          revocations: [],
          losses: streams.map((stream) => ({ stream, upTo: place(upTo).at })),
          checkpoint: place(upTo),
        });
      const held = async (stream: string) => (await vault.streamKeys([stream])).get(stream);

      it('are told up to where, also where another one was made since, which is given first', async () => {
        await vault.makeStreamKeys(['ticket-2']);
        await lost(['ticket-1', 'ticket-2'], '9007199254740991.00ff00ff');
        const upTo = Number.MAX_SAFE_INTEGER;
        expect(await held('ticket-1')).toEqual({ keys: [], lostUpTo: upTo });
        const [first] = (await held('ticket-2'))!.keys;
        const made = await vault.makeStreamKeys(['ticket-1', 'ticket-2', 'ticket-3']);
        expect(made.get('ticket-1')).toMatchObject({ keys: [{ length: 32 }], lostUpTo: upTo });
        expect(made.get('ticket-2')).toEqual({ keys: [first], lostUpTo: upTo });
        expect(made.get('ticket-3')).toMatchObject({ lostUpTo: 0 });
        expect(await vault.makeStreamKeys(['ticket-1', 'ticket-2', 'ticket-3'])).toEqual(made);
      });

      it('are lost as far as was said last, in whatever order it is folded, and no more in another log', async () => {
        for (const upTo of ['7.00ff00ff', '9.00ff00ff', '7.00ff00ff']) await lost(['ticket-1'], upTo);
        expect(await held('ticket-1')).toEqual({ keys: [], lostUpTo: 9 });
        const [key] = (await vault.makeStreamKeys(['ticket-1'])).get('ticket-1')!.keys;
        await vault.startAnew();
        expect(await held('ticket-1')).toEqual({ keys: [key], lostUpTo: 0 });
        expect(await vault.checkpoint()).toEqual(START);
      });
    });

    describe('a secret', () => {
      it('is made once, and is the same from then on, also for processes that ask at the same time', async () => {
        const others = await Promise.all([opened.again(), opened.again()]);
        const [one, ...rest] = await Promise.all([vault, ...others].map((each) => each.secret('read-models')));
        expect(one).toHaveLength(32);
        expect(new Set(one)).not.toEqual(new Set([0]));
        for (const other of rest) expect(other).toEqual(one);
        expect(await vault.secret('read-models')).toEqual(one);
        await Promise.all(others.map((other) => other.close()));
      });
    });

    describe('following the log', () => {
      it('revokes keys and moves the checkpoint', async () => {
        await vault.addKeys([keyOf(ANA), keyOf(BEN)]);
        expect(await vault.checkpoint()).toEqual(START);
        await vault.follow({
          losses: [],
          revocations: [{ keyId: keyIdOf(ANA), revokedAt: REVOKED_AT }],
          checkpoint: place('9007199254740991.00ff00ff'),
        });
        expect(await vault.checkpoint()).toEqual(place('9007199254740991.00ff00ff'));
        expect((await vault.keyWith(ANA))?.revokedAt).toBe(REVOKED_AT);
        expect((await vault.keyWith(BEN))?.revokedAt).toBeNull();
        await vault.follow({ losses: [], revocations: [], checkpoint: place('5.deadbeef') });
        expect(await vault.checkpoint()).toEqual(place('5.deadbeef'));
        await vault.follow({ losses: [], revocations: [], checkpoint: START });
        expect(await vault.checkpoint()).toEqual(START);
      });

      it('changes nothing the second time: the first revocation stands', async () => {
        await vault.addKeys([keyOf(ANA)]);
        for (const revokedAt of [REVOKED_AT, '2026-03-09T09:00:00Z'])
          await vault.follow({ losses: [], revocations: [{ keyId: keyIdOf(ANA), revokedAt }], checkpoint: START });
        expect((await vault.keyWith(ANA))?.revokedAt).toBe(REVOKED_AT);
      });

      it('holds for a key that comes later, as from an older file', async () => {
        await vault.follow({
          losses: [],
          revocations: [{ keyId: keyIdOf(ANA), revokedAt: REVOKED_AT }],
          checkpoint: START,
        });
        await vault.addKeys([keyOf(ANA)]);
        expect((await vault.keyWith(ANA))?.revokedAt).toBe(REVOKED_AT);
      });
    });

    describe('several processes', () => {
      it('see at once what another one did', async () => {
        const other = await opened.again();
        await other.addKeys([keyOf(ANA)]);
        expect((await vault.keyWith(ANA))?.revokedAt).toBeNull();
        await other.follow({
          losses: [],
          revocations: [{ keyId: keyIdOf(ANA), revokedAt: REVOKED_AT }],
          checkpoint: START,
        });
        expect((await vault.keyWith(ANA))?.revokedAt).toBe(REVOKED_AT);
        await other.close();
        expect(await vault.keys()).toHaveLength(1);
      });

      it('write at the same time, and nothing is lost', async () => {
        const others = await Promise.all([opened.again(), opened.again(), opened.again()]);
        const key = (process: number, n: number) =>
          keyOf(Buffer.from(`${process}-${n}`.padEnd(32, 'x')).toString('base64url'), { createdAt: `${process}-${n}` });
        await Promise.all(
          [vault, ...others].map(async (each, process) => {
            for (let n = 0; n < 20; n++) {
              await each.addKeys([key(process, n)]);
              await each.follow({ losses: [], revocations: [], checkpoint: place(`${n}.0000000${process}`) });
            }
          }),
        );
        expect((await vault.keys()).map(({ createdAt }) => createdAt)).toHaveLength(80);
        expect(await vault.checkpoint()).toMatchObject({ at: 19 });
        await Promise.all(others.map((other) => other.close()));
      });
    });

    describe('set back to an older state while it is open', () => {
      const told: VaultSetBack[] = [];
      let putBack: () => Promise<void>;
      beforeEach(async () => {
        told.length = 0;
        vault.onSetBack((error) => told.push(error));
        await vault.addKeys([keyOf(ANA)]);
        putBack = await opened.copied();
      });

      it('is not what a question tells whose answer comes after that of a later write', async () => {
        const streams = Array.from({ length: 60 }, (_, n) => `ticket-${n}` as const);
        const made = streams.map((stream) => vault.makeStreamKeys([stream]));
        const signedIn = streams.flatMap(() => [vault.keyWith(ANA), vault.keyWith(ANA)]);
        expect(await Promise.all(made)).toHaveLength(streams.length);
        expect((await Promise.all(signedIn)).filter((key) => key === null)).toEqual([]);
        expect(told).toEqual([]);
      });

      it('signs nobody in and takes nothing until it is taken as it is', async () => {
        await vault.addKeys([keyOf(BEN)]);
        await putBack();
        await expect(vault.keyWith(ANA)).rejects.toThrow(VaultSetBack);
        await expect(vault.makeStreamKeys(['ticket-1'])).rejects.toThrow(VaultSetBack);
        expect(told).toHaveLength(1);
        await vault.takeAsItIs();
        expect(await vault.keyWith(ANA)).toMatchObject({ personId: 'ana' });
        expect(await vault.keyWith(BEN)).toBeNull();
        expect((await vault.makeStreamKeys(['ticket-1'])).size).toBe(1);
        expect(told).toHaveLength(1);
      });

      it.each([1, 2])(
        'is seen by a write too, and though another process wrote to it %i times since',
        async (times) => {
          await vault.addKeys([keyOf(BEN)]);
          await putBack();
          const other = await opened.again();
          for (let n = 0; n < times; n++) await other.addKeys([keyOf(CLEO)]);
          await other.close();
          await expect(vault.addKeys([keyOf(BEN)])).rejects.toThrow(VaultSetBack);
          await vault.takeAsItIs();
          expect((await vault.keys()).map(({ hash }) => hash).sort()).toEqual([ANA, CLEO].sort());
        },
      );

      it('is no alarm where other processes wrote to it, however often', async () => {
        const other = await opened.again();
        for (let n = 0; n < 250; n++) await other.addKeys([keyOf(CLEO)]);
        await other.close();
        expect(await vault.keyWith(CLEO)).not.toBeNull();
        await vault.addKeys([keyOf(BEN)]);
        expect(told).toEqual([]);
      });

      it('follows the log to its end before anybody signs in: no key is alive again', async () => {
        const log = SqliteEventStore.open({ file: ':memory:', names: new StoredNames(storedAccessEvents) });
        const follower = await LogFollower.start(vault, log);
        const stopping = new AbortController();
        const following = follower.follow(stopping.signal);
        await log.append({
          stream: `access-${keyIdOf(ANA)}`,
          expected: 'any',
          events: [{ type: 'KeyRevoked', data: { keyId: keyIdOf(ANA) }, occurredAt: REVOKED_AT }],
          actor: { id: 'owner', role: 'admin' },
          commandId: 'revoke',
          correlationId: 'revoke',
          causationId: null,
          fingerprint: 'revoke',
        });
        while ((await vault.keyWith(ANA))?.revokedAt === null) await new Promise(setImmediate);
        await putBack();
        await expect(vault.keyWith(ANA)).rejects.toThrow(VaultSetBack);
        expect(follower.trouble()).toBeInstanceOf(VaultSetBack);
        expect(follower.makesNoKeys()).toBeInstanceOf(VaultSetBack);
        while (follower.trouble() !== null) await new Promise(setImmediate);
        expect((await vault.keyWith(ANA))?.revokedAt).toBe(REVOKED_AT);
        expect(follower.makesNoKeys()).toBeNull();
        stopping.abort();
        await following;
        await log.close();
      });
    });

    describe('keys of another copy', () => {
      let copy: Vault;
      beforeEach(async () => {
        copy = await openSqliteVault({ file: ':memory:' });
        await copy.addKeys([keyOf(ANA), keyOf(BEN), keyOf(CLEO)]);
        await copy.makeStreamKeys(['ticket-1', 'ticket-2', 'ticket-3']);
      });
      afterEach(() => copy.close());
      const take = async () => {
        const taken = await vault.takeKeys(await copy.heldKeys());
        if (taken.apiKeys + taken.streamKeys > 0) await vault.takeAsItIs();
        return taken;
      };
      const first = async (of: Vault, stream: string) => (await of.streamKeys([stream])).get(stream)?.keys;

      it('are taken where they are lacking, and nothing the second time', async () => {
        await vault.addKeys([keyOf(ANA, { personId: 'ana-here' })]);
        await vault.makeStreamKeys(['ticket-9']);
        expect(await take()).toEqual({ apiKeys: 2, streamKeys: 3, otherKeys: 0 });
        expect((await vault.keyWith(ANA))?.personId).toBe('ana-here');
        expect((await vault.keyWith(CLEO))?.personId).toBe('ana');
        expect((await vault.persons()).map(({ id }) => id)).toEqual(['ana', 'ana-here']);
        for (const stream of ['ticket-1', 'ticket-3'])
          expect(await first(vault, stream)).toEqual(await first(copy, stream));
        expect((await vault.heldKeys()).streamKeys).toHaveLength(4);
        expect(await take()).toEqual({ apiKeys: 0, streamKeys: 0, otherKeys: 0 });
      });

      it('stay out where they are revoked here or there, or another one is in their place', async () => {
        const [made] = (await vault.makeStreamKeys(['ticket-1'])).get('ticket-1')!.keys;
        for (const [at, hash] of [
          [vault, BEN],
          [copy, CLEO],
        ] as const)
          await at.follow({
            revocations: [{ keyId: keyIdOf(hash), revokedAt: REVOKED_AT }],
            losses: [],
            checkpoint: START,
          });
        expect(await take()).toEqual({ apiKeys: 1, streamKeys: 2, otherKeys: 1 });
        for (const hash of [BEN, CLEO]) expect(await vault.keyWith(hash)).toBeNull();
        expect(await first(vault, 'ticket-1')).toEqual([made]);
      });

      it('stand beside the one that was made after their loss, which is given first', async () => {
        const losses = [{ stream: 'ticket-1', upTo: place('7.00ff00ff').at }];
        await vault.follow({ revocations: [], losses, checkpoint: place('7.00ff00ff') });
        const [made] = (await vault.makeStreamKeys(['ticket-1'])).get('ticket-1')!.keys;
        await take();
        expect(await first(vault, 'ticket-1')).toEqual([made, ...(await first(copy, 'ticket-1'))!]);
      });

      it('are known to every process that has the vault open: it looks anew', async () => {
        const other = await opened.again();
        await other.addKeys([keyOf(ANA)]);
        await vault.takeKeys(await copy.heldKeys());
        await expect(other.keyWith(ANA)).rejects.toThrow(VaultSetBack);
        await expect(vault.keyWith(ANA)).rejects.toThrow(VaultSetBack);
        await other.close();
      });
    });

    it('is closed once, however often it is asked for', async () => {
      await vault.close();
      await vault.close();
    });
  });
}
