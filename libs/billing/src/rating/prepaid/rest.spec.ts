import { describe, expect, it } from '@jest/globals';
import { Decimal, Money } from '@billtrail/kernel';
import { type Rest, takeMinutes, takeMoney } from './rest.js';

const rest = (amount: string, changes: Partial<Rest> = {}): Rest => ({
  minutes: null,
  quantity: new Decimal(1),
  exact: Money.of(amount, 'AUD'),
  isFlat: false,
  ...changes,
});
const hour = rest('150.00', { minutes: 60, quantity: new Decimal(0) });
/** `taken: minutes, quantity`, and the same of what is left. */
const told = ({ amount, piece, rest: left }: ReturnType<typeof takeMoney>) => [
  `${amount.toFixed(3)}: ${piece.billableMinutes} min, ${piece.quantity.toFixed()}`,
  `${left.exact.value.toFixed(3)}: ${left.minutes} min, ${left.quantity.toFixed()}`,
];

describe('money of a block', () => {
  it('pays for whole minutes: 40.00 of an hour at 150.00 are 16 minutes, and 44 are open', () => {
    expect(told(takeMoney(new Decimal('40.00'), hour))).toEqual(['40.000: 16 min, 0', '110.000: 44 min, 0']);
    // 41.00 are 16.4 minutes.
    expect(told(takeMoney(new Decimal('41.00'), hour))).toEqual(['41.000: 16 min, 0', '109.000: 44 min, 0']);
  });

  it('pays for a part of goods: 15.00 of three for 60.00 are 0.75 of them', () => {
    const goods = rest('60.00', { quantity: new Decimal(3) });
    expect(told(takeMoney(new Decimal('15.00'), goods))).toEqual(['15.000: null min, 0.75', '45.000: null min, 2.25']);
  });

  it('pays for all where there is as much as the price', () => {
    expect(told(takeMoney(new Decimal('150.00'), hour))).toEqual(['150.000: 60 min, 0', '0.000: 0 min, 0']);
  });

  it('is never drawn where there is none, and never more than work costs before rounding', () => {
    expect(() => takeMoney(new Decimal(0), hour)).toThrow('money is drawn on a block that holds none');
    expect(() => takeMoney(new Decimal(-1), hour)).toThrow('money is drawn on a block that holds none');
    // 9.995 is asked for as 10.00.
    expect(told(takeMoney(new Decimal('9.995'), rest('9.995')))).toEqual(['9.995: null min, 1', '0.000: null min, 0']);
    expect(() => takeMoney(new Decimal('9.998'), rest('9.995'))).toThrow('more money is drawn for work than it costs');
  });
});

describe('minutes of a block', () => {
  const [one, two] = [new Decimal(1), new Decimal(2)];

  it('are drawn as whole minutes of work at their weight: of 45 at 2, 22 minutes draw 44', () => {
    expect(told(takeMinutes(new Decimal(45), hour, two))).toEqual(['44.000: 22 min, 0', '95.000: 38 min, 0']);
    expect(told(takeMinutes(new Decimal(60), hour, one))).toEqual(['60.000: 60 min, 0', '0.000: 0 min, 0']);
  });

  it('are never drawn where less than a minute of the work is left, or none of it is open', () => {
    expect(() => takeMinutes(one, hour, two)).toThrow('minutes are drawn on a block that holds none');
    expect(() => takeMinutes(one, rest('0', { minutes: 0 }), one)).toThrow(
      'minutes are drawn for minutes that are open',
    );
    expect(() => takeMinutes(one, rest('15.00'), one)).toThrow('minutes are drawn for minutes that are open');
  });
});
