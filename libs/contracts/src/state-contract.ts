import { type Decision, type Issued, isRefusal } from '@billtrail/kernel';
import { canonical } from './canonical.js';
import type { ContractCommand, StateContract } from './commands.js';
import { malformed } from './contract-refusals.js';
import { type ContractState, type KnownContract, evolveContract } from './contract-state.js';
import type { ContractEvent } from './events.js';

type PartOfContract = StateContract['parts'][number];
type DecideOne = (command: PartOfContract & Issued, state: ContractState) => Decision<ContractEvent>;

/** Applies a whole contract: records what is new, all of it or nothing. */
export function stateContract(
  command: StateContract & Issued,
  state: ContractState,
  decide: DecideOne,
): Decision<ContractEvent> {
  const { contractId, parts, at, by, occurredAt } = command;
  const foreign = parts.flatMap((part, index) =>
    part.contractId === contractId ? [] : [{ path: `parts[${index}].contractId`, problem: `must be ${contractId}` }],
  );
  const refusal = malformed('ContractMalformed', 'The contract', contractId, foreign);
  if (refusal) return refusal;
  const events: ContractEvent[] = [];
  let present = state;
  for (const part of parts) {
    const missing = missingOf(part, present);
    if (missing === null) continue;
    const dated = occurredAt === undefined ? {} : { occurredAt };
    const decision = decide({ ...missing, ...knownFor(missing, command), ...dated, at, by }, present);
    if (isRefusal(decision)) return decision;
    for (const event of decision) present = evolveContract(present, event);
    events.push(...decision);
  }
  return events;
}

/** What the caller knows of the client, for a part that has terms. */
function knownFor(
  part: PartOfContract,
  { clientCurrency, clientClasses = null, shared = null }: StateContract,
): Pick<StateContract, 'clientCurrency' | 'clientClasses' | 'shared'> {
  const hasTerms = part.type === 'ActivateContract' || part.type === 'PublishContractVersion';
  if (!hasTerms) return {};
  const known = { clientClasses, shared };
  return clientCurrency === undefined ? known : { clientCurrency, ...known };
}

/** What is left to do of a part; null: nothing, it is recorded already. */
function missingOf(part: PartOfContract, state: ContractState): PartOfContract | null {
  if (state.status === 'unknown') return part;
  switch (part.type) {
    case 'ActivateContract': {
      const { clientId, name, priority, type: _type, ...version } = part;
      // Another client, name or priority is another contract, which the decider refuses.
      if (state.clientId !== clientId || state.name !== name || state.priority !== priority) return part;
      return isPublished(part, state) ? null : { type: 'PublishContractVersion', ...version };
    }
    case 'PublishContractVersion':
      return isPublished(part, state) ? null : part;
    case 'SuspendContract':
      return state.suspensions.some(({ from }) => from === part.from) ? null : part;
    case 'ResumeContract':
      return state.suspensions.some(({ resumedOn }) => resumedOn === part.resumedOn) ? null : part;
    case 'PurchasePrepaidBlock':
      // A block withdrawn since stays withdrawn: its id is not used again.
      return state.withdrawnBlockIds.includes(part.blockId) ? null : part;
    case 'RecordNotice':
      // A notice that was withdrawn since stays so.
      return state.notice?.givenOn === part.givenOn ? null : part;
    default:
      return part;
  }
}

/**
 * True if the last version published for the same first day has the same terms. A renewal since is no reason to publish it again; another
 * version in between is.
 */
function isPublished(
  {
    effectiveFrom,
    effectiveTo,
    terms,
  }: Extract<ContractCommand, { type: 'ActivateContract' | 'PublishContractVersion' }>,
  { published }: KnownContract,
): boolean {
  const last = published.findLast((version) => version.effectiveFrom === effectiveFrom);
  return last !== undefined && last.effectiveTo === effectiveTo && canonical(last.terms) === canonical(terms);
}
