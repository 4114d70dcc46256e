import type { Currency, Instant, LocalDate } from '@billtrail/kernel';
import type { ContractToAnalyse } from './analysis/stretches.js';
import type { ClientFacts, ContractTerms, Count, PrepaidBlock } from './events.js';

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

/** What a contract that comes into force is held against. */
export interface ContractsBeside {
  /** The other contracts of the client, where the caller knows them: with one of the same priority it must not share a day. Absent: not looked at. */
  readonly beside?: readonly ContractToAnalyse[];
  /** True if an overlap at the same priority is intended, because tickets name their contract. Absent: false. */
  readonly allowOverlap?: boolean;
}

/** The terms of one version as they are asked for. */
interface VersionAsked extends ContractsBeside {
  readonly effectiveFrom: LocalDate;
  /** Last day in force; null: until the next version or the termination. */
  readonly effectiveTo: LocalDate | null;
  readonly terms: ContractTerms;
  /** The client's currency where the caller knows it: the rate card must be in it. */
  readonly clientCurrency?: Currency | null;
}

/**
 * Starts a contract with its first version. Quiet on repeat.
 * Refuses: ContractMalformed (every error in `details.problems`), ContractAlreadyActive, ContractsOverlap.
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
 * Where two versions claim a day, the one published last has it. Quiet where the last version published says the same.
 * Refuses: ContractUnknown, ContractMalformed, ContractEnded, TooManyVersions, VersionLeavesHole, ContractsOverlap.
 */
export interface PublishContractVersion extends VersionAsked, Dated {
  readonly type: 'PublishContractVersion';
  readonly contractId: string;
}

/**
 * Ends a contract after `lastDay`, which may lie in the past, and may be stated anew. Quiet where the day is already so.
 * Refuses: ContractUnknown, TerminationMalformed, TerminationBeforeStart; ContractsOverlap where the day becomes a later one.
 */
export interface TerminateContract extends ContractsBeside, Dated {
  readonly type: 'TerminateContract';
  readonly contractId: string;
  readonly lastDay: LocalDate;
  readonly reason: string;
}

/**
 * Keeps a version in force to a later day (null: without end). Quiet where it is already so.
 * Refuses: ContractUnknown, RenewalMalformed, VersionUnknown, RenewalNotLater, ContractEnded, ContractsOverlap.
 */
export interface RenewContract extends ContractsBeside, Dated {
  readonly type: 'RenewContract';
  readonly contractId: string;
  readonly versionNumber: number;
  readonly effectiveTo: LocalDate | null;
}

/** Lets a contract rest from a day on. Quiet on repeat. Refuses: ContractUnknown, SuspensionMalformed, SuspensionsOverlap, ContractEnded. */
export interface SuspendContract extends Dated {
  readonly type: 'SuspendContract';
  readonly contractId: string;
  readonly from: LocalDate;
  readonly reason: string;
}

/** Ends the present suspension. Quiet on repeat. Refuses: ContractUnknown, SuspensionMalformed, ContractNotSuspended, ResumptionBeforeSuspension. */
export interface ResumeContract extends Dated {
  readonly type: 'ResumeContract';
  readonly contractId: string;
  readonly resumedOn: LocalDate;
}

/** Adds a block, which may be back-dated. Quiet on repeat. Refuses: ContractUnknown, PrepaidBlockMalformed, PrepaidBlockExists, ContractEnded. */
export interface PurchasePrepaidBlock extends PrepaidBlock, Dated {
  readonly type: 'PurchasePrepaidBlock';
  readonly contractId: string;
}

/** Takes back a block that was purchased in error. Quiet on repeat. Refuses: ContractUnknown, PrepaidBlockUnknown, PrepaidBlockMalformed. */
export interface WithdrawPrepaidBlock extends Dated {
  readonly type: 'WithdrawPrepaidBlock';
  readonly contractId: string;
  readonly blockId: string;
  readonly reason: string;
}

/** States how many devices or users there are from a day on, which may lie in the past. Quiet on repeat. Refuses: ContractUnknown, CountMalformed, ContractEnded. */
export interface RecordCount extends Count, Dated {
  readonly type: 'RecordCount';
  readonly contractId: string;
}

/** What may be asked of a contract in the course of its life, apart from its versions and its end. */
export type ContractLifeCommand =
  RenewContract | SuspendContract | ResumeContract | PurchasePrepaidBlock | WithdrawPrepaidBlock | RecordCount;

/**
 * States a whole contract, as a file has it: its activation, then its other versions, its end, blocks, counts and suspensions, in the order in
 * which they would be asked for one by one. What is not so yet becomes so, all of it in one append or nothing: other terms for a first day
 * are a new version. What the parts do not name stays as it is. Quiet where all of it is so already.
 * Refuses: whatever one of the parts refuses; ContractMalformed where a part is of another contract; ContractsOverlap unless a part allows it.
 */
export interface StateContract extends Dated, Pick<ContractsBeside, 'beside'> {
  readonly type: 'StateContract';
  readonly contractId: string;
  readonly parts: readonly (ActivateContract | PublishContractVersion | TerminateContract | ContractLifeCommand)[];
  readonly clientCurrency?: Currency | null;
}

export type ContractCommand =
  ActivateContract | PublishContractVersion | TerminateContract | ContractLifeCommand | StateContract;
