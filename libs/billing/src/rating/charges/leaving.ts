import { Decimal, at, invariant } from '@billtrail/kernel';
import type { ContractVersion } from '@billtrail/contracts';
import type { Charge } from '../../item/charge-item.js';
import type { PeriodFacts, UnitsAsked } from '../facts.js';
import type { ChargeLedger, EarlierCharge } from './charge-ledger.js';
import { isJoined } from './joined.js';
import type { RecurringStretch } from './stretch.js';

/** True where units join and leave a cycle: who paid for them then is asked when they leave. */
export function hasJoiners(versions: readonly ContractVersion[]): boolean {
  return versions.some(({ terms }) => (terms.recurringCharges ?? []).some(isJoined));
}

/** Units that join or leave a cycle, all paid by one client. */
export interface PartOfPayer {
  readonly stretch: RecurringStretch;
  readonly recipientId: string;
}

/**
 * What leaves a cycle, by who paid for it: units that joined last leave first, before them those that no document asks for yet, which are of who is named
 * today. null: the stretch is no leave, or all units of the cycle are of one client and never were of several: that one receives it as any adjustment.
 * @throws where more leave than were there.
 */
export function leavingByPayer(
  stretch: RecurringStretch,
  { unitsElsewhere = [], period }: PeriodFacts,
  book: ChargeLedger,
): readonly PartOfPayer[] | null {
  const { contract, charge, days, count, unitsBefore = 0 } = stretch;
  if (count === null || count >= 0) return null;
  const { contractId } = contract;
  const ofTerm = unitsElsewhere.filter(
    (one) => one.period < period && one.charge.contractId === contractId && one.charge.basis.termId === charge.id,
  );
  const named = book.recipientOf(
    { contractId, contractVersion: days.version.versionNumber, siteId: null, on: days.from },
    [],
  );
  const there = [...unitsThere(ofTerm, days.from)];
  const asked = there.reduce((sum, { units }) => sum + units, 0);
  if (asked < unitsBefore) there.push({ recipientId: named, units: unitsBefore - asked });
  const byPayer = takenLast(there, -count);
  const hasShare = ({ contractId: of, basis, from, to }: EarlierCharge): boolean =>
    of === contractId && basis.termId === charge.id && from <= days.to && to >= days.from && basis.billTo !== undefined;
  const isOfCycle = ({ from, to }: Charge): boolean => from <= days.to && to >= days.from;
  const payers = ofTerm.flatMap(({ charge: one, recipientId }) => (isOfCycle(one) ? [recipientId] : []));
  if (new Set([...payers, ...byPayer.keys()]).size < 2 && !book.earlierOfKind('recurring').some(hasShare)) return null;
  let before = unitsBefore;
  return [...byPayer].map(([recipientId, units]) => {
    const part = { recipientId, stretch: { ...stretch, count: -units, unitsBefore: before } };
    before -= units;
    return part;
  });
}

interface UnitsOfPayer {
  readonly recipientId: string;
  readonly units: number;
}

/** Units on a day by who paid for them, those that joined first first, without those that left. */
function unitsThere(asked: readonly UnitsAsked[], day: string): readonly UnitsOfPayer[] {
  const there: UnitsOfPayer[] = [];
  const inOrder = [...asked].sort((a, b) => (a.period === b.period ? 0 : a.period < b.period ? -1 : 1));
  for (const { recipientId, units } of chargesOn(inOrder, day)) {
    let left = -units;
    if (left <= 0) there.push({ recipientId, units });
    // Their own leave first: what was given back before it was shared went to the last one whole.
    for (const isOwn of [true, false])
      for (let index = there.length - 1; index >= 0 && left > 0; index--) {
        const one = at(there, index, 'units that are there');
        if ((one.recipientId === recipientId) !== isOwn) continue;
        const gone = Math.min(one.units, left);
        there[index] = { ...one, units: one.units - gone };
        left -= gone;
      }
  }
  return there.filter(({ units }) => units > 0);
}

/** Each charge with the units that it was asked for on a day, as its last adjustment has them. */
function chargesOn(asked: readonly UnitsAsked[], day: string): Iterable<UnitsOfPayer> {
  const charges = new Map<string, UnitsOfPayer>();
  for (const { period, charge, recipientId } of asked) {
    const { chargeId, chargeItemId, from, to, quantity, taxCategory, basis } = charge;
    const key = JSON.stringify([period, chargeId, taxCategory]);
    const figures = basis.fee?.filter((fee) => fee.from <= day && fee.to >= day);
    if (figures !== undefined)
      charges.set(key, { recipientId, units: figures.reduce((sum, fee) => sum + unitsOf(fee.quantity), 0) });
    else if (chargeItemId === chargeId) {
      const isThere = from <= day && to >= day;
      charges.set(key, { recipientId, units: isThere ? unitsOf(quantity) : 0 });
    } else if (basis.before?.now !== undefined && new Decimal(basis.before.now).isZero()) charges.delete(key);
  }
  return charges.values();
}

function unitsOf(quantity: string): number {
  const units = new Decimal(quantity);
  invariant(units.isInteger(), () => `a fee by units was asked for ${quantity} of them`);
  return units.toNumber();
}

/** The last so many, by who paid for them. */
function takenLast(there: readonly UnitsOfPayer[], leaving: number): ReadonlyMap<string, number> {
  const taken = new Map<string, number>();
  let left = leaving;
  for (const { recipientId, units } of there.toReversed()) {
    const gone = Math.min(units, left);
    if (gone > 0) taken.set(recipientId, (taken.get(recipientId) ?? 0) + gone);
    left -= gone;
  }
  invariant(left === 0, () => `${leaving} units leave, and only ${leaving - left} were there`);
  return taken;
}
