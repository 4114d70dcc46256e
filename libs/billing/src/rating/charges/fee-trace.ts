import type { Money } from '@billtrail/kernel';
import type { Trace, TraceStep } from '../../item/trace.js';
import type { VersionEvent } from '../facts.js';
import { dayCount, eventsInForce } from '../time/covered-days.js';
import { daysHeld } from './charged-days.js';
import { isCounted } from './counts.js';
import { countedBelowMinimum, exactBefore, exactFee, netFee, percentOff, unusedIn } from './fee.js';
import { type RecurringStretch, countedDays, unitsOf } from './stretch.js';
import { sumOfUnits, unitsText } from './units.js';

/** The events that a fee comes from: those that brought the version in force and keep it there, and that of the count (law L6). */
export function sourcesOfFee({ contract, days, countEventIds }: RecurringStretch): readonly string[] {
  return [...eventsInForce(contract, days).map(({ eventId }) => eventId), ...countEventIds];
}

/** Why the fee is what it is: what is charged, the proration, the discounts, the one rounding. */
export function traceOfFee(stretch: RecurringStretch): Trace {
  const { charge, contract, days, cycle, count, share } = stretch;
  const { currency } = days.version.terms.rateCard;
  const exact = exactFee(stretch);
  const before = exactBefore(stretch);
  const coveredCount = dayCount(days);
  const cycleCount = dayCount(cycle);
  const renewed = eventsInForce(contract, days).findLast(({ renewal }) => renewal !== undefined)?.renewal;
  const units = unitsOf(stretch);
  const [only] = units.length === 1 ? units : [];
  const counted = isCounted(charge) ? `${count} ${charge.countOf ?? ''}` : '';
  const priced =
    only === undefined
      ? `${counted}, ${unitsText(units)}: ${sumOfUnits(units).toFixed()}`
      : `${counted === '' ? '' : `${counted} x `}${only.price}`;
  const steps: TraceStep[] = [
    {
      step: 'charge',
      text: `${charge.name} (${charge.id}), ${charge.basis} of contract ${contract.contractId} version ${days.version.versionNumber}, ${days.from} to ${days.to}${renewedText(renewed)}`,
      facts: {
        chargeTermId: charge.id,
        basis: charge.basis,
        contractId: contract.contractId,
        contractVersion: days.version.versionNumber,
        from: days.from,
        to: days.to,
        countOf: charge.countOf ?? null,
        count: isCounted(charge) ? count : null,
        price: only?.price ?? null,
        ...(only === undefined ? { tiers: unitsText(units) } : {}),
        currency,
        ...(renewed === undefined ? {} : { renewedOn: renewed.on }),
        ...(stretch.daysBefore.isZero() ? {} : { exactOfDaysBefore: before.value.toFixed() }),
      },
    },
    {
      step: 'proration',
      text: `${priced} ${currency} x ${prorationText(stretch)} of ${cycle.from} to ${cycle.to}`,
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
  const least = countedBelowMinimum(stretch);
  if (least !== null) {
    steps.push({
      step: 'charge',
      text: `${least} ${charge.countOf ?? ''} counted: at least ${charge.minimumCount ?? 0} are charged`,
      facts: { counted: least, minimumCount: charge.minimumCount ?? null },
    });
  }
  const unused = least === null ? unusedIn(stretch) : null;
  if (unused !== null) {
    steps.push({
      step: 'charge',
      text: `${unused.recorded} ${charge.countOf ?? ''} recorded from ${unused.from} on: ${unused.unused} unused licences, committed until ${charge.commitment?.until ?? ''}`,
      facts: { unused: unused.unused, recorded: unused.recorded, from: unused.from },
    });
  }
  const held = charge.commitment?.increaseOnly === true ? daysHeld(contract, days) : 0;
  if (held > 0) {
    steps.push({
      step: 'charge',
      text: `committed until ${charge.commitment?.until ?? ''}: charged for on ${held} days without the contract in force`,
      facts: { committedUntil: charge.commitment?.until ?? null, days: held },
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

function renewedText(renewed: VersionEvent['renewal']): string {
  if (renewed === undefined) return '';
  return `; the contract renewed on ${renewed.on}${renewed.until === null ? '' : ` to ${renewed.until}`}`;
}

/** `12 of 31 days`; by another rule than by the day, which it is and for how much it counts. */
function prorationText(stretch: RecurringStretch): string {
  const { days, cycle, share } = stretch;
  const own = `${dayCount(days)} of ${dayCount(cycle)} days`;
  if (share === undefined) return own;
  const rules = share.rules.join(' and ');
  if (!share.rules.includes('thirtieths')) return `${own} by ${rules}`;
  return `${countedDays(stretch).toDecimalPlaces(8).toFixed()} of ${share.of}, for ${own} by ${rules},`;
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
