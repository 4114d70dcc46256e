import { type Minutes, addTo, at, invariant } from '@billtrail/kernel';

/** Billable minutes of a settled stretch in a scope of minimum and increment. */
export interface KeptMinutes {
  readonly scope: string;
  /** What was settled of it. */
  readonly before: Minutes;
  /** Its share of what the scope comes to now, beside all work that is not settled. */
  readonly now: Minutes;
  /** True where what is too much is taken off it first: what was never asked of the client, then what was asked beyond what is prepaid. */
  readonly isFirst: boolean;
}

/**
 * What settled stretches have of their scopes: each keeps its share, whoever shares the scope with it by now, and only what the scope comes to more than is
 * settled and billed of it, or less, is added to them or taken off. What is too much is first taken off what `isFirst`.
 * In the order of the stretches.
 */
export function keptOfScopes(stretches: readonly KeptMinutes[]): readonly Minutes[] {
  const kept = stretches.map(({ before }) => before);
  const byScope = new Map<string, number[]>();
  stretches.forEach(({ scope }, index) => {
    addTo(byScope, scope, index);
  });
  for (const [scope, members] of byScope) {
    const of = (index: number): KeptMinutes => at(stretches, index, 'a stretch of a scope');
    let left = members.reduce((sum, index) => sum + of(index).now - of(index).before, 0);
    const move = (index: number, room: Minutes): void => {
      const moved = Math.sign(left) * Math.min(Math.abs(left), Math.max(room, 0));
      kept[index] = at(kept, index, 'the minutes of a stretch') + moved;
      left -= moved;
    };
    if (left < 0) for (const index of members) if (of(index).isFirst) move(index, of(index).before);
    for (const index of members) {
      const { before, now, isFirst } = of(index);
      if (left > 0) move(index, now - before);
      else if (left < 0 && !isFirst) move(index, before - now);
    }
    // Parts of a minute, which a block cuts, are no exact numbers.
    invariant(Math.abs(left) < 1e-6, () => `no stretch of ${scope} holds ${left} min of what it comes to`);
  }
  return kept;
}
