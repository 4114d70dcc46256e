import { type Instant, type TimeZone, localDateIn } from '@billtrail/kernel';
import type { SlaPolicy } from '@billtrail/contracts';
import type { ContractFacts } from '../facts.js';
import { type Chosen, contractChain } from './step-1-contract.js';

/** The service level that a ticket has from a moment on, or why it has none. */
export type ServiceLevel =
  | { readonly inForce: Chosen; readonly policy: SlaPolicy; readonly timeZone: TimeZone }
  | { readonly inForce: null; readonly why: string };

/**
 * The service level of the contract that step 1 finds for a ticket at a moment: the one named on the ticket, else the first by priority, on the day
 * of each version's own zone. Its first link alone counts: what a coverage rule excludes is work, not the promise to answer.
 */
export function serviceLevelAt(
  contracts: readonly ContractFacts[],
  ticket: { readonly clientId: string; readonly contractId: string | null },
  at: Instant,
  clientZone: TimeZone,
): ServiceLevel {
  const zoneOf = (zone: TimeZone | undefined): TimeZone => zone ?? clientZone;
  const [first] = contractChain(contracts, ticket.clientId, ticket.contractId, localDateIn(clientZone, at), (terms) =>
    localDateIn(zoneOf(terms.timeZone), at),
  );
  if (first === undefined || first.inForce === null)
    return { inForce: null, why: first?.step().text ?? 'the client has no contract' };
  const { inForce } = first;
  const { serviceLevels, timeZone } = inForce.version.terms;
  if (serviceLevels === undefined) {
    const why = `contract ${inForce.contract.contractId} version ${inForce.version.versionNumber} has no service levels`;
    return { inForce: null, why };
  }
  return { inForce, policy: serviceLevels.policy, timeZone: zoneOf(timeZone) };
}
