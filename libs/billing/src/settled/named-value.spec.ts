import { describe, expect, it } from '@jest/globals';
import { Decimal } from '@billtrail/kernel';
import { frozenOf } from '../account/lines.js';
import type { ExplainedItem } from '../item/billable-item.js';
import { rateExplained as rate } from '../rate.js';
import { facts, only, time } from '../testing/facts.js';
import { type NamedValue, type ValuedPart, namedValue, standingOf } from './named-value.js';

const [item] = rate(facts([time()])).items as [ExplainedItem];
const now = {
  quantity: '1',
  unit: 'h',
  billableMinutes: 60,
  unitPrice: { amount: '150.00', currency: 'AUD' as const },
};

/** An item of a net; `worth`: an adjustment that says what the whole work was worth when it was made. */
function part(isForgone: boolean, amount: string, worth?: string): ValuedPart {
  const net = { amount, currency: 'AUD' as const };
  const frozen = { ...frozenOf(item), net };
  if (worth === undefined) return { item: frozen, isForgone };
  const { price, discount, prepaid, cap } = frozen.basis;
  const whole = { ...now, net: { ...net, amount: worth }, price, discount, prepaid, cap };
  const adjustment = { causedBy: null, writeOffTakenBack: null, from: { before: '0', now: [whole] } };
  return { item: { ...frozen, basis: { ...frozen.basis, adjustment } }, isForgone };
}
const asked = (amount: string, worth?: string) => part(false, amount, worth);
const forgone = (amount: string, worth?: string) => part(true, amount, worth);
/** What was written off above a cap. */
function aboveCap(amount: string): ValuedPart {
  const { item: frozen } = forgone(amount);
  const cap = { contractId: 'c', capId: 'cap', currency: 'AUD' as const, above: amount, heldBack: null };
  return { item: { ...frozen, basis: { ...frozen.basis, cap } }, isForgone: true };
}
const told = ({ stretches }: NamedValue) => stretches.map(({ from, to }) => `${from.toFixed()}-${to.toFixed()}`).sort();

describe('which of the value of work its write-offs name', () => {
  it.each<[string, readonly ValuedPart[], readonly string[]]>([
    ['the work itself: from nothing', [forgone('150')], ['0-150']],
    ['the work itself below an adjustment that was asked', [forgone('150'), asked('75', '225')], ['0-150']],
    ['more than what was asked', [asked('150'), forgone('75', '225')], ['150-225']],
    ['the same, where what was below it is no more there', [forgone('75', '225')], ['150-225']],
    ['and then what was below it', [forgone('75', '225'), forgone('150', '225')], ['0-150', '150-225']],
    ['what is free around what was asked', [asked('75', '225'), forgone('150', '225')], ['0-150']],
    ['what is free on both sides', [asked('50', '100'), forgone('100', '150')], ['0-50', '100-150']],
    ['on top, where an older one does not say', [asked('150'), forgone('75')], ['150-225']],
    ['on top, where no room is left', [asked('150'), forgone('75', '100')], ['150-225']],
    ['what a decrease left free', [asked('150'), asked('-50', '100'), forgone('50', '150')], ['100-150']],
    ['less, where some is taken back', [forgone('150'), forgone('-50', '100')], ['0-100']],
    ['above all that a cap lets through', [asked('150'), aboveCap('350'), asked('250', '750')], ['400-750']],
    ['less above a cap', [asked('400'), aboveCap('350'), forgone('-150', '600')], ['400-600']],
    ['nothing, where no part was written off', [asked('150')], []],
  ])('%s', (_, parts, expected) => {
    expect(told(namedValue(parts))).toEqual(expected);
  });

  it('stands as far as what the work is worth reaches into it', () => {
    const named = namedValue([forgone('75', '225')]);
    const standing = [0, 150, 175, 225, 300].map((net) => standingOf(named, new Decimal(net)).toFixed());
    expect(standing).toEqual(['0', '0', '25', '75', '75']);
  });

  it('of less than nothing that takes back nothing stands whole', () => {
    expect(standingOf(namedValue([asked('150'), forgone('-50', '100')]), new Decimal(80)).toFixed()).toBe('-50');
  });

  it('names nothing where a part has no price', () => {
    const { net: _net, ...whole } = only([frozenOf(item)]);
    expect(told(namedValue([{ item: { ...whole, net: null }, isForgone: true }]))).toEqual([]);
  });
});
