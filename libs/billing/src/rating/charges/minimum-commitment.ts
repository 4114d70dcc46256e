import { Decimal, Money, addDays, daysOf, invariant } from '@billtrail/kernel';
import type { MinimumCommitment } from '@billtrail/contracts';
import type { ContractPeriod } from './amount-discounts.js';
import { chargeIdOf } from '../../item/item-key.js';
import { NO_FIGURES } from './charge-basis.js';
import type { ChargeLedger } from './charge-ledger.js';
import { type ChargedLine, sumOf } from './charge-lines.js';
import { type CoveredDays, dayCount, eventsInForce } from '../time/covered-days.js';
import { roundingStep } from './fee-trace.js';
import type { TraceStep } from '../../item/trace.js';

interface Commitment {
  readonly minimum: MinimumCommitment;
  readonly days: CoveredDays;
  readonly versions: ReadonlySet<number>;
  /** What they ask for in a whole period. */
  readonly amounts: ReadonlySet<string>;
  readonly coveredDays: number;
  /** Prorated by covered days, exactly. */
  readonly required: Money;
}

/**
 * The minimum commitment of a contract in a period: what lacks to it is an item of its own. It is prorated by the covered days; work under
 * the versions that have it counts (recurring charges where it says so), before the discounts that come after the minimum, and percent
 * discounts of that order then lower the item too. Returns its line, for the amount discounts that come after; null: nothing lacks.
 */
export function chargeMinimum(of: ContractPeriod, book: ChargeLedger): ChargedLine | null {
  const commitment = commitmentOf(of);
  if (commitment === null) return null;
  const { first, last } = daysOf(of.period);
  const { minimum, days, required } = commitment;
  const { contractId } = of.contract;
  const chargeId = chargeIdOf({ contractId, of: 'minimum', termId: minimum.id, from: first });
  const counted = of.lines.filter(
    (line) => commitment.versions.has(line.contractVersion) && (line.work !== null || minimum.countsRecurring),
  );
  const reached = sumOf(counted, 'measured', of.currency);
  const lacking = required.minus(reached);
  if (lacking.isNegative() || lacking.rounded().isZero()) return null;
  const percent = percentAfterMinimum(days);
  const exact = lacking.times(new Decimal(100).minus(percent)).dividedBy(100);
  const net = exact.rounded();
  invariant(!net.isNegative(), () => `the minimum ${minimum.id} asks for ${net.toString()}`);
  invariant(net.compare(lacking.rounded()) <= 0, () => `the minimum ${minimum.id} asks for more than lacks`);
  book.expect({
    chargeId,
    kind: 'minimum',
    description: minimum.name,
    from: first,
    to: last,
    quantity: '1',
    unit: 'period',
    unitPrice: net.toJSON(),
    net: net.toJSON(),
    taxCategory: minimum.taxCategory,
    contractId: of.contract.contractId,
    contractVersion: days.version.versionNumber,
    ticketId: null,
    sourceEventIds: eventsInForce(of.contract, days).map(({ eventId }) => eventId),
    basis: {
      ...NO_FIGURES,
      termId: minimum.id,
      required: required.value.toFixed(),
      coveredDays: commitment.coveredDays,
      minimum: {
        reached: reached.plain(),
        percentOff: percent.toFixed(),
        perPeriod: commitment.amounts.size === 1 ? minimum.amountPerPeriod : null,
        from: first,
        to: last,
        days: commitment.coveredDays,
        periodDays: dayCount({ from: first, to: last }),
      },
    },
    trace: [...traceOf(of, commitment, required, reached, percent), roundingStep(exact, net)],
    billableFrom: addDays(last, 1),
  });
  const { taxCategory } = minimum;
  const invoiceId = book.earlier(chargeId)?.invoiceId ?? null;
  const contractVersion = days.version.versionNumber;
  const recipientId = book.recipientOf({ contractId, contractVersion, siteId: null, on: first }, [invoiceId]);
  const supplied = { on: first, invoiceId, recipientId };
  return { work: null, contractVersion, taxCategory, ...supplied, remaining: net, measured: net };
}

function commitmentOf(of: ContractPeriod): Commitment | null {
  const { first, last } = daysOf(of.period);
  let required = Money.zero(of.currency);
  let coveredDays = 0;
  let latest: { minimum: MinimumCommitment; days: CoveredDays } | null = null;
  const versions = new Set<number>();
  const amounts = new Set<string>();
  for (const days of of.covered) {
    const minimum = days.version.terms.minimumCommitment;
    if (minimum === undefined) continue;
    required = required.plus(Money.of(minimum.amountPerPeriod, of.currency).times(dayCount(days)));
    coveredDays += dayCount(days);
    versions.add(days.version.versionNumber);
    amounts.add(minimum.amountPerPeriod);
    latest = { minimum, days };
  }
  if (latest === null) return null;
  return {
    ...latest,
    versions,
    amounts,
    coveredDays,
    required: required.dividedBy(dayCount({ from: first, to: last })),
  };
}

function percentAfterMinimum(days: CoveredDays): Decimal {
  let percent = new Decimal(0);
  for (const discount of days.version.terms.discounts ?? []) {
    if (discount.kind === 'percent' && discount.order === 'after-minimum') percent = percent.plus(discount.percent);
  }
  return Decimal.min(percent, 100);
}

function traceOf(
  of: ContractPeriod,
  { minimum, days, coveredDays }: Commitment,
  required: Money,
  reached: Money,
  percent: Decimal,
): readonly TraceStep[] {
  const { first, last } = daysOf(of.period);
  const periodDays = dayCount({ from: first, to: last });
  const contractVersion = days.version.versionNumber;
  const steps: TraceStep[] = [
    {
      step: 'charge',
      text:
        `minimum ${minimum.name} (${minimum.id}) of contract ${of.contract.contractId} version ${contractVersion}: ` +
        `${reached.toString()} of at least ${required.toString()} reached`,
      facts: {
        chargeTermId: minimum.id,
        contractId: of.contract.contractId,
        contractVersion,
        amountPerPeriod: minimum.amountPerPeriod,
        countsRecurring: minimum.countsRecurring,
        required: required.value.toFixed(),
        reached: reached.toJSON().amount,
        coveredDays: String(coveredDays),
        currency: of.currency,
      },
    },
    {
      step: 'proration',
      text: `${minimum.amountPerPeriod} ${of.currency} x ${coveredDays} of ${periodDays} days of ${of.period}`,
      facts: { coveredDays, cycleDays: periodDays, cycleFrom: first, cycleTo: last },
    },
  ];
  if (!percent.isZero()) {
    steps.push({
      step: 'discount',
      text: `${percent.toFixed()} % off, after the minimum was measured`,
      facts: { percent: percent.toFixed(), order: 'after-minimum' },
    });
  }
  return steps;
}
