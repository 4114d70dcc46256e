import { type Currency, Money, type MoneyJson, type Partly, minorUnitDigits } from '@billtrail/kernel';
import { type Note, isStated, noteRepeats } from '../problems.js';
import type { RecurringCharge } from '../terms/charges.js';
import type { CoverageRule } from '../terms/coverage-rule.js';
import type { Allotment, BlockRenewal, PrepaidAmount } from '../terms/prepaid.js';
import { SLA_TARGETS, type SlaPolicy } from '../terms/service-levels.js';
import { inspectBusinessCalendar } from './calendar.js';

/* What members of one part of the terms say about each other. */

export function inspectCoverage(note: Note, rules: Partly<readonly CoverageRule[]>): void {
  noteRepeats(
    rules,
    ({ id }) => id,
    (index, first, id) => note(`terms.coverage[${index}].id`, `${id} is already the id of terms.coverage[${first}]`),
  );
  rules.forEach((rule, index) => {
    if (rule?.outcome === undefined || rule.outcome === 'included') return;
    for (const name of ['includedMinutesPerTicket', 'incident'] as const)
      if (isStated(rule, name)) note(`terms.coverage[${index}].${name}`, 'belongs to a rule whose outcome is included');
  });
}

export function inspectRecurringCharges(note: Note, charges: Partly<readonly RecurringCharge[]>): void {
  charges.forEach((charge, index) => {
    if (charge?.basis === undefined) return;
    const path = `terms.recurringCharges[${index}]`;
    const isCounted = charge.basis === 'per-device' || charge.basis === 'per-user';
    if (isCounted && !isStated(charge, 'countOf')) note(`${path}.countOf`, 'is required');
    for (const name of ['countOf', 'commitment', 'tiers', 'tierPricing', 'minimumCount'] as const)
      if (!isCounted && isStated(charge, name)) note(`${path}.${name}`, 'belongs to per-device and per-user charges');
    inspectUnitPrice(note, path, charge, isCounted);
  });
}

/** One price, or tiers that rise to the last unit: each unit has exactly one price. */
function inspectUnitPrice(note: Note, path: string, charge: Partly<RecurringCharge>, isCounted: boolean): void {
  const hasTiers = isCounted && isStated(charge, 'tiers');
  if (!hasTiers) {
    if (!isStated(charge, 'price')) note(`${path}.price`, isCounted ? 'is required, or tiers' : 'is required');
    if (isCounted && isStated(charge, 'tierPricing')) note(`${path}.tierPricing`, 'belongs to a charge with tiers');
    return;
  }
  if (isStated(charge, 'price')) note(`${path}.price`, 'is left out where tiers state what a unit costs');
  const { tiers = [] } = charge;
  inspectTierEnds(
    tiers.map((tier) => tier?.upTo),
    'units',
    (index, problem) => note(`${path}.tiers[${index}].upTo`, problem),
  );
}

/** Tiers rise, and the last one has no end. `ends` of a tier without its shape: undefined. */
export function inspectTierEnds(
  ends: readonly (number | null | undefined)[],
  what: 'minutes' | 'units',
  noteEnd: (index: number, problem: string) => void,
): void {
  let reached = 0;
  ends.forEach((end, index) => {
    if (end === undefined) return;
    const isLast = index === ends.length - 1;
    if (end === null) {
      if (!isLast) noteEnd(index, 'is without end: the tiers after it would never be reached');
      return;
    }
    if (end <= reached) noteEnd(index, `must be more than the ${reached} of the tier before`);
    reached = Math.max(reached, end);
    if (isLast) noteEnd(index, `must be null on the last tier: ${what} beyond would have no price`);
  });
}

/** Warnings rise, and where one clock counts both targets the resolution is not due before the response. */
export function inspectPolicy(note: Note, path: string, policy: Partly<SlaPolicy>): void {
  if (policy.calendar !== undefined) inspectBusinessCalendar(note, `${path}.calendar`, policy.calendar);
  for (const [priority, targets] of Object.entries(policy.targets ?? {})) {
    const [response, resolution] = SLA_TARGETS.map((target) => targets?.[target]);
    if (response?.minutes === undefined || resolution?.minutes === undefined || response.clock !== resolution.clock)
      continue;
    if (resolution.minutes < response.minutes)
      note(
        `${path}.targets.${priority}.resolution.minutes`,
        `is ${resolution.minutes}, sooner than the response after ${response.minutes}`,
      );
  }
  let before = 0;
  policy.warnAtPercent?.forEach((percent, index) => {
    if (percent === undefined) return;
    if (percent <= before) note(`${path}.warnAtPercent[${index}]`, `must be more than the ${before} before it`);
    before = percent;
  });
}

/** What a block or an allotment holds, in the contract's currency where that is known. */
export function inspectPrepaidAmount(
  note: Note,
  path: string,
  amount: Partly<PrepaidAmount> | undefined,
  currency: Currency | null,
): void {
  if (amount?.unit === 'money') inspectMoney(note, `${path}.money`, amount.money, currency);
}

/** What an allotment holds, and how much of it rolls over. */
export function inspectAllotment(note: Note, path: string, one: Partly<Allotment>, currency: Currency | null): void {
  const { base, rollOver, rollOverAtMost: most } = one;
  inspectPrepaidAmount(note, `${path}.base`, base, currency);
  inspectPrepaidAmount(note, `${path}.rollOverAtMost`, most, currency);
  if (rollOver === undefined) return;
  if (rollOver === 'periods' && !isStated(one, 'rollOverPeriods')) note(`${path}.rollOverPeriods`, 'is required');
  if (rollOver !== 'periods' && isStated(one, 'rollOverPeriods'))
    note(`${path}.rollOverPeriods`, 'belongs to an allotment whose rollOver is periods');
  if (rollOver === 'none' && isStated(one, 'rollOverAtMost'))
    note(`${path}.rollOverAtMost`, 'belongs to an allotment that rolls over: state rollOver');
  if (most?.unit !== undefined && base?.unit !== undefined && most.unit !== base.unit)
    note(`${path}.rollOverAtMost.unit`, `must be ${base.unit}, as that of the base`);
}

/** When another block is bought. */
export function inspectBlockRenewal(
  note: Note,
  path: string,
  { below, drawable }: Partly<BlockRenewal>,
  currency: Currency | null,
): void {
  inspectPrepaidAmount(note, `${path}.below`, below, currency);
  if (drawable === 'paid')
    note(
      `${path}.drawable`,
      'paid is not possible yet, for payments are not recorded: state purchased, or leave it out, and the block can be drawn when it is bought',
    );
}

/** Money that is held or paid for is whole minor units: less than one could never be drawn or paid. */
export function inspectMoney(
  note: Note,
  path: string,
  { amount, currency: given }: Partly<MoneyJson> = {},
  currency: Currency | null,
): void {
  if (given === undefined) return;
  if (amount !== undefined && !isWhole(amount, given)) noteFraction(note, `${path}.amount`, given);
  if (currency !== null && given !== currency)
    note(`${path}.currency`, `is ${given}, but the rate card is in ${currency}`);
}

export function isWhole(amount: string, currency: Currency): boolean {
  const stated = Money.of(amount, currency);
  return stated.rounded().equals(stated);
}

export function noteFraction(note: Note, path: string, currency: Currency): void {
  note(path, `must be whole minor units: ${currency} has ${minorUnitDigits(currency)} decimals`);
}
