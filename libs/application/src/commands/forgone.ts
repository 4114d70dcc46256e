import { Money, type ForgoingFacts, type ForgoneOfTicket } from '@billtrail/kernel';

interface Part {
  /** null: of a charge. */
  readonly ticketId: string | null;
  /** null: nobody can state it. */
  readonly money: Money | null;
}

/** Of what an act forgoes: all but how much of which ticket. */
export type AboutForgone = Pick<ForgoingFacts, 'target' | 'clientId' | 'period'> & {
  readonly workBy: NonNullable<ForgoingFacts['workBy']>;
};

/**
 * What an act forgoes, a part for each ticket, in whole minor units; null: nothing. Owed to a client or by one, it counts the same. What nobody can state the value of,
 * or not in one currency, makes the whole part such.
 */
export function forgoingOf(about: AboutForgone, parts: readonly Part[]): Omit<ForgoingFacts, 'act'> | null {
  const byTicket = new Map<string | null, Money | null>();
  for (const { ticketId, money } of parts) {
    const before = byTicket.get(ticketId);
    byTicket.set(ticketId, before === undefined ? money : together(before, money));
  }
  const forgone = [...byTicket].flatMap(([ticketId, sum]): ForgoneOfTicket[] => {
    if (sum === null) return [{ ticketId, money: null }];
    const money = (sum.isNegative() ? sum.negated() : sum).rounded();
    return money.isZero() ? [] : [{ ticketId, money: money.toJSON() }];
  });
  return forgone.length === 0 ? null : { ...about, forgone };
}

function together(one: Money | null, other: Money | null): Money | null {
  return one === null || other === null || one.currency !== other.currency ? null : one.plus(other);
}
