import { type Issued, type TimeZone, isRefusal, localDateIn } from '@billtrail/kernel';
import type { ContractToAnalyse } from './coverage-analysis.js';
import type { ContractState } from './contract-state.js';
import { contract as contractDecider } from './contract.js';
import type { ContractEvent } from './events.js';
import { type Renewal, renewalOf } from './renewal.js';

/**
 * The renewals of a contract that renews by itself, one for each term of which the last day has come where the contract is. A term that would overlap with
 * another contract of the client at the same priority is not renewed: whoever made that one decided what follows.
 */
export function renewalsDue(
  contract: ContractState,
  issued: Issued,
  { clientTimeZone, beside }: { readonly clientTimeZone: TimeZone; readonly beside: readonly ContractToAnalyse[] },
): readonly ContractEvent[] {
  let state = contract;
  const renewed: ContractEvent[] = [];
  for (let next = dueOf(state); next !== null && state.status !== 'unknown'; next = dueOf(state)) {
    const zone = next.version.terms.timeZone ?? clientTimeZone;
    if (next.lastDay > localDateIn(zone, issued.at)) break;
    const { contractId } = state;
    const { versionNumber } = next.version;
    const command = { type: 'RenewContract', contractId, versionNumber, effectiveTo: next.until, beside } as const;
    const decision = contractDecider.decide({ ...command, ...issued }, state);
    if (isRefusal(decision)) break;
    renewed.push(...decision);
    state = decision.reduce(contractDecider.evolve, state);
  }
  return renewed;
}

function dueOf(state: ContractState): Renewal | null {
  if (state.status === 'unknown') return null;
  return renewalOf({ ...state, lastDay: state.status === 'terminated' ? state.lastDay : null });
}
