import type { LocalDate } from '@billtrail/kernel';
import type { Placed, PlacedStretch } from '../placed.js';
import type { InForce } from '../coverage/placement.js';

/** Neighbouring stretches that turned out alike, as one. */
export function joined(stretches: readonly PlacedStretch[]): readonly PlacedStretch[] {
  if (stretches.length < 2) return stretches;
  const segments: PlacedStretch[] = [];
  let lastDate: LocalDate | null = null;
  for (const one of stretches) {
    const last = segments.at(-1);
    if (
      last !== undefined &&
      last.toMinute === one.fromMinute &&
      areAlike(last.placed, one.placed, lastDate ?? last.placed.contractDate)
    ) {
      segments[segments.length - 1] = { fromMinute: last.fromMinute, toMinute: one.toMinute, placed: last.placed };
    } else segments.push(one);
    lastDate = one.placed.contractDate;
  }
  return segments;
}

function areAlike(a: Placed, b: Placed, lastDate: LocalDate): boolean {
  if (a.month !== b.month || a.rateClass !== b.rateClass) return false;
  if (a.placement.as === 'no-charge' || b.placement.as === 'no-charge') return a.placement.as === b.placement.as;
  const inForceA = a.placement.inForce;
  const inForceB = b.placement.inForce;
  if (inForceA?.contract !== inForceB?.contract || inForceA?.version !== inForceB?.version) return false;
  if (a.placement.as === 'unpriced' || b.placement.as === 'unpriced') {
    return a.placement.as === 'unpriced' && b.placement.as === 'unpriced' && a.placement.reason === b.placement.reason;
  }
  return a.placement.as !== 'prepaid' || !hasBlockEdge(a.placement.inForce, lastDate, b.contractDate);
}

/** True where a block begins or expires between two days: what lies on either side of it draws on other blocks. */
function hasBlockEdge({ contract }: InForce, before: LocalDate, after: LocalDate): boolean {
  if (before === after) return false;
  return (contract.blocks ?? []).some(
    ({ purchasedOn, expiresOn }) =>
      (purchasedOn > before && purchasedOn <= after) ||
      (expiresOn !== null && expiresOn >= before && expiresOn < after),
  );
}
