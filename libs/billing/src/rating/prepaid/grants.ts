import { Decimal, type LocalDate, Money, at, daysOf } from '@billtrail/kernel';
import { type Allotment, type PrepaidAmount, amountOf } from '@billtrail/contracts';
import { countingDays, withShares } from '../time/proration.js';
import type { ContractFacts } from '../facts.js';
import { coveredDays, restingDays } from '../time/covered-days.js';
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
  return [...grants.values()].flatMap((grant) => prorated(contract, grant, { from: first, to: last }));
}

interface Granted extends Grant {
  /** By the days of each version. */
  readonly parts: readonly Grant[];
}

/** What of an allotment is granted where a part of a month is less than all of it; nothing: only from the next month on. */
function prorated(
  contract: ContractFacts,
  { parts, ...grant }: Granted,
  month: { readonly from: LocalDate; readonly to: LocalDate },
): readonly Grant[] {
  const { base } = grant.allotment;
  const isStated = parts.some(({ allotment }) => allotment.proration !== undefined);
  if (!isStated || parts.some(({ allotment }) => currencyOf(allotment.base) !== currencyOf(base))) return [grant];
  const sized = parts.map(({ allotment, from, to }) => {
    const { increases = 'whole-period', decreases = 'whole-period' } = allotment.proration ?? {};
    return { from, to, sizes: [amountOf(allotment.base)], proration: { increases, decreases } };
  });
  const rests = restingDays(contract, month.from, month.to).filter(
    ({ version }) => version.terms.prepaid?.allotment?.id === grant.allotment.id,
  );
  const { days, ...counting } = countingDays(sized, { rests, elsewhere: [] }, month);
  const sum = withShares(days, counting, month).reduce((all, { by, share }) => {
    const { sizes } = at(sized, at(by, 0, 'the base of days'), 'the days of a base');
    return all.plus(at(sizes, 0, 'a base').times(share.counted).dividedBy(share.of));
  }, NOTHING);
  const granted =
    base.unit === 'minutes'
      ? wholeMinutes(sum)
      : prepaidAmount(Money.of(sum, base.money.currency).rounded().value, base.money.currency);
  if (amountOf(granted).isZero()) return [];
  const allotment = { ...grant.allotment, base: granted };
  return [
    amountOf(granted).equals(amountOf(base))
      ? { ...grant, allotment }
      : { ...grant, allotment, proratedBy: counting.rules.join(' and ') },
  ];
}

function wholeMinutes(minutes: Decimal): PrepaidAmount {
  return { unit: 'minutes', minutes: minutes.toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber() };
}

/** Of two terms of one allotment the later, with the larger base where both are in one unit. */
function larger(earlier: Allotment, later: Allotment): Allotment {
  const comparable = currencyOf(earlier.base) === currencyOf(later.base);
  return comparable && amountOf(earlier.base).gt(amountOf(later.base)) ? { ...later, base: earlier.base } : later;
}
