import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HOURS } from '../laws/kit/broken-stories.js';
import { brokenLaws } from '../laws/kit/laws.js';
import { lookAt } from '../laws/kit/look.js';
import { Msp } from './msp.js';

const minutes = (value: number) => ({ unit: 'minutes' as const, minutes: value });
const ALLOTMENT = {
  id: 'hours',
  name: 'Ten hours a month',
  base: minutes(600),
  rollOver: 'periods' as const,
  rollOverPeriods: 3,
};

/** Ten hours a month that live for three more, of which at most 700 minutes go on. */
describe('an allotment that rolls over for three months, with a limit', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-01-05');
    const allotment = { ...ALLOTMENT, rollOverAtMost: minutes(700) };
    await msp.signs('bluegum', { ...HOURS, from: '2026-01-01', besides: { prepaid: { allotment } } });
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 100, '2026-01-05');
    await ticket.resolves();
    await msp.days(60);
    const march = await msp.ticket('T2', 'bluegum');
    await march.time('W2', 50, '2026-03-05');
    await march.resolves();
    await msp.days(40);
    const april = await msp.ticket('T3', 'bluegum');
    await april.time('W3', 1_400, '2026-04-10');
    await april.resolves();
    await msp.house.settle();
  });
  afterEach(async () => {
    await msp.house.settle();
    expect(brokenLaws(await lookAt(msp, { isSettled: true }))).toEqual([]);
    await msp.closes();
  });

  const told = async () => {
    const { items } = await msp.house.billtrail.models.prepaid.balances({ clientId: 'bluegum' });
    return items.slice(0, 4).map(({ source, drawn, lapsed, left, lastDay }) => {
      const [d, l, r] = [drawn, lapsed ?? minutes(0), left].map((one) => (one.unit === 'minutes' ? one.minutes : null));
      return `${source.from === 'allotment' ? source.month : ''}: drawn ${d}, lapsed ${l}, left ${r}, until ${lastDay}`;
    });
  };

  it('tells each month: drawn, lapsed and left come to the base', async () => {
    // February ends with 500 + 600, of which 700 go on; March with 50 + 600 + 600.
    expect(await told()).toEqual([
      '2026-01: drawn 150, lapsed 450, left 0, until 2026-04-30',
      '2026-02: drawn 100, lapsed 500, left 0, until 2026-05-31',
      '2026-03: drawn 600, lapsed 0, left 0, until 2026-06-30',
      '2026-04: drawn 600, lapsed 0, left 0, until 2026-07-31',
    ]);
    // 1,400 less 1,300: 100 min at 130.00.
    expect((await msp.items('bluegum', '2026-04')).at(-1)).toBe('W3@p4 billable 1.666667 h 216.67 AUD');
    const source = { from: 'allotment', contractId: 'bluegum-1', allotmentId: 'hours', month: '2026-01' } as const;
    const statement = await msp.house.billtrail.models.prepaid.statement(source);
    expect(statement?.items.map(({ draw, leftAfter }) => [draw.amount, leftAfter])).toEqual([
      [minutes(100), minutes(500)],
      [minutes(50), minutes(50)],
    ]);
    expect(statement?.lapses).toEqual([
      { period: '2026-03', amount: minutes(400) },
      { period: '2026-04', amount: minutes(50) },
    ]);
  });

  it('what an invoice drew stays drawn when January grows afterwards', async () => {
    await msp.bills('I3', 'bluegum', '2026-04');
    const late = await msp.ticket('T4', 'bluegum');
    await late.time('W4', 560, '2026-01-20');
    await late.resolves();
    await msp.house.settle();
    // Of January 500 are left for the 560; March draws its 50 on February then, of which April's invoice has its 100.
    expect((await msp.items('bluegum', '2026-01')).filter((one) => one.startsWith('W4'))).toEqual([
      'W4@p1 covered 8.333333 h 0.00 AUD',
      'W4@p2 billable 1 h 130.00 AUD',
    ]);
    expect((await told()).slice(0, 2)).toEqual([
      '2026-01: drawn 600, lapsed 0, left 0, until 2026-04-30',
      '2026-02: drawn 150, lapsed 450, left 0, until 2026-05-31',
    ]);
  });

  it('a later version changes how long its own months live, and not those before', async () => {
    await msp.renegotiates('bluegum', {
      ...HOURS,
      from: '2026-04-01',
      besides: { prepaid: { allotment: { ...ALLOTMENT, rollOverPeriods: 1 } } },
    });
    await msp.house.settle();
    // January to March were granted with three; April alone lives for one more month.
    expect((await told()).map((one) => one.slice(-10))).toEqual([
      '2026-04-30',
      '2026-05-31',
      '2026-06-30',
      '2026-05-31',
    ]);
  });
});
