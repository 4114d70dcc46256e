import type { Currency, Instant, LocalDate } from '@billtrail/kernel';
import type { ClientFacts, ContractTerms } from './events.js';

/** When it happened, where that is not the moment of the command: back-dated work is normal. */
interface Dated {
  readonly occurredAt?: Instant;
}

/** Makes a client known. Quiet on repeat. Refuses: ClientMalformed, ClientAlreadyRegistered. */
export interface RegisterClient extends ClientFacts, Dated {
  readonly type: 'RegisterClient';
  readonly clientId: string;
}

/** States the details anew, all of them. Quiet where nothing differs. Refuses: ClientUnknown, ClientMalformed, ClientCurrencyFixed. */
export interface ChangeClientDetails extends ClientFacts, Dated {
  readonly type: 'ChangeClientDetails';
  readonly clientId: string;
}

export type ClientCommand = RegisterClient | ChangeClientDetails;

/** The terms of one version as they are asked for. */
interface VersionAsked {
  readonly effectiveFrom: LocalDate;
  /** Last day in force; null: until the next version or the termination. */
  readonly effectiveTo: LocalDate | null;
  readonly terms: ContractTerms;
  /** The client's currency where the caller knows it: the rate card must be in it. */
  readonly clientCurrency?: Currency | null;
}

/**
 * Starts a contract with its first version. Quiet on repeat.
 * Refuses: ContractMalformed (every error in `details.problems`), ContractAlreadyActive.
 */
export interface ActivateContract extends VersionAsked, Dated {
  readonly type: 'ActivateContract';
  readonly contractId: string;
  readonly clientId: string;
  readonly name: string;
  readonly priority: number;
}

/**
 * Publishes a new version, which may lie in the past: what is not frozen is rated anew. A version is never edited.
 * Quiet where the last version published says the same.
 * Refuses: ContractUnknown, ContractMalformed, ContractEnded, TooManyVersions.
 */
export interface PublishContractVersion extends VersionAsked, Dated {
  readonly type: 'PublishContractVersion';
  readonly contractId: string;
}

/**
 * Ends a contract after `lastDay`, which may lie in the past, and may be stated anew. Quiet where the day is already so.
 * Refuses: ContractUnknown, TerminationMalformed, TerminationBeforeStart.
 */
export interface TerminateContract extends Dated {
  readonly type: 'TerminateContract';
  readonly contractId: string;
  readonly lastDay: LocalDate;
  readonly reason: string;
}

export type ContractCommand = ActivateContract | PublishContractVersion | TerminateContract;
