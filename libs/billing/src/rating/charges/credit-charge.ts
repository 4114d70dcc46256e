import { type LocalDate, Money, addDays } from '@billtrail/kernel';
import type { ContractVersion, ServiceLevels } from '@billtrail/contracts';
import type { ChargeBasis, CreditBasis } from '../../item/basis.js';
import { type ChargeKey, chargeIdOf } from '../../item/item-key.js';
import type { Trace } from '../../item/trace.js';
import type { ContractPeriod } from './amount-discounts.js';
import { NO_FIGURES } from './charge-basis.js';
import type { ExpectedCharge } from './charge-ledger.js';
import { type Share, inPart } from './credit-shares.js';

export type CreditKey = Extract<ChargeKey, { of: 'credit' | 'breaches' }>;

/** What a service credit is given for: one breach, or the number of them in a month. */
export interface CreditCause {
  readonly key: CreditKey;
  readonly version: ContractVersion;
  readonly levels: ServiceLevels;
  readonly description: string;
  readonly from: LocalDate;
  /** It is billable from the day after. */
  readonly to: LocalDate;
  /** null: it is of several tickets. */
  readonly ticketId: string | null;
  /** The breaches. */
  readonly sourceEventIds: readonly string[];
  /** Of a credit by number. */
  readonly breaches?: NonNullable<ChargeBasis['breaches']>;
  /** What was missed. */
  readonly missed: Trace[number];
}

/** As the terms state a credit: exactly one of both. */
export interface StatedCredit {
  readonly amount?: string | undefined;
  readonly percent?: string | undefined;
}

/** How a credit was measured. */
export interface MeasuredCredit {
  readonly stated: StatedCredit;
  /** What a percentage is of. */
  readonly measured: Money;
  readonly exact: Money;
  readonly whole: Money;
  /** What is left of the maximum of the period. */
  readonly room: Money;
  /** What is given: never more than there is room for. */
  readonly value: Money;
}

/** What a stated credit comes to, not rounded. */
export function statedOf({ amount, percent }: StatedCredit, measured: Money, currency: string): Money {
  return amount === undefined ? measured.times(percent ?? '0').dividedBy(100) : Money.of(amount, currency);
}

/** `given`: by other credits of the period. Without a maximum, all of them give at most what a percentage is of. */
export function measuredCredit(
  { currency }: ContractPeriod,
  { maximumCreditPerPeriod }: ServiceLevels,
  stated: StatedCredit,
  measured: Money,
  given: Money,
): MeasuredCredit {
  const exact = statedOf(stated, measured, currency);
  const maximum =
    maximumCreditPerPeriod === undefined ? measured : Money.of(maximumCreditPerPeriod, currency).rounded();
  const left = maximum.minus(given);
  const room = left.isNegative() ? Money.zero(currency) : left;
  const whole = exact.rounded();
  return { stated, measured, exact, whole, room, value: whole.compare(room) > 0 ? room : whole };
}

/** The id of a share that has not that of the whole credit. */
export function idOfShare(key: CreditKey, { taxCategory, isLeftOver, billTo }: Share): string {
  return chargeIdOf({
    ...key,
    ...(isLeftOver ? { isLeftOver } : { taxCategory }),
    ...(billTo === null ? {} : { billTo }),
  });
}

/** A share of a credit, under the id given. */
export function creditCharge(
  of: ContractPeriod,
  cause: CreditCause,
  credit: MeasuredCredit,
  share: Share,
  chargeId: string,
): ExpectedCharge {
  const { key, version, description, from, to, ticketId, sourceEventIds, breaches } = cause;
  const { taxCategory, value, isLeftOver, billTo } = share;
  return {
    chargeId,
    kind: 'service-credit',
    description: isLeftOver ? `${description}, more than the charges of the month hold: by credit note` : description,
    from,
    to,
    quantity: '-1',
    unit: 'credit',
    unitPrice: value.toJSON(),
    net: value.negated().toJSON(),
    taxCategory,
    contractId: of.contract.contractId,
    contractVersion: version.versionNumber,
    ticketId,
    sourceEventIds,
    basis: {
      ...NO_FIGURES,
      termId: key.termId,
      credit: { ...basisOf(credit), isLeftOver },
      ...(breaches === undefined ? {} : { breaches }),
      ...(billTo === null ? {} : { billTo }),
    },
    trace: traceOf(of, cause, credit, share),
    billableFrom: addDays(to, 1),
  };
}

function basisOf({ value, stated: { percent }, measured, whole }: MeasuredCredit): Omit<CreditBasis, 'isLeftOver'> {
  return {
    granted: value.toJSON().amount,
    percent: percent === undefined ? null : { of: measured.toJSON().amount, percent },
    stated: whole.toJSON().amount,
  };
}

function traceOf(
  { currency }: ContractPeriod,
  { missed, levels }: CreditCause,
  { stated: { amount, percent }, measured, exact, room, value }: MeasuredCredit,
  share: Share,
): Trace {
  const how =
    percent === undefined
      ? `${amount ?? ''} ${currency}`
      : `${percent} % of recurring charges of ${measured.toString()}`;
  const limit = levels.maximumCreditPerPeriod ?? 'the recurring charges';
  return [
    missed,
    {
      step: 'amount',
      text: `${how} = ${exact.toString()}, at most ${room.toString()} left of ${limit} a period -> -${value.toString()}${inPart(value, share)}`,
      facts: {
        exact: exact.value.toFixed(),
        rounding: 'half-up',
        room: room.toJSON().amount,
        net: share.value.negated().toJSON().amount,
        currency,
      },
    },
  ];
}
