import { amountOf } from '@billtrail/contracts';
import { Money } from '@billtrail/kernel';
import type { ClientPeriodFacts } from '../client-period.js';
import type { BillableItem } from '../item/billable-item.js';
import { prepaidKey } from '../rating/prepaid/prepaid-amount.js';

/** What a piece of work draws from something prepaid: an allotment, or a block. */
export interface PrepaidDraw {
  readonly ticketId: string;
  readonly workItemId: string;
  /** What it draws from. */
  readonly source: string;
  /** At its standard value, positive. */
  readonly money: Money;
  /** What the client paid for it and would not have lost anyway: its share of the price of a block without an end; null: all of it. */
  readonly paid: Money | null;
}

/** null: it draws nothing. */
export function prepaidDraw(
  { ticketId, workItemId, draw }: BillableItem,
  money: Money,
  { contracts }: ClientPeriodFacts,
): PrepaidDraw | null {
  if (draw === undefined || money.isNegative()) return null;
  const paid = paidFor(draw, money, contracts);
  return { ticketId, workItemId, source: prepaidKey(draw.source), money, paid };
}

function paidFor(
  { source, amount }: NonNullable<BillableItem['draw']>,
  money: Money,
  contracts: ClientPeriodFacts['contracts'],
): Money | null {
  const nothing = Money.zero(money.currency);
  if (source.from === 'allotment') return nothing;
  const contract = contracts.find(({ contractId }) => contractId === source.contractId);
  const block = contract?.blocks?.find(({ blockId }) => blockId === source.blockId);
  if (block === undefined) return null;
  const { price, expiresOn } = block;
  if (expiresOn !== null || price === null || price.net.currency !== money.currency) return nothing;
  return Money.from(price.net).times(amountOf(amount)).dividedBy(amountOf(block.amount));
}

/** Of a draw under other terms: a block that only they bring is paid for by what they ask for it, which counts by itself. */
export function paidBeforeAlone(now: readonly ClientPeriodFacts[]): (draw: PrepaidDraw) => PrepaidDraw {
  const known = new Set(
    now.flatMap(({ contracts }) =>
      contracts.flatMap(({ contractId, blocks = [] }) =>
        blocks.map(({ blockId }) => prepaidKey({ from: 'block', contractId, blockId })),
      ),
    ),
  );
  return (draw) => (known.has(draw.source) ? draw : { ...draw, paid: Money.zero(draw.money.currency) });
}

/**
 * What is drawn of each source beyond what was drawn of it before, ticket by ticket, less what was paid for it: the client had it anyway, as a gift, or would have let it lapse.
 * Whatever drew on it before keeps its part first; what else is drawn now takes the place of what is drawn no more.
 */
export function drawnUnpaid(
  before: readonly PrepaidDraw[],
  after: readonly PrepaidDraw[],
): readonly { readonly ticketId: string; readonly money: Money }[] {
  const own = new Map<string, Money>();
  const pool = new Map<string, Money>();
  for (const draw of before) {
    own.set(ofWork(draw), plus(own.get(ofWork(draw)), draw.money));
    pool.set(draw.source, plus(pool.get(draw.source), draw.money));
  }
  const left = after.map((draw) => {
    const kept = take(own, ofWork(draw), draw.money);
    pool.set(draw.source, plus(pool.get(draw.source), kept.negated()));
    return { draw, money: draw.money.minus(kept) };
  });
  return left.flatMap(({ draw, money }) => {
    const beyond = money.minus(take(pool, draw.source, money));
    const unpaid = beyond.isZero() ? beyond : beyond.minus(paidOf(draw, beyond));
    return unpaid.isZero() ? [] : [{ ticketId: draw.ticketId, money: unpaid }];
  });
}

/** What was paid for a part of a draw: at most what that is worth. */
function paidOf({ money, paid }: PrepaidDraw, part: Money): Money {
  if (paid === null || paid.compare(money) >= 0) return part;
  return paid.times(part.value).dividedBy(money.value);
}

function ofWork({ source, workItemId }: PrepaidDraw): string {
  return JSON.stringify([source, workItemId]);
}

function plus(one: Money | undefined, other: Money): Money {
  return one?.plus(other) ?? other;
}

/** As much of it as is there. */
function take(from: Map<string, Money>, key: string, money: Money): Money {
  const there = from.get(key) ?? Money.zero(money.currency);
  const taken = there.compare(money) < 0 ? there : money;
  from.set(key, there.minus(taken));
  return taken;
}
