import { describe, expect, it } from '@jest/globals';
import type { ContractTerms } from '@billtrail/contracts';
import { versionsFrom } from '../testing/charges.js';
import {
  ALL_BILLABLE,
  CONFIGURATION,
  asInvoiced,
  asWrittenOff,
  contractFacts,
  facts,
  material,
  terms,
  time,
} from '../testing/facts.js';
import type { ClientPeriodFacts } from '../client-period.js';
import type { ExplainedItem } from '../item/billable-item.js';
import type { MadeItem } from '../item/made-item.js';
import { hourItem } from '../testing/items.js';
import { byDayOfSupply } from './moved-over-tax.js';
import { settledWork } from './settled-work.js';
import { rateExplained as rate } from '../rate.js';
import type { WorkItem } from '../rating/facts.js';

type Time = Extract<WorkItem, { kind: 'time' }>;

const RATES = [
  { from: '2020-01-01', rate: '10' },
  { from: '2026-03-15', rate: '15' },
];
const bySupply = { ...CONFIGURATION, taxRates: { GST: { rate: RATES } }, taxDate: 'supply' } as const;
const day = (workDate: string, minutes = 60) => time({ workDate, minutes });
const corrected = (workDate: string, minutes = 60) =>
  time({ workDate, minutes, sourceEventIds: ['ev-w-1', 'ev-corrected'] });

/** What is asked and given back once an invoiced hour is other work: `id, day, hours: net`. */
function after(
  before: WorkItem,
  now: readonly WorkItem[],
  changes: Partial<ClientPeriodFacts> = { configuration: bySupply },
): readonly string[] {
  const invoiced = asInvoiced(rate(facts([before], changes)).items);
  return open(now, { ...changes, invoiced });
}
function open(now: readonly WorkItem[], account: Partial<ClientPeriodFacts>): readonly string[] {
  const frozen = new Set((account.writtenOff ?? []).map(({ itemId }) => itemId));
  return rate(facts(now, account))
    .items.filter(({ itemId, disposition }) => disposition !== 'invoiced' && !frozen.has(itemId))
    .map(({ itemId, disposition, workDate, quantity, net }) =>
      [itemId, disposition, workDate, `${quantity}:`, net?.amount ?? '-'].join(' '),
    );
}

describe('invoiced work of which the day of supply has another tax', () => {
  it('goes back at the rate of then, and is asked at that of now, though it costs the same', () => {
    expect(after(day('2026-03-10'), [corrected('2026-03-20')])).toEqual([
      'w-1@a1 billable 2026-03-10 -1: -150.00',
      'w-1@a2 billable 2026-03-20 1: 150.00',
    ]);
  });

  it('goes back whole, and comes whole, where its minutes change too', () => {
    expect(after(day('2026-03-10'), [corrected('2026-03-20', 90)])).toEqual([
      'w-1@a1 billable 2026-03-10 -1: -150.00',
      'w-1@a2 billable 2026-03-20 1.5: 225.00',
    ]);
    expect(after(day('2026-03-10'), [corrected('2026-03-20', 20)])).toEqual([
      'w-1@a1 billable 2026-03-10 -1: -150.00',
      'w-1@a2 billable 2026-03-20 0.333333: 50.00',
    ]);
  });

  it('says why', () => {
    const invoiced = asInvoiced(rate(facts([day('2026-03-10')], { configuration: bySupply })).items);
    const { items } = rate(facts([corrected('2026-03-20')], { configuration: bySupply, invoiced }));
    const [back, asked] = items.slice(1);
    expect([back, asked].map((item) => item?.approval)).toEqual(['approved', 'approved']);
    expect(asked?.sourceEventIds).toContain('ev-corrected');
    expect(back?.sourceEventIds).toContain('ev-corrected');
    expect(JSON.stringify(back?.trace)).toContain('the work was moved to a day with another tax');
  });

  it('is one difference where both days have one rate, or the day of issue decides', () => {
    expect(after(day('2026-03-10'), [corrected('2026-03-11')])).toEqual([]);
    expect(after(day('2026-03-10'), [corrected('2026-03-11', 90)])).toEqual(['w-1@a1 billable 2026-03-11 0.5: 75.00']);
    const byIssue = { configuration: { ...bySupply, taxDate: 'issue' } } as const;
    expect(after(day('2026-03-10'), [corrected('2026-03-20')], byIssue)).toEqual([]);
    expect(after(day('2026-03-10'), [corrected('2026-03-20', 90)], byIssue)).toEqual([
      'w-1@a1 billable 2026-03-20 0.5: 75.00',
    ]);
  });

  it('is told as any correction where both days have one rate', () => {
    const invoiced = asInvoiced(rate(facts([day('2026-03-10')], { configuration: bySupply })).items);
    const { items } = rate(facts([corrected('2026-03-11', 90)], { configuration: bySupply, invoiced }));
    expect(JSON.stringify(items.at(-1)?.trace)).not.toContain('another tax');
  });

  it('is goods, too: three cables go back and come again', () => {
    const cables = (workDate: string, ...more: readonly string[]) =>
      material({ workDate, sourceEventIds: ['ev-m-1', ...more] });
    expect(after(cables('2026-03-10'), [cables('2026-03-20', 'ev-2')])).toEqual([
      'm-1@a1 billable 2026-03-10 -3: -45.00',
      'm-1@a2 billable 2026-03-20 3: 45.00',
    ]);
  });

  it('goes back as far as it is still asked, where a credit note gave some of it', () => {
    const [line] = asInvoiced(rate(facts([day('2026-03-10')], { configuration: bySupply })).items);
    if (line === undefined) throw new Error('no line');
    const invoiced = [{ ...line, credited: { amount: '50.00', currency: 'AUD' }, creditNoteId: 'cn-1' }];
    const { items } = rate(facts([corrected('2026-03-20')], { configuration: bySupply, invoiced }));
    const asked = items.filter(({ disposition }) => disposition === 'billable');
    expect(asked.map(({ workDate, net }) => `${workDate} ${net?.amount}`)).toEqual([
      '2026-03-10 -100.00',
      '2026-03-20 100.00',
    ]);
  });

  it('stays beside what a cap holds of a correction: 150.00 go back and come, 30.00 more are asked, 45.00 lie above', () => {
    const cap = { id: 'cap', name: 'Budget', scope: 'period', amount: '180.00', above: 'write-down' } as const;
    const contracts = [contractFacts({ terms: { ...terms(), caps: [cap] } })];
    const told = after(day('2026-03-10'), [corrected('2026-03-20', 90)], { configuration: bySupply, contracts });
    expect(told.map((one) => one.replace(/ -?[\d.]+:/, ''))).toEqual([
      'w-1@a1 billable 2026-03-20 30.00',
      'w-1@x1 written-off 2026-03-20 45.00',
      'w-1@a2 billable 2026-03-10 -150.00',
      'w-1@a3 billable 2026-03-20 150.00',
    ]);
  });

  it('only goes back where nothing is asked for it now', () => {
    expect(after(day('2026-03-10'), [])).toEqual(['w-1@a1 billable 2026-03-10 -1: -150.00']);
    expect(after(day('2026-03-10'), [time({ workDate: '2026-03-20', workType: 'onsite' })])).toMatchObject([
      expect.stringContaining('unpriced'),
    ]);
  });
});

/** Half an hour at 10 %, then half an hour at 15 %, each under a version of its own. */
describe('invoiced work of two days that are taxed differently', () => {
  const over = (from: string, to: string, minutes: number, changes: Partial<Time> = {}) =>
    time({ minutes, workDate: from.slice(0, 10), startedAt: from, endedAt: to, ...changes });
  const [begins, ends] = ['2026-03-14T23:30:00Z', '2026-03-15T00:30:00Z'];
  const night = over(begins, ends, 60);
  const again = { sourceEventIds: ['ev-w-1', 'ev-corrected'] };
  const rules = [
    { id: 'free', name: 'Talks', match: { workTypes: ['talk'] }, outcome: 'included' as const },
    ALL_BILLABLE,
  ];
  const account = (edge = '2026-03-15', later: Partial<ContractTerms> = {}): Partial<ClientPeriodFacts> => ({
    configuration: bySupply,
    clientTimeZone: 'UTC',
    contracts: [
      contractFacts(versionsFrom(['2026-01-01', terms({}, rules)], [edge, { ...terms({}, rules), ...later }])),
    ],
  });

  it('goes back at the rate of the day that is gone, before more is asked at that of the other', () => {
    const early = over('2026-03-14T23:00:00Z', '2026-03-15T00:00:00Z', 60, again);
    expect(after(night, [early], account())).toEqual([
      'w-1@a2 billable 2026-03-15 -0.5: -75.00',
      'w-1@a3 billable 2026-03-14 0.5: 75.00',
    ]);
  });

  it('is adjusted at the rate of the day that changed, and at no other', () => {
    const longer = over(begins, '2026-03-15T01:00:00Z', 90, again);
    expect(after(night, [longer], account())).toEqual(['w-1@a2 billable 2026-03-15 0.5: 75.00']);
  });

  it('is one difference where nothing is asked for it any more, though it stays', () => {
    const talk = over(begins, ends, 60, { ...again, workType: 'talk' });
    expect(after(night, [talk], account())).toEqual(['w-1@a2 billable 2026-03-14 -1: -150.00']);
  });

  it('stays as it is while a part of it was written off without a price', () => {
    const facing = account('2026-03-20', terms({ labour: [] }, rules));
    const later = over('2026-03-19T23:30:00Z', '2026-03-20T00:30:00Z', 60);
    const { items } = rate(facts([later], facing));
    expect(items.map(({ itemId, disposition }) => `${itemId} ${disposition}`)).toEqual([
      'w-1@p1 billable',
      'w-1@p2 unpriced',
    ]);
    const held = { invoiced: asInvoiced(items.slice(0, 1)), writtenOff: asWrittenOff(items.slice(1)) };
    expect(open([corrected('2026-03-10')], { ...facing, ...held })).toEqual([]);
  });

  it('is left as the difference without regard to tax where a part of it has no price now', () => {
    const settled = settledWork(facts([], { invoiced: asInvoiced([hourItem('w-1')]) })).here.get('w-1');
    if (settled === undefined) throw new Error('nothing is settled');
    const made = ({ basis, trace, ...item }: ExplainedItem): MadeItem => ({
      item,
      basis: () => basis,
      trace: () => trace,
    });
    const first = made(hourItem('w-1@p1', { workDate: '2026-03-20' }));
    const other = made(hourItem('w-1@p2', { workDate: '2026-03-20', disposition: 'unpriced', net: null }));
    const rest = [made(hourItem('w-1@a1', { disposition: 'unpriced', net: null }))];
    const adjusted = (...present: readonly MadeItem[]) =>
      byDayOfSupply(
        { settled, account: facts([], { configuration: bySupply }), causes: null, present, representative: first },
        rest,
      );
    expect(adjusted(first, other)).toBe(rest);
    expect(adjusted(first)).not.toBe(rest);
  });

  it('takes back less of a write-off beside what moves: 25.00 of 75.00, and 150.00 go back and come', () => {
    const invoiced = asInvoiced(rate(facts([day('2026-03-10')], { configuration: bySupply })).items);
    const facing = { configuration: bySupply, invoiced };
    const more = rate(facts([corrected('2026-03-10', 90)], facing)).items.filter(({ itemId }) => itemId === 'w-1@a1');
    const told = open([corrected('2026-03-20', 80)], { ...facing, writtenOff: asWrittenOff(more) });
    expect(told).toEqual([
      'w-1@a2 written-off 2026-03-20 -0.166667: -25.00',
      'w-1@a3 billable 2026-03-10 -1: -150.00',
      'w-1@a4 billable 2026-03-20 1: 150.00',
    ]);
  });
});
