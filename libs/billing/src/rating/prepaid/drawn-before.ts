import { type Currency, Decimal, type Minutes } from '@billtrail/kernel';
import type { PrepaidAmount } from '@billtrail/contracts';
import type { FrozenWork } from '../../settled/settled-work.js';
import type { PrepaidSource } from './prepaid-facts.js';
import { amountOf, currencyOf, prepaidKey } from './prepaid-stock.js';

/** What frozen draws of one piece of work hold of one block or allotment, as far as the work does not ask for it again. */
export interface OwnDraw {
  readonly source: PrepaidSource;
  readonly key: string;
  /** Currency of money; null: minutes. */
  readonly currency: Currency | null;
  left: Decimal;
}

/** What is frozen of prepaid work that is rated whole again: its draws, in the order in which they were taken, and what it was asked beyond them. */
export interface DrawnBefore {
  readonly draws: readonly OwnDraw[];
  /** Billable minutes that were overage: they stay it, and draw on nothing now. */
  overageMinutes: Minutes;
  /** The same in money. */
  overageMoney: Decimal;
}

/** Draws of one source are one, what was given back of it taken off; none where nothing is left. */
function netDraws(
  items: readonly { readonly draw?: { readonly source: PrepaidSource; readonly amount: PrepaidAmount } }[],
): readonly OwnDraw[] {
  const byKey = new Map<string, OwnDraw>();
  for (const { draw } of items) {
    if (draw === undefined) continue;
    const key = prepaidKey(draw.source);
    const known = byKey.get(key);
    const amount = amountOf(draw.amount);
    if (known === undefined)
      byKey.set(key, { source: draw.source, key, currency: currencyOf(draw.amount), left: amount });
    else known.left = known.left.plus(amount);
  }
  return [...byKey.values()].filter(({ left }) => left.gt(0));
}

function drawnBefore({ parts }: FrozenWork): DrawnBefore {
  const asked = parts.filter(({ item }) => item.draw === undefined && item.net !== null);
  return {
    draws: netDraws(parts.map(({ item }) => item)),
    overageMinutes: Math.max(
      asked.reduce((sum, { item }) => sum + (item.billableMinutes ?? 0), 0),
      0,
    ),
    overageMoney: asked.reduce((sum, { item }) => sum.plus(item.net?.amount ?? 0), new Decimal(0)),
  };
}

/** What frozen work had drawn before, one answer for all segments of a piece of work within one call of `rate`. */
export class DrawnBeforeByWork {
  private readonly byWork = new Map<string, DrawnBefore>();

  of(frozen: FrozenWork): DrawnBefore {
    let before = this.byWork.get(frozen.workItemId);
    if (before === undefined) {
      before = drawnBefore(frozen);
      this.byWork.set(frozen.workItemId, before);
    }
    return before;
  }
}
