import { Money } from '@billtrail/kernel';
import type { ClientPeriodFacts } from '../client-period.js';
import type { BillableItem } from '../item/billable-item.js';
import type { PrepaidSource } from '../item/draw.js';

/** What a piece of work draws from something prepaid that ends by itself: an allotment, or a block that expires. */
export interface LapsingDraw {
  readonly ticketId: string;
  readonly workItemId: string;
  /** What it draws from. */
  readonly source: string;
  /** At its standard value, positive. */
  readonly money: Money;
}

/** null: it draws nothing, or from what stays until it is drawn. */
export function lapsingDraw(
  { ticketId, workItemId, draw }: BillableItem,
  money: Money,
  { contracts }: ClientPeriodFacts,
): LapsingDraw | null {
  if (draw === undefined || money.isNegative() || !endsByItself(draw.source, contracts)) return null;
  return { ticketId, workItemId, source: JSON.stringify(draw.source), money };
}

function endsByItself(source: PrepaidSource, contracts: ClientPeriodFacts['contracts']): boolean {
  if (source.from === 'allotment') return true;
  const contract = contracts.find(({ contractId }) => contractId === source.contractId);
  const block = contract?.blocks?.find(({ blockId }) => blockId === source.blockId);
  return block !== undefined && block.expiresOn !== null;
}

/**
 * What is drawn of each of these sources beyond what was drawn of it before, ticket by ticket: the client had it anyway, and would have let it lapse. Whatever drew on it
 * before keeps its part first; what else is drawn now takes the place of what is drawn no more.
 */
export function drawnBeyond(
  before: readonly LapsingDraw[],
  after: readonly LapsingDraw[],
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
    return { ...draw, money: draw.money.minus(kept) };
  });
  return left.flatMap(({ ticketId, source, money }) => {
    const beyond = money.minus(take(pool, source, money));
    return beyond.isZero() ? [] : [{ ticketId, money: beyond }];
  });
}

function ofWork({ source, workItemId }: LapsingDraw): string {
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
