import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CoverageRule, PrepaidAmount } from '@billtrail/contracts';
import { Decimal } from '@billtrail/kernel';
import type { Approval } from '../item/billable-item.js';
import { draftableItems } from '../account/lines.js';
import { imbalances } from '../reconcile.js';
import { asInvoiced, asWrittenOff, contractFacts, expense, facts, terms, time } from '../testing/facts.js';
import type { ClientPeriodFacts, FrozenLine } from '../client-period.js';
import type { RatingResult, WorkItem } from '../rating/facts.js';
import { rateExplained as rate } from '../rate.js';

type Time = Extract<WorkItem, { kind: 'time' }>;
type Block = NonNullable<ClientPeriodFacts['contracts'][number]['blocks']>[number];

const PREPAID: CoverageRule = { id: 'pre', name: 'Prepaid', match: {}, outcome: 'prepaid' };
const minutes = (many: number): PrepaidAmount => ({ unit: 'minutes', minutes: many });
const money = (amount: string): PrepaidAmount => ({ unit: 'money', money: { amount, currency: 'AUD' } });
const block = (blockId: string, amount: PrepaidAmount, expiresOn: string | null = null): Block => ({
  blockId,
  amount,
  purchasedOn: '2026-01-01',
  expiresOn,
  price: null,
  eventId: `ev-${blockId}`,
});
const under = (...blocks: readonly Block[]): Partial<ClientPeriodFacts> => ({
  contracts: [contractFacts({ terms: terms({}, [PREPAID]), blocks })],
});
const work = (many: number, changes: Partial<Time> = {}): Time => time({ minutes: many, ...changes });
const again = (many: number, changes: Partial<Time> = {}): Time =>
  work(many, { sourceEventIds: ['ev-w-1', 'ev-w-1b'], ...changes });
const amountOf = (amount: PrepaidAmount): string =>
  amount.unit === 'minutes' ? String(amount.minutes) : amount.money.amount;
const shown = ({ items }: RatingResult): unknown[] =>
  items.map(({ itemId, disposition, billableMinutes, net, draw }) => [
    itemId,
    disposition,
    billableMinutes,
    net?.amount ?? null,
    ...(draw === undefined || draw.source.from !== 'block'
      ? []
      : [`${amountOf(draw.amount)} of ${draw.source.blockId}`]),
  ]);
const left = ({ carriedOver }: RatingResult): readonly string[] =>
  carriedOver.balances.map((one) => amountOf(one.left));
const frozenAs = (some: readonly WorkItem[], account: Partial<ClientPeriodFacts>): readonly FrozenLine[] =>
  asInvoiced(rate(facts(some, account)).items);

describe('prepaid work that was corrected after it was frozen', () => {
  it('draws what it grew by on what there is on its day; only the rest is overage, and what was overage stays it', () => {
    const invoiced = frozenAs([work(90)], under(block('b', minutes(60))));
    const account = { ...under(block('b', minutes(60)), block('b2', minutes(600))), invoiced };
    const grown = rate(facts([again(120)], account));
    expect(shown(grown)).toEqual([
      ['w-1@p1', 'invoiced', 60, '0.00', '60 of b'],
      ['w-1@p2', 'invoiced', 30, '75.00'],
      ['w-1@d2', 'covered', 30, '0.00', '30 of b2'],
    ]);
    expect(left(grown)).toEqual(['0', '570']);
    const little = { ...under(block('b', minutes(60)), block('b2', minutes(10))), invoiced };
    expect(shown(rate(facts([again(120)], little))).slice(2)).toEqual([
      ['w-1@a2', 'billable', 20, '50.00'],
      ['w-1@d2', 'covered', 10, '0.00', '10 of b2'],
    ]);
  });

  it('gives back what it shrank by: overage first, then minutes to the block that they are from', () => {
    const account = under(block('b', minutes(60)));
    const invoiced = frozenAs([work(90)], account);
    expect(shown(rate(facts([again(70)], { ...account, invoiced }))).slice(2)).toEqual([
      ['w-1@a2', 'billable', -20, '-50.00'],
    ]);
    const less = rate(facts([again(40)], { ...account, invoiced }));
    expect(shown(less).slice(2)).toEqual([
      ['w-1@a2', 'billable', -30, '-75.00'],
      ['w-1@d2', 'covered', -20, '0.00', '-20 of b'],
    ]);
    expect(left(less)).toEqual(['20']);
    expect(less.draws.map(({ amount, frozen }) => [amountOf(amount), frozen])).toEqual([
      ['60', true],
      ['-20', false],
    ]);
  });

  const on = (endedAt: string): Partial<Time> => ({
    startedAt: '2026-03-10T08:00:00+11:00',
    endedAt: `2026-03-10T${endedAt}:00+11:00`,
  });
  it.each<[string, Partial<Time>, Partial<Time>]>([
    ['a duration', {}, {}],
    ['a start and an end', on('09:10'), on('10:00')],
  ])(
    'keeps the minutes that a block covers where all beyond it is written off, before the correction and after: %s',
    (_, then, now) => {
      const account = under(block('b', minutes(60)));
      const beyond = (some: readonly WorkItem[], writtenOff: ReturnType<typeof asWrittenOff>) =>
        rate(facts(some, { ...account, writtenOff })).items.filter(({ disposition }) => disposition === 'billable');
      const first = asWrittenOff(beyond([work(70, then)], []));
      const second = asWrittenOff(beyond([again(120, now)], first));
      expect(second).toHaveLength(1);
      const { items } = rate(facts([again(120, now)], { ...account, writtenOff: [...first, ...second] }));
      expect(items.filter(({ disposition }) => disposition === 'covered')).toMatchObject([{ actualMinutes: 60 }]);
      expect(items.reduce((sum, { actualMinutes }) => sum + (actualMinutes ?? 0), 0)).toBe(120);
    },
  );

  it('voided it gives all back, and other work of the days of the block draws on that', () => {
    const account = under(block('b', minutes(60), '2026-03-15'));
    const invoiced = frozenAs([work(90)], account);
    const other = (workDate: string): Time => work(50, { workItemId: 'w-2', position: 2, workDate });
    const gone = rate(facts([other('2026-03-12')], { ...account, invoiced }));
    expect(shown(gone)).toEqual([
      ['w-2', 'covered', 50, '0.00', '50 of b'],
      ['w-1@p1', 'invoiced', 60, '0.00', '60 of b'],
      ['w-1@p2', 'invoiced', 30, '75.00'],
      ['w-1@a2', 'billable', -30, '-75.00'],
      ['w-1@d2', 'covered', -60, '0.00', '-60 of b'],
    ]);
    expect(left(gone)).toEqual(['10']);
    const late = rate(facts([other('2026-03-20')], { ...account, invoiced }));
    expect(shown(late)[0]).toEqual(['w-2', 'billable', 50, '125.00']);
    expect(left(late)).toEqual(['60']);
  });

  it('what was given back and is frozen too is not given back again', () => {
    const account = under(block('b', minutes(60)));
    const invoiced = frozenAs([work(90)], account);
    const first = rate(facts([], { ...account, invoiced }));
    const second = { ...account, invoiced: [...invoiced, ...asInvoiced(first.items.slice(2), 'inv-2')] };
    const after = rate(facts([], second));
    expect(after.items.filter(({ disposition }) => disposition !== 'invoiced')).toEqual([]);
    expect(left(after)).toEqual(['60']);
  });

  it('moved to a day that its block is not for, it draws as of that day', () => {
    const account = under(block('b', minutes(60), '2026-03-15'), block('c', minutes(600)));
    const invoiced = frozenAs([work(60)], account);
    const moved = rate(facts([again(60, { workDate: '2026-03-20' })], { ...account, invoiced }));
    expect(shown(moved)).toEqual([
      ['w-1', 'invoiced', 60, '0.00', '60 of b'],
      ['w-1@d1', 'covered', -60, '0.00', '-60 of b'],
      ['w-1@d2', 'covered', 60, '0.00', '60 of c'],
    ]);
    expect(left(moved)).toEqual(['60', '540']);
  });

  it('money goes the same way, of expenses too', () => {
    const account = under(block('m', money('200.00')));
    const invoiced = frozenAs([work(60)], account);
    expect(left(rate(facts([again(40)], { ...account, invoiced })))).toEqual(['100.00']);
    const grown = rate(facts([again(90)], { ...account, invoiced }));
    expect(shown(grown).slice(1)).toEqual([
      ['w-1@a1', 'billable', 10, '25.00'],
      ['w-1@d1', 'covered', 20, '0.00', '50.00 of m'],
    ]);
    const cost = (amount: string): WorkItem => expense({ cost: { amount, currency: 'AUD' } });
    const paid = frozenAs([cost('100.00')], account);
    const dearer = rate(facts([cost('200.00')], { ...account, invoiced: paid }));
    expect(shown(dearer).map((one) => (one as unknown[]).slice(3))).toEqual([
      ['0.00', '110.00 of m'],
      ['20.00'],
      ['0.00', '90.00 of m'],
    ]);
  });

  it('a block that was withdrawn since keeps what it covered', () => {
    const invoiced = frozenAs([work(90)], under(block('b', minutes(60))));
    expect(shown(rate(facts([again(100)], { ...under(), invoiced }))).slice(2)).toEqual([
      ['w-1@a2', 'billable', 10, '25.00'],
    ]);
  });

  it('a decrease that nobody approved gives nothing back yet; an increase draws on what approved work left', () => {
    const account = under(block('b', minutes(100)));
    const invoiced = frozenAs([work(60)], account);
    const unapproved: Partial<Time> = { approval: 'unapproved' };
    const less = rate(facts([again(40, unapproved)], { ...account, invoiced }));
    expect(shown(less).slice(1)).toEqual([['w-1@a1', 'billable', -20, '0.00']]);
    expect(left(less)).toEqual(['40']);
    const other = work(30, { workItemId: 'w-2', position: 2, workDate: '2026-03-20' });
    expect(shown(rate(facts([again(90, unapproved), other], { ...account, invoiced }))).slice(1)).toEqual([
      ['w-1@a1', 'billable', 20, '50.00'],
      ['w-1@d1', 'covered', 10, '0.00', '10 of b'],
      ['w-2', 'covered', 30, '0.00', '30 of b'],
    ]);
  });
});

const entry = fc.record({
  minutes: fc.constantFrom(0, 10, 45, 60, 90, 120),
  workDate: fc.constantFrom('2026-03-10', '2026-03-11', '2026-03-20'),
  approval: fc.constantFrom<Approval>('approved', 'approved', 'unapproved', 'rejected'),
});
const round = fc.array(fc.option(fc.oneof(entry, fc.constant('void' as const))), { minLength: 5, maxLength: 5 });
const stock = fc
  .tuple(
    fc.option(fc.constantFrom(30, 100, 250)),
    fc.option(fc.constantFrom('50.00', '123.45', '7.00')),
    fc.constantFrom(null, '2026-03-15'),
  )
  .map(([many, amount, expiresOn]) => [
    ...(many === null ? [] : [block('b', minutes(many), expiresOn)]),
    ...(amount === null ? [] : [block('m', money(amount))]),
  ]);

describe('laws of draws that are corrected', () => {
  it('over two invoices what is drawn and what is left are the blocks, none is over-drawn, and all minutes are in their items', () => {
    fc.assert(
      fc.property(
        stock,
        fc.array(entry, { minLength: 1, maxLength: 4 }),
        fc.tuple(round, round, round),
        (blocks, first, rounds) => {
          const account = under(...blocks);
          let some: readonly Time[] = first.map((one, index) =>
            time({ ...one, workItemId: `w-${index + 1}`, position: index + 1 }),
          );
          let invoiced: readonly FrozenLine[] = [];
          rounds.forEach((fates, index) => {
            const { items } = rate(facts(some, { ...account, invoiced }));
            if (index < 2) invoiced = [...invoiced, ...asInvoiced(draftableItems(items), `inv-${index + 1}`)];
            some = some.flatMap((one, at): readonly Time[] => {
              const fate = fates[at] ?? null;
              if (fate === 'void') return [];
              return [fate === null ? one : { ...one, ...fate, sourceEventIds: [...one.sourceEventIds, 'ev-again'] }];
            });
            const result = rate(facts(some, { ...account, invoiced }));
            expect(imbalances(some, result.items)).toEqual([]);
            for (const { blockId, amount } of blocks) {
              const drawn = result.draws
                .filter(({ source }) => source.from === 'block' && source.blockId === blockId)
                .reduce((sum, one) => sum.plus(amountOf(one.amount)), new Decimal(0));
              const balance = result.carriedOver.balances.find(
                ({ source }) => source.from === 'block' && source.blockId === blockId,
              );
              expect(drawn.gte(0)).toBe(true);
              expect(drawn.plus(balance === undefined ? 0 : amountOf(balance.left)).toFixed(2)).toBe(
                new Decimal(amountOf(amount)).toFixed(2),
              );
            }
          });
        },
      ),
      { numRuns: 300 },
    );
  });
});
