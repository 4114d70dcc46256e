import { type LocalDate, addDays, daysOf } from '@billtrail/kernel';
import { beginsAfter, endsByDecision, renewalOf, termEndOf } from '@billtrail/contracts';
import { chargeIdOf } from '../../item/item-key.js';
import { versionOn } from '../coverage/step-1-contract.js';
import type { ContractFacts, PeriodFacts } from '../facts.js';
import type { ChargeLedger } from './charge-ledger.js';
import { countOn } from './counts.js';
import { clipped, netFee, stretchesWithin } from './recurring.js';

/**
 * What a contract that ended would charge for the days of the period after its end, where nothing follows it and the client goes on as if it were in
 * force: gap `contract-mismatch` at those charges, each under the id that it would have.
 *
 * Where its term ran out and nobody decided so, tickets, counts or blocks show that the client goes on, unless another contract began after it.
 * Where it was terminated, or notice was given, only work does that no other contract covers.
 */
export function chargesAfterEnd(contract: ContractFacts, facts: PeriodFacts, book: ChargeLedger): void {
  const end = endOf(contract);
  const { first, last } = daysOf(facts.period);
  if (end === null || end >= last) return;
  const from = end < first ? first : addDays(end, 1);
  const isDecided = endsByDecision(contract);
  const why = isDecided ? whyAfterDecision(contract, from, facts) : whyAfterTerm(contract, end, from, facts);
  if (why === null) return;
  const remedy = remedyOf(contract);
  const missed = stretchesWithin(asIfItWentOn(contract), facts.period);
  for (const stretch of missed.flatMap((one) => clipped(one, { from, to: last }))) {
    const { charge, days, count } = stretch;
    if (count === null) continue;
    const { contractId } = contract;
    book.lacks({
      chargeId: chargeIdOf({ contractId, of: 'fee', termId: charge.id, from: days.from }),
      contractId,
      cause: `${charge.name}: contract ${contractId} ended on ${end} and nothing follows it, but ${why}; ${remedy}`,
      value: netFee(stretch).toJSON(),
      sourceEventIds: [],
    });
  }
}

/** What can be done of a contract that ended: one that was terminated is not renewed, and one that ran out is not over by a decision yet. */
function remedyOf(contract: ContractFacts): string {
  if (contract.lastDay !== null) return 'terminate it on a later day, or activate a contract that covers the work';
  return endsByDecision(contract) ? 'renew it, or activate a contract that covers the work' : 'renew or terminate it';
}

/** The last day of a contract that goes on neither by itself nor without end. */
function endOf(contract: ContractFacts): LocalDate | null {
  const term = renewalOf(contract) === null ? (termEndOf(contract)?.lastDay ?? null) : null;
  const { lastDay } = contract;
  return term !== null && (lastDay === null || term < lastDay) ? term : lastDay;
}

function whyAfterTerm(contract: ContractFacts, end: LocalDate, from: LocalDate, facts: PeriodFacts): string | null {
  const { contractId, clientId, blocks = [], counts = [] } = contract;
  const others = facts.contracts.filter((one) => one.contractId !== contractId && one.clientId === clientId);
  if (others.some((other) => beginsAfter(other, end))) return null;
  if (hasWork(from, facts) || (facts.lastTicketMove ?? '') >= from) return 'the client has had tickets since';
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
  const isCovered = facts.contracts.some((one) => one.clientId === clientId && versionOn(one, from) !== null);
  return !isCovered && hasWork(from, facts) ? 'the client has had work since' : null;
}

function hasWork(from: LocalDate, { work, period }: PeriodFacts): boolean {
  const { last } = daysOf(period);
  return work.some(({ workDate }) => workDate >= from && workDate <= last);
}

/** The contract with its last terms in force for ever. */
function asIfItWentOn(contract: ContractFacts): ContractFacts {
  const last = termEndOf(contract)?.version;
  const versions = contract.versions.map((version) => (version === last ? { ...version, effectiveTo: null } : version));
  return { ...contract, lastDay: null, versions };
}
