import {
  Decimal,
  type LocalDate,
  type Month,
  addDays,
  at,
  daysOf,
  known,
  monthOf,
  monthsBetween,
  monthsLater,
} from '@billtrail/kernel';
import type { RecurringCharge } from '@billtrail/contracts';
import { cycleOn, cyclesIn, isMonthOfCalendar } from './cycles.js';
import type { Cycle } from '../time/cycle.js';
import { chargedDays } from './charged-days.js';
import { byCount } from './counts.js';
import { percentOff, percentsOff } from './fee.js';
import { isJoined, joinedIn, knownBy, knownIn } from './joined.js';
import { type CountedBy, type OtherDays, type Sized, countingDays, withShares } from '../time/proration.js';
import { type RecurringStretch, clipped, countedDays, unitsOf } from './stretch.js';
import { sumOfUnits, unitsAtPrices } from './units.js';
import { type CoveredDays, coveredDays, dayCount, restingDays } from '../time/covered-days.js';
import type { ContractFacts } from '../facts.js';

const NONE = new Decimal(0);

/** The month in whose account the charges of a cycle are: its first where billed in advance, else that of the last day that is charged for. */
function accountMonth(contract: ContractFacts, charge: RecurringCharge, cycle: Cycle): string {
  if (charge.billed === 'in-advance') return monthOf(cycle.from);
  if (isMonthOfCalendar(charge)) return monthOf(cycle.to);
  return monthOf(daysCharged(contract, charge, cycle).at(-1)?.to ?? cycle.to);
}

/** The days of a cycle that a term is charged for. */
function daysCharged(contract: ContractFacts, { id }: RecurringCharge, { from, to }: Cycle): readonly CoveredDays[] {
  return chargedDays(contract, id, from, to);
}

/** The first day of the cycle that the term is charged for: in advance, all that the cycle costs is asked for from then on. */
export function firstDayCharged({ contract, charge, cycle, days, share }: RecurringStretch): LocalDate {
  if (share === undefined && days.from === cycle.from) return days.from;
  return daysCharged(contract, charge, cycle)[0]?.from ?? days.from;
}

/** The last day of the cycle that the term is charged for: in arrears, nothing that the cycle costs is asked for before it has passed. */
export function lastDayCharged({ contract, charge, cycle, days, share }: RecurringStretch): LocalDate {
  if (share === undefined && days.to === cycle.to) return days.to;
  return daysCharged(contract, charge, cycle).at(-1)?.to ?? days.to;
}

/** The stretches whose charges are in the account of a month. */
export function stretchesBilledIn(contract: ContractFacts, month: string): readonly RecurringStretch[] {
  const hasJoined = contract.versions.some(({ terms }) => terms.recurringCharges?.some(isJoined));
  const whole = stretchesOf(contract, month, (charge, cycle) => {
    if (hasJoined && isJoinedCycle(contract, charge.id, cycle)) return null;
    return accountMonth(contract, charge, cycle) === month ? cycle : null;
  });
  return hasJoined ? [...whole, ...stretchesJoinedIn(contract, month)] : whole;
}

/** True where units join and leave a cycle as the versions in force have it: then each month's account has its part of the whole cycle. */
function isJoinedCycle(contract: ContractFacts, termId: string, cycle: Cycle): boolean {
  return stretchesOfCycle(contract, termId, cycle).some(({ charge }) => isJoined(charge));
}

/** Of the terms whose units join and leave a cycle, what the account of a month has of it. */
function stretchesJoinedIn(contract: ContractFacts, month: string): readonly RecurringStretch[] {
  const cycles = new Map<string, { readonly termId: string; readonly cycle: Cycle }>();
  const late = (contract.counts ?? []).filter((one) => monthOf(one.from) < month && knownIn(contract, one) === month);
  const earliest = late.map(({ from }) => monthOf(from)).sort()[0] ?? month;
  for (const touched of monthsBetween(earliest, month))
    for (const version of contract.versions)
      for (const charge of version.terms.recurringCharges ?? [])
        for (const cycle of isJoined(charge) ? cyclesIn(contract, version, charge, touched) : [])
          cycles.set(`${charge.id} ${cycle.from} ${cycle.to}`, { termId: charge.id, cycle });
  return [...cycles.values()].flatMap(({ termId, cycle }) => joinedInAccount(contract, termId, cycle, month) ?? []);
}

/** What joined a cycle in a month, or was there in its first; null: no units join this cycle. */
function joinedInAccount(
  contract: ContractFacts,
  termId: string,
  cycle: Cycle,
  month: string,
): readonly RecurringStretch[] | null {
  const stretches = stretchesOfCycle(contract, termId, cycle);
  const [first] = stretches;
  if (first === undefined || !stretches.some(({ charge }) => isJoined(charge))) return null;
  const begins = monthOf(first.days.from);
  if (month < begins) return [];
  // Without a count there is no price at all: the first account tells.
  if (stretches.some(({ count }) => count === null)) return month === begins ? inRunningDays(stretches) : [];
  const as = (by: Month): Changes => changesOf(knownBy(contract, by), termId, cycle, by);
  const now = as(month);
  const before = month === begins ? null : as(monthsLater(month, -1));
  const joined = joinedIn(now.stretches, before?.stretches ?? []);
  const rules = [...new Set([...now.rules, ...(before?.rules ?? [])])];
  const edges = new Map([...(before?.edges ?? []), ...now.edges]);
  return inRunningDays(sharing(joined, { rules, edges }, cycle).filter(({ count }) => count !== 0));
}

/** The stretches of one month by its days of their cycles, whenever they are billed. */
export function stretchesWithin(contract: ContractFacts, month: string): readonly RecurringStretch[] {
  const { first, last } = daysOf(month);
  return stretchesOf(contract, month, (_charge, { from, to }) => ({
    from: from > first ? from : first,
    to: to < last ? to : last,
  }));
}

/**
 * The stretches of a term within days that are of an account, as the versions in force have it, whatever its cycles are there. Where the account has
 * units that joined only, it has nothing of cycles that none join: those are of the account that asked for the days first.
 */
export function stretchesOver(
  contract: ContractFacts,
  termId: string,
  within: { readonly from: LocalDate; readonly to: LocalDate },
  account: string,
  hasJoinersOnly: boolean,
): readonly RecurringStretch[] {
  const cycles = new Map<string, Cycle>();
  for (const version of contract.versions)
    for (const charge of version.terms.recurringCharges ?? [])
      for (let day = within.from; charge.id === termId && day <= within.to;) {
        const cycle = cycleOn(contract, version, charge, day);
        cycles.set(`${cycle.from} ${cycle.to}`, cycle);
        day = addDays(cycle.to, 1);
      }
  return [...cycles.values()]
    .flatMap((cycle) => {
      const joined = joinedInAccount(contract, termId, cycle, account);
      return joined ?? (hasJoinersOnly ? [] : inRunningDays(stretchesThatCount(contract, termId, cycle)));
    })
    .flatMap((stretch) => clipped(stretch, within));
}

/** The stretches of a term in one of its cycles, all of them; as they are at the end of a month, where one is given. */
function stretchesOfCycle(
  contract: ContractFacts,
  termId: string,
  cycle: Cycle,
  by: Month | null = null,
): readonly RecurringStretch[] {
  return chargedDays(contract, termId, cycle.from, cycle.to).flatMap((days) => {
    const charge = days.version.terms.recurringCharges?.find(({ id }) => id === termId);
    if (charge === undefined) return [];
    const own = cycleOn(contract, days.version, charge, days.from);
    return own.from === cycle.from && own.to === cycle.to ? byCount(contract, charge, days, cycle, by) : [];
  });
}

/** Stretches of a cycle as the contract says that changes within it count, and by which rules; without any: by the day, as they are. */
export interface Changes extends CountedBy {
  readonly stretches: readonly RecurringStretch[];
}

/** What counts of a term in one of its cycles, stretch by stretch: what the cycle costs. */
export function stretchesThatCount(contract: ContractFacts, termId: string, cycle: Cycle): readonly RecurringStretch[] {
  const { stretches, ...by } = changesOf(contract, termId, cycle);
  return sharing(stretches, by, cycle);
}

/** What counts of a term in one of its cycles, and by which rules; as it is known at the end of a month, where one is given. */
export function changesOf(contract: ContractFacts, termId: string, cycle: Cycle, asOf: Month | null = null): Changes {
  const stretches = stretchesOfCycle(contract, termId, cycle, asOf);
  const asTheyAre: Changes = { stretches, rules: [], edges: new Map() };
  if (!stretches.some(({ charge }) => charge.proration)) return asTheyAre;
  const sized: Sized[] = [];
  // Prices are compared by what the same number of units costs: by tiers that of some says nothing of the others.
  const most = Math.max(1, ...stretches.map(({ count }) => count ?? 0));
  for (const { days, charge, count } of stretches) {
    if (count === null) return asTheyAre;
    const { increases = 'daily', decreases = 'daily' } = charge.proration ?? {};
    const price = sumOfUnits(unitsAtPrices(charge, most)).times(new Decimal(100).minus(percentOff(days)));
    sized.push({
      from: days.from,
      to: days.to,
      sizes: [price, new Decimal(count)],
      proration: { increases, decreases },
    });
  }
  const { days, rules, edges } = countingDays(sized, otherDaysOf(contract, termId, cycle), cycle);
  if (rules.every((rule) => rule === 'daily')) return { ...asTheyAre, edges, rules: [] };
  const counting: RecurringStretch[] = [];
  for (const { from, to, by } of days) {
    const priced = at(stretches, at(by, 0, 'the price of days'), 'the stretch of a price');
    const counted = at(stretches, at(by, 1, 'the count of days'), 'the stretch of a count');
    const last = counting.at(-1);
    if (last?.days.version === priced.days.version && last.count === counted.count && addDays(last.days.to, 1) === from)
      counting[counting.length - 1] = { ...last, days: { ...last.days, to } };
    else
      counting.push({
        ...priced,
        days: { ...priced.days, from, to },
        count: counted.count,
        countEventIds: counted.countEventIds,
      });
  }
  return { stretches: counting, rules, edges };
}

/** The days of a cycle on which a term rests with its contract, and those that another cycle of it has. */
function otherDaysOf(contract: ContractFacts, termId: string, cycle: Cycle): OtherDays {
  const isOfCycle = ({ version, from }: CoveredDays): boolean | null => {
    const charge = version.terms.recurringCharges?.find(({ id }) => id === termId);
    if (charge === undefined) return null;
    const own = cycleOn(contract, version, charge, from);
    return own.from === cycle.from && own.to === cycle.to;
  };
  return {
    rests: restingDays(contract, cycle.from, cycle.to).filter((days) => isOfCycle(days) === true),
    elsewhere: chargedDays(contract, termId, cycle.from, cycle.to).filter((days) => isOfCycle(days) === false),
  };
}

/** Each stretch with how much of its cycle it counts for. */
function sharing(stretches: readonly RecurringStretch[], by: CountedBy, cycle: Cycle): readonly RecurringStretch[] {
  if (by.rules.length === 0) return stretches;
  const days = stretches.map((stretch) => ({ from: stretch.days.from, to: stretch.days.to }));
  const shares = withShares(days, by, cycle);
  return stretches.map((stretch, index) => {
    const { share } = at(shares, index, 'the share of a stretch');
    return { ...stretch, share: { ...share, ownDays: dayCount(stretch.days) } };
  });
}

function stretchesOf(
  contract: ContractFacts,
  month: string,
  daysFor: (charge: RecurringCharge, cycle: Cycle) => Cycle | null,
): readonly RecurringStretch[] {
  const covered = new Map<string, readonly CoveredDays[]>();
  const asTheyAre = (charge: RecurringCharge, cycle: Cycle, { from, to }: Cycle): readonly RecurringStretch[] => {
    const key = `${from} ${to}`;
    let runs = covered.get(key);
    if (runs === undefined) covered.set(key, (runs = coveredDays(contract, from, to)));
    return chargedDays(contract, charge.id, from, to, runs).flatMap((run) => byCount(contract, charge, run, cycle));
  };
  const isStated = contract.versions.some(({ terms }) => terms.recurringCharges?.some((one) => one.proration));
  const thatCount = ({ id }: RecurringCharge, cycle: Cycle, days: Cycle): readonly RecurringStretch[] =>
    stretchesThatCount(contract, id, cycle).flatMap((stretch) => clipped(stretch, days));
  const seen = new Set<string>();
  const stretches: RecurringStretch[] = [];
  for (const version of contract.versions) {
    for (const charge of version.terms.recurringCharges ?? []) {
      for (const cycle of cyclesIn(contract, version, charge, month)) {
        const days = daysFor(charge, cycle);
        if (days === null) continue;
        for (const stretch of (isStated ? thatCount : asTheyAre)(charge, cycle, days)) {
          if (stretch.days.version !== version) continue;
          const id = `${charge.id} ${stretch.days.from}`;
          if (!seen.has(id)) stretches.push(stretch);
          seen.add(id);
        }
      }
    }
  }
  return inRunningDays(stretches);
}

/** Each stretch with the days before it that have the same price, count and discounts in its cycle. */
export function inRunningDays(stretches: readonly RecurringStretch[]): readonly RecurringStretch[] {
  const running = new Map<string, Decimal>();
  const placed = new Map<RecurringStretch, Decimal>();
  for (const stretch of [...stretches].sort((a, b) => (a.days.from < b.days.from ? -1 : 1))) {
    const { charge, days, count } = stretch;
    const key = JSON.stringify([
      charge.id,
      count === null ? null : unitsOf(stretch).map(({ quantity, price }) => [quantity, price]),
      days.version.terms.rateCard.currency,
      percentsOff(days),
      ...(stretch.share === undefined ? [] : [stretch.cycle.from, stretch.share.of]),
    ]);
    const daysBefore = running.get(key) ?? NONE;
    placed.set(stretch, daysBefore);
    running.set(key, daysBefore.plus(countedDays(stretch)));
  }
  return stretches.map((stretch) => ({ ...stretch, daysBefore: known(placed, stretch, 'the days before a stretch') }));
}
