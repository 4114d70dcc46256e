import { describe, expect, it } from '@jest/globals';
import type { CoverageRule, PrepaidAmount } from '@billtrail/contracts';
import { Decimal } from '@billtrail/kernel';
import type { ExplainedItem } from '../item/billable-item.js';
import { imbalances } from '../reconcile.js';
import { asInvoiced, asWrittenOff, contractFacts, facts, only, terms, time } from '../testing/facts.js';
import { allotment, block, contractWith, itemOf, minutes, money, part, spent } from '../testing/charges.js';
import type { ClientPeriodFacts } from '../client-period.js';
import type { ContractFacts, RatingResult, WorkItem } from '../rating/facts.js';
import { drawnBefore } from './draws.js';
import { settledWork } from './settled-work.js';
import { rateExplained as rate } from '../rate.js';
import { prepaidKey } from '../rating/prepaid/prepaid-amount.js';

type Time = Extract<WorkItem, { kind: 'time' }>;

const PREPAID: CoverageRule = { id: 'pre', name: 'Prepaid', match: {}, outcome: 'prepaid' };
const ofBlocks = (...blocks: NonNullable<ContractFacts['blocks']>[number][]): Partial<ClientPeriodFacts> => ({
  contracts: [contractFacts({ terms: terms({}, [PREPAID]), blocks })],
});
const again = (many: number, changes: Partial<Time> = {}): Time =>
  time({ minutes: many, sourceEventIds: ['ev-w-1', 'ev-w-1b'], ...changes });
const left = ({ carriedOver }: RatingResult): readonly PrepaidAmount[] => carriedOver.balances.map((one) => one.left);
const triedOf = (item: ExplainedItem | undefined): unknown =>
  item?.trace.findLast(({ step }) => step === 'prepaid')?.facts['tried'];

describe('what corrected work gives back', () => {
  it('goes to the block that it is from, not to the first one', () => {
    const account = ofBlocks(block('b', minutes(30)), block('c', minutes(60)));
    const invoiced = asInvoiced(rate(facts([time({ minutes: 90 })], account)).items);
    expect(left(rate(facts([again(70)], { ...account, invoiced })))).toEqual([minutes(0), minutes(20)]);
    expect(left(rate(facts([], { ...account, invoiced })))).toEqual([minutes(30), minutes(60)]);
  });

  it('is stated before what other work draws on it, whatever the order of their items', () => {
    const account = ofBlocks(block('b', minutes(60)));
    const invoiced = asInvoiced(rate(facts([time({ workItemId: 'w-9', minutes: 60 })], account)).items);
    const { items, draws } = rate(facts([time({ minutes: 50 })], { ...account, invoiced }));
    expect(items.map(({ itemId }) => itemId)).toEqual(['w-1', 'w-9', 'w-9@d1']);
    expect(draws.map(({ itemId, amount }) => [itemId, amount])).toEqual([
      ['w-9', minutes(60)],
      ['w-9@d1', minutes(-60)],
      ['w-1', minutes(50)],
    ]);
  });

  it('twice is what is left of it after the first time: 60 less 20, then all of the other 40', () => {
    const account = ofBlocks(block('b', minutes(60)));
    const first = asInvoiced(rate(facts([time({ minutes: 60 })], account)).items);
    const less = rate(facts([again(40)], { ...account, invoiced: first })).items;
    const invoiced = [...first, ...asInvoiced(less.slice(1), 'inv-2')];
    const { items, carriedOver } = rate(facts([], { ...account, invoiced }));
    expect(items.at(-1)?.draw?.amount).toEqual(minutes(-40));
    expect(only(carriedOver.balances).left).toEqual(minutes(60));
  });
});

describe('what corrected work takes again', () => {
  it('is all that it had drawn of money, however little: 0.50 of an hour that becomes half an hour', () => {
    const account = ofBlocks(block('b', money('0.50')));
    const invoiced = asInvoiced(rate(facts([time({ minutes: 60 })], account)).items);
    const after = rate(facts([again(30)], { ...account, invoiced }));
    expect(after.items.slice(2).flatMap(({ net, draw }) => [net?.amount, draw?.amount])).toEqual(['-75.00', undefined]);
    expect(left(after)).toEqual([money('0.00')]);
  });
});

describe('an allotment of money that becomes one of minutes', () => {
  const of = (base: PrepaidAmount) => ({ ...terms({}, [PREPAID]), prepaid: { allotment: allotment({ base }) } });
  const contract = contractFacts({ terms: of(money('100.00')) });
  const [first] = contract.versions;
  const inMinutes: Partial<ClientPeriodFacts> = {
    contracts: [
      {
        ...contract,
        versions: [
          ...contract.versions,
          { ...first!, versionNumber: 2, effectiveFrom: '2026-03-28', terms: of(minutes(120)) },
        ],
      },
    ],
  };
  const invoiced = () => asInvoiced(rate(facts([time({ minutes: 16 })], { contracts: [contract] })).items);
  const shown = (work: readonly WorkItem[]) =>
    rate(facts(work, { ...inMinutes, invoiced: invoiced() })).items.map(
      ({ itemId, net, draw }) => `${itemId} ${net?.amount} ${JSON.stringify(draw?.amount ?? null)}`,
    );
  const drawn = 'w-1 0.00 {"unit":"money","money":{"amount":"40.00","currency":"AUD"}}';

  it('has all its minutes: money that was drawn on it takes none of them', () => {
    const other = spent(120, '2026-03-20', 2);
    expect(shown([time({ minutes: 16 }), other])).toEqual([drawn, 'w-2 0.00 {"unit":"minutes","minutes":120}']);
  });

  it('lets work that drew money take it again, and give it back', () => {
    expect(shown([again(200)])).toEqual([drawn, 'w-1@a1 160.00 null', 'w-1@d1 0.00 {"unit":"minutes","minutes":120}']);
    expect(shown([again(6)])).toEqual([
      drawn,
      'w-1@d1 0.00 {"unit":"money","money":{"amount":"-25.00","currency":"AUD"}}',
    ]);
  });
});

describe('the trace of corrected work', () => {
  it('tells what it had drawn before it was corrected, then what it draws now', () => {
    const account = ofBlocks(block('b', minutes(60)), block('c', minutes(600)));
    const before = ofBlocks(block('b', minutes(60)));
    const invoiced = asInvoiced(rate(facts([time({ minutes: 60 })], before)).items);
    const { items } = rate(facts([again(80)], { ...account, invoiced }));
    expect(triedOf(items.at(-1))).toEqual([
      'block b: 60 min drawn before it was corrected',
      'block b: used up',
      'block c: drawn 20 min',
    ]);
  });

  it('tells of what goes back what the work still asks for, and nothing of other blocks', () => {
    const account = ofBlocks(block('b', minutes(60)));
    const invoiced = asInvoiced(rate(facts([time({ minutes: 60 })], account)).items);
    const { items } = rate(facts([again(40)], { ...account, invoiced }));
    expect(items.at(-1)?.draw?.amount).toEqual(minutes(-20));
    expect(triedOf(items.at(-1))).toEqual(['block b: 40 min drawn before it was corrected']);
  });

  it.each([
    ['a block', ofBlocks(block('b', minutes(60))), 'block b'],
    [
      'the hours of a month',
      { contracts: [contractWith({ coverage: [PREPAID], prepaid: { allotment: allotment({ base: minutes(60) }) } })] },
      'allotment base of 2026-03',
    ],
  ])('names %s that it had drawn on, also where the contract has it no more', (_, account, name) => {
    const invoiced = asInvoiced(rate(facts([time({ minutes: 60 })], account)).items);
    const { items } = rate(facts([again(80)], { ...ofBlocks(block('c', minutes(600))), invoiced }));
    expect(triedOf(items.at(-1))).toEqual([`${name}: 60 min drawn before it was corrected`, 'block c: drawn 20 min']);
  });

  it('says that rejected time asks no block at all', () => {
    const account = ofBlocks(block('b', minutes(60)));
    const { items, draws } = rate(facts([time({ approval: 'rejected' })], account));
    expect(draws).toEqual([]);
    expect(triedOf(only(items))).toEqual(['the time was rejected, so it draws on nothing']);
  });
});

describe('what is frozen of prepaid work', () => {
  const contract = contractWith({});
  const source = { from: 'block', contractId: 'con-1', blockId: 'b' } as const;
  const item = (number: number, many: number, drawn: PrepaidAmount | null): ExplainedItem => ({
    ...itemOf(part(contract, spent(many, '2026-03-10')), `w-1@p${number}`, '2026-03'),
    ...(drawn === null
      ? {}
      : {
          draw: {
            source,
            itemId: `w-1@p${number}`,
            workItemId: 'w-1',
            workDate: '2026-03-10',
            amount: drawn,
            frozen: false,
          },
        }),
  });
  const before = (settled: Pick<ClientPeriodFacts, 'invoiced' | 'writtenOff'>) =>
    drawnBefore(only([...settledWork({ period: '2026-03', tickets: new Map(), ...settled }).here.values()]));

  it('is its draws, one for each block, and what was asked beyond them in minutes and in money', () => {
    const invoiced = asInvoiced([item(1, 60, minutes(60)), item(2, 20, minutes(20)), item(3, 30, null)]);
    const writtenOff = asWrittenOff([item(4, 12, null)]);
    expect(before({ invoiced, writtenOff })).toEqual({
      draws: [{ source, key: prepaidKey(source), currency: null, left: new Decimal(80) }],
      overageMinutes: 42,
      overageMoney: new Decimal('105.00'),
    });
  });

  it('was not asked where it was written off without a price', () => {
    const unpriced = { ...item(2, 30, null), unitPrice: null, net: null };
    const drawn = before({
      invoiced: asInvoiced([item(1, 60, money('150.00'))]),
      writtenOff: asWrittenOff([unpriced]),
    });
    expect(drawn).toMatchObject({ overageMinutes: 0, overageMoney: new Decimal(0) });
    expect(only(drawn.draws)).toMatchObject({ currency: 'AUD', left: new Decimal(150) });
  });
});

describe('minutes above a cap that were written off without a price', () => {
  const ceiling = { id: 'most', name: 'Most a ticket', scope: 'ticket', amount: '100.00', above: 'gap' } as const;
  const account: Partial<ClientPeriodFacts> = {
    contracts: [
      contractFacts({
        terms: { ...terms({}, [PREPAID]), caps: [ceiling] },
        blocks: [block('b', minutes(30)), block('c', minutes(30))],
      }),
    ],
  };
  const shown = (items: readonly ExplainedItem[]): readonly string[] =>
    items.map((one) => `${one.itemId} ${one.disposition} ${one.actualMinutes}`);

  it('are taken back when the work is corrected to less, and stay so once what it draws is invoiced', () => {
    const above = rate(facts([time({ minutes: 130 })], account)).items.filter((one) => one.disposition === 'unpriced');
    const writtenOff = asWrittenOff(above);
    const work = again(60);
    const draft = rate(facts([work], { ...account, writtenOff })).items;
    expect(shown(draft)).toEqual([
      'w-1@p4 written-off 30',
      'w-1@a1 written-off -30',
      'w-1@d1 covered 30',
      'w-1@d2 covered 30',
    ]);
    const invoiced = asInvoiced(draft.filter(({ disposition }) => disposition === 'covered'));
    const { items } = rate(facts([work], { ...account, writtenOff, invoiced }));
    expect(shown(items)).toEqual([
      'w-1@p4 written-off 30',
      'w-1@d1 invoiced 30',
      'w-1@d2 invoiced 30',
      'w-1@a3 written-off -30',
    ]);
    expect(imbalances([work], items)).toEqual([]);
  });
});
