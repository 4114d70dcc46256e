import { Money, type ForgoingFacts } from '@billtrail/kernel';

interface Part {
  /** null: of a charge. */
  readonly ticketId: string | null;
  /** null: it has no price. */
  readonly money: Money | null;
}

/** What an act forgoes, a part for each ticket, in whole minor units; null: nothing that has a value. Owed to a client or by one, it counts the same. */
export function forgoingOf(
  about: Pick<ForgoingFacts, 'target' | 'clientId' | 'period'>,
  parts: readonly Part[],
): Omit<ForgoingFacts, 'act'> | null {
  const byTicket = new Map<string | null, Money>();
  for (const { ticketId, money } of parts) {
    if (money === null) continue;
    const before = byTicket.get(ticketId);
    byTicket.set(ticketId, before === undefined ? money : before.plus(money));
  }
  const forgone = [...byTicket].flatMap(([ticketId, sum]) => {
    const money = (sum.isNegative() ? sum.negated() : sum).rounded();
    return money.isZero() ? [] : [{ ticketId, money: money.toJSON() }];
  });
  return forgone.length === 0 ? null : { ...about, forgone };
}
