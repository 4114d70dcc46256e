import { describe, expect, it } from '@jest/globals';
import type { Draw } from '../../item/draw.js';
import { material } from '../../testing/facts.js';
import { asInvoiced, only } from '../../testing/facts.js';
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
} from '../../testing/charges.js';
import type { ContractFacts } from '../facts.js';
import type { PricedPart } from '../items/priced-part.js';
import type { CarriedOver } from './prepaid-facts.js';
import { drawsOf } from './statement.js';
import { drawn } from '../../testing/steps.js';
import { frozenDraws } from '../../settled/draws.js';

const reprice = overageAt('150.00');
const handed = (balances: CarriedOver['balances']): CarriedOver => ({ balances, caps: [] });

/** What parts show: the block or overage, the minutes, the net. */
function shown(parts: readonly PricedPart[]): readonly string[] {
  return parts.map(({ draw, billableMinutes, exact }) => {
    const source =
      draw === null ? 'overage' : draw.source.from === 'block' ? draw.source.blockId : `base ${draw.source.month}`;
    return `${source} ${billableMinutes ?? '-'} ${exact.rounded().toJSON().amount}`;
  });
}

function drawOnce(contract: ContractFacts, priced: readonly PricedPart[], changes = {}, at = '2026-03') {
  return drawn(priced, monthOf(at, [contract], changes), reprice);
}

describe('step 6, prepaid', () => {
  it('R5: base 600 with one-month roll-over, used 360, 900, 660: roll-over 0, 240, 0; overage 0, 60, 60', () => {
    const contract = contractWith({ prepaid: { allotment: allotment() } });
    let carriedOver: CarriedOver | undefined;
    const months = (
      [
        ['2026-01', 360],
        ['2026-02', 900],
        ['2026-03', 660],
      ] as const
    ).map(([period, used]) => {
      const given = monthOf(period, [contract], carriedOver === undefined ? {} : { carriedOver });
      const { parts, balances } = drawn([part(contract, spent(used, `${period}-10`))], given, reprice);
      carriedOver = handed(balances);
      const rolled = parts.find((one) => one.draw?.source.from === 'allotment' && one.draw.source.month !== period);
      return [rolled?.billableMinutes ?? 0, parts.find((one) => one.draw === null)?.billableMinutes ?? 0];
    });
    expect(months).toEqual([
      [0, 0],
      [240, 60],
      [0, 60],
    ]);
  });

  it('R6: used 900, base 600, rolled 120: 3 h of overage at 150.00 are 450.00', () => {
    const contract = contractWith({ prepaid: { allotment: allotment() } });
    const rolled = { from: 'allotment', contractId: 'con-1', allotmentId: 'base', month: '2026-02' } as const;
    const { parts } = drawOnce(contract, [part(contract, spent(900, '2026-03-10'))], {
      carriedOver: handed([{ source: rolled, left: minutes(120) }]),
    });
    expect(shown(parts)).toEqual(['base 2026-02 120 0.00', 'base 2026-03 600 0.00', 'overage 180 450.00']);
  });

  it('R9: need 540, blocks of 240 (expires first) and 600: 240 + 300', () => {
    const blocks = [
      block('late', minutes(600), { expiresOn: '2026-12-31' }),
      block('soon', minutes(240), { expiresOn: '2026-03-31' }),
    ];
    const contract = contractWith({}, { blocks });
    const { parts, balances } = drawOnce(contract, [part(contract, spent(540, '2026-03-10'))]);
    expect(shown(parts)).toEqual(['soon 240 0.00', 'late 300 0.00']);
    expect(balances.map(({ left }) => left)).toEqual([minutes(300), minutes(0)]);
  });

  it('takes blocks without expiry last, and of equal expiry the one purchased first', () => {
    const contract = contractWith(
      {},
      {
        blocks: [
          block('never', minutes(10), { purchasedOn: '2025-01-01' }),
          block('b', minutes(10), { purchasedOn: '2026-02-02', expiresOn: '2026-06-30' }),
          block('a', minutes(10), { purchasedOn: '2026-02-01', expiresOn: '2026-06-30' }),
        ],
      },
    );
    const { parts } = drawOnce(contract, [part(contract, spent(30, '2026-03-10'))]);
    expect(shown(parts)).toEqual(['a 10 0.00', 'b 10 0.00', 'never 10 0.00']);
  });

  it.each([
    ['2026-03-09', 'overage 30 75.00'],
    ['2026-03-10', 'b 30 0.00'],
    ['2026-03-20', 'b 30 0.00'],
    ['2026-03-21', 'overage 30 75.00'],
  ])('asks a block only for work from its purchase to its last day: %s', (day, expected) => {
    const contract = contractWith(
      {},
      { blocks: [block('b', minutes(60), { purchasedOn: '2026-03-10', expiresOn: '2026-03-20' })] },
    );
    const { parts } = drawOnce(contract, [part(contract, spent(30, day))]);
    expect(shown(parts)).toEqual([expected]);
  });

  it('draws only the part of an entry before midnight on a block that expires that day', () => {
    const contract = contractWith({}, { blocks: [block('b', minutes(600), { expiresOn: '2026-03-10' })] });
    const work = spent(120, '2026-03-10');
    const { parts } = drawOnce(contract, [
      part(contract, work, { billableMinutes: 50, actualMinutes: 50 }),
      part(contract, work, { billableMinutes: 70, actualMinutes: 70, date: '2026-03-11' }),
    ]);
    expect(shown(parts)).toEqual(['b 50 0.00', 'overage 70 175.00']);
  });

  it('draws in the order given: what came first takes the last of the block', () => {
    const contract = contractWith({}, { blocks: [block('b', minutes(60))] });
    const { parts } = drawOnce(contract, [
      part(contract, spent(45, '2026-03-02', 2)),
      part(contract, spent(45, '2026-03-03', 1)),
    ]);
    expect(shown(parts)).toEqual(['b 45 0.00', 'b 15 0.00', 'overage 30 75.00']);
  });

  it('prices overage at the overage rate', () => {
    const contract = contractWith({ prepaid: { overage: { pricePerHour: '200.00', multiplied: false } } });
    const { parts } = drawn(
      [part(contract, spent(90, '2026-03-10'))],
      monthOf('2026-03', [contract]),
      overageAt('200.00'),
    );
    expect(shown(parts)).toEqual(['overage 90 300.00']);
  });

  it('gives actual minutes to the parts by largest remainder over the billable ones', () => {
    const contract = contractWith({}, { blocks: [block('b', minutes(25))] });
    const { parts } = drawOnce(contract, [part(contract, spent(70, '2026-03-10'), { billableMinutes: 75 })]);
    expect(parts.map(({ actualMinutes, billableMinutes }) => [actualMinutes, billableMinutes])).toEqual([
      [23, 25],
      [47, 50],
    ]);
  });

  it('draws money at the price of the work, to the last cent of the block', () => {
    const contract = contractWith({}, { blocks: [block('m', money('99.99'))] });
    const { parts, balances } = drawOnce(contract, [part(contract, spent(60, '2026-03-10'))]);
    expect(parts[0]?.draw?.amount).toEqual(money('99.99'));
    expect(shown(parts)).toEqual(['m 39 0.00', 'overage 21 50.01']);
    expect(only(balances).left).toEqual(money('0.00'));
  });

  it('bills what money does not cover at the overage rate', () => {
    const contract = contractWith({}, { blocks: [block('m', money('75.00'))] });
    const { parts } = drawn(
      [part(contract, spent(60, '2026-03-10'))],
      monthOf('2026-03', [contract]),
      overageAt('300.00'),
    );
    expect(shown(parts)).toEqual(['m 30 0.00', 'overage 30 150.00']);
  });

  it('draws hours and then money for one entry', () => {
    const contract = contractWith(
      {},
      { blocks: [block('h', minutes(20), { expiresOn: '2026-04-30' }), block('m', money('50.00'))] },
    );
    const { parts } = drawOnce(contract, [part(contract, spent(60, '2026-03-10'))]);
    expect(shown(parts)).toEqual(['h 20 0.00', 'm 20 0.00', 'overage 20 50.00']);
  });

  it('lets materials draw on money and not on time', () => {
    const contract = contractWith({}, { blocks: [block('h', minutes(600)), block('m', money('100.00'))] });
    const { parts } = drawOnce(contract, [part(contract, material(), { quantity: '3' })]);
    expect(
      parts.map(({ quantity, draw, exact }) => [quantity, draw?.amount ?? null, exact.rounded().toString()]),
    ).toEqual([
      ['2', money('100.00'), '0.00 AUD'],
      ['1', null, '50.00 AUD'],
    ]);
  });

  it('leaves a block in another currency alone', () => {
    const yen = { unit: 'money', money: { amount: '1000', currency: 'JPY' } } as const;
    const contract = contractWith({}, { blocks: [block('y', yen)] });
    const { parts } = drawOnce(contract, [part(contract, spent(60, '2026-03-10'))]);
    expect(shown(parts)).toEqual(['overage 60 150.00']);
    expect(lastStepOf(only(parts))?.facts['tried']).toEqual(['block y: holds JPY']);
  });

  it('draws nothing for no minutes', () => {
    const contract = contractWith({}, { blocks: [block('b', minutes(60))] });
    const { parts, balances } = drawOnce(contract, [part(contract, spent(0, '2026-03-10'))]);
    expect(only(parts).draw).toBeNull();
    expect(only(balances).left).toEqual(minutes(60));
  });

  it('passes billable parts as they are', () => {
    const contract = contractWith({}, { blocks: [block('b', minutes(60))] });
    const billable = part(contract, spent(60, '2026-03-10'), { outcome: 'billable' });
    const { parts } = drawOnce(contract, [billable]);
    expect(only(parts)).toBe(billable);
  });

  it('names the block, what it drew and what is left in the trace', () => {
    const contract = contractWith({}, { blocks: [block('b', minutes(60), { expiresOn: '2026-04-30' })] });
    const { parts } = drawOnce(contract, [part(contract, spent(45, '2026-03-10'))]);
    const step = lastStepOf(only(parts));
    expect(step?.text).toBe('45 min drawn on block b, good until 2026-04-30: 15 min left');
    expect(step?.facts).toMatchObject({ outcome: 'covered', blockId: 'b', drawn: '45', left: '15' });
  });
});

describe('what periods hand over', () => {
  const source = { from: 'block', contractId: 'con-1', blockId: 'b' } as const;
  const draw = (count: number, itemId: string, workDate: string): Draw => ({
    source,
    itemId,
    workItemId: itemId,
    workDate,
    amount: minutes(count),
    frozen: true,
  });

  it('opens a block with what the period before left', () => {
    const contract = contractWith({}, { blocks: [block('b', minutes(600))] });
    const { parts, balances } = drawOnce(contract, [part(contract, spent(60, '2026-03-10'))], {
      carriedOver: handed([{ source, left: minutes(40) }]),
    });
    expect(shown(parts)).toEqual(['b 40 0.00', 'overage 20 50.00']);
    expect(only(balances).left).toEqual(minutes(0));
  });

  it('lets a frozen draw hold before all others, whatever its day', () => {
    const contract = contractWith({}, { blocks: [block('b', minutes(60))] });
    const first = drawOnce(contract, [part(contract, spent(60, '2026-03-20', 9))]);
    const item = itemOf(only(first.parts), 'w-9', '2026-03');
    const { parts, balances } = drawOnce(contract, [part(contract, spent(30, '2026-03-01', 10))], {
      invoiced: asInvoiced([item]),
    });
    expect(shown(parts)).toEqual(['overage 30 75.00']);
    expect(only(balances).left).toEqual(minutes(0));
  });

  it('leaves to later periods what they froze, and hands it over to them', () => {
    const contract = contractWith({}, { blocks: [block('b', minutes(100))] });
    const { parts, balances } = drawOnce(contract, [part(contract, spent(60, '2026-03-10'))], {
      laterDraws: [draw(70, 'w-8', '2026-04-03')],
    });
    expect(shown(parts)).toEqual(['b 30 0.00', 'overage 30 75.00']);
    expect(only(balances).left).toEqual(minutes(70));
  });

  it('never hands over less than nothing', () => {
    const contract = contractWith({}, { blocks: [block('b', minutes(60))] });
    const over = itemOf(only(drawOnce(contract, [part(contract, spent(60, '2026-03-10'))]).parts), 'w-1', '2026-03');
    const { balances } = drawOnce(contract, [], {
      carriedOver: handed([{ source, left: minutes(20) }]),
      invoiced: asInvoiced([over]),
    });
    expect(only(balances).left).toEqual(minutes(0));
  });

  it('does not hand over a block that is purchased later, nor roll over without the contract saying so', () => {
    const contract = contractWith(
      { prepaid: { allotment: allotment({ rollOver: 'none' }) } },
      { blocks: [block('b', minutes(60), { purchasedOn: '2026-04-01' })] },
    );
    expect(drawOnce(contract, []).balances).toEqual([]);
  });

  it('rolls over the whole base of a month before that nobody had to rate, and nothing older', () => {
    const contract = contractWith({ prepaid: { allotment: allotment() } });
    const old = { from: 'allotment', contractId: 'con-1', allotmentId: 'base', month: '2026-01' } as const;
    const { parts } = drawOnce(contract, [part(contract, spent(1300, '2026-03-10'))], {
      carriedOver: handed([{ source: old, left: minutes(600) }]),
    });
    expect(shown(parts)).toEqual(['base 2026-02 600 0.00', 'base 2026-03 600 0.00', 'overage 100 250.00']);
  });

  it('grants no allotment in a month that is wholly suspended', () => {
    const contract = contractWith(
      { prepaid: { allotment: allotment() } },
      { suspensions: [{ from: '2026-03-01', resumedOn: '2026-04-01' }] },
    );
    expect(drawOnce(contract, []).balances).toEqual([]);
  });

  it('grants the larger base where a version changes it within the month, once', () => {
    const contract = contractWith(
      {},
      versionsFrom(
        ['2026-01-01', { prepaid: { allotment: allotment() } }],
        ['2026-03-15', { prepaid: { allotment: allotment({ base: minutes(300) }) } }],
      ),
    );
    expect(only(drawOnce(contract, []).balances).left).toEqual(minutes(600));
  });

  it('drops a withdrawn block', () => {
    const contract = contractWith({}, { blocks: [] });
    expect(drawOnce(contract, [], { carriedOver: handed([{ source, left: minutes(40) }]) }).balances).toEqual([]);
  });

  it('states every draw with its item, the frozen ones first', () => {
    const contract = contractWith({}, { blocks: [block('b', minutes(600))] });
    const { parts } = drawOnce(contract, [
      part(contract, spent(30, '2026-03-01')),
      part(contract, spent(60, '2026-03-10', 2)),
    ]);
    const items = parts.map((one) => itemOf(one, one.assessed.work.workItemId, '2026-03'));
    const frozen = asInvoiced(items.slice(1));
    const statement = drawsOf(items, frozenDraws({ invoiced: frozen, writtenOff: [] }));
    expect(statement.map(({ itemId, amount, frozen: held }) => [itemId, amount, held])).toEqual([
      ['w-2', minutes(60), true],
      ['w-1', minutes(30), false],
    ]);
  });
});
