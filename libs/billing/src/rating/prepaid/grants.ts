import { Decimal, type LocalDate, Money, at, daysOf } from '@billtrail/kernel';
import { type Allotment, type PrepaidAmount, amountOf } from '@billtrail/contracts';
import { type Share, sharesOf } from '../charges/proration.js';
import type { ContractFacts } from '../facts.js';
import { coveredDays, dayCount } from '../time/covered-days.js';
import { currencyOf, prepaidAmount } from './prepaid-amount.js';
import { NOTHING } from './supply.js';

/** An allotment of a month, as a contract grants it. */
export interface Grant {
  readonly allotment: Allotment;
  /** First and last day of the month on which a version that grants it is in force. */
  readonly from: LocalDate;
  readonly to: LocalDate;
  /** By which rules it is less than the base of a month. Absent: it is all of it. */
  readonly proratedBy?: string;
}

/**
 * The allotments of a month, each once, by any version in force on a day of it: whole, unless its terms say otherwise of a part of a month. Where a new
 * version changes a whole base within the month, the larger base holds: what was drawn before the change is never too much.
 */
export function grantsOf(contract: ContractFacts, month: string): readonly Grant[] {
  if (contract.versions.every((version) => version.terms.prepaid?.allotment === undefined)) return [];
  const { first, last } = daysOf(month);
  const grants = new Map<string, Granted>();
  for (const { version, from, to } of coveredDays(contract, first, last)) {
    const allotment = version.terms.prepaid?.allotment;
    if (allotment === undefined) continue;
    const known = grants.get(allotment.id);
    grants.set(allotment.id, {
      allotment: known === undefined ? allotment : larger(known.allotment, allotment),
      from: known?.from ?? from,
      to,
      parts: [...(known?.parts ?? []), { allotment, from, to }],
    });
  }
  return [...grants.values()].flatMap((grant) => prorated(grant, { from: first, to: last }));
}

interface Granted extends Grant {
  /** By the days of each version. */
  readonly parts: readonly Grant[];
}

/** What of an allotment is granted where a part of a month is less than all of it; nothing: only from the next month on. */
function prorated(
  { parts, ...grant }: Granted,
  month: { readonly from: LocalDate; readonly to: LocalDate },
): readonly Grant[] {
  const { base } = grant.allotment;
  const isStated = parts.some(({ allotment }) => allotment.proration !== undefined);
  if (!isStated || parts.some(({ allotment }) => currencyOf(allotment.base) !== currencyOf(base))) return [grant];
  const sized = parts.map(({ allotment, from, to }) => {
    const { increases = 'whole-period', decreases = 'whole-period' } = allotment.proration ?? {};
    return { from, to, size: amountOf(allotment.base), proration: { increases, decreases } };
  });
  const shares = sharesOf(sized, month) ?? sized.map((days) => sharedByDay(days, month));
  const sum = shares.reduce((all, { counted, of }, index) => {
    const { size } = at(sized, index, 'the base of a part');
    return all.plus(size.times(counted).dividedBy(of));
  }, NOTHING);
  const granted =
    base.unit === 'minutes'
      ? wholeMinutes(sum)
      : prepaidAmount(Money.of(sum, base.money.currency).rounded().value, base.money.currency);
  if (amountOf(granted).isZero()) return [];
  const allotment = { ...grant.allotment, base: granted };
  const rules = [...new Set(shares.flatMap((one) => one.rules))].join(' and ');
  return [
    amountOf(granted).equals(amountOf(base)) ? { ...grant, allotment } : { ...grant, allotment, proratedBy: rules },
  ];
}

function wholeMinutes(minutes: Decimal): PrepaidAmount {
  return { unit: 'minutes', minutes: minutes.toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber() };
}

function sharedByDay(
  days: { readonly from: LocalDate; readonly to: LocalDate },
  month: { readonly from: LocalDate; readonly to: LocalDate },
): Share {
  return { counted: new Decimal(dayCount(days)), of: dayCount(month), countsFor: days, rules: ['daily'] };
}

/** Of two terms of one allotment the later, with the larger base where both are in one unit. */
function larger(earlier: Allotment, later: Allotment): Allotment {
  const comparable = currencyOf(earlier.base) === currencyOf(later.base);
  return comparable && amountOf(earlier.base).gt(amountOf(later.base)) ? { ...later, base: earlier.base } : later;
}
