import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays } from '@billtrail/kernel';
import { burnDownsOf, type Fuel } from './burn-down.js';

const minutes = (value: number) => ({ unit: 'minutes' as const, minutes: value });
const aud = (amount: string) => ({ unit: 'money' as const, money: { amount, currency: 'AUD' } });
const fuel = (whole: Fuel['whole'], draws: Fuel['draws'], lastDay: string | null = null): Fuel => ({
  whole,
  firstDay: '2026-03-01',
  lastDay,
  draws,
});

describe('burn-down', () => {
  it('goes on as it has on the average since the first day', () => {
    // 100 of 600 min in 10 days leave 500 for 50 more.
    const draws = [{ workDate: '2026-03-05', amount: minutes(100) }];
    expect(burnDownsOf([fuel(minutes(600), draws)], '2026-03-10')).toEqual([
      {
        unit: 'minutes',
        whole: minutes(600),
        drawn: minutes(100),
        lapsed: minutes(0),
        left: minutes(500),
        months: [{ month: '2026-03', drawn: minutes(100) }],
        forecastOn: '2026-04-29',
        lapses: [],
      },
    ]);
  });

  it('has no date before the first draw, the day of the last draw when all is gone, and none beyond a hundred years', () => {
    const of = (fuels: readonly Fuel[]) => burnDownsOf(fuels, '2026-03-31')[0]?.forecastOn;
    expect(of([fuel(minutes(600), [])])).toBeNull();
    expect(of([fuel(minutes(60), [{ workDate: '2026-03-20', amount: minutes(60) }])])).toBe('2026-03-20');
    expect(of([fuel(minutes(1_000_000), [{ workDate: '2026-03-20', amount: minutes(1) }])])).toBeNull();
    expect(of([])).toBeUndefined();
  });

  it('never forecasts past the last day of what is left, and says what lapses then', () => {
    const draws = [{ workDate: '2026-03-05', amount: minutes(100) }];
    // At 10 min a day, 200 more are drawn until 30 March; 300 lapse. What does not expire is drawn after it.
    const lapsing = fuel(minutes(600), draws, '2026-03-30');
    expect(burnDownsOf([lapsing], '2026-03-10')).toMatchObject([
      { left: minutes(500), forecastOn: null, lapses: [{ on: '2026-03-30', amount: minutes(300) }] },
    ]);
    expect(burnDownsOf([fuel(minutes(50), []), lapsing], '2026-03-10')).toMatchObject([
      { left: minutes(550), forecastOn: '2026-04-04', lapses: [{ on: '2026-03-30', amount: minutes(300) }] },
    ]);
    // Used up on its very last day: nothing lapses.
    const justEnough = fuel(minutes(300), draws, '2026-03-30');
    expect(burnDownsOf([justEnough], '2026-03-10')).toMatchObject([{ forecastOn: '2026-03-30', lapses: [] }]);
    expect(burnDownsOf([fuel(minutes(60), [], '2026-03-30')], '2026-03-10')).toMatchObject([
      { forecastOn: null, lapses: [{ on: '2026-03-30', amount: minutes(60) }] },
    ]);
  });

  it('has no forecast once all that was left has lapsed', () => {
    const lapsed = fuel(minutes(600), [{ workDate: '2026-03-05', amount: minutes(100) }], '2026-03-09');
    expect(burnDownsOf([lapsed], '2026-03-10')).toMatchObject([
      { left: minutes(0), lapsed: minutes(500), forecastOn: null, lapses: [] },
    ]);
  });

  it('leaves out later draws, counts what lapsed, and keeps units apart', () => {
    const later = [
      { workDate: '2026-03-05', amount: aud('10.00') },
      { workDate: '2026-04-05', amount: aud('20.00') },
    ];
    const [money, time] = burnDownsOf([fuel(minutes(60), [], '2026-03-09'), fuel(aud('100.00'), later)], '2026-03-10');
    expect(money).toMatchObject({ unit: 'AUD', drawn: aud('10.00'), left: aud('90.00'), forecastOn: '2026-06-08' });
    expect(time).toMatchObject({ unit: 'minutes', lapsed: minutes(60), left: minutes(0), forecastOn: null });
  });

  it('conserves: whole is drawn, lapsed and left; what is left would last to the forecast, and not a day less', () => {
    const draw = fc.record({ day: fc.nat({ max: 60 }), minutes: fc.integer({ min: 1, max: 50 }) });
    const block = fc.record({
      draws: fc.array(draw, { maxLength: 5 }),
      extra: fc.nat({ max: 500 }),
      lastDay: fc.option(fc.nat({ max: 60 })),
    });
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 4 }), fc.nat({ max: 60 }), (blocks, asOfDay) => {
        const day = (number: number): string => addDays('2026-03-01', number);
        const fuels = blocks.map(({ draws, extra, lastDay }) =>
          fuel(
            minutes(draws.reduce((sum, one) => sum + one.minutes, extra)),
            draws.map((one) => ({ workDate: day(one.day), amount: minutes(one.minutes) })),
            lastDay === null ? null : day(lastDay),
          ),
        );
        const [answer] = burnDownsOf(fuels, day(asOfDay));
        const value = (amount: Fuel['whole'] | undefined): number =>
          amount?.unit === 'minutes' ? amount.minutes : Number.NaN;
        const drawn = blocks.flatMap(({ draws }) => draws).filter((one) => one.day <= asOfDay);
        const total = drawn.reduce((sum, one) => sum + one.minutes, 0);
        expect(value(answer?.drawn)).toBe(total);
        expect(value(answer?.lapsed) + value(answer?.left) + total).toBe(value(answer?.whole));
        if (!answer?.forecastOn || value(answer.left) === 0) return;
        // What lapses on the way is not drawn.
        const lapsing = answer.lapses.reduce((sum, one) => sum + value(one.amount), 0);
        if (lapsing > 0) return;
        const lasts = (Date.parse(answer.forecastOn) - Date.parse(day(asOfDay))) / 86_400_000;
        expect(total * lasts).toBeGreaterThanOrEqual(value(answer.left) * (asOfDay + 1));
        expect(total * (lasts - 1)).toBeLessThan(value(answer.left) * (asOfDay + 1));
      }),
    );
  });
});
