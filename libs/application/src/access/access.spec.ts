import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { isRefusal } from '@billtrail/kernel';
import { keyIdOf, VaultUnavailable } from '@billtrail/vault';
import { Billtrail, type ApplicationOptions } from '../billtrail.js';
import { hashOf, makeKey } from './keys.js';
import { openVault } from './open-vault.js';

const AT = '2026-03-02T09:00:00Z';
const OWNER = { id: 'owner', role: 'admin' } as const;
const ANA = { id: 'ana', role: 'accounts' } as const;
/** Whose key it is, and why it signs nobody in. */
const askedOf = async ({ access }: Billtrail, key: string) => {
  const found = await access.signIn(key, AT);
  return isRefusal(found) ? found.message : found.actor;
};
const REVOKED = `This API key was revoked at ${AT}.`;

describe('access', () => {
  let folder: string;
  const opened: Billtrail[] = [];
  const open = async (more: Partial<ApplicationOptions> = {}) => {
    const billtrail = await Billtrail.open({ dataDir: folder, clock: () => AT, ...more });
    opened.push(billtrail);
    return billtrail;
  };
  const closeAll = async () => {
    for (const billtrail of opened.splice(0)) await billtrail.close();
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'billtrail-access-'));
  });
  afterEach(async () => {
    await closeAll();
    rmSync(folder, { recursive: true });
  });

  describe('a key', () => {
    it('tells whose it is, by the key alone', async () => {
      const billtrail = await open();
      const { key, keyId } = await makeKey(billtrail.vault, 'ana', 'accounts', AT);
      expect(await billtrail.access.signIn(key, AT)).toMatchObject({ actor: ANA, key: { id: keyId } });
      for (const wrong of [`${key}x`, '', 'x'])
        expect(await askedOf(billtrail, wrong)).toBe('This API key is not recognised.');
    });

    it('signs nobody in once it has expired, or its person has lost its role; when it was used last is known to the minute', async () => {
      const { access, vault } = await open();
      const { key } = await makeKey(vault, 'ana', 'accounts', AT, { expiresAt: '2026-03-03T09:00:00Z' });
      const lastUsed = async () => (await vault.keys())[0]?.lastUsedAt;
      for (const [at, used] of [
        [AT, AT],
        ['2026-03-02T09:00:59Z', AT],
        ['2026-03-02T09:01:00Z', '2026-03-02T09:01:00Z'],
        ['2026-03-03T08:59:59Z', '2026-03-03T08:59:59Z'],
      ] as const) {
        expect(await access.signIn(key, at)).toMatchObject({ actor: ANA });
        await access.settled();
        expect(await lastUsed()).toBe(used);
      }
      expect(await access.signIn(key, '2026-03-03T09:00:00Z')).toMatchObject({
        message: 'This API key expired at 2026-03-03T09:00:00Z.',
      });
      await vault.savePerson({ ...(await vault.person('ana'))!, roles: ['support'], version: 1 });
      expect(await access.signIn(key, AT)).toMatchObject({
        code: 'NotSignedIn',
        message: expect.stringContaining('role accounts'),
      });
      expect(await lastUsed()).toBe('2026-03-03T08:59:59Z');
    });

    it('signs in where the vault takes nothing just then: when it was used is lost', async () => {
      const billtrail = await open();
      const { key } = await makeKey(billtrail.vault, 'ana', 'accounts', AT);
      jest.spyOn(billtrail.vault, 'noteUse').mockRejectedValueOnce(new VaultUnavailable('full', 'Free some space'));
      expect(await askedOf(billtrail, key)).toEqual(ANA);
    });

    it('signs in without waiting for a vault whose lock another process keeps', async () => {
      const { access, vault } = await open();
      const { key } = await makeKey(vault, 'ana', 'accounts', AT);
      const waiting: (() => void)[] = [];
      const noteUse = jest
        .spyOn(vault, 'noteUse')
        .mockImplementation(() => new Promise((resolve) => void waiting.push(resolve)));
      for (const at of [AT, AT, '2026-03-02T09:05:00Z'])
        expect(await access.signIn(key, at)).toMatchObject({ actor: ANA });
      expect(waiting).toHaveLength(1);
      for (const release of waiting) release();
      await access.settled();
      noteUse.mockRejectedValueOnce(new Error('a bug'));
      await access.signIn(key, AT);
      await expect(access.settled()).rejects.toThrow('a bug');
      noteUse.mockRestore();
    });

    it('has 256 random bits, and no file of the folder holds it', async () => {
      const { vault } = await open();
      const { key } = await makeKey(vault, 'ana', 'admin', AT);
      expect(Buffer.from(key.slice(3), 'base64url')).toHaveLength(32);
      for (const name of readdirSync(folder))
        expect(readFileSync(join(folder, name)).includes(key.slice(3))).toBe(false);
    });

    it('that another process made or revoked is known at once', async () => {
      const here = await open();
      const there = await open();
      const { key, keyId } = await makeKey(there.vault, 'ben', 'support', AT);
      expect(await askedOf(here, key)).toEqual({ id: 'ben', role: 'support' });
      await there.access.revokeKey(keyId, OWNER, AT);
      expect(await askedOf(here, key)).toBe(REVOKED);
    });

    it('is revoked once, by an event that names it; an unknown one is refused', async () => {
      const { access, vault, store } = await open();
      const { keyId } = await makeKey(vault, 'ana', 'admin', AT);
      expect(await access.revokeKey(keyId, OWNER, AT)).toEqual({
        keyId,
        position: await store.head(),
        repeated: false,
      });
      expect(await access.revokeKey(keyId, { id: 'ben', role: 'admin' }, '2026-03-05T09:00:00Z')).toMatchObject({
        position: await store.head(),
        repeated: true,
      });
      const { events } = await store.readStream(`access-${keyId}`);
      expect(events).toMatchObject([{ type: 'KeyRevoked', data: { keyId }, actor: OWNER }]);
      expect(await access.revokeKey('nobodys', OWNER, AT)).toMatchObject({ refused: true, code: 'KeyUnknown' });
    });

    it.each([
      ['ahead of', '2027-03-02T09:00:00Z'],
      ['behind', '2025-03-02T09:00:00Z'],
    ])('is revoked by a clock that is suspect, far %s the log, and stays so in an older vault', async (_where, at) => {
      const before = await open();
      const { key, keyId } = await makeKey(before.vault, 'ana', 'admin', AT);
      const other = await makeKey(before.vault, 'ben', 'admin', AT);
      await before.access.revokeKey(other.keyId, OWNER, AT);
      await closeAll();
      copyFileSync(join(folder, 'vault.db'), join(folder, 'older.db'));
      const suspect = await open({ clock: () => at, suspectClock: true });
      await suspect.access.revokeKey(keyId, OWNER, at);
      expect(await askedOf(suspect, key)).toBe(REVOKED);
      expect(await suspect.store.newest()).toMatchObject({ recordedAt: AT });
      await closeAll();
      copyFileSync(join(folder, 'older.db'), join(folder, 'vault.db'));
      expect(await askedOf(await open(), key)).toBe(REVOKED);
    });

    it('signs nobody in as soon as it is to be revoked, also where the log takes nothing; again, it is recorded', async () => {
      const billtrail = await open();
      const { access, vault, store } = billtrail;
      const { key, keyId } = await makeKey(vault, 'ana', 'admin', AT);
      const append = jest.spyOn(store, 'append').mockRejectedValueOnce(new Error('the disk is full'));
      await expect(access.revokeKey(keyId, OWNER, AT)).rejects.toThrow('the disk is full');
      expect(await askedOf(billtrail, key)).toBe(REVOKED);
      append.mockRestore();
      expect(await access.revokeKey(keyId, OWNER, AT)).toMatchObject({ repeated: false });
    });

    it('stays revoked where the vault comes from an older copy, or from the file before it (G2)', async () => {
      const key = 'bt_old';
      const access = join(folder, 'access.json');
      const older = JSON.stringify({ keys: [{ actorId: 'ana', role: 'admin', hash: hashOf(key), createdAt: AT }] });
      writeFileSync(access, older);
      const first = await open();
      await first.access.revokeKey(keyIdOf(hashOf(key)), OWNER, AT);
      await closeAll();
      for (const restore of [
        () => ['', '-wal', '-shm'].forEach((end) => rmSync(join(folder, `vault.db${end}`), { force: true })),
        () => undefined,
      ]) {
        restore();
        writeFileSync(access, older);
        const again = await open({ follow: true });
        expect(await askedOf(again, key)).toBe(REVOKED);
        await closeAll();
      }
    });
  });

  describe('the keys of an earlier version', () => {
    const file = () => join(folder, 'access.json');
    const stored = { actorId: 'ana', role: 'accounts', hash: hashOf('bt_1'), createdAt: AT };

    it('are taken over once; the file is renamed, and this is told', async () => {
      writeFileSync(file(), JSON.stringify({ keys: [stored, { ...stored, hash: hashOf('bt_2'), actorId: 'ben' }] }));
      const billtrail = await open();
      const { vaultNotices, vault } = billtrail;
      expect(vaultNotices).toEqual([expect.stringMatching(/taken over 2 keys of .*access\.json\.moved/)]);
      expect(await askedOf(billtrail, 'bt_2')).toEqual({ ...ANA, id: 'ben' });
      expect(await vault.persons()).toMatchObject([{ id: 'ana', name: null, roles: ['accounts'] }, { id: 'ben' }]);
      expect([existsSync(file()), existsSync(`${file()}.moved`)]).toEqual([false, true]);
      await closeAll();
      expect((await open()).vaultNotices).toEqual([]);
    });

    it('that the vault has already are not counted as taken over', async () => {
      for (const [keys, told] of [
        [[stored], 'one key'],
        [[stored, stored], '0 keys'],
      ] as const) {
        writeFileSync(file(), JSON.stringify({ keys }));
        expect((await open()).vaultNotices).toEqual([expect.stringContaining(`taken over ${told} of`)]);
        await closeAll();
      }
    });

    it.each([
      ['is no JSON', 'Dear diary'],
      ['holds no keys', '{"keys": [{}]}'],
      ['holds an empty actor', JSON.stringify({ keys: [stored, { ...stored, actorId: '' }] })],
      ['holds an actor that no terminal shows', JSON.stringify({ keys: [{ ...stored, actorId: '\u001B[2Jx' }] })],
      ['holds a hash that is none', JSON.stringify({ keys: [{ ...stored, hash: 'x' }] })],
      ['holds a time that is none', JSON.stringify({ keys: [{ ...stored, createdAt: 'x' }] })],
      ['holds nothing for a key', JSON.stringify({ keys: [null] })],
      ['holds a role that is none', JSON.stringify({ keys: [{ ...stored, role: 'king' }] })],
      ['has no list', '{}'],
    ])('are refused by name where the file %s, and the file stays', async (_what, text) => {
      writeFileSync(file(), text);
      await expect(open()).rejects.toMatchObject({
        name: 'VaultUnavailable',
        remedy: expect.stringContaining('billtrail person add YOUR-NAME --role admin'),
      });
      expect(readFileSync(file(), 'utf8')).toBe(text);
      // The remedy works.
      rmSync(file());
      await open();
    });
  });

  it('has its vault where it is told', async () => {
    const setting = { vaultUrl: 'postgresql://ana:hunter2@127.0.0.1:1/vault' };
    const refused: unknown = await openVault({ dataDir: folder, ...setting }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: 'VaultUnavailable' });
    expect(`${(refused as Error).stack}`).not.toContain('hunter2');
    expect(existsSync(join(folder, 'vault.db'))).toBe(false);
  });
});
