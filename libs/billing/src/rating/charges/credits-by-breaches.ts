import { Money, addTo, at, daysOf } from '@billtrail/kernel';
import type { BreachStep, ContractVersion, CreditByBreaches, ServiceLevels } from '@billtrail/contracts';
import { chargeIdOf } from '../../item/item-key.js';
import { versionOn } from '../coverage/step-1-contract.js';
import type { SlaBreach } from '../facts.js';
import type { ContractPeriod } from './amount-discounts.js';
import type { ChargeLedger, EarlierCharge } from './charge-ledger.js';
import {
  type CreditCause,
  type CreditKey,
  creditCharge,
  idOfShare,
  measuredCredit,
  statedOf,
} from './credit-charge.js';
import { type Room, type Share, settledShares, sharesOf, take } from './credit-shares.js';

/** A credit that the breaches of a month reach a step of. */
interface Reached {
  readonly term: CreditByBreaches;
  /** Those that are reached, in their order. Never empty. */
  readonly steps: readonly BreachStep[];
  /** In the order of their days. */
  readonly breaches: readonly SlaBreach[];
  /** Of the day of the last of them, which makes their number. */
  readonly version: ContractVersion;
  readonly levels: ServiceLevels;
}

/** The same with what documents carry of it. */
export interface CreditReached extends Reached {
  readonly key: CreditKey;
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
    const steps = term?.steps.filter(({ from }) => from <= counted.length) ?? [];
    if (term === undefined || steps.length === 0) return [];
    const { contractId } = of.contract;
    const key: CreditKey = { contractId, of: 'breaches', termId, from: daysOf(of.period).first };
    const settled = settledShares(chargeIdOf(key), book, rooms);
    const back = Money.sum(
      settled.map(({ net }) => net.negated()),
      of.currency,
    );
    return [{ term, steps, breaches: counted.map(({ breach }) => breach), version, levels, key, settled, back }];
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
  { recurring, paid, given, rooms }: Room,
  book: ChargeLedger,
): Money {
  const { term, steps, settled, back, levels } = reached;
  const then = settled.flatMap(({ basis }) => basis.credit?.percent?.of ?? [])[0];
  const measured = then === undefined ? recurring : Money.of(then, of.currency);
  const step = largest(of, steps, measured);
  const credit = measuredCredit(of, levels, step, measured, given.minus(back));
  const { value } = credit;
  if (value.equals(back)) return Money.zero(of.currency);
  // It is shared anew, as if no document had any of it.
  for (const { taxCategory, net, basis } of settled)
    if (basis.credit?.isLeftOver !== true) take(rooms, taxCategory, net);
  const cause = causeOf(of, reached, step, measured);
  const open = new Set(settled);
  for (const share of value.isZero() ? [] : sharesOf(term.taxCategory, value, rooms, paid)) {
    if (!share.isLeftOver) take(rooms, share.taxCategory, share.value);
    const same = [...open].find((one) => isSame(one, share, of));
    if (same !== undefined) open.delete(same);
    book.expect(creditCharge(of, cause, credit, share, same?.chargeId ?? newIdOf(reached, share)));
  }
  const why = `recalculated: ${reached.breaches.length} breaches in the month`;
  for (const { chargeId } of open) book.expectNets(chargeId, [], why);
  return value.minus(back);
}

/** The last step that is reached; where one before it gives more, as amounts beside percentages may, that one: more breaches never give less. */
function largest({ currency }: ContractPeriod, steps: readonly BreachStep[], measured: Money): BreachStep {
  return steps.reduce((most, step) =>
    statedOf(step, measured, currency).compare(statedOf(most, measured, currency)) < 0 ? most : step,
  );
}

function isSame(
  { taxCategory, basis, billTo }: EarlierCharge,
  share: Share,
  { contract: { clientId } }: ContractPeriod,
): boolean {
  if (taxCategory !== share.taxCategory || (basis.credit?.isLeftOver ?? false) !== share.isLeftOver) return false;
  return share.billTo === null || (billTo ?? clientId) === share.billTo;
}

/** That of the stated category has the id of the credit, unless a document has that in another. */
function newIdOf({ term, key, settled }: CreditReached, share: Share): string {
  const whole = chargeIdOf(key);
  const isFirst = !share.isLeftOver && share.billTo === null && share.taxCategory === term.taxCategory;
  return isFirst && !settled.some(({ chargeId }) => chargeId === whole) ? whole : idOfShare(key, share);
}

function causeOf(
  { contract: { contractId }, period, currency }: ContractPeriod,
  { term, key, steps, breaches, version, levels }: CreditReached,
  step: BreachStep,
  measured: Money,
): CreditCause {
  // Until the month is over there may be more of them.
  const { first: from, last: to } = daysOf(period);
  const { versionNumber: contractVersion } = version;
  const counted = breaches.map(({ ticketId, target, breachedOn }) => `${target} of ${ticketId} on ${breachedOn}`);
  const sourceEventIds = breaches.map(({ eventId }) => eventId);
  const given = step.percent === undefined ? (step.amount ?? '') : `${step.percent} % of ${measured.toJSON().amount}`;
  const last = at(steps, steps.length - 1, 'the last step that is reached');
  const less = last === step ? '' : `, which gives more than that from ${last.from} on`;
  return {
    key,
    version,
    levels,
    description: `${term.name}, ${breaches.length} ${breaches.length === 1 ? 'breach' : 'breaches'}: ${given}`,
    from,
    to,
    ticketId: null,
    sourceEventIds,
    breaches: { counted: breaches.length, from: step.from },
    missed: {
      step: 'charge',
      text: `credit ${term.name} (${term.id}) of contract ${contractId} version ${contractVersion}: ${breaches.length} targets missed in ${period}: ${counted.join(', ')}; the step from ${step.from} on${less}`,
      facts: {
        chargeTermId: term.id,
        contractId,
        contractVersion,
        counted: breaches.length,
        from: step.from,
        breachEventIds: sourceEventIds,
        currency,
      },
    },
  };
}
