import { configurationOf, todayOf } from '../configuration.js';
import type { CommandPorts } from '../command-path/command-definition.js';
import { delegationsOf, stateOfDelegation, type Delegation, type DelegationState } from './delegations.js';

/** A delegation as it is told. */
export interface DelegationTold extends Delegation {
  /** Of today: `coming`, `in-force`, `over` after its last day, `ended` where somebody ended it. */
  readonly state: DelegationState;
}

/** All of them, or those that are so today, or of somebody: who named or was named. In the order of the log. */
export async function toldDelegations(
  { store, clock }: Pick<CommandPorts, 'store' | 'clock'>,
  { state, personId }: { readonly state?: DelegationState | undefined; readonly personId?: string | undefined } = {},
): Promise<readonly DelegationTold[]> {
  const today = todayOf(await configurationOf(store), clock());
  return (await delegationsOf(store))
    .map((one): DelegationTold => ({ ...one, state: stateOfDelegation(one, today) }))
    .filter((one) => state === undefined || one.state === state)
    .filter((one) => personId === undefined || one.personId === personId || one.delegateId === personId);
}
