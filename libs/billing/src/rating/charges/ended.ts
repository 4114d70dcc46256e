import { type LocalDate, addDays, daysOf } from '@billtrail/kernel';
import { beginsAfter, endsByDecision, renewalOf, termEndOf } from '@billtrail/contracts';
import { chargeIdOf } from '../../item/item-key.js';
import { type CoveredDays } from '../time/covered-days.js';
import { versionOn } from '../coverage/step-1-contract.js';
import type { ContractFacts, DaysEvent, PeriodFacts } from '../facts.js';
import type { ChargeLedger } from './charge-ledger.js';
import { countOn } from './counts.js';
import { netFee } from './fee.js';
import { sourcesOfFee } from './fee-trace.js';
import { stretchesWithin } from './recurring.js';
import { type RecurringStretch, clipped } from './stretch.js';

/**
 * What a contract that ended would charge for the days of the period after its end, where nothing follows it and the client goes on as if it were in
 * force: gap `contract-mismatch` at those charges, each under the id that it would have.
 *
 * Where its term ran out and nobody decided so, tickets, counts or blocks show that the client goes on, on the days that no contract which began
 * after it covers. Where it was terminated, or notice was given, only work does that no other contract covers. What a
 * commitment still charges is not missed.
 */
export function chargesAfterEnd(contract: ContractFacts, facts: PeriodFacts, book: ChargeLedger): void {
  const end = lastDayCovered(contract);
  const { first, last } = daysOf(facts.period);
  if (end === null || end >= last) return;
  const from = end < first ? first : addDays(end, 1);
  const isDecided = endsByDecision(contract);
  const followers = isDecided ? [] : followersOf(contract, end, facts);
  const why = isDecided ? whyAfterDecision(contract, from, facts) : whyAfterTerm(contract, followers, from, facts);
  if (why === null) return;
  const remedy = remedyOf(contract);
  const endedWith = endedBy(contract);
  const held = stretchesWithin(contract, facts.period);
  const notHeld = (one: RecurringStretch): LocalDate => {
    const ends = held.filter(({ charge }) => charge.id === one.charge.id).map(({ days }) => days.to);
    const until = ends.sort().at(-1);
    return until === undefined || until < from ? from : addDays(until, 1);
  };
  const missed = stretchesWithin(asIfItWentOn(contract), facts.period).flatMap((one) =>
    clipped(one, { from: notHeld(one), to: last }),
  );
  for (const open of daysWithout(followers, from, last))
    for (const stretch of missed.flatMap((one) => clipped(one, open))) {
      const { charge, days, count } = stretch;
      if (count === null) continue;
      const { contractId } = contract;
      book.lacks({
        chargeId: chargeIdOf({ contractId, of: 'fee', termId: charge.id, from: days.from }),
        contractId,
        cause: `${charge.name}: contract ${contractId} ended on ${end} and nothing follows it, but ${why}; ${remedy}`,
        value: netFee(stretch).toJSON(),
        sourceEventIds: [
          ...new Set([
            ...sourcesOfFee(stretch),
            ...endedWith.flatMap((one) => (one.from <= days.to ? [one.eventId] : [])),
          ]),
        ],
      });
    }
}

/** The events by which a contract ended, or rests. */
export function endedBy({ daysEvents = [] }: ContractFacts): readonly DaysEvent[] {
  return daysEvents.filter(({ to }) => to === null);
}

/** What can be done of a contract that ended: one that was terminated is not renewed, and one that ran out is not over by a decision yet. */
function remedyOf(contract: ContractFacts): string {
  const { lastDay } = contract;
  const term = termEndOf(contract)?.lastDay ?? null;
  if (lastDay !== null && term !== null && term < lastDay)
    return `renew it until ${lastDay}, the last day of its termination, terminate it on a later day and renew it until then, or activate a contract that covers the work`;
  if (lastDay !== null) return 'terminate it on a later day, or activate a contract that covers the work';
  return endsByDecision(contract) ? 'renew it, or activate a contract that covers the work' : 'renew or terminate it';
}

/** The last day that is covered so far. Renewals are recorded on the last day of a term: one that has not come did not happen, or is still to come. */
export function lastDayCovered(contract: ContractFacts): LocalDate | null {
  const term = termEndOf(contract)?.lastDay ?? null;
  const { lastDay } = contract;
  return term !== null && (lastDay === null || term < lastDay) ? term : lastDay;
}

/** The client's other contracts that began after the end of one. */
function followersOf({ contractId, clientId }: ContractFacts, end: LocalDate, { contracts }: PeriodFacts) {
  return contracts.filter((one) => one.contractId !== contractId && one.clientId === clientId && beginsAfter(one, end));
}

type Days = Pick<CoveredDays, 'from' | 'to'>;

/** The stretches of days on which no follower takes the place of the contract. */
function daysWithout(followers: readonly ContractFacts[], from: LocalDate, to: LocalDate): readonly Days[] {
  const stretches: Days[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) {
    if (followers.some((one) => isInPlaceOn(one, day))) continue;
    const before = stretches.at(-1);
    if (before !== undefined && addDays(before.to, 1) === day)
      stretches[stretches.length - 1] = { from: before.from, to: day };
    else stretches.push({ from: day, to: day });
  }
  return stretches;
}

/** In force, or over by a decision on how the client goes on. One with charges that ran out has a gap of its own. */
function isInPlaceOn(follower: ContractFacts, day: LocalDate): boolean {
  if (versionOn(follower, day) !== null) return true;
  const end = lastDayCovered(follower);
  if (end === null || day <= end) return false;
  const charges = termEndOf(follower)?.version.terms.recurringCharges ?? [];
  return endsByDecision(follower) || charges.length > 0;
}

function whyAfterTerm(
  contract: ContractFacts,
  followers: readonly ContractFacts[],
  from: LocalDate,
  facts: PeriodFacts,
): string | null {
  const { blocks = [], counts = [] } = contract;
  if (hasWork(from, facts) || (facts.lastTicketMove ?? '') >= from) return 'the client has had tickets since';
  // It may still renew by itself, on its last day: what goes on anyway does not say that it ended.
  if (renewalOf(contract) !== null && followers.length === 0) return null;
  const counted = [...new Set(counts.map(({ countOf }) => countOf))].find(
    (countOf) =>
      (countOn(
        counts.filter((one) => one.countOf === countOf),
        from,
      )?.count ?? 0) > 0,
  );
  if (counted !== undefined) return `a count of ${counted} is in force`;
  const block = blocks.find(
    ({ purchasedOn, expiresOn }) => purchasedOn <= from && (expiresOn === null || expiresOn >= from),
  );
  return block === undefined ? null : `block ${block.blockId} has not expired`;
}

function whyAfterDecision({ clientId }: ContractFacts, from: LocalDate, facts: PeriodFacts): string | null {
  const own = facts.contracts.filter((one) => one.clientId === clientId);
  const isUncovered = (day: LocalDate) => !own.some((one) => versionOn(one, day) !== null);
  return hasWork(from, facts, isUncovered) ? 'the client has had work since' : null;
}

function hasWork(
  from: LocalDate,
  { work, period }: PeriodFacts,
  counts: (day: LocalDate) => boolean = () => true,
): boolean {
  const { last } = daysOf(period);
  return work.some(({ workDate }) => workDate >= from && workDate <= last && counts(workDate));
}

/** The contract with its last terms in force for ever. */
function asIfItWentOn(contract: ContractFacts): ContractFacts {
  const last = termEndOf(contract)?.version;
  const versions = contract.versions.map((version) => (version === last ? { ...version, effectiveTo: null } : version));
  return { ...contract, lastDay: null, versions };
}
