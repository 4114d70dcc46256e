import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { isRefusal, type Refusal } from '@billtrail/kernel';
import { Billtrail, type ApplicationOptions } from '../billtrail.js';
import { makeFirstKey, makeKey } from './keys.js';
import type { ChangePerson, RegisterPerson } from './persons.commands.js';
import type { AskedBy } from './record-of-person.js';

const AT = '2026-03-02T09:00:00Z';
const YEAR_LATER = '2027-03-02T09:00:00.000Z';
const ADMIN: AskedBy = { actor: { id: 'owner', role: 'admin' }, key: null };
const ANA: RegisterPerson = { personId: 'ana', name: 'Ana Bell', email: 'ana@wattle.example', roles: ['accounts'] };
const KEY = { role: 'accounts', readOnly: false, expiresInDays: 365 } as const;

const done = <Answer extends object>(answer: Answer | Refusal): Answer => {
  if (isRefusal(answer)) throw new Error(`${answer.code}: ${answer.message}`);
  return answer;
};

describe('persons and their keys', () => {
  let folder: string;
  let now: string;
  const opened: Billtrail[] = [];
  const open = async (more: Partial<ApplicationOptions> = {}) => {
    const billtrail = await Billtrail.open({ dataDir: folder, clock: () => now, ...more });
    opened.push(billtrail);
    return billtrail;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'billtrail-persons-'));
    now = AT;
  });
  afterEach(async () => {
    for (const billtrail of opened.splice(0)) await billtrail.close();
    rmSync(folder, { recursive: true });
  });

  const eventsOf = async ({ store }: Billtrail, personId: string) =>
    (await store.readStream(`person-${personId}`)).events.map(({ type, data, actor }) => [type, data, actor.id]);
  const aliveKeys = async ({ persons }: Billtrail) =>
    (await persons.keys()).filter(({ revokedAt }) => revokedAt === null).map(({ keyId }) => keyId);

  const registerAcme = ({ store }: Billtrail) =>
    store.append({
      stream: 'client-acme',
      expected: 0,
      events: [
        {
          type: 'ClientRegistered',
          data: { clientId: 'acme', name: 'Acme', currency: 'AUD', timeZone: 'Australia/Sydney', taxExemption: null },
          occurredAt: AT,
        },
      ],
      actor: ADMIN.actor,
      commandId: 'acme',
      fingerprint: 'acme',
      correlationId: 'acme',
      causationId: null,
    });

  describe('registering', () => {
    it('on two servers at once, of ids that differ in their letters alone one is taken', async () => {
      const [one, other] = [await open(), await open()];
      done(await one.persons.register(ANA, ADMIN));
      // What the other's vault says was read before.
      jest.spyOn(other.vault, 'persons').mockResolvedValue([]);
      expect(await other.persons.register({ ...ANA, personId: 'ANA' }, ADMIN)).toMatchObject({ code: 'PersonTaken' });
      expect(await one.vault.persons()).toHaveLength(1);
    });

    it('goes on where the vault has not taken what the log has', async () => {
      const billtrail = await open();
      const failing = jest.spyOn(billtrail.vault, 'savePerson').mockRejectedValueOnce(new Error('no disk'));
      await expect(billtrail.persons.register(ANA, ADMIN)).rejects.toThrow('no disk');
      failing.mockRestore();
      expect(done(await billtrail.persons.register(ANA, ADMIN))).toMatchObject({
        personId: 'ana',
        roles: ['accounts'],
      });
    });

    it('tells who is named first that they are the admin whose the first key is', async () => {
      const billtrail = await open();
      await makeFirstKey(billtrail.vault, AT);
      const { personId: _, ...unnamed } = ANA;
      const first = done(await billtrail.persons.register(unnamed, ADMIN));
      expect(first).toMatchObject({ personId: 'owner', roles: ['admin', 'accounts'] });
    });

    it('of who has keys as a client’s user and as an admin: they are changed to either, or to none', async () => {
      const billtrail = await open();
      await makeKey(billtrail.vault, 'both', 'client', AT);
      await makeKey(billtrail.vault, 'both', 'admin', AT);
      expect((await billtrail.persons.told('both'))?.roles).toEqual(expect.arrayContaining(['client', 'admin']));
      done(await billtrail.persons.change('both', { roles: ['admin'] }, ADMIN));
      expect((await billtrail.persons.told('both'))?.roles).toEqual(['admin']);
      expect(await aliveKeys(billtrail)).toHaveLength(1);
    });

    it('keeps name and e-mail in the vault, and who it was in the log, which holds neither', async () => {
      const billtrail = await open();
      const recorded = done(await billtrail.persons.register(ANA, ADMIN));
      expect(recorded).toMatchObject({ personId: 'ana', version: 1, repeated: false });
      expect(await billtrail.persons.told('ana')).toEqual({
        personId: 'ana',
        name: 'Ana Bell',
        email: 'ana@wattle.example',
        roles: ['accounts'],
        clientId: null,
        registeredAt: AT,
        keys: [],
        keyedBy: [{ actorId: 'owner', at: AT }],
      });
      expect(await eventsOf(billtrail, 'ana')).toEqual([
        ['PersonRegistered', { personId: 'ana', roles: ['accounts'], clientId: null }, 'owner'],
      ]);
    });

    it('happens once under a key, though the vault failed in between; another request under it is refused', async () => {
      const billtrail = await open();
      const { personId: _, ...nameless } = ANA;
      await billtrail.persons.register({ ...ANA, personId: 'first' }, ADMIN);
      const by = { ...ADMIN, idempotencyKey: 'r1' };
      jest.spyOn(billtrail.vault, 'savePerson').mockRejectedValueOnce(new Error('the disk is full'));
      await expect(billtrail.persons.register(nameless, by)).rejects.toThrow('the disk is full');
      const again = done(await billtrail.persons.register(nameless, by));
      expect(again).toMatchObject({ repeated: true, personId: expect.stringMatching(/^p-[0-9a-f]{12}$/) });
      expect(await billtrail.vault.person(again.personId)).toMatchObject({ name: 'Ana Bell', version: 1 });
      expect(await billtrail.vault.persons()).toHaveLength(2);
      for (const other of [
        { ...nameless, email: 'other@wattle.example' },
        { ...ANA, personId: 'eve' },
      ])
        expect(await billtrail.persons.register(other, by)).toMatchObject({ code: 'IdempotencyKeyReused' });
    });

    it('does not tell in the log what was asked for: nobody can try whether it was a name', async () => {
      const [here, there] = [await open(), await Billtrail.open({ dataDir: ':memory:', clock: () => now })];
      opened.push(there);
      const fingerprints = new Set<unknown>();
      for (const billtrail of [here, there]) {
        const append = jest.spyOn(billtrail.store, 'append');
        done(await billtrail.persons.register(ANA, ADMIN));
        fingerprints.add(append.mock.calls[0]?.[0].fingerprint);
      }
      expect(fingerprints.size).toBe(2);
    });

    it.each([
      ['PersonTaken', { ...ANA, name: 'Eve' }, { ...ANA, personId: 'eve' }],
      ['PersonTaken', { ...ANA, personId: 'ANA' }, { ...ANA, personId: 'eve' }],
      ['PersonIdReserved', { ...ANA, personId: 'os:root' }, { ...ANA, personId: 'root' }],
      ['PersonIdReserved', { ...ANA, personId: 'OS:root' }, { ...ANA, personId: 'root' }],
      ['PersonIdReserved', { ...ANA, personId: 'System' }, { ...ANA, personId: 'syd' }],
      ['PersonIdReserved', { ...ANA, personId: 'complete-issues' }, { ...ANA, personId: 'syd' }],
      ['ClientRoleAlone', { ...ANA, personId: 'b', roles: ['client', 'support'] }, { ...ANA, personId: 'b' }],
      ['ClientMissing', { ...ANA, personId: 'b', roles: ['client'] }, { ...ANA, personId: 'b' }],
      ['ClientNotOfRole', { ...ANA, personId: 'b', clientId: 'acme' }, { ...ANA, personId: 'b' }],
      ['ClientNotFound', { ...ANA, personId: 'b', roles: ['client'], clientId: 'acme' }, { ...ANA, personId: 'b' }],
    ] as const)('refuses %s, and its remedy works', async (code, wrong, right) => {
      const { persons } = await open();
      done(await persons.register(ANA, ADMIN));
      expect(await persons.register(wrong as unknown as RegisterPerson, ADMIN)).toMatchObject({ code });
      done(await persons.register(right as unknown as RegisterPerson, ADMIN));
    });

    it('names, where nobody has a name yet, the person whose the first key is', async () => {
      const { persons, vault } = await open();
      await makeFirstKey(vault, AT);
      const { personId: _, ...nameless } = ANA;
      expect(done(await persons.register(nameless, ADMIN)).personId).toBe('owner');
      expect(await vault.person('owner')).toMatchObject({ name: 'Ana Bell', roles: ['accounts', 'admin'] });
      expect(done(await persons.register(nameless, ADMIN)).personId).toMatch(/^p-/);
    });

    it('makes nobody a client’s user beside what they are: by the roles that they have then, not by those that are asked for', async () => {
      const billtrail = await open();
      const { persons, vault } = billtrail;
      await registerAcme(billtrail);
      await makeFirstKey(vault, AT);
      await makeKey(vault, 'ben', 'support', AT);
      const user = { name: 'Uma', roles: ['client'], clientId: 'acme' } satisfies RegisterPerson;
      for (const personId of ['owner', 'ben'])
        expect(await persons.register({ ...user, personId }, ADMIN)).toMatchObject({ code: 'ClientRoleAlone' });
      // Who is none of the organisation is not the one whose the first key is, though they are named first.
      const { personId } = done(await persons.register(user, ADMIN));
      expect(await vault.person(personId)).toMatchObject({ roles: ['client'], clientId: 'acme' });
      done(await persons.register({ ...ANA, personId: 'ben' }, ADMIN));
      expect(await eventsOf(billtrail, 'ben')).toMatchObject([
        ['PersonRegistered', { roles: ['support', 'accounts'] }, 'owner'],
      ]);
      expect((await vault.person('ben'))?.roles.toSorted()).toEqual(['accounts', 'support']);
    });

    it('lets the first of the organisation be whose the first key is, also after a client’s user', async () => {
      const billtrail = await open();
      await registerAcme(billtrail);
      done(await billtrail.persons.register({ name: 'Uma', roles: ['client'], clientId: 'acme' }, ADMIN));
      expect(done(await billtrail.persons.register({ name: 'Ana', roles: ['admin'] }, ADMIN)).personId).toBe('owner');
    });
  });

  describe('changing', () => {
    it('takes what is stated, and revokes the keys of a role that is taken away, in an older vault too', async () => {
      const billtrail = await open();
      const { persons, vault } = billtrail;
      done(await persons.register({ ...ANA, roles: ['accounts', 'support'] }, ADMIN));
      const accounts = done(await persons.makeKey('ana', KEY, ADMIN));
      const support = done(await persons.makeKey('ana', { ...KEY, role: 'support' }, ADMIN));
      done(await persons.change('ana', { email: null }, ADMIN));
      expect(await vault.person('ana')).toMatchObject({ name: 'Ana Bell', email: null });
      expect(await aliveKeys(billtrail)).toHaveLength(2);
      done(await persons.change('ana', { roles: ['support'] }, ADMIN));
      expect(await aliveKeys(billtrail)).toEqual([support.keyId]);
      expect((await billtrail.store.readStream(`access-${accounts.keyId}`)).events).toMatchObject([
        { type: 'KeyRevoked' },
      ]);
      expect(await persons.change('ben', { name: 'Ben' }, ADMIN)).toMatchObject({ code: 'PersonUnknown' });
      expect(await persons.change('ana', { roles: ['client'] }, ADMIN)).toMatchObject({ code: 'ClientMissing' });
    });

    it('leaves an admin who can sign in; what the refusal says works', async () => {
      const { persons } = await open();
      const admin = { ...KEY, role: 'admin' } as const;
      done(await persons.register({ ...ANA, roles: ['admin', 'support'] }, ADMIN));
      const only = done(await persons.makeKey('ana', admin, ADMIN));
      done(await persons.register({ ...ANA, personId: 'bea', roles: ['admin'] }, ADMIN));
      done(await persons.makeKey('bea', { ...admin, readOnly: true }, ADMIN));
      const lost = { code: 'LastAdminKey', details: { keyId: only.keyId, personId: 'ana' } };
      const withOwn = { actor: { id: 'ana', role: 'admin' }, key: null } as const;
      for (const by of [ADMIN, withOwn]) {
        expect(await persons.change('ana', { roles: ['support'] }, by)).toMatchObject(lost);
        expect(await persons.change('ana', { roles: [] }, by)).toMatchObject(lost);
        expect(await persons.revokeKey(only.keyId, by)).toMatchObject(lost);
      }
      done(await persons.change('ana', { name: 'Ana Cruz', roles: ['admin'] }, ADMIN));
      const rotated = done(await persons.rotateKey(only.keyId, ADMIN));
      done(await persons.revokeKey(only.keyId, ADMIN));
      const further = done(await persons.makeKey('ana', admin, ADMIN));
      done(await persons.revokeKey(rotated.keyId, ADMIN));
      done(await persons.makeKey('bea', { ...admin, expiresInDays: 30 }, ADMIN));
      done(await persons.change('ana', { roles: ['support'] }, ADMIN));
      expect((await persons.keys()).find(({ keyId }) => keyId === further.keyId)?.revokedAt).toBe(AT);
      // Another one's that has expired keeps nobody in.
      done(await persons.change('ana', { roles: ['admin'] }, ADMIN));
      const again = done(await persons.makeKey('ana', admin, ADMIN));
      now = '2026-05-01T09:00:00Z';
      expect(await persons.revokeKey(again.keyId, ADMIN)).toMatchObject({ code: 'LastAdminKey' });
    });

    it.each(['take the role of the other', 'revoke the key of the other', 'do one of either'])(
      'leaves an admin where two on two servers %s at the same moment',
      async (how) => {
        const [here, there] = [await open(), await open()];
        const admin = { ...KEY, role: 'admin' } as const;
        const keys = new Map<string, string>();
        for (const personId of ['ana', 'bea']) {
          done(await here.persons.register({ ...ANA, personId, roles: ['admin'] }, ADMIN));
          keys.set(personId, done(await here.persons.makeKey(personId, admin, ADMIN)).keyId);
        }
        const by = (id: string) => ({ actor: { id, role: 'admin' }, key: null }) as const;
        const takes = ({ persons }: Billtrail, who: string, whose: string, byRole: boolean) =>
          byRole
            ? persons.change(whose, { roles: ['support'] }, by(who))
            : persons.revokeKey(keys.get(whose)!, by(who));
        const answers = await Promise.all([
          takes(here, 'ana', 'bea', how !== 'revoke the key of the other'),
          takes(there, 'bea', 'ana', how === 'take the role of the other'),
        ]);
        expect(answers.flatMap((answer) => (isRefusal(answer) ? [answer.code] : []))).toEqual(['LastAdminKey']);
        const alive = await aliveKeys(here);
        expect(alive).toHaveLength(1);
        const left = (await here.persons.keys()).find(({ keyId }) => alive.includes(keyId));
        expect((await there.vault.person(left!.personId))?.roles).toEqual(['admin']);
        const told = (await eventsOf(here, left!.personId)).map(([type]) => type);
        expect(told).not.toContain('PersonChanged');
      },
    );

    it('sent again revokes by what holds now: keys of a role that was given back stay', async () => {
      const billtrail = await open();
      const { persons, vault } = billtrail;
      done(await persons.register(ANA, ADMIN));
      const first = { ...ADMIN, idempotencyKey: 'c1' };
      const change = { name: 'Ana Cruz', roles: ['support'] } satisfies ChangePerson;
      done(await persons.change('ana', change, first));
      done(await persons.change('ana', { name: 'Ana Diaz', roles: ['accounts'] }, ADMIN));
      const { keyId } = done(await persons.makeKey('ana', KEY, ADMIN));
      expect(done(await persons.change('ana', change, first))).toMatchObject({ repeated: true });
      expect(await aliveKeys(billtrail)).toEqual([keyId]);
      expect(await vault.person('ana')).toMatchObject({ name: 'Ana Diaz', roles: ['accounts'], version: 3 });
    });

    it('at once on two servers loses neither, whichever the vault takes first', async () => {
      const [here, there] = [await open(), await open()];
      done(await here.persons.register(ANA, ADMIN));
      const changePerson = here.vault.changePerson.bind(here.vault);
      jest.spyOn(here.vault, 'changePerson').mockImplementationOnce(async (...given) => {
        // The other one is recorded after this one, and taken before it.
        done(await there.persons.change('ana', { roles: ['support'] }, ADMIN));
        return changePerson(...given);
      });
      done(await here.persons.change('ana', { name: 'Ana Cruz' }, ADMIN));
      expect(await here.vault.person('ana')).toMatchObject({ name: 'Ana Cruz', roles: ['support'], version: 3 });
    });

    it('tells in the log the roles that were recorded last, also while the vault has yet to take them', async () => {
      const [here, there] = [await open(), await open()];
      done(await here.persons.register(ANA, ADMIN));
      const changePerson = here.vault.changePerson.bind(here.vault);
      jest.spyOn(here.vault, 'changePerson').mockImplementationOnce(async (...given) => {
        done(await there.persons.change('ana', { name: 'Ana Cruz' }, ADMIN));
        return changePerson(...given);
      });
      done(await here.persons.change('ana', { roles: ['support'] }, ADMIN));
      expect((await eventsOf(here, 'ana')).at(-1)).toMatchObject(['PersonChanged', { roles: ['support'] }, 'owner']);
    });

    it('of roles while a key is made leaves no live key of the role that was taken away, also once it is given back', async () => {
      const billtrail = await open();
      const { persons, vault } = billtrail;
      done(await persons.register(ANA, ADMIN));
      const addKeys = vault.addKeys.bind(vault);
      jest.spyOn(vault, 'addKeys').mockImplementationOnce(async (keys) => {
        done(await persons.change('ana', { roles: ['support'] }, ADMIN));
        await addKeys(keys);
      });
      expect(await persons.makeKey('ana', KEY, ADMIN)).toMatchObject({ code: 'RoleNotHeld' });
      expect(await vault.person('ana')).toMatchObject({ roles: ['support'] });
      expect(await aliveKeys(billtrail)).toEqual([]);
    });

    it('is held to what was seen last', async () => {
      const { persons } = await open();
      const { position } = done(await persons.register(ANA, ADMIN));
      const by = { ...ADMIN, ifMatch: String(position) };
      done(await persons.change('ana', { name: 'Ana Cruz' }, by));
      expect(await persons.change('ana', { name: 'Ana Diaz' }, by)).toMatchObject({ code: 'PreconditionFailed' });
    });
  });

  describe('a key', () => {
    it('is made of a named person with one of their roles, and who made it is recorded', async () => {
      const billtrail = await open();
      const { persons, access } = billtrail;
      done(await persons.register(ANA, ADMIN));
      const limits = { scope: ['tickets'], readOnly: true, ratePerMinute: 9 };
      const ben: AskedBy = { actor: { id: 'ben', role: 'admin' }, key: null };
      const { key, keyId } = done(await persons.makeKey('ana', { ...KEY, ...limits }, ben));
      expect(done(await access.signIn(key, AT))).toMatchObject({ actor: { id: 'ana', role: 'accounts' }, key: limits });
      expect((await persons.told('ana'))?.keys).toEqual([
        expect.objectContaining({ keyId, ...limits, createdAt: AT, expiresAt: YEAR_LATER, isFirst: false }),
      ]);
      expect(JSON.stringify(await persons.told('ana'))).not.toContain('hash');
      expect((await eventsOf(billtrail, 'ana')).at(-1)).toEqual([
        'KeyMade',
        { personId: 'ana', keyId, role: 'accounts', replaces: null },
        'ben',
      ]);
      expect((await persons.told('ana'))?.keyedBy.map(({ actorId }) => actorId)).toEqual(['ben', 'owner']);
    });

    it('is refused where nobody would know whose it is, or its role is not theirs; what the refusal says works', async () => {
      const { persons, vault } = await open();
      expect(await persons.makeKey('ana', KEY, ADMIN)).toMatchObject({ code: 'PersonUnknown' });
      await makeKey(vault, 'ana', 'support', AT);
      expect(await persons.makeKey('ana', KEY, ADMIN)).toMatchObject({
        code: 'PersonUnnamed',
        remedy: expect.stringContaining('POST /v1/persons/ana/details'),
      });
      done(await persons.change('ana', { name: 'Ana Bell' }, ADMIN));
      expect(await persons.makeKey('ana', KEY, ADMIN)).toMatchObject({ code: 'RoleNotHeld' });
      done(await persons.change('ana', { roles: ['support', 'accounts'] }, ADMIN));
      done(await persons.makeKey('ana', KEY, ADMIN));
    });

    it('is shown once: the request sent again is told so', async () => {
      const billtrail = await open();
      done(await billtrail.persons.register(ANA, ADMIN));
      const by = { ...ADMIN, idempotencyKey: 'k1' };
      done(await billtrail.persons.makeKey('ana', KEY, by));
      expect(await billtrail.persons.makeKey('ana', KEY, by)).toMatchObject({ code: 'KeyShownOnce' });
      expect(await billtrail.persons.keys()).toHaveLength(1);
      const another = { ...KEY, readOnly: true };
      expect(await billtrail.persons.makeKey('ana', another, by)).toMatchObject({ code: 'IdempotencyKeyReused' });
    });

    it('is made, revoked and rotated beside a clock that is suspect, and so is its person', async () => {
      done(await (await open()).persons.register({ ...ANA, personId: 'ben' }, ADMIN));
      now = '2027-03-02T09:00:00Z';
      const { persons, access } = await open({ suspectClock: true });
      done(await persons.register(ANA, ADMIN));
      const made = done(await persons.makeKey('ana', KEY, ADMIN));
      expect(made.expiresAt).toBe('2028-03-01T09:00:00.000Z');
      done(await access.signIn(made.key, now));
      done(await persons.rotateKey(made.keyId, ADMIN));
      expect(await access.signIn(made.key, now)).toMatchObject({ code: 'NotSignedIn' });
    });

    it('in the place of another one is as that was, for as long again, and the other is revoked', async () => {
      const billtrail = await open();
      const { persons, access } = billtrail;
      done(await persons.register(ANA, ADMIN));
      const limits = { scope: ['tickets'], readOnly: true, ratePerMinute: 9 };
      const old = done(await persons.makeKey('ana', { ...KEY, ...limits, expiresInDays: 10 }, ADMIN));
      now = '2026-03-05T09:00:00Z';
      const made = done(await persons.rotateKey(old.keyId, ADMIN));
      expect(made).toMatchObject({ role: 'accounts', expiresAt: '2026-03-15T09:00:00.000Z' });
      expect(done(await access.signIn(made.key, now)).key).toMatchObject(limits);
      expect(await access.signIn(old.key, now)).toMatchObject({ code: 'NotSignedIn' });
      expect((await eventsOf(billtrail, 'ana')).at(-1)?.[1]).toMatchObject({ keyId: made.keyId, replaces: old.keyId });
      expect(await persons.rotateKey(old.keyId, ADMIN)).toMatchObject({ code: 'KeyEnded' });
    });

    it('is rotated and revoked by an admin or whose it is: for anybody else it is not there', async () => {
      const { persons } = await open();
      done(await persons.register(ANA, ADMIN));
      const { keyId } = done(await persons.makeKey('ana', KEY, ADMIN));
      const eve: AskedBy = { actor: { id: 'eve', role: 'accounts' }, key: null };
      const own = (await persons.keys()).find((key) => key.keyId === keyId)!;
      const ana: AskedBy = { actor: { id: 'ana', role: 'accounts' }, key: { ...own, id: keyId, hash: '' } };
      for (const refused of [await persons.rotateKey(keyId, eve), await persons.revokeKey(keyId, eve)])
        expect(refused).toMatchObject({ code: 'KeyUnknown' });
      const made = done(await persons.rotateKey(keyId, ana));
      expect((await persons.told('ana'))?.keyedBy.map(({ actorId }) => actorId)).toEqual(['owner']);
      expect(done(await persons.revokeKey(made.keyId, ana))).toMatchObject({ repeated: false });
    });
  });

  describe('the first key (Z7)', () => {
    const firstKey = async ({ vault, access }: Billtrail) => {
      const made = await makeFirstKey(vault, now);
      if (made === null || made === 'made before') throw new Error(`no first key: ${made}`);
      const { actor, key } = done(await access.signIn(made.key, now));
      return { ...made, by: { actor, key } satisfies AskedBy };
    };
    const ALL: RegisterPerson = { name: 'Ana Bell', roles: ['admin', 'accounts'] };

    it('expires in a day, unspent, and the next start makes another one; a start before that does not', async () => {
      const billtrail = await open();
      const { key } = await firstKey(billtrail);
      now = '2026-03-03T08:59:59Z';
      done(await billtrail.access.signIn(key, now));
      expect(await makeFirstKey(billtrail.vault, now)).toBe('made before');
      now = '2026-03-03T09:00:00Z';
      expect(await billtrail.access.signIn(key, now)).toMatchObject({ code: 'NotSignedIn' });
      const again = await firstKey(billtrail);
      expect(again.key).not.toBe(key);
    });

    it('is spent by the key of the first person who is named; before, it makes no other key than an admin’s', async () => {
      const billtrail = await open();
      const { persons, access, vault } = billtrail;
      const { key, by } = await firstKey(billtrail);
      const { personId } = done(await persons.register(ALL, by));
      expect(await persons.makeKey(personId, KEY, by)).toMatchObject({ code: 'FirstKeyForAdmin' });
      done(await access.signIn(key, now));
      const own = done(await persons.makeKey(personId, { ...KEY, role: 'admin' }, by));
      expect(await access.signIn(key, now)).toMatchObject({ message: expect.stringContaining('revoked') });
      // What was done with the one was done by who holds the other.
      expect(done(await access.signIn(own.key, now)).actor).toEqual(by.actor);
      expect(await makeFirstKey(vault, now)).toBeNull();
    });

    it('is spent once by two who hold it, and by a key that is made without it', async () => {
      const billtrail = await open();
      const { persons } = billtrail;
      const { by } = await firstKey(billtrail);
      for (const personId of ['ana', 'eve']) done(await persons.register({ ...ALL, personId }, by));
      const admin = { ...KEY, role: 'admin' } as const;
      const answers = await Promise.all(['ana', 'eve'].map((personId) => persons.makeKey(personId, admin, by)));
      expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(1);
      expect(answers.filter(isRefusal)).toMatchObject([{ code: 'FirstKeySpent' }]);
      expect(await aliveKeys(billtrail)).toHaveLength(1);
    });

    it('takes its own place where its person is named', async () => {
      const billtrail = await open();
      const { by } = await firstKey(billtrail);
      done(await billtrail.persons.register(ALL, by));
      const { keyId } = done(await billtrail.persons.rotateKey(by.key.id, by));
      expect(await aliveKeys(billtrail)).toEqual([keyId]);
    });

    it('stays where the vault does not take the key that is to spend it', async () => {
      const billtrail = await open();
      const { key, by } = await firstKey(billtrail);
      const { personId } = done(await billtrail.persons.register(ALL, by));
      jest.spyOn(billtrail.vault, 'addKeys').mockRejectedValueOnce(new Error('the disk is full'));
      const admin = { ...KEY, role: 'admin' } as const;
      await expect(billtrail.persons.makeKey(personId, admin, by)).rejects.toThrow('the disk is full');
      done(await billtrail.access.signIn(key, now));
      done(await billtrail.persons.makeKey(personId, admin, by));
    });

    it('is not made beside keys of an earlier version, whose persons are to be named', async () => {
      const { vault } = await open();
      await makeKey(vault, 'ana', 'admin', AT);
      expect(await makeFirstKey(vault, now)).toBeNull();
      expect(await vault.persons()).toMatchObject([{ id: 'ana', name: null, roles: ['admin'] }]);
    });
  });
});
