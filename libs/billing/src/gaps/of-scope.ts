import { Decimal, type Minutes, Money, type MoneyJson, addTo, at } from '@billtrail/kernel';
import type { Assessed } from '../rating/assessed.js';
import type { ClientPeriodFacts } from '../client-period.js';
import type { DerivedGap } from '../rating/facts.js';
import { declaredOutOfScope } from '../rating/coverage/scope.js';
import type { Pricers } from '../rating/price/pricing.js';

/** The ticket type whose work is meant to be short. */
export const QUICK_QUESTION = 'quick-question';

/** Covered time of one ticket, in the order of rating. */
interface CoveredTime {
  readonly assessed: Assessed;
  readonly minutes: Minutes;
}

interface Overrun {
  readonly minutes: Minutes;
  readonly money: MoneyJson | null;
  readonly cause: string;
  readonly sourceEventIds: readonly string[];
}

/**
 * Scope creep: a ticket whose included time passes the limit of the rule that included it, or a quick question whose covered time
 * passed its minutes. One gap for a ticket and period; of several findings the longest speaks, and all causes are named. Its value is the
 * minutes over the limit, at the card's rates of the work that lies over it, where there are such. Work that was declared out of scope is told whole
 * by `declaredScopeGaps`, and counts for no limit.
 */
export function scopeGaps(
  assessed: readonly Assessed[],
  facts: ClientPeriodFacts,
  pricers: Pricers,
): readonly DerivedGap[] {
  const gaps: DerivedGap[] = [];
  for (const covered of coveredTimeByTicket(assessed).values()) {
    const { ticket } = at(covered, 0, 'covered time of a ticket').assessed;
    const overruns = [
      ...overIncludedLimits(covered, pricers),
      ...overQuickQuestion(covered, facts.configuration.quickQuestionMinutes, pricers),
    ];
    const longest = overruns.reduce<Overrun | null>(
      (most, one) => (most === null || one.minutes > most.minutes ? one : most),
      null,
    );
    if (longest === null) continue;
    gaps.push({
      kind: 'scope-suspected',
      ticketId: ticket.ticketId,
      clientId: facts.clientId,
      period: facts.period,
      workItemId: null,
      valueAtRisk: { money: longest.money, minutes: longest.minutes },
      cause: overruns.map((one) => one.cause).join('; '),
      sourceEventIds: [...new Set(overruns.flatMap((one) => one.sourceEventIds))],
      dueOn: null,
    });
  }
  return gaps;
}

function coveredTimeByTicket(assessed: readonly Assessed[]): ReadonlyMap<string, readonly CoveredTime[]> {
  const byTicket = new Map<string, CoveredTime[]>();
  for (const one of assessed) {
    const { work, placement, earlier } = one;
    if (work.kind !== 'time' || placement === null || (earlier !== null && !one.isRest)) continue;
    if (placement.as !== 'included' && placement.as !== 'no-charge') continue;
    if (declaredOutOfScope(one.ticket, work.position) !== null) continue;
    addTo(byTicket, one.ticket.ticketId, { assessed: one, minutes: one.minutes });
  }
  return byTicket;
}

function overIncludedLimits(covered: readonly CoveredTime[], pricers: Pricers): readonly Overrun[] {
  const byRule = new Map<string, { limit: Minutes; name: string; times: CoveredTime[] }>();
  for (const time of covered) {
    const { placement } = time.assessed;
    if (placement?.as !== 'included') continue;
    const limit = placement.rule.includedMinutesPerTicket;
    if (limit === undefined) continue;
    const { contract, version } = placement.inForce;
    const key = `${contract.contractId}\u0000${version.versionNumber}\u0000${placement.rule.id}`;
    const known = byRule.get(key);
    if (known === undefined) byRule.set(key, { limit, name: placement.rule.name, times: [time] });
    else known.times.push(time);
  }
  return [...byRule.values()].flatMap(({ limit, name, times }) =>
    overrun(times, limit, `the ${limit} min that rule ${name} includes`, pricers),
  );
}

/** Of tickets that were merged each has its own type. */
function overQuickQuestion(covered: readonly CoveredTime[], limit: Minutes, pricers: Pricers): readonly Overrun[] {
  const quick = covered.filter(({ assessed: { ticket } }) => ticket.ticketType === QUICK_QUESTION);
  return quick.length === 0 ? [] : overrun(quick, limit, `the ${limit} min of a quick question`, pricers);
}

/** The part of the work that lies over the limit, walking along the order of rating. Nothing where the limit is kept. */
function overrun(times: readonly CoveredTime[], limit: Minutes, what: string, pricers: Pricers): readonly Overrun[] {
  let total = 0;
  let money: Money | null = null;
  let hasRate = true;
  for (const { assessed, minutes } of times) {
    const over = Math.max(total + minutes - Math.max(limit, total), 0);
    total += minutes;
    if (over === 0) continue;
    const perHour = hourlyOf(assessed, pricers);
    if (perHour === null || (money !== null && money.currency !== perHour.currency)) {
      hasRate = false;
      continue;
    }
    const value: Money = Money.of(perHour.times(over).value.div(new Decimal(60)), perHour.currency);
    money = money === null ? value : money.plus(value);
  }
  if (total <= limit) return [];
  return [
    {
      minutes: total - limit,
      money: hasRate && money !== null ? money.rounded().toJSON() : null,
      cause: `${total} min of covered work pass ${what} by ${total - limit} min`,
      sourceEventIds: [...new Set(times.flatMap(({ assessed }) => assessed.work.sourceEventIds))],
    },
  ];
}

function hourlyOf(assessed: Assessed, pricers: Pricers): Money | null {
  const { work, placement } = assessed;
  if (work.kind !== 'time' || placement?.as !== 'included') return null;
  const { workType, engineerRole } = work;
  return pricers.of(placement.inForce.version.terms).hourly({ workType, engineerRole, rateClass: assessed.rateClass });
}
