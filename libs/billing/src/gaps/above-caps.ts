import { type Currency, Decimal, Money, addTo, at, compareTexts, known } from '@billtrail/kernel';
import type { Cap, ContractVersion } from '@billtrail/contracts';
import type { ClientPeriodFacts } from '../client-period.js';
import { CapUsage } from '../rating/caps/cap-usage.js';
import { versionOn } from '../rating/coverage/step-1-contract.js';
import type { FrozenItem } from '../item/frozen-item.js';
import type { ContractFacts, DerivedGap, WorkItem } from '../rating/facts.js';
import { mergedInto } from '../rating/merged-ticket.js';
import { capsOf } from '../settled/caps-used.js';
import type { SettledPart, SettledWorkById } from '../settled/settled-work.js';
import { countsUnder } from '../settled/under-cap.js';

/** What an invoice asks of one piece of work under a cap, less what credit notes gave back. */
interface Asked {
  readonly part: SettledPart;
  readonly work: WorkItem;
  /** As the work has it: of the version that priced it, or of the one in force now, whichever lets more through. */
  readonly cap: Cap;
  money: Money;
}

/**
 * Gap `contract-mismatch` of what invoices asked above a ticket's cap because tickets were merged: each kept to the cap by itself, and as one they have it once.
 * What a merge has no part in stays: a cap that is lower by now, or from a later day on, never gives back what was invoiced; of several the highest holds.
 * It stands on the latest of the work.
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
  const gaps: DerivedGap[] = [];
  for (const contract of facts.contracts) {
    const { contractId } = contract;
    for (const { id } of capsOf(contract)) {
      // What is above another cap is told once.
      for (const [ticketId, asked] of askedByTicket(facts, settled, contract, id, [...told, ...gaps])) {
        if (!merged.has(ticketId)) continue;
        const cap = highestOf(asked);
        const { currency } = at(asked, 0, 'what is asked of a ticket').money;
        const { used } = before.roomOf(cap, { contractId, ticketId, currency });
        gaps.push(...tooMuch(facts, cap, asked, aboveLimit(asked, used), ticketId));
      }
    }
  }
  return gaps;
}

/** By the ticket as whose work it counts, the latest first. */
function askedByTicket(
  facts: ClientPeriodFacts,
  settled: SettledWorkById,
  contract: ContractFacts,
  capId: string,
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
      const cap = invoiceId === null ? null : capOver(item, contract, capId, facts.tickets);
      if (cap === null || item.net === null) continue;
      const { ticketId } = known(facts.tickets, item.ticketId, 'the ticket of settled work,');
      let money = Money.from(item.net).minus(credited === null ? Money.zero(item.net.currency) : Money.from(credited));
      // What is told of the work already lowers what of it can be above the cap.
      const key = workIn(workItemId, money.currency);
      money = money.plus(less.get(key) ?? Money.zero(money.currency));
      less.delete(key);
      addTo(byTicket, ticketId, { part, work, cap, money });
    }
  }
  for (const asked of byTicket.values())
    asked.sort((a, b) => compareTexts(b.work.workDate, a.work.workDate) || b.work.position - a.work.position);
  return byTicket;
}

/**
 * The cap over a line, as it holds for it: a cap that is higher by now lets through what was above it, and one that is lower takes nothing back. null: none
 * was over it when it was priced, or none is by now.
 */
function capOver(
  item: FrozenItem,
  contract: ContractFacts,
  capId: string,
  tickets: ClientPeriodFacts['tickets'],
): Cap | null {
  const over = (version: ContractVersion | null | undefined): Cap | null => {
    const cap = version?.terms.caps?.find(({ id, scope }) => id === capId && scope === 'ticket');
    return cap !== undefined && countsUnder(item, contract.contractId, cap, tickets) ? cap : null;
  };
  const then = over(contract.versions.find(({ versionNumber }) => versionNumber === item.contractVersion));
  const now = over(versionOn(contract, item.workDate));
  if (then === null || now === null) return null;
  return isHigher(now, then) ? now : then;
}

function isHigher(one: Cap, other: Cap): boolean {
  return new Decimal(one.amount).greaterThan(other.amount);
}

/** Of work whose versions let through more and less. */
function highestOf(asked: readonly Asked[]): Cap {
  return asked.map(({ cap }) => cap).reduce((highest, cap) => (isHigher(cap, highest) ? cap : highest));
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
function aboveLimit(asked: readonly Asked[], before: Money): Money {
  const { currency } = before;
  const zero = Money.zero(currency);
  const most = (one: Money): Money => (one.isNegative() ? zero : one);
  const sum = (all: readonly Asked[]): Money =>
    Money.sum(
      all.map(({ money }) => money),
      currency,
    );
  const own = new Set(asked.map(({ part }) => part.item.ticketId));
  if (own.size < 2 && before.isZero()) return zero;
  const beyond = (all: readonly Asked[], used: Money): Money =>
    most(
      sum(all)
        .plus(used)
        .minus(Money.of(highestOf(all).amount, currency).rounded()),
    );
  const alone = [...own].map((ticketId) =>
    beyond(
      asked.filter(({ part }) => part.item.ticketId === ticketId),
      zero,
    ),
  );
  return most(beyond(asked, before).minus(Money.sum(alone, currency)));
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
