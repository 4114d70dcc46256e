import { describe, expect, it } from '@jest/globals';
import { Money } from '@billtrail/kernel';
import { asInvoiced, asWrittenOff, material, only } from '../../testing/facts.js';
import {
  allotment,
  block,
  contractWith,
  itemOf,
  minutes,
  money,
  monthOf,
  overageAt,
  part,
  spent,
  versionsFrom,
  lastStepOf,
  stepsOfPart,
  flatPrice,
  said,
} from '../../testing/charges.js';
import type { ClientPeriodFacts } from '../../client-period.js';
import type { ContractFacts } from '../facts.js';
import type { PricedPart } from '../items/priced-part.js';
import { grantsOf } from './grants.js';
import { drawsOf } from './statement.js';
import { drawn } from '../../testing/steps.js';
import { frozenDraws } from '../../settled/draws.js';

const drawIn = (
  contracts: readonly ContractFacts[],
  priced: readonly PricedPart[],
  changes: Partial<ClientPeriodFacts> = {},
) => drawn(priced, monthOf('2026-03', contracts, changes), overageAt('150.00'));
const hours = (...amounts: readonly (readonly [id: string, count: number, expiresOn: string | null])[]) =>
  contractWith({}, { blocks: amounts.map(([id, count, expiresOn]) => block(id, minutes(count), { expiresOn })) });

describe('what the steps of prepaid work say', () => {
  it('each draw tells what was asked until then, the overage all of it', () => {
    const contract = hours(['old', 60, '2026-03-09'], ['a', 20, '2026-06-30'], ['b', 30, null]);
    const { parts } = drawIn([contract], [part(contract, spent(60, '2026-03-10'))]);
    expect(parts.map((one) => lastStepOf(one))).toEqual([
      {
        step: 'prepaid',
        text: '20 min drawn on block a, good until 2026-06-30: 0 min left',
        facts: {
          outcome: 'covered',
          from: 'block',
          contractId: 'con-1',
          blockId: 'a',
          unit: 'minutes',
          drawn: '20',
          left: '0',
          expiresOn: '2026-06-30',
          tried: ['block old: expired on 2026-03-09', 'block a: drawn 20 min'],
        },
      },
      {
        step: 'prepaid',
        text: '30 min drawn on block b: 0 min left',
        facts: {
          outcome: 'covered',
          from: 'block',
          contractId: 'con-1',
          blockId: 'b',
          unit: 'minutes',
          drawn: '30',
          left: '0',
          expiresOn: null,
          tried: ['block old: expired on 2026-03-09', 'block a: drawn 20 min', 'block b: drawn 30 min'],
        },
      },
      {
        step: 'prepaid',
        text: 'overage: block old: expired on 2026-03-09; block a: drawn 20 min; block b: drawn 30 min',
        facts: {
          outcome: 'overage',
          tried: ['block old: expired on 2026-03-09', 'block a: drawn 20 min', 'block b: drawn 30 min'],
        },
      },
    ]);
    expect(parts.map(({ draw }) => draw?.frozen ?? null)).toEqual([false, false, null]);
  });

  it('work without minutes, and goods that cost nothing, say that there is nothing to draw for', () => {
    const contract = contractWith({}, { blocks: [block('a', minutes(60)), block('m', money('30.00'))] });
    const free = part(contract, material(), { exact: Money.zero('AUD') });
    const { parts } = drawIn([contract], [part(contract, spent(0, '2026-03-10')), free]);
    expect(parts.map((one) => [lastStepOf(one)?.text, one.draw])).toEqual([
      ['overage: there is nothing to draw for', null],
      ['overage: there is nothing to draw for', null],
    ]);
  });

  it('a contract with nothing prepaid says so', () => {
    const contract = contractWith({});
    const { parts } = drawIn([contract], [part(contract, spent(60, '2026-03-10'))]);
    expect(lastStepOf(only(parts))).toEqual({
      step: 'prepaid',
      text: 'overage: the contract has nothing prepaid',
      facts: { outcome: 'overage', tried: [] },
    });
  });

  it('money tells its currency, and goods keep what was said of them before', () => {
    const contract = contractWith({}, { blocks: [block('m', money('30.00'))] });
    const goods = part(contract, material(), { quantity: '3', exact: Money.of('45.00', 'AUD') });
    const price = { ...goods.price, steps: [said('rate')] };
    const { parts } = drawIn([contract], [{ ...goods, price }]);
    expect(lastStepOf(parts[0])).toMatchObject({
      text: '30.00 AUD drawn on block m: 0.00 AUD left',
      facts: { unit: 'AUD', drawn: '30', left: '0' },
    });
    expect(parts.map((one) => stepsOfPart(one).map(({ step }) => step))).toEqual([
      ['rate', 'prepaid'],
      ['rate', 'prepaid'],
    ]);
    expect(parts.map(({ quantity, billableMinutes, exact }) => [quantity, billableMinutes, exact.toString()])).toEqual([
      ['2', null, '0.00 AUD'],
      ['1', null, '15.00 AUD'],
    ]);
  });
});

describe('one entry on several blocks', () => {
  const nets = (parts: readonly PricedPart[]) =>
    parts.map(({ billableMinutes, exact }) => `${billableMinutes} min ${exact.rounded().toString()}`);

  it('two of money share its minutes: 100.00 of the 150.00 are 40 of the 60', () => {
    const contract = contractWith({}, { blocks: [block('m', money('100.00')), block('n', money('500.00'))] });
    const { parts, balances } = drawIn([contract], [part(contract, spent(60, '2026-03-10'))]);
    expect(nets(parts)).toEqual(['40 min 0.00 AUD', '20 min 0.00 AUD']);
    expect(parts.map(({ draw }) => draw?.amount)).toEqual([money('100.00'), money('50.00')]);
    expect(balances.map(({ left }) => left)).toEqual([money('0.00'), money('450.00')]);
  });

  it('hours, then money to the last cent: of the 52.50 for the last 21 min 2.49 are paid', () => {
    const blocks = [block('h', minutes(20), { expiresOn: '2026-04-30' }), block('m', money('49.99'))];
    const contract = contractWith({}, { blocks });
    const { parts } = drawIn([contract], [part(contract, spent(60, '2026-03-10'))]);
    expect(nets(parts)).toEqual(['20 min 0.00 AUD', '19 min 0.00 AUD', '21 min 50.01 AUD']);
    expect(lastStepOf(parts[2])?.facts).toMatchObject({ outcome: 'overage', exactBefore: '52.5', paid: '2.49' });
  });

  it('of hours alone nothing of the overage is paid, also where its price has no end', () => {
    const contract = hours(['a', 3, null]);
    const seven = part(contract, spent(7, '2026-03-10'), { exact: Money.of('700', 'AUD').dividedBy(60) });
    const { parts } = drawn([seven], monthOf('2026-03', [contract]), overageAt('100.00'));
    expect(nets(parts)).toEqual(['3 min 0.00 AUD', '4 min 6.67 AUD']);
    expect(lastStepOf(parts[1])?.facts).toEqual({ outcome: 'overage', tried: ['block a: drawn 3 min'] });
  });

  it('one that is used up and no longer good is passed for its day', () => {
    const contract = hours(['a', 30, '2026-03-05']);
    const { parts } = drawIn(
      [contract],
      [part(contract, spent(30, '2026-03-05', 1)), part(contract, spent(30, '2026-03-10', 2))],
    );
    expect(lastStepOf(parts[1])?.facts['tried']).toEqual(['block a: expired on 2026-03-05']);
  });
});

describe('why a block that was asked gave nothing', () => {
  const day = '2026-03-10';
  const source = { from: 'block', contractId: 'con-1', blockId: 'b' } as const;
  const later = { source, itemId: 'w-8', workItemId: 'w-8', workDate: '2026-04-03', frozen: true } as const;
  const atOnePrice = flatPrice(Money.of('220.00', 'AUD'));
  const inYen = { unit: 'money', money: { amount: '1000', currency: 'JPY' } } as const;
  const nothing = Money.zero('AUD');

  it.each<[string, ReturnType<typeof block>, Partial<PricedPart>, Partial<ClientPeriodFacts>]>([
    ['not before 2026-03-11', block('b', minutes(60), { purchasedOn: '2026-03-11' }), {}, {}],
    ['expired on 2026-03-09', block('b', minutes(60), { expiresOn: '2026-03-09' }), {}, {}],
    ['holds time, and this has one price whatever its minutes', block('b', minutes(60)), { price: atOnePrice }, {}],
    ['holds JPY', block('b', inYen), {}, {}],
    ['holds money, and the work costs none', block('b', money('60.00')), { exact: nothing }, {}],
    ['used up', block('b', minutes(0)), {}, {}],
    [
      'the rest is drawn by later invoiced work',
      block('b', minutes(60)),
      {},
      { laterDraws: [{ ...later, amount: minutes(60) }] },
    ],
  ])('%s', (why, one, ofPart, changes) => {
    const contract = contractWith({}, { blocks: [one] });
    const { parts } = drawIn([contract], [part(contract, spent(60, day), ofPart)], changes);
    expect(lastStepOf(only(parts))?.facts['tried']).toEqual([`block b: ${why}`]);
  });

  it('holds time, and this is not time', () => {
    const contract = hours(['b', 60, null]);
    const { parts } = drawIn([contract], [part(contract, material())]);
    expect(lastStepOf(only(parts))?.facts['tried']).toEqual(['block b: holds time, and this is not time']);
  });
});

describe('prepaid stock at its edges', () => {
  it('of money whole cents are drawn, and what is less than one stays in the block', () => {
    const contract = contractWith({}, { blocks: [block('m', money('99.995'))] });
    const { parts, balances } = drawIn([contract], [part(contract, spent(60, '2026-03-10'))]);
    expect(parts.map(({ draw, exact }) => [draw?.amount ?? null, exact.toString()])).toEqual([
      [money('99.99'), '0.00 AUD'],
      [null, '50.01 AUD'],
    ]);
    expect(only(balances).left).toEqual(money('0.005'));
  });

  it('money that is just enough, and a cent more or less', () => {
    const nets = (amount: string) => {
      const contract = contractWith({}, { blocks: [block('m', money(amount))] });
      const { parts, balances } = drawIn([contract], [part(contract, spent(60, '2026-03-10'))]);
      return [
        ...parts.map(({ billableMinutes, exact }) => `${billableMinutes} ${exact.toString()}`),
        only(balances).left,
      ];
    };
    expect(nets('150.00')).toEqual(['60 0.00 AUD', money('0.00')]);
    expect(nets('150.01')).toEqual(['60 0.00 AUD', money('0.01')]);
    expect(nets('149.99')).toEqual(['59 0.00 AUD', '1 0.01 AUD', money('0.00')]);
  });

  it('goods for which money is just enough leave no overage, goods of no price take none', () => {
    const contract = contractWith({}, { blocks: [block('m', money('45.00'))] });
    const goods = (exact: string) => part(contract, material(), { quantity: '3', exact: Money.of(exact, 'AUD') });
    expect(drawIn([contract], [goods('45.00')]).parts.map(({ draw }) => draw?.amount)).toEqual([money('45.00')]);
    const free = drawIn([contract], [goods('0.00')]);
    expect(only(free.parts).draw).toBeNull();
    expect(only(free.balances).left).toEqual(money('45.00'));
  });

  it('work that is billable, not prepaid, passes beside prepaid work', () => {
    const contract = hours(['a', 60, null]);
    const billable = part(contract, spent(60, '2026-03-09', 1), { outcome: 'billable' });
    const { parts } = drawIn([contract], [billable, part(contract, spent(60, '2026-03-10', 2))]);
    expect(parts[0]).toBe(billable);
    expect(parts[1]?.draw?.amount).toEqual(minutes(60));
  });

  it('a block that is purchased on the last day of the month is there, one of the next month is not', () => {
    const contract = contractWith(
      {},
      {
        blocks: [
          block('a', minutes(10), { purchasedOn: '2026-03-31' }),
          block('b', minutes(10), { purchasedOn: '2026-04-01' }),
        ],
      },
    );
    expect(drawIn([contract], []).balances.map(({ source }) => source)).toEqual([
      { from: 'block', contractId: 'con-1', blockId: 'a' },
    ]);
  });

  it('blocks of another client are not this one’s to draw on or to carry over', () => {
    const own = hours(['a', 60, null]);
    const foreign = { ...hours(['z', 60, null]), contractId: 'con-2', clientId: 'cli-2' };
    expect(drawIn([own, foreign], []).balances).toHaveLength(1);
  });

  it('of equal expiry and purchase the one with the lower id comes first', () => {
    const contract = hours(['b', 10, null], ['c', 10, null], ['a', 10, null]);
    const { parts } = drawIn([contract], [part(contract, spent(30, '2026-03-10'))]);
    expect(parts.map(({ draw }) => (draw?.source.from === 'block' ? draw.source.blockId : null))).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  it('a month’s hours that roll over are drawn before those of the month, and are carried over no more', () => {
    const contract = contractWith({ prepaid: { allotment: allotment({ base: minutes(60) }) } });
    const carriedOver = { balances: [], caps: [] };
    const { parts, balances } = drawIn([contract], [part(contract, spent(90, '2026-03-10'))], { carriedOver });
    expect(parts.map((one) => one.draw?.source)).toEqual([
      { from: 'allotment', contractId: 'con-1', allotmentId: 'base', month: '2026-02' },
      { from: 'allotment', contractId: 'con-1', allotmentId: 'base', month: '2026-03' },
    ]);
    expect(balances).toEqual([
      { source: { from: 'allotment', contractId: 'con-1', allotmentId: 'base', month: '2026-03' }, left: minutes(30) },
    ]);
  });

  it('a month’s hours that do not roll over end with it: 60 of March, none of February', () => {
    const contract = contractWith({ prepaid: { allotment: allotment({ base: minutes(60), rollOver: 'none' }) } });
    const carriedOver = { balances: [], caps: [] };
    const { parts, balances } = drawIn([contract], [part(contract, spent(90, '2026-03-10'))], { carriedOver });
    expect(parts.map(({ billableMinutes, draw }) => [billableMinutes, draw?.amount ?? null])).toEqual([
      [60, minutes(60)],
      [30, null],
    ]);
    expect(balances).toEqual([]);
  });

  it('carries over what months granted before what blocks hold', () => {
    const contract = contractWith(
      { prepaid: { allotment: allotment({ base: minutes(60) }) } },
      { blocks: [block('a', minutes(10))] },
    );
    expect(drawIn([contract], []).balances.map(({ source }) => source.from)).toEqual(['allotment', 'block']);
  });

  it('two contracts with one id of block have a stock each', () => {
    const first = hours(['a', 30, null]);
    const second = { ...hours(['a', 60, null]), contractId: 'con-2' };
    const { balances } = drawIn([first, second], [part(first, spent(30, '2026-03-10'))]);
    expect(balances.map(({ left }) => left)).toEqual([minutes(0), minutes(60)]);
  });
});

describe('frozen draws', () => {
  it('are told by work date, then by item, those of invoices and of write-offs together', () => {
    const contract = hours(['a', 600, null]);
    const item = (count: number, day: string, number: number) => {
      const { parts } = drawIn([contract], [part(contract, spent(count, day, number))]);
      return itemOf(only(parts), `w-${number}`, '2026-03');
    };
    const invoiced = asInvoiced([item(10, '2026-03-12', 4), item(20, '2026-03-11', 2), item(25, '2026-03-11', 3)]);
    const writtenOff = asWrittenOff([
      { ...item(30, '2026-03-11', 1) },
      itemOf(part(contract, spent(5, '2026-03-11', 5), { outcome: 'billable' }), 'w-5', '2026-03'),
    ]);
    const facts = monthOf('2026-03', [contract], { invoiced, writtenOff });
    const draws = drawsOf([], frozenDraws(facts));
    expect(draws.map(({ itemId, workDate, amount, frozen }) => [itemId, workDate, amount, frozen])).toEqual([
      ['w-1', '2026-03-11', minutes(30), true],
      ['w-2', '2026-03-11', minutes(20), true],
      ['w-3', '2026-03-11', minutes(25), true],
      ['w-4', '2026-03-12', minutes(10), true],
    ]);
    expect(only(drawn([], facts, overageAt('150.00')).balances).left).toEqual(minutes(515));
  });
});

describe('the hours that a contract grants in a month', () => {
  const granting = (count: number) => ({ prepaid: { allotment: allotment({ base: minutes(count) }) } });

  it('are from the first to the last day on which a version grants them', () => {
    const contract = contractWith(
      {},
      { ...versionsFrom(['2026-01-01', {}], ['2026-03-05', granting(60)], ['2026-03-20', {}]) },
    );
    expect(grantsOf(contract, '2026-03')).toMatchObject([{ from: '2026-03-05', to: '2026-03-19' }]);
    expect(grantsOf(contract, '2026-02')).toEqual([]);
    expect(grantsOf(contractWith({}), '2026-03')).toEqual([]);
  });

  it('are those of the later version with the larger base, from the first day of the earlier', () => {
    const changing = (before: number, after: number) =>
      grantsOf(
        contractWith({}, versionsFrom(['2026-01-01', granting(before)], ['2026-03-10', granting(after)])),
        '2026-03',
      );
    expect(changing(60, 30)).toMatchObject([
      { from: '2026-03-01', to: '2026-03-31', allotment: { base: minutes(60) } },
    ]);
    expect(changing(30, 60)).toMatchObject([
      { from: '2026-03-01', to: '2026-03-31', allotment: { base: minutes(60) } },
    ]);
  });

  it('are those of the later version where hours became money', () => {
    const inMoney = { prepaid: { allotment: allotment({ base: money('10.00') }) } };
    const contract = contractWith({}, versionsFrom(['2026-01-01', granting(60)], ['2026-03-10', inMoney]));
    expect(grantsOf(contract, '2026-03')).toMatchObject([{ allotment: { base: money('10.00') } }]);
  });
});
