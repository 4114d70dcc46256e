import { Money, addDays, addTo, at, daysOf } from '@billtrail/kernel';
import type { BreachStep, ContractVersion, CreditByBreaches, ServiceLevels } from '@billtrail/contracts';
import type { CreditBasis } from '../../item/basis.js';
import { chargeIdOf } from '../../item/item-key.js';
import type { Trace } from '../../item/trace.js';
import { versionOn } from '../coverage/step-1-contract.js';
import type { SlaBreach } from '../facts.js';
import type { ContractPeriod } from './amount-discounts.js';
import { NO_FIGURES } from './charge-basis.js';
import type { ChargeLedger, EarlierCharge, ExpectedCharge } from './charge-ledger.js';
import { type Share, inPart, settledShares, sharesOf, take } from './credit-shares.js';

/** A credit that the breaches of a month reach a step of. */
interface Reached {
  readonly term: CreditByBreaches;
  readonly step: BreachStep;
  /** In the order of their days. */
  readonly breaches: readonly SlaBreach[];
  /** Of the day of the last of them, which makes their number. */
  readonly version: ContractVersion;
  readonly levels: ServiceLevels;
}

/** The same with what documents carry of it. */
export interface CreditReached extends Reached {
  readonly chargeId: string;
  readonly settled: readonly EarlierCharge[];
  /** What that comes to. */
  readonly back: Money;
}

/**
 * The credits by number that the breaches of a month reach: each breach counts where the version of its day has the credit and it fits target and priority. What
 * documents carry of them takes its room in `rooms`.
 */
export function creditsReached(
  of: ContractPeriod,
  breaches: readonly SlaBreach[],
  book: ChargeLedger,
  rooms: Map<string, Money>,
): readonly CreditReached[] {
  const byCredit = new Map<string, { breach: SlaBreach; version: ContractVersion; levels: ServiceLevels }[]>();
  for (const breach of breaches) {
    const version = versionOn(of.contract, breach.breachedOn);
    const levels = version?.terms.serviceLevels;
    if (version === null || levels === undefined) continue;
    for (const term of levels.creditsByBreaches ?? [])
      if (counts(term, breach)) addTo(byCredit, term.id, { breach, version, levels });
  }
  return [...byCredit].flatMap(([termId, counted]): readonly CreditReached[] => {
    const { version, levels } = at(counted, counted.length - 1, 'the last breach');
    const term = levels.creditsByBreaches?.find(({ id }) => id === termId);
    const step = term?.steps.findLast(({ from }) => from <= counted.length);
    if (term === undefined || step === undefined) return [];
    const { contractId } = of.contract;
    const chargeId = chargeIdOf({ contractId, of: 'breaches', termId, from: daysOf(of.period).first });
    const settled = settledShares(chargeId, book, rooms);
    const back = Money.sum(
      settled.map(({ net }) => net.negated()),
      of.currency,
    );
    return [{ term, step, breaches: counted.map(({ breach }) => breach), version, levels, chargeId, settled, back }];
  });
}

function counts({ target, priorities }: CreditByBreaches, breach: SlaBreach): boolean {
  return (target ?? breach.target) === breach.target && (priorities?.includes(breach.priority) ?? true);
}

/**
 * Books one of them, and returns what it adds to all that was given, `given`, in which what documents carry of it is. It is what the number of breaches says now:
 * another step is an adjustment of what was asked. A percentage stays one of the charges on which a document measured it first, whatever they are now.
 */
export function creditByNumber(
  of: ContractPeriod,
  reached: CreditReached,
  { recurring, given, rooms }: { readonly recurring: Money; readonly given: Money; readonly rooms: Map<string, Money> },
  book: ChargeLedger,
): Money {
  const { term, step, settled, back, levels } = reached;
  const then = settled.flatMap(({ basis }) => basis.credit?.percent?.of ?? [])[0];
  const measured = then === undefined ? recurring : Money.of(then, of.currency);
  const { amount, percent } = step;
  const exact = amount === undefined ? measured.times(percent ?? '0').dividedBy(100) : Money.of(amount, of.currency);
  const limit = levels.maximumCreditPerPeriod;
  const maximum = limit === undefined ? measured : Money.of(limit, of.currency).rounded();
  const left = maximum.minus(given.minus(back));
  const room = left.isNegative() ? Money.zero(of.currency) : left;
  const whole = exact.rounded();
  const value = whole.compare(room) > 0 ? room : whole;
  if (value.equals(back)) return Money.zero(of.currency);
  // It is shared anew, as if no document had any of it.
  for (const { taxCategory, net, basis } of settled)
    if (basis.credit?.isLeftOver !== true) take(rooms, taxCategory, net);
  const basis: Omit<CreditBasis, 'isLeftOver'> = {
    granted: value.toJSON().amount,
    percent: percent === undefined ? null : { of: measured.toJSON().amount, percent },
    stated: whole.toJSON().amount,
  };
  const open = new Set(settled);
  for (const share of value.isZero() ? [] : sharesOf(term.taxCategory, value, rooms)) {
    if (!share.isLeftOver) take(rooms, share.taxCategory, share.value);
    const same = [...open].find((one) => isSame(one, share));
    if (same !== undefined) open.delete(same);
    const chargeId = same?.chargeId ?? idOfShare(of, reached, share);
    const trace = traceOf(of, reached, { measured, exact, room, value, share });
    book.expect(chargeOf(of, reached, chargeId, share, basis, trace));
  }
  const why = `recalculated: ${reached.breaches.length} breaches in the month`;
  for (const { chargeId } of open) book.expectNets(chargeId, [], why);
  return value.minus(back);
}

function isSame({ taxCategory, basis }: EarlierCharge, share: Share): boolean {
  return taxCategory === share.taxCategory && (basis.credit?.isLeftOver ?? false) === share.isLeftOver;
}

/** That of the stated category has the id of the credit, unless a document has that in another. */
function idOfShare({ contract, period }: ContractPeriod, reached: CreditReached, share: Share): string {
  const { term, chargeId, settled } = reached;
  const { taxCategory, isLeftOver } = share;
  const isFirst = !isLeftOver && taxCategory === term.taxCategory;
  if (isFirst && !settled.some((one) => one.chargeId === chargeId)) return chargeId;
  const key = { contractId: contract.contractId, of: 'breaches', termId: term.id, from: daysOf(period).first } as const;
  return chargeIdOf({ ...key, ...(isLeftOver ? { isLeftOver } : { taxCategory }) });
}

function chargeOf(
  { contract, period }: ContractPeriod,
  { term: { id, name }, step, breaches, version }: CreditReached,
  chargeId: string,
  { taxCategory, value, isLeftOver }: Share,
  basis: Omit<CreditBasis, 'isLeftOver'>,
  trace: Trace,
): ExpectedCharge {
  const { first: from, last: to } = daysOf(period);
  const described = `${name}, ${breaches.length} ${breaches.length === 1 ? 'breach' : 'breaches'}`;
  return {
    chargeId,
    kind: 'service-credit',
    description: isLeftOver ? `${described}, more than the charges of the month hold: by credit note` : described,
    from,
    to,
    quantity: '-1',
    unit: 'credit',
    unitPrice: value.toJSON(),
    net: value.negated().toJSON(),
    taxCategory,
    contractId: contract.contractId,
    contractVersion: version.versionNumber,
    ticketId: null,
    sourceEventIds: breaches.map(({ eventId }) => eventId),
    basis: {
      ...NO_FIGURES,
      termId: id,
      credit: { ...basis, isLeftOver },
      breaches: { counted: breaches.length, from: step.from },
    },
    trace,
    // Until the month is over there may be more of them.
    billableFrom: addDays(to, 1),
  };
}

/** How a credit was measured, and the share of it. */
interface Measured {
  readonly measured: Money;
  readonly exact: Money;
  readonly room: Money;
  readonly value: Money;
  readonly share: Share;
}

function traceOf(
  { contract: { contractId }, currency, period }: ContractPeriod,
  { term: { id, name }, step, breaches, version, levels }: CreditReached,
  { measured, exact, room, value, share }: Measured,
): Trace {
  const { versionNumber: contractVersion } = version;
  const counted = breaches.map(({ ticketId, target, breachedOn }) => `${target} of ${ticketId} on ${breachedOn}`);
  const how =
    step.percent === undefined
      ? `${step.amount ?? ''} ${currency}`
      : `${step.percent} % of recurring charges of ${measured.toString()}`;
  const limit = levels.maximumCreditPerPeriod ?? 'the recurring charges';
  return [
    {
      step: 'charge',
      text: `credit ${name} (${id}) of contract ${contractId} version ${contractVersion}: ${breaches.length} targets missed in ${period}: ${counted.join(', ')}; the step from ${step.from} on`,
      facts: {
        chargeTermId: id,
        contractId,
        contractVersion,
        counted: breaches.length,
        from: step.from,
        breachEventIds: breaches.map(({ eventId }) => eventId),
        currency,
      },
    },
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
