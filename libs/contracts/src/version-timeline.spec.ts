import { describe, expect, it } from '@jest/globals';
import { all, version } from './testing/contracts-to-analyse.js';
import { type VersionedContract, VersionTimeline, isSuspendedOn, nextDay, versionSpans } from './version-timeline.js';

const of = (
  versions: readonly (readonly [from: string, to: string | null])[],
  more: Partial<Omit<VersionedContract, 'versions'>> = {},
) =>
  new VersionTimeline({
    lastDay: null,
    versions: versions.map(([from, to], index) => version(index + 1, from, to, all)),
    ...more,
  });
const numberOn = (timeline: VersionTimeline, ...days: readonly string[]) =>
  days.map((day) => timeline.versionOn(day)?.versionNumber ?? null);

describe('the version in force on a day', () => {
  it('is the one that began last, each to the day before the next', () => {
    const timeline = of([
      ['2026-01-01', null],
      ['2026-07-01', null],
    ]);
    expect(numberOn(timeline, '2025-12-31', '2026-01-01', '2026-06-30', '2026-07-01', '9999-12-31')).toEqual([
      null,
      1,
      1,
      2,
      2,
    ]);
  });

  it('is of two that state one day the one published last', () => {
    const timeline = of([
      ['2026-01-01', '2026-12-31'],
      ['2026-03-01', '2026-03-31'],
      ['2026-01-01', '2026-02-28'],
    ]);
    expect(numberOn(timeline, '2026-02-28', '2026-03-01', '2026-03-31', '2026-04-01', '2027-01-01')).toEqual([
      3,
      2,
      2,
      1,
      null,
    ]);
  });

  it('is that whatever the order in which they are listed', () => {
    const [first, second] = [version(1, '2026-01-01', null, all), version(2, '2026-01-01', null, all)];
    const timeline = new VersionTimeline({ versions: [second, first], lastDay: null });
    expect(numberOn(timeline, '2026-03-01')).toEqual([2]);
  });

  it('is none after the last day, in a hole, and while the contract is suspended', () => {
    const timeline = of(
      [
        ['2026-01-01', '2026-01-31'],
        ['2026-03-01', null],
      ],
      {
        lastDay: '2026-06-30',
        suspensions: [
          { from: '2026-04-01', resumedOn: '2026-05-01' },
          { from: '2026-06-15', resumedOn: null },
        ],
      },
    );
    expect(numberOn(timeline, '2026-01-31', '2026-02-01', '2026-03-31', '2026-04-01', '2026-04-30')).toEqual([
      1,
      null,
      2,
      null,
      null,
    ]);
    expect(numberOn(timeline, '2026-05-01', '2026-06-14', '2026-06-15', '2026-06-30', '2026-07-01')).toEqual([
      2,
      2,
      null,
      null,
      null,
    ]);
    expect(timeline.publishedFor('2026-04-15')?.versionNumber).toBe(2);
    expect(timeline.publishedFor('2026-07-01')).toBeNull();
    expect(isSuspendedOn(undefined, '2026-04-15')).toBe(false);
  });
});

describe('the days of versions', () => {
  it('end as they state, else before the next that begins later', () => {
    const spans = versionSpans(
      [
        ['2026-01-01', null],
        ['2026-07-01', null],
        ['2026-07-01', '2026-12-31'],
      ].map(([from, to], index) => version(index + 1, from ?? '', to ?? null, all)),
    );
    expect(spans.map(({ from, to }) => `${from} to ${to}`)).toEqual([
      '2026-01-01 to 2026-06-30',
      '2026-07-01 to null',
      '2026-07-01 to 2026-12-31',
    ]);
  });

  it('are followed by none after the last that can be written', () => {
    expect([nextDay('9999-12-30'), nextDay('9999-12-31')]).toEqual(['9999-12-31', null]);
  });
});

describe('when something begins or ceases', () => {
  it('is the first day of each version, the day after its last, and the days of suspensions', () => {
    const suspensions = [
      { from: '2026-04-01', resumedOn: '2026-05-01' },
      { from: '2026-06-15', resumedOn: null },
    ];
    const timeline = of([['2026-01-01', '2026-12-31']], { lastDay: '2026-06-30', suspensions });
    expect(timeline.changePoints()).toEqual([
      '2026-01-01',
      '2026-04-01',
      '2026-05-01',
      '2026-06-15',
      '2026-07-01',
      '2027-01-01',
    ]);
  });

  it('leaves holes between versions, before no first and after no last, and none for a suspension', () => {
    const timeline = of(
      [
        ['2026-01-01', '2026-01-31'],
        ['2026-03-01', '2026-03-31'],
        ['2026-03-15', '2026-04-30'],
        ['2026-06-01', '2026-06-30'],
      ],
      { suspensions: [{ from: '2026-03-05', resumedOn: '2026-03-10' }] },
    );
    expect(timeline.holes()).toEqual([
      { from: '2026-02-01', to: '2026-02-28' },
      { from: '2026-05-01', to: '2026-05-31' },
    ]);
    expect(of([['2026-01-01', null]]).holes()).toEqual([]);
    expect(of([]).holes()).toEqual([]);
  });
});

describe('versions that state a right to the same days', () => {
  it('are told with these days, in the order of their beginning', () => {
    const timeline = of([
      ['2026-03-01', '2026-12-31'],
      ['2026-01-01', '2026-03-31'],
      ['2026-12-31', null],
      ['2026-03-01', '2026-03-15'],
    ]);
    expect(timeline.overlaps()).toEqual([
      { earlier: 2, later: 1, days: { from: '2026-03-01', to: '2026-03-31' } },
      { earlier: 2, later: 4, days: { from: '2026-03-01', to: '2026-03-15' } },
      { earlier: 1, later: 4, days: { from: '2026-03-01', to: '2026-03-15' } },
      { earlier: 1, later: 3, days: { from: '2026-12-31', to: '2026-12-31' } },
    ]);
  });

  it('are none where one follows the other', () => {
    expect(
      of([
        ['2026-01-01', null],
        ['2026-07-01', null],
      ]).overlaps(),
    ).toEqual([]);
    expect(
      of([
        ['2026-01-01', '2026-06-30'],
        ['2026-07-01', null],
      ]).overlaps(),
    ).toEqual([]);
  });

  it('are a hundred at most', () => {
    const sixteen = Array.from({ length: 16 }, () => ['2026-01-01', '2026-12-31'] as const);
    // Sixteen are a hundred and twenty pairs.
    expect(of(sixteen).overlaps()).toHaveLength(100);
    expect(of(sixteen.slice(0, 14)).overlaps()).toHaveLength(91);
  });

  it('go on without end where both do', () => {
    expect(
      of([
        ['2026-01-01', null],
        ['2026-01-01', null],
      ]).overlaps(),
    ).toEqual([{ earlier: 1, later: 2, days: { from: '2026-01-01', to: null } }]);
  });
});
