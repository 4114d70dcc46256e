import { Money, isRefusal, type ForgoingFacts, type ForgoneOfTicket, type Refusal } from '@billtrail/kernel';
import type { AskedLess } from '@billtrail/billing';
import type { MonthNotKnown, ReadModels } from '@billtrail/read-models';

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

/**
 * The same of other terms, with who did the work of the tickets that lose by them. Refuses: ReadModelsDiffer.
 * @throws NotKnown where nothing is known of requests of the client, so that nobody could approve it
 */
export function forgoneOfTerms(
  about: Omit<AboutForgone, 'workBy' | 'clientId'> & { readonly clientId: string },
  less: readonly Part[],
  models: ReadModels,
): Omit<ForgoingFacts, 'act'> | Refusal | null {
  if (less.length === 0) return null;
  const tickets = less.flatMap(({ ticketId }) => (ticketId === null ? [] : [{ ticketId, workItemId: null }]));
  // Nothing is asked for that nobody could approve: where nobody can state the tickets, the client alone says whose request it would be.
  models.known.of('approvals').check({ clientId: about.clientId });
  const rules = models.approvals.rulesNow(tickets);
  return isRefusal(rules) ? rules : forgoingOf({ ...about, workBy: rules.workBy }, less);
}

/**
 * What other terms take in months that are parked: nobody can state it, so another person decides, however little it is of all other months. `isCharged`: they may lower what was
 * charged beside the work for days that have passed. Empty: nothing that is held lies in such a month.
 */
export function unstatedIn(notKnown: readonly MonthNotKnown[], isCharged: boolean): readonly AskedLess[] {
  return notKnown.some(({ hasWork }) => hasWork || isCharged) ? [{ ticketId: null, money: null }] : [];
}
