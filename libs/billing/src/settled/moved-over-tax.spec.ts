import { describe, expect, it } from '@jest/globals';
import { CONFIGURATION, asInvoiced, contractFacts, facts, material, terms, time } from '../testing/facts.js';
import type { ClientPeriodFacts } from '../client-period.js';
import { rateExplained as rate } from '../rate.js';
import type { WorkItem } from '../rating/facts.js';

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
  return rate(facts(now, { ...changes, invoiced }))
    .items.filter(({ disposition }) => disposition !== 'invoiced')
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
    const open = items.filter(({ disposition }) => disposition === 'billable');
    expect(open.map(({ workDate, net }) => `${workDate} ${net?.amount}`)).toEqual([
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
