import { Money, invariant } from '@billtrail/kernel';
import type { Cap } from '@billtrail/contracts';
import { matches, partToMatch } from '../coverage/matching.js';
import type { PricedPart } from '../items/priced-part.js';
import { isPending, isRatedAgain } from '../standing.js';
import { type CapUsage, askOf, capsOfPart } from './cap-usage.js';

/** True of work that changed after a part of it was settled: it is rated whole. */
export function isCorrected({ assessed }: PricedPart): boolean {
  return isRatedAgain(assessed);
}

/** What is settled of corrected work under each cap: its present price need not ask for room again for that. */
export class OwnRoom {
  private readonly left = new Map<string, Money>();

  /** Where the correction took something off, it makes room for all work that follows. */
  constructor(parts: readonly PricedPart[], usage: CapUsage) {
    const asked = new Map<string, { readonly cap: Cap; readonly part: PricedPart; net: Money }>();
    for (const part of parts) {
      if (!isCorrected(part) || part.draw !== null) continue;
      for (const cap of capsOfPart(part)) {
        const key = this.keyOf(cap, part);
        const isHeld = matches(cap.match, partToMatch(part));
        const net = isHeld ? part.exact.rounded() : Money.zero(part.exact.currency);
        const known = asked.get(key);
        if (known === undefined) asked.set(key, { cap, part, net });
        else known.net = known.net.plus(net);
      }
    }
    for (const [key, { cap, part, net }] of asked) {
      const { assessed, inForce, exact } = part;
      invariant(assessed.earlier !== null, `nothing is settled of ${assessed.work.workItemId}`);
      const { invoiced, forgone } = assessed.earlier.underCap(cap, inForce, exact.currency);
      const less = invoiced.minus(net);
      if (!less.isNegative() && !isPending(part.assessed)) usage.use(cap, askOf(part), less.negated());
      this.left.set(key, invoiced.plus(forgone));
    }
  }

  of(cap: Cap, part: PricedPart): Money {
    // In most periods nothing was corrected after it was settled: then no key is made to look it up by.
    const own = this.left.size === 0 ? undefined : this.left.get(this.keyOf(cap, part));
    return own ?? Money.zero(part.exact.currency);
  }

  /** What of the amount is beyond what is settled; the rest is used up. */
  beyond(cap: Cap, part: PricedPart, amount: Money): Money {
    const own = this.of(cap, part);
    if (own.isZero()) return amount;
    const within = own.compare(amount) < 0 ? own : amount;
    invariant(within.compare(amount) <= 0, 'more is settled of work under a cap than is asked of it');
    this.left.set(this.keyOf(cap, part), own.minus(within));
    return amount.minus(within);
  }

  private keyOf(cap: Cap, { inForce, assessed }: PricedPart): string {
    return JSON.stringify([inForce.contract.contractId, cap.id, assessed.work.workItemId]);
  }
}
