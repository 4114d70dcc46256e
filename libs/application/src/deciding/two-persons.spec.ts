import { describe, expect, it } from '@jest/globals';
import { addDays, type LocalDate, type Refusal, type Role } from '@billtrail/kernel';
import { refuseKeyedByOne, refuseSame, type DecidingPorts } from './two-persons.js';

type Told = readonly [
  personId: string,
  type: 'PersonRegistered' | 'PersonChanged' | 'KeyMade',
  by: string,
  day: LocalDate,
  roles?: readonly Role[],
];

const TODAY = '2026-05-01';
const AT = `${TODAY}T09:00:00Z`;
const daysAgo = (days: number) => addDays(TODAY, -days);
const APPROVERS: readonly Role[] = ['accounts', 'admin'];

/** What the log says of persons, and who was ever given a role by it. */
function portsOf(told: readonly Told[]): DecidingPorts {
  const story = (personId: string) => told.filter(([id]) => id === personId);
  const given = [...new Set(told.map(([id]) => id))].filter((id) =>
    story(id).some(([, , , , roles = []]) => roles.some((role) => APPROVERS.includes(role))),
  );
  const readStream = (stream: string) => {
    const events = story(stream.replace('person-', '')).map(([, type, by, day, roles]) => {
      const occurredAt = `${day}T08:00:00Z`;
      return { stream, type, actor: { id: by }, occurredAt, data: { roles } };
    });
    return Promise.resolve({ stream, version: events.length, events });
  };
  const othersGivenNow = (personId: string) =>
    given
      .filter((id) => id !== personId)
      .map((id) => {
        const [[, , registeredBy, day] = [id, '', '', TODAY] as const] = story(id);
        return { id, registeredBy, registeredAt: `${day}T08:00:00Z` };
      });
  return { store: { readStream }, models: { approvals: { othersGivenNow } }, clock: () => AT } as never;
}

/** s1 asks, and s2 decides. */
async function decides(told: readonly Told[], workBy: readonly string[] = []): Promise<Refusal | null> {
  return refuseKeyedByOne(portsOf(told), { requestedBy: 's1', workBy, approvers: APPROVERS }, 's2', AT);
}

const MADE_UP: readonly Told[] = [
  ['s1', 'PersonRegistered', 'ana', daysAgo(1), ['accounts']],
  ['s2', 'PersonRegistered', 'ana', daysAgo(0), ['accounts']],
];
const FIRM: readonly Told[] = [
  ['owner', 'PersonRegistered', 'os:root', daysAgo(40), ['admin']],
  ['ana', 'PersonRegistered', 'owner', daysAgo(40), ['admin']],
  ['carl', 'PersonRegistered', 'owner', daysAgo(40), ['accounts']],
  ['omar', 'PersonRegistered', 'owner', daysAgo(40), ['operations']],
  ['dave', 'PersonRegistered', 'owner', daysAgo(40), ['admin']],
];
const keysOf = (...ids: readonly string[]) => ids.map((id): Told => [id, 'KeyMade', 'ana', TODAY]);

describe('two persons of whom one may hold keys of both (Y1)', () => {
  it('don’t agree in a firm that stands, whoever else was keyed or lost their roles: it waits until a day', async () => {
    const retired = ['owner', 'carl', 'dave'].map((id): Told => [id, 'PersonChanged', 'ana', TODAY, ['support']]);
    for (const others of [keysOf('owner', 'carl', 'dave', 'omar'), retired]) {
      const refused = await decides([...FIRM, ...MADE_UP, ...others]);
      expect(refused).toMatchObject({ code: 'KeyedByOne', details: { keyedBy: 'ana', from: daysAgo(-29) } });
      expect(refused?.remedy).toMatch(/^Nobody else can decide now: s2 does from 2026-05-30 on\./);
    }
  });

  it('somebody else decides, who is named only where they may: with a role for it, and none of the work', async () => {
    const firm = [...FIRM, ...MADE_UP, ...keysOf('owner')];
    expect((await decides(firm))?.remedy).toContain('such as carl, or s2 does');
    expect((await decides(firm, ['carl']))?.remedy).toContain('such as dave');
    expect((await decides(firm, ['carl', 'dave']))?.remedy).toContain('Nobody else can decide now');
  });

  it('are two as long as who may hold the keys has registered all, and nobody else can decide', async () => {
    const began: readonly Told[] = [
      ['ana', 'PersonRegistered', 'os:root', daysAgo(90), ['admin']],
      ['s1', 'PersonRegistered', 'ana', daysAgo(29), ['accounts']],
      ['s2', 'PersonRegistered', 'ana', daysAgo(3), ['accounts']],
    ];
    expect(await decides(began)).toBeNull();
    const older: Told = ['carl', 'PersonRegistered', 'ana', daysAgo(30), ['accounts']];
    expect((await decides([...began, older, ['carl', 'KeyMade', 'ana', TODAY]]))?.code).toBe('KeyedByOne');
    expect((await decides([...began, older]))?.remedy).toContain('such as carl');
    const younger: Told = ['carl', 'PersonRegistered', 'ana', TODAY, ['accounts']];
    expect(await decides([...began, younger])).toBeNull();
  });

  it('are not two for one who is an admin of a beginning that is another’s', async () => {
    const firm: readonly Told[] = [
      ['owner', 'PersonRegistered', 'os:root', daysAgo(3), ['admin']],
      ['ana', 'PersonRegistered', 'owner', daysAgo(3), ['admin']],
      ['bea', 'PersonRegistered', 'owner', daysAgo(3), ['accounts']],
    ];
    expect((await decides([...firm, ...MADE_UP, ...keysOf('bea')]))?.code).toBe('KeyedByOne');
    const agree = refuseKeyedByOne(
      portsOf([...firm, ...MADE_UP]),
      { requestedBy: 'bea', workBy: [], approvers: APPROVERS },
      'ana',
      AT,
    );
    expect(await agree).toBeNull();
  });

  it('are one person who drafts and approves, as for what forgoes money', async () => {
    const same = (told: readonly Told[]) =>
      refuseSame(portsOf(told), { madeBy: 's1', approvers: APPROVERS }, { id: 's2', role: 'accounts' }, AT);
    expect((await same([...FIRM, ...MADE_UP]))?.code).toBe('KeyedByOne');
    expect(
      await same([...FIRM, ...MADE_UP.map((one) => one.with(2, one[0] === 's1' ? 'carl' : 'dave') as never)]),
    ).toBeNull();
  });
});
