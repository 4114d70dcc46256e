import { Money, type MoneyJson } from '@billtrail/kernel';
import { type MadeItem, changed } from '../item/made-item.js';
import { givenOn } from '../item/courtesy.js';
import { type SettledWork, isForgiven } from './settled-work.js';

/** What an item tells beside its net, of the work as a whole. */
export const VALUES = ['standardValue', 'cost'] as const;
type Value = (typeof VALUES)[number];

/** How much more, or less, a value of the work is than what is frozen says; null: of a part of it that was never told. */
export function differenceIn({ parts }: SettledWork, present: readonly MadeItem[], value: Value): Money | null {
  let difference: Money | null = null;
  const count = (told: MoneyJson | null, sign: 1 | -1): boolean => {
    if (told === null || (difference !== null && difference.currency !== told.currency)) return false;
    const amount = sign === 1 ? Money.from(told) : Money.from(told).negated();
    difference = difference === null ? amount : difference.plus(amount);
    return true;
  };
  const isTold =
    parts.every(({ item }) => count(item[value], -1)) && present.every(({ item }) => count(item[value], 1));
  return isTold ? difference : null;
}

/** The first of the adjustments carries it. */
export function withDifference(
  items: readonly MadeItem[],
  value: Value,
  difference: Money | null,
): readonly MadeItem[] {
  if (difference === null) return items;
  return items.map((made, index) => {
    const told = (index === 0 ? difference : Money.zero(difference.currency)).toJSON();
    return changed(made, { item: { ...made.item, [value]: told } });
  });
}

/** The first of the adjustments says what the work is given more than before, or less: its net is worked out with it. */
export function withCourtesy(
  items: readonly MadeItem[],
  { parts, latest }: Pick<SettledWork, 'parts' | 'latest'>,
  present: readonly MadeItem[],
): readonly MadeItem[] {
  const standing = parts.filter((part) => !isForgiven(part)).map(({ item }) => item);
  const now = present.map(({ item }) => item);
  const reason = [...now, ...standing].find(({ courtesy }) => courtesy !== undefined)?.courtesy?.reason;
  const [first, ...others] = items;
  const currency = (first?.item.net ?? latest.net)?.currency;
  if (reason === undefined || first === undefined || currency === undefined) return items;
  const more = givenOn(now, currency).minus(givenOn(standing, currency));
  if (more.isZero()) return items;
  return [changed(first, { item: { ...first.item, courtesy: { amount: more.toJSON(), reason } } }), ...others];
}
