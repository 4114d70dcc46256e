import { known, addTo } from '@billtrail/kernel';
import type { Assessed } from '../rating/assessed.js';
import type { ClientPeriodFacts } from '../client-period.js';
import { isPending, isRatedAgain } from '../rating/standing.js';
import { SharedRounding } from './shared-rounding.js';
import { Groups, scopesNow, scopesThen } from './shared-scopes.js';
import { isOfWork } from '../item/item-key.js';
import type { SettledWork, SettledWorkById } from './settled-work.js';

/** What follows for other work from frozen work that was corrected or voided. */
export interface Reopened {
  /**
   * Frozen work that is rated whole again although it is what it was, with the work whose correction or void is the cause, sorted by id; none
   * where that is no more to be found (it left the scope and nothing of it is frozen there).
   */
  readonly causes: ReadonlyMap<string, readonly string[]>;
  /** Which work of then and now hangs together by a price that it shares: equal texts. */
  readonly groups: ReadonlyMap<string, string>;
}

const NONE: Reopened = { causes: new Map(), groups: new Map() };

/**
 * What a correction or a void of frozen work does to other frozen work: a scope that shares a price (minimum and increment, tiers, what is
 * charged once) in which frozen work was corrected or voided is priced anew as a whole. Scopes that hang together by a piece of work are
 * one. A scope in which adjustments are frozen stays open, so that none of what they left to others is lost. Where nothing was corrected
 * nothing is reopened: work that is added never changes what is frozen.
 *
 * Work of which something was forgone or given back is reopened too: a write-off forgoes what it names, and no more of a minimum or a price that comes to
 * be the work's own. Not reopened: work of which only a part is frozen. A correction that nobody approved reopens nothing.
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
  const scopes = new SharedRounding(facts);
  const shared = new Groups();
  for (const { work, state } of members) {
    shared.join(work.workItemId, scopesThen(work, scopes));
    if (state === 'corrected')
      shared.join(work.workItemId, scopesNow(known(live, work.workItemId, 'corrected work,'), scopes));
  }
  const causes = reopenedIn(members, shared);
  for (const segments of byWork) {
    const [first] = segments;
    if (first !== undefined) shared.join(first.work.workItemId, scopesNow(segments, scopes));
  }
  return { causes, groups: shared.all() };
}

interface Member {
  readonly work: SettledWork;
  readonly state: State;
}

function reopenedIn(members: readonly Member[], shared: Groups): Reopened['causes'] {
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
  if (segments.some(({ isRest }) => isRest)) return 'kept';
  return work.parts.some(({ key }) => !isOfWork(key)) ? 'adjusted' : 'unchanged';
}
