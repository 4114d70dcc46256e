import type { Assessed } from '../rating/assessed.js';
import { pricingScopeOf } from '../rating/price/pricing-scopes.js';
import { isOfScope, pricingOf } from '../rating/price/work-type-pricing.js';
import type { FrozenItem } from '../item/frozen-item.js';
import { isOfWork } from '../item/item-key.js';
import { usedBy } from './pricing-used.js';
import type { SettledWork } from './settled-work.js';
import type { SharedRounding } from './shared-rounding.js';

/** The scopes that the items of settled work were priced in, and those of lines that are billed again of which money stays forgone. */
export function scopesThen({ parts: settled, stretches }: SettledWork, rounding: SharedRounding): readonly string[] {
  const parts = settled.map((part) => ({ ...part, item: asItsLine(part.item) }));
  return [
    ...usedBy({ parts }).map(({ scope }) => scope),
    ...parts.flatMap(
      ({ item, key }) => rounding.ofFrozen(item, isOfWork(key) ? stretches[0]?.date : item.workDate) ?? [],
    ),
  ];
}

/** Money that stays forgone holds nothing of a scope; its line did. */
function asItsLine(item: FrozenItem): FrozenItem {
  return { ...item, basis: { ...item.basis, ...item.basis.forgivenOf } };
}

/** Those that corrected work is priced in now. */
export function scopesNow(segments: readonly Assessed[], rounding: SharedRounding): readonly string[] {
  return segments.flatMap((one) => [pricedOverNow(one), rounding.ofAssessed(one)].filter((scope) => scope !== null));
}

/** What tiers, and what is charged once, are counted over of work as it is now; null: neither. */
export function pricedOverNow(one: Assessed): string | null {
  const { work, placement } = one;
  if (work.kind !== 'time' || placement === null || placement.as === 'no-charge') return null;
  const pricing =
    placement.inForce === null ? null : pricingOf(placement.inForce.version.terms.rateCard, work.workType);
  return pricing === null || !isOfScope(pricing) ? null : pricingScopeOf(one, pricing);
}

/** Which work hangs together by its scopes. */
export class Groups {
  private readonly parents = new Map<string, string>();
  private readonly sharing = new Set<string>();

  join(workItemId: string, scopes: readonly string[]): void {
    const work = this.of(workItemId);
    if (scopes.length > 0) this.sharing.add(workItemId);
    for (const scope of scopes) {
      const other = this.root(`scope ${scope}`);
      const mine = this.root(work);
      if (other !== mine) this.parents.set(other, mine);
    }
  }

  /** False for work that shares no price with any. */
  has(workItemId: string): boolean {
    return this.sharing.has(workItemId);
  }

  /** Equal for work that hangs together. */
  of(workItemId: string): string {
    return this.root(`work ${workItemId}`);
  }

  /** Of all work that shares a price with any. */
  all(): ReadonlyMap<string, string> {
    return new Map([...this.sharing].map((workItemId) => [workItemId, this.of(workItemId)]));
  }

  private root(name: string): string {
    let root = name;
    for (let parent = this.parents.get(root); parent !== undefined; parent = this.parents.get(root)) root = parent;
    if (root !== name) this.parents.set(name, root);
    return root;
  }
}
