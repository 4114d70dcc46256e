import { Money, invariant } from '@billtrail/kernel';
import type { BillableItem } from '../item/billable-item.js';
import type { TraceStep } from '../item/trace.js';
import type { Assessed } from './assessed.js';
import type { Given, PricedPart } from './items/priced-part.js';
import { isRatedAgain } from './standing.js';

/**
 * Takes what accounts give as a courtesy off the work, part by part in its order, and never more than a part comes to. It is the last thing that
 * changes a price: minimums, prices that work shares and caps are as if nothing was given, so that no other work gets more of them. What a block
 * covers, what is above a cap and what has no price asks for nothing, so nothing of it is given. An entry over the end of a month takes it in the
 * month in which it begins. `assessed`: all work of the period.
 */
export function give(parts: readonly PricedPart[], assessed: readonly Assessed[]): readonly PricedPart[] {
  if (!parts.some((part) => part.assessed.work.courtesy !== undefined)) return parts;
  const begun = new Set(assessed.filter(begins).map(({ work }) => work.workItemId));
  const left = new Map<string, Money>();
  return parts.map((part) => {
    const { assessed: one, draw, aboveCap, price, exact } = part;
    const { courtesy, workItemId } = one.work;
    if (courtesy === undefined || draw !== null || aboveCap !== null || price.unpriced !== null) return part;
    const open = left.get(workItemId) ?? openAtFirst(one, courtesy.amount);
    const asked = exact.rounded();
    if (!begun.has(workItemId) || open.currency !== asked.currency || asked.isNegative() || asked.isZero()) return part;
    const amount = open.compare(asked) < 0 ? open : asked;
    invariant(!amount.isNegative(), () => `less than nothing is given of ${workItemId}`);
    left.set(workItemId, open.minus(amount));
    return amount.isZero() ? part : { ...part, given: { amount, courtesy } };
  });
}

/** True of the stretch with which work begins; of work of which a part is settled, of any: what is given there is counted. */
function begins({ segment, earlier }: Assessed): boolean {
  return segment === null || segment.fromMinute === 0 || earlier !== null;
}

/** Of work of which a part is settled and stays, what was given there is given. */
function openAtFirst(one: Assessed, granted: Given['courtesy']['amount']): Money {
  const amount = Money.from(granted);
  if (one.earlier === null || isRatedAgain(one)) return amount;
  const open = amount.minus(one.earlier.given(amount.currency));
  return open.isNegative() ? Money.zero(amount.currency) : open;
}

export function courtesyStep({ amount, courtesy }: Given, { net }: BillableItem): TraceStep {
  invariant(net !== null, 'what is given has a price');
  const { reason, grantedBy, eventId, isAll } = courtesy;
  return {
    step: 'courtesy',
    text: `courtesy ${amount.negated().toString()}, given by ${grantedBy}: ${reason}; net ${net.amount} ${net.currency}`,
    facts: {
      amount: amount.toJSON().amount,
      currency: amount.currency,
      reason,
      grantedBy,
      eventId,
      isAll,
      net: net.amount,
    },
  };
}
