import { Decimal, type LocalDate, Money, addDays, at, daysOf, invariant, known, monthOf } from '@billtrail/kernel';
import type { RecurringCharge } from '@billtrail/contracts';
import { type Cycle, cycleOn, cyclesIn, isMonthOfCalendar } from './cycles.js';
import { byCount, isCounted, unusedOn } from './counts.js';
import { isJoined, joinedIn } from './joined.js';
import { type Sized, sharesOf } from './proration.js';
import type { RecurringStretch } from './stretch.js';
import { type CoveredDays, coveredDays, dayCount } from '../time/covered-days.js';
import type { FeeBasis } from '../../item/basis.js';
import type { ContractFacts } from '../facts.js';
import type { Trace, TraceStep } from '../../item/trace.js';

const NONE = new Decimal(0);

/** The month in whose account the charges of a cycle are: its first where billed in advance, else that of the last day that is charged for. */
function accountMonth(contract: ContractFacts, charge: RecurringCharge, cycle: Cycle): string {
  if (charge.billed === 'in-advance') return monthOf(cycle.from);
  if (isMonthOfCalendar(charge)) return monthOf(cycle.to);
  return monthOf(daysCharged(contract, charge, cycle).at(-1)?.to ?? cycle.to);
}

/** The days of a cycle that a term is charged for. */
function daysCharged(contract: ContractFacts, charge: RecurringCharge, { from, to }: Cycle): readonly CoveredDays[] {
  return coveredDays(contract, from, to).filter(({ version }) =>
    version.terms.recurringCharges?.some(({ id }) => id === charge.id),
  );
}

/** The first day of the cycle that the term is charged for: in advance, all that the cycle costs is asked for from then on. */
export function firstDayCharged({ contract, charge, cycle, days }: RecurringStretch): LocalDate {
  if (days.from === cycle.from) return days.from;
  return daysCharged(contract, charge, { from: cycle.from, to: days.from })[0]?.from ?? days.from;
}

/** The last day of the cycle that the term is charged for: in arrears, nothing that the cycle costs is asked for before it has passed. */
export function lastDayCharged({ contract, charge, cycle, days }: RecurringStretch): LocalDate {
  if (days.to === cycle.to) return days.to;
  return daysCharged(contract, charge, { from: days.to, to: cycle.to }).at(-1)?.to ?? days.to;
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
  for (const version of contract.versions)
    for (const charge of version.terms.recurringCharges ?? [])
      for (const cycle of isJoined(charge) ? cyclesIn(contract, version, charge, month) : [])
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
  if (!stretches.some(({ charge }) => isJoined(charge))) return null;
  return inRunningDays(shared(joinedIn(stretches, month), cycle));
}

/** The stretches of one month, whenever they are billed: what the month's fees are, for minimums and credits. */
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
  for (const { from, to, version } of coveredDays(contract, within.from, within.to)) {
    const charge = version.terms.recurringCharges?.find(({ id }) => id === termId);
    if (charge === undefined) continue;
    for (let day = from; day <= to;) {
      const cycle = cycleOn(contract, version, charge, day);
      cycles.set(`${cycle.from} ${cycle.to}`, cycle);
      day = addDays(cycle.to, 1);
    }
  }
  const whole = (cycle: Cycle): readonly RecurringStretch[] =>
    hasJoinersOnly ? [] : inRunningDays(withShares(contract, stretchesOfCycle(contract, termId, cycle)));
  return [...cycles.values()]
    .flatMap((cycle) => joinedInAccount(contract, termId, cycle, account) ?? whole(cycle))
    .flatMap((stretch) => clipped(stretch, within));
}

/** The stretches of a term in one of its cycles, all of them. */
function stretchesOfCycle(contract: ContractFacts, termId: string, cycle: Cycle): readonly RecurringStretch[] {
  return coveredDays(contract, cycle.from, cycle.to).flatMap((days) => {
    const charge = days.version.terms.recurringCharges?.find(({ id }) => id === termId);
    if (charge === undefined) return [];
    const own = cycleOn(contract, days.version, charge, days.from);
    return own.from === cycle.from && own.to === cycle.to ? byCount(contract, charge, days, cycle) : [];
  });
}

/** Each stretch with how much of its cycle it counts for, where the contract says how changes within a cycle count. */
function withShares(contract: ContractFacts, stretches: readonly RecurringStretch[]): readonly RecurringStretch[] {
  const isStated = contract.versions.some(({ terms }) => terms.recurringCharges?.some((one) => one.proration));
  if (!isStated) return stretches;
  const byCycle = new Map<string, readonly RecurringStretch[]>();
  return stretches.map((stretch) => {
    const { charge, cycle, days } = stretch;
    const key = `${charge.id} ${cycle.from} ${cycle.to}`;
    let whole = byCycle.get(key);
    if (whole === undefined) byCycle.set(key, (whole = shared(stretchesOfCycle(contract, charge.id, cycle), cycle)));
    const share = whole.find((one) => one.days.from <= days.from && days.to <= one.days.to)?.share;
    return share === undefined ? stretch : { ...stretch, share };
  });
}

function shared(stretches: readonly RecurringStretch[], cycle: Cycle): readonly RecurringStretch[] {
  const sized: Sized[] = [];
  for (const { days, charge, count } of stretches) {
    if (count === null) return stretches;
    const { increases = 'daily', decreases = 'daily' } = charge.proration ?? {};
    const size = new Decimal(charge.price).times(count).times(new Decimal(100).minus(percentOff(days)));
    sized.push({ from: days.from, to: days.to, size, proration: { increases, decreases } });
  }
  const shares = sharesOf(sized, cycle);
  if (shares === null) return stretches;
  return stretches.map((stretch, index) => ({
    ...stretch,
    share: { ...at(shares, index, 'the share of a stretch'), ownDays: dayCount(stretch.days) },
  }));
}

/** The days that a stretch counts for in its cycle: its own, where nothing else is stated. */
export function countedDays({ days, share }: Pick<RecurringStretch, 'days' | 'share'>): Decimal {
  const own = new Decimal(dayCount(days));
  return share === undefined ? own : share.counted.times(own).dividedBy(share.ownDays);
}

/** The days that a stretch is charged for: its own, or those that it counts for by the contract's rule. */
export function daysPaidFor({ days, share }: RecurringStretch): { readonly from: LocalDate; readonly to: LocalDate } {
  const isWhole = share !== undefined && share.ownDays === dayCount(days);
  const { from, to } = (isWhole ? share.countsFor : null) ?? days;
  return { from, to };
}

/** What of a stretch lies within days. */
export function clipped(
  stretch: RecurringStretch,
  within: { readonly from: LocalDate; readonly to: LocalDate },
): readonly RecurringStretch[] {
  const { days } = stretch;
  const from = days.from > within.from ? days.from : within.from;
  const to = days.to < within.to ? days.to : within.to;
  if (from > to) return [];
  const daysBefore =
    from === days.from
      ? stretch.daysBefore
      : stretch.daysBefore.plus(countedDays({ ...stretch, days: { ...days, to: addDays(from, -1) } }));
  return [{ ...stretch, daysBefore, days: { ...days, from, to } }];
}

function stretchesOf(
  contract: ContractFacts,
  month: string,
  daysFor: (charge: RecurringCharge, cycle: Cycle) => Cycle | null,
): readonly RecurringStretch[] {
  const covered = new Map<string, readonly CoveredDays[]>();
  const seen = new Set<string>();
  const stretches: RecurringStretch[] = [];
  for (const version of contract.versions) {
    for (const charge of version.terms.recurringCharges ?? []) {
      for (const cycle of cyclesIn(contract, version, charge, month)) {
        const days = daysFor(charge, cycle);
        if (days === null) continue;
        const key = `${days.from} ${days.to}`;
        let runs = covered.get(key);
        if (runs === undefined) covered.set(key, (runs = coveredDays(contract, days.from, days.to)));
        for (const stretch of runs.flatMap((run) =>
          run.version === version ? byCount(contract, charge, run, cycle) : [],
        )) {
          const id = `${charge.id} ${stretch.days.from}`;
          if (!seen.has(id)) stretches.push(stretch);
          seen.add(id);
        }
      }
    }
  }
  return inRunningDays(withShares(contract, stretches));
}

/** Each stretch with the days before it that have the same price, count and discounts in its cycle. */
function inRunningDays(stretches: readonly RecurringStretch[]): readonly RecurringStretch[] {
  const running = new Map<string, Decimal>();
  const placed = new Map<RecurringStretch, Decimal>();
  for (const stretch of [...stretches].sort((a, b) => (a.days.from < b.days.from ? -1 : 1))) {
    const { charge, days, count } = stretch;
    const key = JSON.stringify([
      charge.id,
      charge.price,
      days.version.terms.rateCard.currency,
      count,
      percentsOff(days),
      ...(stretch.share === undefined ? [] : [stretch.cycle.from, stretch.share.of]),
    ]);
    const daysBefore = running.get(key) ?? NONE;
    placed.set(stretch, daysBefore);
    running.set(key, daysBefore.plus(countedDays(stretch)));
  }
  return stretches.map((stretch) => ({ ...stretch, daysBefore: known(placed, stretch, 'the days before a stretch') }));
}

function percentsOff(days: CoveredDays): readonly string[] {
  return [percentOff(days).toFixed(), percentOff(days, 'after-minimum').toFixed()];
}

/** Percent that the discounts of a version take off its recurring charges, at most 100. */
function percentOff(days: CoveredDays, only?: 'after-minimum'): Decimal {
  let percent = new Decimal(0);
  for (const discount of days.version.terms.discounts ?? []) {
    if (discount.kind !== 'percent' || discount.includesRecurring !== true) continue;
    if (only !== undefined && discount.order !== only) continue;
    percent = percent.plus(discount.percent);
  }
  return Decimal.min(percent, 100);
}

/** `price x count x covered days / days of the cycle`, less percent discounts, exactly. Throws where the stretch has no count. */
function exactFee(stretch: RecurringStretch): Money {
  return feeAt(stretch, countedDays(stretch), percentOff(stretch.days));
}

/** The exact fee of the days before that are charged alike. */
function exactBefore(stretch: RecurringStretch): Money {
  return feeAt(stretch, stretch.daysBefore, percentOff(stretch.days));
}

/** The same as a figure that a later rating goes on from; null: there are no such days. */
export function exactOfDaysBefore(stretch: RecurringStretch): string | null {
  return stretch.daysBefore.isZero() ? null : exactBefore(stretch).value.toFixed();
}

/** The fee of a stretch, rounded as a part of all the days of the cycle that are charged alike. */
export function netFee(stretch: RecurringStretch): Money {
  return roundedAfter(exactBefore(stretch), feeOfRun(stretch, percentOff(stretch.days)));
}

/** The fee as minimums measure it: without the discounts that come after the minimum. Rounded as {@link netFee} is. */
export function feeBeforeMinimum(stretch: RecurringStretch): Money {
  const before = percentOff(stretch.days).minus(percentOff(stretch.days, 'after-minimum'));
  const percent = before.isNegative() ? new Decimal(0) : before;
  return roundedAfter(feeAt(stretch, stretch.daysBefore, percent), feeOfRun(stretch, percent));
}

/** What is added to the rounded amount so far, where the exact amount grows from `before` to `whole`: such parts sum to the rounded whole. */
function roundedAfter(before: Money, whole: Money): Money {
  return whole.rounded().minus(before.rounded());
}

function feeOfRun(stretch: RecurringStretch, percent: Decimal): Money {
  return feeAt(stretch, stretch.daysBefore.plus(countedDays(stretch)), percent);
}

function feeAt({ charge, days, cycle, count, share }: RecurringStretch, counted: Decimal, percent: Decimal): Money {
  invariant(count !== null, `nobody recorded a count for ${charge.id} from ${days.from}`);
  return Money.of(charge.price, days.version.terms.rateCard.currency)
    .times(count)
    .times(counted)
    .times(new Decimal(100).minus(percent))
    .dividedBy(new Decimal(share?.of ?? dayCount(cycle)).times(100));
}

/** The figures of a fee, for documents. Throws where the stretch has no count. */
export function figuresOfFee(stretch: RecurringStretch): FeeBasis {
  const { charge, days, cycle, count, daysBefore, share } = stretch;
  invariant(count !== null, `nobody recorded a count for ${charge.id} from ${days.from}`);
  return {
    quantity: String(count),
    unitPrice: charge.price,
    ...daysPaidFor(stretch),
    days: countedDays(stretch).toFixed(),
    cycleDays: share?.of ?? dayCount(cycle),
    daysBefore: daysBefore.toFixed(),
    ...(share === undefined ? {} : { rules: share.rules }),
    percentOff: percentOff(days).toFixed(),
    net: netFee(stretch).toJSON().amount,
  };
}

/** Why the fee is what it is: what is charged, the proration, the discounts, the one rounding. */
export function traceOfFee(stretch: RecurringStretch): Trace {
  const { charge, contract, days, cycle, count, share } = stretch;
  const { currency } = days.version.terms.rateCard;
  const exact = exactFee(stretch);
  const before = exactBefore(stretch);
  const coveredCount = dayCount(days);
  const cycleCount = dayCount(cycle);
  const counted = isCounted(charge) ? `${count} ${charge.countOf ?? ''} x ` : '';
  const steps: TraceStep[] = [
    {
      step: 'charge',
      text: `${charge.name} (${charge.id}), ${charge.basis} of contract ${contract.contractId} version ${days.version.versionNumber}, ${days.from} to ${days.to}`,
      facts: {
        chargeTermId: charge.id,
        basis: charge.basis,
        contractId: contract.contractId,
        contractVersion: days.version.versionNumber,
        from: days.from,
        to: days.to,
        countOf: charge.countOf ?? null,
        count: isCounted(charge) ? count : null,
        price: charge.price,
        currency,
        ...(stretch.daysBefore.isZero() ? {} : { exactOfDaysBefore: before.value.toFixed() }),
      },
    },
    {
      step: 'proration',
      text: `${counted}${charge.price} ${currency} x ${prorationText(stretch)} of ${cycle.from} to ${cycle.to}`,
      facts: {
        coveredDays: coveredCount,
        cycleDays: cycleCount,
        cycleFrom: cycle.from,
        cycleTo: cycle.to,
        ...(share === undefined
          ? {}
          : { counted: countedDays(stretch).toFixed(), of: share.of, rules: share.rules.join(', ') }),
      },
    },
  ];
  const unused = charge.commitment?.increaseOnly === true ? unusedOn(contract, charge, count, days.to) : null;
  if (unused !== null) {
    steps.push({
      step: 'charge',
      text: `${unused.recorded} ${charge.countOf ?? ''} recorded from ${unused.from} on: ${unused.unused} unused licences, committed until ${charge.commitment?.until ?? ''}`,
      facts: { unused: unused.unused, recorded: unused.recorded, from: unused.from },
    });
  }
  const percent = percentOff(days);
  if (!percent.isZero()) {
    steps.push({
      step: 'discount',
      text: `${percent.toFixed()} % off recurring charges`,
      facts: { percent: percent.toFixed(), includesRecurring: true },
    });
  }
  if (stretch.daysBefore.isZero()) return [...steps, roundingStep(exact, exact.rounded())];
  const whole = before.rounded().plus(netFee(stretch));
  const step = roundingStep(exact, netFee(stretch));
  const text = `with the ${stretch.daysBefore.toFixed()} days before that are charged alike ${whole.toString()}, less ${before.rounded().toString()} for those -> ${netFee(stretch).toString()}`;
  return [...steps, { ...step, text, facts: { ...step.facts, daysBefore: stretch.daysBefore.toNumber() } }];
}

/** `12 of 31 days`; by another rule than by the day, which it is and for how much it counts. */
function prorationText(stretch: RecurringStretch): string {
  const { days, cycle, share } = stretch;
  const own = `${dayCount(days)} of ${dayCount(cycle)} days`;
  if (share === undefined) return own;
  return `${countedDays(stretch).toDecimalPlaces(8).toFixed()} of ${share.of}, for ${own} by ${share.rules.join(' and ')},`;
}

/** The last step of a charge: its one rounding. */
export function roundingStep(exact: Money, net: Money): TraceStep {
  const rounded = !net.equals(exact);
  return {
    step: 'amount',
    text: `${exact.value.toDecimalPlaces(8).toFixed()}${rounded ? ', rounded half up' : ''} -> ${net.toString()}`,
    facts: { exact: exact.value.toFixed(), rounding: 'half-up', net: net.toJSON().amount, currency: net.currency },
  };
}
