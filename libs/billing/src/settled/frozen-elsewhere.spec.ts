import { describe, expect, it } from '@jest/globals';
import type { TimeZone } from '@billtrail/kernel';
import { rateExplained as rate } from '../rate.js';
import type { WorkItem } from '../rating/facts.js';
import { pricedFacts } from '../rating/items/work-facts.js';
import { ClientAccounts } from '../testing/client-accounts.js';
import { asInvoiced, contractFacts, facts, terms, time } from '../testing/facts.js';
import { HOURLY, hourItem } from '../testing/items.js';

type Time = Extract<WorkItem, { kind: 'time' }>;

const [JUNE, JULY] = ['2026-06', '2026-07'] as const;
/** 01:00 to 02:00 on 1 July in Sydney, 23:00 to midnight on 30 June in Perth. */
const hour = time({ workDate: '2026-07-01', startedAt: '2026-06-30T15:00:00Z', endedAt: '2026-06-30T16:00:00Z' });
/** 23:30 to 00:30 in Sydney; until 22:30 on 30 June in Perth. */
const overTheEdge = time({
  workDate: '2026-06-30',
  startedAt: '2026-06-30T13:30:00Z',
  endedAt: '2026-06-30T14:30:00Z',
});
const again = (work: Time, changes: Partial<Time>): Time => ({
  ...work,
  sourceEventIds: [...work.sourceEventIds, 'ev-again'],
  ...changes,
});

const clientWith = (...work: readonly Time[]): ClientAccounts => new ClientAccounts([JUNE, JULY], work);

function frozenHour(): ClientAccounts {
  const client = clientWith(hour);
  client.freeze(JULY, 'w-1');
  return client;
}

describe('an hour that is frozen in July stays there, and June has none of it (K13)', () => {
  const facts13: readonly [string, (client: ClientAccounts) => void][] = [
    ['the zone of the client', (client) => void (client.zone = 'Australia/Perth')],
    [
      'a back-dated version in another zone',
      (client) => {
        const version = { versionNumber: 2, effectiveFrom: '2026-06-01', effectiveTo: null };
        const west = { ...terms(), timeZone: 'Australia/Perth' };
        client.contracts = client.contracts.map((one) => ({
          ...one,
          versions: [...one.versions, { ...version, terms: west }],
        }));
      },
    ],
    [
      'its ticket, which names a contract of another zone',
      (client) => {
        const west = contractFacts({
          contractId: 'con-2',
          priority: 20,
          terms: { ...terms(), timeZone: 'Australia/Perth' },
        });
        client.contracts = [...client.contracts, west];
        client.contractId = 'con-2';
      },
    ],
  ];

  it.each(facts13)('whatever moves it: %s', (_, move) => {
    const client = frozenHour();
    move(client);
    expect(client.shown(JULY)).toEqual([['w-1', 'invoiced', 60, '150.00']]);
    expect(client.shown(JUNE)).toEqual([]);
  });

  it.each(facts13)('a correction of its minutes is one adjustment, beside what was invoiced: %s', (_, move) => {
    const client = frozenHour();
    move(client);
    client.work = [again(hour, { minutes: 90, endedAt: '2026-06-30T16:30:00Z' })];
    expect(client.shown(JULY)).toEqual([
      ['w-1', 'invoiced', 60, '150.00'],
      ['w-1@a1', 'billable', 30, '75.00'],
    ]);
    expect(client.shown(JUNE)).toEqual([]);
    client.freeze(JULY, 'w-1@a1');
    expect([client.shown(JULY).length, client.shown(JUNE).length, client.minutes()]).toEqual([2, 0, 90]);
  });

  it('what was not frozen moves, and moves back', () => {
    const client = clientWith(hour);
    client.zone = 'Australia/Perth';
    expect([client.shown(JULY), client.shown(JUNE)]).toEqual([[], [['w-1', 'billable', 60, '150.00']]]);
  });

  it('a void gives it back where it was invoiced', () => {
    const client = frozenHour();
    client.zone = 'Australia/Perth';
    client.work = [];
    expect(client.shown(JULY).at(-1)).toEqual(['w-1@a1', 'billable', -60, '-150.00']);
    expect(client.shown(JUNE)).toEqual([]);
  });

  it('a correction of its day goes with it: given back in July, asked in June', () => {
    const client = frozenHour();
    client.work = [
      again(hour, { workDate: '2026-06-29', startedAt: '2026-06-29T03:00:00Z', endedAt: '2026-06-29T04:00:00Z' }),
    ];
    expect(client.shown(JULY).at(-1)).toEqual(['w-1@a1', 'billable', -60, '-150.00']);
    expect(client.shown(JUNE)).toEqual([['w-1', 'billable', 60, '150.00']]);
  });
});

describe('an entry over the edge of two months (K13)', () => {
  it('of which one month is frozen: the other has the rest, in whatever zone', () => {
    const client = clientWith(overTheEdge);
    client.freeze(JULY, 'w-1@p1');
    client.zone = 'Australia/Perth';
    expect(client.shown(JULY)).toEqual([['w-1@p1', 'invoiced', 30, '75.00']]);
    expect(client.shown(JUNE)).toEqual([['w-1@p1', 'billable', 30, '75.00']]);
    client.zone = 'Pacific/Auckland';
    expect(client.shown(JULY)).toEqual([
      ['w-1@p1', 'invoiced', 30, '75.00'],
      ['w-1@p2', 'billable', 30, '75.00'],
    ]);
    expect(client.shown(JUNE)).toEqual([]);
  });

  it('of which both are frozen has nothing left anywhere', () => {
    const client = clientWith(overTheEdge);
    client.freeze(JULY, 'w-1@p1');
    client.freeze(JUNE, 'w-1@p1');
    for (const zone of ['Australia/Sydney', 'Australia/Perth', 'Pacific/Auckland']) {
      client.zone = zone;
      expect([...client.shown(JUNE), ...client.shown(JULY)].map(([, disposition]) => disposition)).toEqual([
        'invoiced',
        'invoiced',
      ]);
    }
  });

  it.each(['Australia/Sydney', 'Australia/Perth', 'Pacific/Auckland'])(
    'holds each minute once after corrections, frozen in any order, in %s',
    (zone) => {
      for (const frozen of [[JUNE], [JULY], [JUNE, JULY], []] as const)
        for (const minutes of [20, 45, 60, 61, 120]) {
          const client = clientWith(overTheEdge);
          for (const period of frozen) client.freeze(period, 'w-1@p1');
          client.zone = zone;
          const endedAt = new Date(Date.parse('2026-06-30T13:30:00Z') + minutes * 60_000).toISOString();
          client.work = [again(overTheEdge, { minutes, endedAt })];
          expect(client.minutes()).toBe(minutes);
          for (const period of [JUNE, JULY]) client.freeze(period, 'w-1@a1', 'w-1@a2', 'w-1', 'w-1@p1', 'w-1@p2');
          expect(client.minutes()).toBe(minutes);
          client.zone = 'Europe/London';
          expect(client.minutes()).toBe(minutes);
        }
    },
  );
});

describe('a version that changes the zone at its edge (K13)', () => {
  it('leaves no hour between its last day and the first of the next', () => {
    const client = clientWith(
      time({
        workDate: '2026-07-01',
        startedAt: '2026-06-30T14:00:00Z',
        endedAt: '2026-06-30T16:00:00Z',
        minutes: 120,
      }),
    );
    const version = (versionNumber: number, effectiveFrom: string, effectiveTo: string | null, timeZone: TimeZone) => ({
      versionNumber,
      effectiveFrom,
      effectiveTo,
      terms: { ...terms(), timeZone },
    });
    const versions = [
      version(1, '2026-01-01', '2026-06-30', 'Australia/Sydney'),
      version(2, '2026-07-01', null, 'Australia/Perth'),
    ];
    client.contracts = [contractFacts({ versions })];
    expect(client.shown(JULY)).toEqual([['w-1', 'billable', 120, '300.00']]);
    client.contracts = [contractFacts({ versions: versions.slice(0, 1) })];
    expect(client.shown(JULY)).toEqual([['w-1', 'unpriced', 120, undefined]]);
  });
});

describe('the first half hour of an entry that July has with an adjustment of half an hour', () => {
  it('keeps the beginning of it from June, unless a line of it was credited there: then June has what lies in June', () => {
    const longer = again(hour, { minutes: 90, endedAt: '2026-06-30T16:30:00Z' });
    const held = { actualMinutes: 30, billableMinutes: 30, basis: { ...HOURLY, work: pricedFacts(longer) } };
    const segment = { fromMinute: 0, toMinute: 30, date: '2026-07-01', rateClass: null };
    const invoiced = asInvoiced([hourItem('w-1@p1', { ...held, segment }), hourItem('w-1@a1', held)]);
    const inJune = (creditedWork: ReadonlySet<string>) =>
      rate(
        facts([longer], {
          period: JUNE,
          clientTimeZone: 'Australia/Perth',
          elsewhere: [{ period: JULY, invoiced, writtenOff: [], creditedWork }],
        }),
      ).items.map(({ actualMinutes }) => actualMinutes);
    expect(inJune(new Set())).toEqual([]);
    expect(inJune(new Set(['w-1']))).toEqual([60]);
  });
});
