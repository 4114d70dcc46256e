import { Money, at, compareTexts, invariant } from '@billtrail/kernel';
import { isShareOf } from '../../item/item-key.js';
import type { ChargeLedger, EarlierCharge } from './charge-ledger.js';

/** The fees of a month in a tax category, as one client is asked for them. */
export interface FeesPaid {
  readonly taxCategory: string;
  readonly recipientId: string;
  readonly net: Money;
}

/** What the credits of a period are measured on, as each finds it. */
export interface Room {
  readonly recurring: Money;
  /** That by who is asked for it. */
  readonly paid: readonly FeesPaid[];
  /** By the credits before. */
  readonly given: Money;
  /** What remains in each tax category. */
  readonly rooms: Map<string, Money>;
}

/** A part of a service credit: what of it is in one tax category, or what none has room for. */
export interface Share {
  /** Who is asked for the fees that it lowers; null: one client is asked for all of them, or nobody for any. */
  readonly billTo: string | null;
  /** Nobody is asked for a fee of the month: it goes to who is named for the contract. Absent: somebody is. */
  readonly isUnpaid?: true;
  readonly taxCategory: string;
  readonly value: Money;
  readonly isLeftOver: boolean;
}

/** The stated category where it has room for all, or nothing is charged; else the one in which most remains, and the next; then what none has room for. */
function byCategory(stated: string, value: Money, rooms: ReadonlyMap<string, Money>): readonly Share[] {
  const zero = Money.zero(value.currency);
  const whole = { taxCategory: stated, value, isLeftOver: false, billTo: null };
  if ([...rooms.values()].every((room) => room.compare(zero) <= 0)) return [whole];
  if ((rooms.get(stated) ?? zero).compare(value) >= 0) return [whole];
  const byRoom = [...rooms].filter(([, room]) => room.compare(zero) > 0).sort(([, a], [, b]) => b.compare(a));
  const shares: Share[] = [];
  let left = value;
  for (const [taxCategory, room] of byRoom) {
    if (left.isZero()) break;
    const taken = room.compare(left) < 0 ? room : left;
    shares.push({ taxCategory, value: taken, isLeftOver: false, billTo: null });
    left = left.minus(taken);
  }
  if (!left.isZero()) shares.push({ taxCategory: stated, value: left, isLeftOver: true, billTo: null });
  const sum = Money.sum(
    shares.map((share) => share.value),
    value.currency,
  );
  invariant(sum.equals(value), () => `shares of ${sum.toString()} are made of a credit of ${value.toString()}`);
  return shares;
}

/** By tax category; where several clients are asked for the fees of the month, each share by what they are asked in its category, else in all. */
export function sharesOf(
  stated: string,
  value: Money,
  rooms: ReadonlyMap<string, Money>,
  paid: readonly FeesPaid[],
): readonly Share[] {
  const all = askedOf(paid, value);
  const shares = byCategory(stated, value, rooms);
  if (all.length === 0) return shares.map((share) => ({ ...share, isUnpaid: true }));
  if (all.length === 1) return shares;
  return shares.flatMap((share): readonly Share[] => {
    const own = askedOf(
      paid.filter(({ taxCategory }) => taxCategory === share.taxCategory),
      value,
    );
    const of = own.length === 0 ? all : own;
    const parts = share.value.allocate(of.map(([, net]) => net.value));
    return of.flatMap(([billTo], index): readonly Share[] => {
      const part = at(parts, index, 'the share of a recipient');
      return part.isZero() ? [] : [{ ...share, value: part, billTo }];
    });
  });
}

/** Above zero, in the order of who is asked. */
function askedOf(paid: readonly FeesPaid[], { currency }: Money): readonly (readonly [string, Money])[] {
  const asked = new Map<string, Money>();
  for (const { recipientId, net } of paid)
    asked.set(recipientId, (asked.get(recipientId) ?? Money.zero(currency)).plus(net));
  return [...asked].filter(([, net]) => !net.isNegative() && !net.isZero()).sort(([a], [b]) => compareTexts(a, b));
}

export function take(rooms: Map<string, Money>, taxCategory: string, value: Money): void {
  const room = rooms.get(taxCategory);
  if (room !== undefined) rooms.set(taxCategory, room.minus(value));
}

/** What documents carry of a credit, in whichever tax categories; it stands, and takes its room. */
export function settledShares(whole: string, book: ChargeLedger, rooms: Map<string, Money>): readonly EarlierCharge[] {
  const settled = book
    .earlierOfKind('service-credit')
    .filter(({ chargeId, basis }) => chargeId === whole || (basis.credit !== undefined && isShareOf(chargeId, whole)));
  for (const { chargeId, taxCategory, net, basis } of settled) {
    if (basis.credit?.isLeftOver !== true) take(rooms, taxCategory, net.negated());
    book.stands(chargeId);
  }
  return settled;
}

/** What of a credit a share is, where it is not all. */
export function inPart(value: Money, share: Share): string {
  const unpaid = share.isUnpaid === true ? '; nobody is asked for a fee of the month' : '';
  if (share.value.equals(value)) return unpaid;
  const where = share.isLeftOver ? 'for which no tax category has room' : `in tax category ${share.taxCategory}`;
  const who = share.billTo === null ? '' : `, by what ${share.billTo} is asked of the fees`;
  return `, of which ${share.value.toString()} ${where}${who}${unpaid}`;
}
