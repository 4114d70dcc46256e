import { type Currency, Money, addTo, compareTexts, known } from '@billtrail/kernel';
import type { Cap } from '@billtrail/contracts';
import type { ClientPeriodFacts } from '../client-period.js';
import { CapUsage } from '../rating/caps/cap-usage.js';
import type { DerivedGap, WorkItem } from '../rating/facts.js';
import { mergedInto } from '../rating/merged-ticket.js';
import { capsOf } from '../settled/caps-used.js';
import type { SettledPart, SettledWorkById } from '../settled/settled-work.js';
import { countsUnder } from '../settled/under-cap.js';

/** What an invoice asks of one piece of work under a cap, less what credit notes gave back. */
interface Asked {
  readonly part: SettledPart;
  readonly work: WorkItem;
  money: Money;
}

/**
 * Gap `contract-mismatch` of what invoices asked above a ticket's cap because tickets were merged: each kept to the cap by itself, and as one they have it once.
 * What a merge has no part in stays: a cap that is lower by now never gives back what was invoiced. It stands on the latest of the work.
 * `told`: gaps of the same lines, which no cent of it repeats.
 */
export function aboveMergedCaps(
  facts: ClientPeriodFacts,
  settled: SettledWorkById,
  told: readonly DerivedGap[],
): readonly DerivedGap[] {
  const merged = new Set([...facts.tickets.keys()].flatMap((ticketId) => mergedInto(ticketId, facts.tickets) ?? []));
  if (merged.size === 0) return [];
  const { carriedOver } = facts;
  const before = new CapUsage(carriedOver === undefined ? {} : { carriedOver });
  return facts.contracts.flatMap((contract) =>
    capsOf(contract)
      .filter(({ scope }) => scope === 'ticket')
      .flatMap((cap) =>
        [...askedByTicket(facts, settled, contract.contractId, cap, told)].flatMap(([ticketId, asked]) => {
          if (!merged.has(ticketId)) return [];
          const { contractId } = contract;
          const currency = asked[0]?.money.currency ?? facts.currency;
          const { used } = before.roomOf(cap, { contractId, ticketId, currency });
          const limit = Money.of(cap.amount, currency).rounded();
          return tooMuch(facts, cap, asked, aboveLimit(asked, used, limit), ticketId);
        }),
      ),
  );
}

/** By the ticket as whose work it counts, the latest first. */
function askedByTicket(
  facts: ClientPeriodFacts,
  settled: SettledWorkById,
  contractId: string,
  cap: Cap,
  told: readonly DerivedGap[],
): ReadonlyMap<string, readonly Asked[]> {
  const live = new Map(facts.work.map((work) => [work.workItemId, work]));
  const byTicket = new Map<string, Asked[]>();
  const less = toldTooMuch(told);
  for (const { workItemId, parts } of settled.values()) {
    const work = live.get(workItemId);
    if (work === undefined) continue;
    for (const part of parts) {
      const { item, invoiceId, credited } = part;
      if (invoiceId === null || !countsUnder(item, contractId, cap, facts.tickets)) continue;
      const { ticketId } = known(facts.tickets, item.ticketId, 'the ticket of settled work,');
      let money = Money.from(item.net).minus(credited === null ? Money.zero(item.net.currency) : Money.from(credited));
      // What is told of the work already lowers what of it can be above the cap.
      const key = workIn(workItemId, money.currency);
      money = money.plus(less.get(key) ?? Money.zero(money.currency));
      less.delete(key);
      addTo(byTicket, ticketId, { part, work, money });
    }
  }
  for (const asked of byTicket.values())
    asked.sort((a, b) => compareTexts(b.work.workDate, a.work.workDate) || b.work.position - a.work.position);
  return byTicket;
}

/** What gaps tell to be asked too much of a piece of work, all its parts together, below zero. */
function toldTooMuch(told: readonly DerivedGap[]): Map<string, Money> {
  const sums = new Map<string, Money>();
  for (const { workItemId, valueAtRisk } of told) {
    if (workItemId === null || valueAtRisk.money === null) continue;
    const money = Money.from(valueAtRisk.money);
    const key = workIn(workItemId, money.currency);
    if (money.isNegative()) sums.set(key, sums.get(key)?.plus(money) ?? money);
  }
  return sums;
}

/** A piece of work, and the currency in which something is asked of it. */
function workIn(workItemId: string, currency: Currency): string {
  return `${currency} ${workItemId}`;
}

/** What the tickets ask together above the cap, less what one of them asked above it by itself. */
function aboveLimit(asked: readonly Asked[], before: Money, limit: Money): Money {
  const zero = Money.zero(limit.currency);
  const most = (one: Money): Money => (one.isNegative() ? zero : one);
  const sum = (all: readonly Asked[]): Money =>
    Money.sum(
      all.map(({ money }) => money),
      limit.currency,
    );
  const own = new Set(asked.map(({ part }) => part.item.ticketId));
  if (own.size < 2 && before.isZero()) return zero;
  const alone = [...own].map((ticketId) =>
    most(sum(asked.filter(({ part }) => part.item.ticketId === ticketId)).minus(limit)),
  );
  return most(sum(asked).plus(before).minus(limit).minus(Money.sum(alone, limit.currency)));
}

function tooMuch(
  { clientId, period }: ClientPeriodFacts,
  cap: Cap,
  asked: readonly Asked[],
  above: Money,
  ticketId: string,
): readonly DerivedGap[] {
  let left = above;
  return asked.flatMap(({ part: { item, invoiceId }, money }): readonly DerivedGap[] => {
    if (left.isZero() || money.isNegative() || money.isZero()) return [];
    const taken = money.compare(left) < 0 ? money : left;
    left = left.minus(taken);
    return [
      {
        kind: 'contract-mismatch',
        ticketId: item.ticketId,
        clientId,
        period,
        workItemId: item.workItemId,
        valueAtRisk: { money: taken.negated().toJSON(), minutes: item.actualMinutes },
        cause: `invoice ${invoiceId ?? ''} asks ${taken.toString()} for ${item.itemId} above not-to-exceed ${cap.name} (${cap.id}), ${cap.amount} ${taken.currency} a ticket, which ${ticketId} has once since tickets were merged: overcharged by ${taken.toString()}`,
        sourceEventIds: item.sourceEventIds,
        dueOn: null,
      },
    ];
  });
}
