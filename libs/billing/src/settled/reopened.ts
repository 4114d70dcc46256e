import { known, addTo } from '@billtrail/kernel';
import type { Assessed } from '../rating/assessed.js';
import type { ClientPeriodFacts } from '../client-period.js';
import { pricingScopeOf } from '../rating/price/pricing-scopes.js';
import { isOfScope, pricingOf } from '../rating/price/work-type-pricing.js';
import { isPending, isRatedAgain } from '../rating/standing.js';
import { usedBy } from './pricing-used.js';
import { SharedRounding } from './shared-rounding.js';
import { isOfWork } from '../item/item-key.js';
import type { SettledWork, SettledWorkById } from './settled-work.js';

/**
 * Frozen work that is rated whole again although it is what it was, with the work whose correction or void is the cause, sorted by id; none
 * where that is no more to be found (it left the scope and nothing of it is frozen there).
 */
export type Reopened = ReadonlyMap<string, readonly string[]>;

const NONE: Reopened = new Map();

/**
 * What a correction or a void of frozen work does to other frozen work: a scope that shares a price (minimum and increment, tiers, what is
 * charged once) in which frozen work was corrected or voided is priced anew as a whole. Scopes that hang together by a piece of work are
 * one. A scope in which adjustments are frozen stays open, so that none of what they left to others is lost. Where nothing was corrected
 * nothing is reopened: work that is added never changes what is frozen.
 *
 * Not reopened: work of which a person wrote something off or a credit note gave something back, and work of which only a part is frozen.
 * A correction that nobody approved reopens nothing.
 */
export function reopenedWork(
  facts: ClientPeriodFacts,
  settled: SettledWorkById,
  byWork: readonly (readonly Assessed[])[],
): Reopened {
  if (settled.size === 0) return NONE;
  const live = new Map<string, readonly Assessed[]>();
  for (const segments of byWork) {
    const [first] = segments;
    if (first !== undefined && first.earlier !== null) live.set(first.work.workItemId, segments);
  }
  const members = [...settled.values()].map((work) => ({ work, state: stateOf(work, live.get(work.workItemId)) }));
  if (members.every(({ state }) => !CAUSES.has(state))) return NONE;
  const scopes = new SharedRounding(facts.contracts);
  const shared = new Groups();
  for (const { work, state } of members) {
    shared.join(work.workItemId, scopesThen(work, scopes));
    if (state === 'corrected')
      shared.join(work.workItemId, scopesNow(known(live, work.workItemId, 'corrected work,'), scopes));
  }
  return reopenedIn(members, shared);
}

interface Member {
  readonly work: SettledWork;
  readonly state: State;
}

function reopenedIn(members: readonly Member[], shared: Groups): Reopened {
  const groups = new Map<string, Member[]>();
  for (const member of members) {
    if (!shared.has(member.work.workItemId)) continue;
    addTo(groups, shared.of(member.work.workItemId), member);
  }
  const reopened = new Map<string, readonly string[]>();
  for (const group of groups.values()) {
    const ids = (...states: readonly State[]): readonly string[] =>
      group
        .filter(({ state }) => states.includes(state))
        .map(({ work }) => work.workItemId)
        .sort();
    const now = ids('gone', 'corrected');
    // A correction that awaits approval holds still what was settled before it.
    const causes = now.length > 0 ? now : ids('pending').length > 0 ? [] : ids('adjusted');
    if (causes.length === 0) continue;
    for (const { work, state } of group)
      if (state === 'unchanged' || state === 'adjusted')
        reopened.set(
          work.workItemId,
          causes.filter((id) => id !== work.workItemId),
        );
  }
  return reopened;
}

/**
 * `gone`: voided, or moved out of the period. `corrected`: it changed, and stands. `pending`: it changed, and nobody approved that. `adjusted`: it
 * is what its frozen adjustments made of it. `kept`: it keeps what it has.
 */
type State = 'gone' | 'corrected' | 'pending' | 'adjusted' | 'kept' | 'unchanged';
const CAUSES: ReadonlySet<State> = new Set(['gone', 'corrected', 'adjusted']);

function stateOf(work: SettledWork, segments: readonly Assessed[] | undefined): State {
  if (segments === undefined) return 'gone';
  if (segments.some(isPending)) return 'pending';
  if (segments.some(isRatedAgain)) return 'corrected';
  if (work.hasWriteOff || segments.some(({ isRest }) => isRest)) return 'kept';
  return work.parts.some(({ key }) => !isOfWork(key)) ? 'adjusted' : 'unchanged';
}

/** The scopes that the items of settled work were priced in. */
function scopesThen(work: SettledWork, rounding: SharedRounding): readonly string[] {
  return [
    ...usedBy(work).map(({ scope }) => scope),
    ...work.parts.flatMap(
      ({ item, key }) => rounding.ofFrozen(item, isOfWork(key) ? work.stretches[0]?.date : item.workDate) ?? [],
    ),
  ];
}

/** Those that corrected work is priced in now. */
function scopesNow(segments: readonly Assessed[], rounding: SharedRounding): readonly string[] {
  return segments.flatMap((one) => [pricedOverNow(one), rounding.ofAssessed(one)].filter((scope) => scope !== null));
}

function pricedOverNow(one: Assessed): string | null {
  const { work, placement } = one;
  if (work.kind !== 'time' || placement === null || placement.as === 'no-charge') return null;
  const pricing =
    placement.inForce === null ? null : pricingOf(placement.inForce.version.terms.rateCard, work.workType);
  return pricing === null || !isOfScope(pricing) ? null : pricingScopeOf(one, pricing);
}

/** Which work hangs together by its scopes. */
class Groups {
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

  private root(name: string): string {
    let root = name;
    for (let parent = this.parents.get(root); parent !== undefined; parent = this.parents.get(root)) root = parent;
    if (root !== name) this.parents.set(name, root);
    return root;
  }
}
