import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { isRefusal, type Refusal } from '@billtrail/kernel';
import { Billtrail } from '../billtrail.js';
import type { MakeKey, RegisterPerson } from './persons.commands.js';
import type { AskedBy } from './record-of-person.js';

const AT = '2026-03-02T09:00:00Z';
const ADMIN: AskedBy = { actor: { id: 'owner', role: 'admin' }, key: null };
const ANA: RegisterPerson = { personId: 'ana', name: 'Ana Bell', email: 'ana@wattle.example', roles: ['accounts'] };
const KEY = { role: 'accounts', readOnly: false, expiresInDays: 365 } as const;

const done = <Answer extends object>(answer: Answer | Refusal): Answer => {
  if (isRefusal(answer)) throw new Error(`${answer.code}: ${answer.message}`);
  return answer;
};

describe('keys that are limited, or take the place of others', () => {
  let folder: string;
  const opened: Billtrail[] = [];
  const open = async () => {
    const billtrail = await Billtrail.open({ dataDir: folder, clock: () => AT });
    opened.push(billtrail);
    return billtrail;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'billtrail-keys-'));
  });
  afterEach(async () => {
    for (const billtrail of opened.splice(0)) await billtrail.close();
    rmSync(folder, { recursive: true });
  });

  const aliveKeys = async ({ persons }: Billtrail) =>
    (await persons.keys()).filter(({ revokedAt }) => revokedAt === null).map(({ keyId }) => keyId);

  describe('a key that is limited', () => {
    const SCOPED = { ...KEY, role: 'admin', scope: ['keys', 'persons'] } as const;
    /** Makes a key of the person, and gives who asks by it. */
    const by = async ({ persons, access }: Billtrail, personId: string, terms: MakeKey): Promise<AskedBy> => {
      const { key } = done(await persons.makeKey(personId, terms, ADMIN));
      return done(await access.signIn(key, AT));
    };

    it('makes and takes the place of none that may do more, and what the refusal says works', async () => {
      const billtrail = await open();
      const { persons } = billtrail;
      done(await persons.register({ ...ANA, roles: ['admin', 'support'] }, ADMIN));
      const strong = await by(billtrail, 'ana', { ...KEY, role: 'admin' });
      const weak = {
        support: await by(billtrail, 'ana', { ...KEY, role: 'support' }),
        scoped: await by(billtrail, 'ana', { ...SCOPED, scope: [...SCOPED.scope] }),
        reading: await by(billtrail, 'ana', { ...KEY, role: 'admin', readOnly: true }),
        slow: await by(billtrail, 'ana', { ...KEY, role: 'admin', ratePerMinute: 9 }),
      };
      const alive = await aliveKeys(billtrail);
      for (const [limit, each] of Object.entries(weak)) {
        expect([limit, await persons.rotateKey(strong.key!.id, each)]).toMatchObject([limit, { code: 'KeyStronger' }]);
        expect([limit, await persons.makeKey('ana', { ...KEY, role: 'admin' }, each)]).toMatchObject([
          limit,
          { code: 'KeyStronger' },
        ]);
      }
      const beyond = { ...KEY, role: 'admin', scope: ['keys', 'tickets'] } satisfies MakeKey;
      expect(await persons.makeKey('ana', beyond, weak.scoped)).toMatchObject({ code: 'KeyStronger' });
      expect(await aliveKeys(billtrail)).toEqual(alive);
      // Within its limits it makes one, and it rotates itself; one without limits takes the place of any.
      done(await persons.makeKey('ana', { ...beyond, scope: ['keys'] }, weak.scoped));
      done(await persons.makeKey('ana', { ...KEY, role: 'support', readOnly: true }, weak.reading));
      for (const each of Object.values(weak)) done(await persons.rotateKey(each.key!.id, each));
      done(await persons.rotateKey(strong.key!.id, strong));
    });

    it('to a short time takes the place of none that was made for longer, unless it is an admin’s', async () => {
      const billtrail = await open();
      const { persons } = billtrail;
      done(await persons.register(ANA, ADMIN));
      const long = await by(billtrail, 'ana', KEY);
      const short = await by(billtrail, 'ana', { ...KEY, expiresInDays: 1 });
      expect(await persons.rotateKey(long.key!.id, short)).toMatchObject({ code: 'KeyStronger' });
      done(await persons.rotateKey(short.key!.id, long));
    });
  });

  describe('a rotation', () => {
    it('that the vault did not take leaves the old key, and is told so when it is sent again', async () => {
      const billtrail = await open();
      const { persons, access, vault } = billtrail;
      done(await persons.register(ANA, ADMIN));
      const old = done(await persons.makeKey('ana', KEY, ADMIN));
      const failing = jest.spyOn(vault, 'replaceKey').mockRejectedValueOnce(new Error('the disk is full'));
      const asked = { ...ADMIN, idempotencyKey: 'r1' };
      await expect(persons.rotateKey(old.keyId, asked)).rejects.toThrow('the disk is full');
      failing.mockRestore();
      const refused = await persons.rotateKey(old.keyId, asked);
      expect(refused).toMatchObject({ code: 'KeyNotMade', remedy: expect.stringContaining('new Idempotency-Key') });
      done(await access.signIn(old.key, AT));
      const made = done(await persons.rotateKey(old.keyId, { ...ADMIN, idempotencyKey: 'r2' }));
      expect(await aliveKeys(billtrail)).toEqual([made.keyId]);
    });

    it('sent again names the key that it has made, and revoking that and making another works', async () => {
      const billtrail = await open();
      const { persons } = billtrail;
      done(await persons.register(ANA, ADMIN));
      const old = done(await persons.makeKey('ana', KEY, ADMIN));
      const asked = { ...ADMIN, idempotencyKey: 'r1' };
      const { keyId } = done(await persons.rotateKey(old.keyId, asked));
      done(await persons.makeKey('ana', KEY, ADMIN));
      const refused = await persons.rotateKey(old.keyId, asked);
      expect(refused).toMatchObject({ code: 'KeyShownOnce', remedy: expect.stringContaining(`/${keyId}/revoke`) });
      done(await persons.revokeKey(keyId, ADMIN));
      done(await persons.makeKey('ana', KEY, ADMIN));
      expect(await aliveKeys(billtrail)).not.toContain(keyId);
    });

    it('of one key on two servers at once puts one in its place', async () => {
      const [here, there] = [await open(), await open()];
      done(await here.persons.register(ANA, ADMIN));
      const { keyId } = done(await here.persons.makeKey('ana', KEY, ADMIN));
      const replaceKey = here.vault.replaceKey.bind(here.vault);
      jest.spyOn(here.vault, 'replaceKey').mockImplementationOnce(async (...given) => {
        done(await there.persons.rotateKey(keyId, ADMIN));
        return replaceKey(...given);
      });
      expect(await here.persons.rotateKey(keyId, ADMIN)).toMatchObject({ code: 'KeyEnded' });
      expect(await aliveKeys(here)).toHaveLength(1);
    });
  });
});
