import type { Currency, Instant, LocalDate, MoneyJson } from '@billtrail/kernel';
import type { ContractToAnalyse } from './analysis/stretches.js';
import type { SiteCommand } from './site.js';
import type { SharedTerms } from './shared-terms.js';
import type {
  ClientFacts,
  ContractTerms,
  Count,
  PrepaidAmount,
  PrepaidBlock,
  RateClass,
  ReachedMilestone,
} from './events.js';

/** When it happened, if that was not just now: back-dating is normal. */
interface Dated {
  readonly occurredAt?: Instant;
}

/** Registers a client. Yields nothing on repeat. Refuses: ClientMalformed, ClientAlreadyRegistered. */
export interface RegisterClient extends ClientFacts, Dated {
  readonly type: 'RegisterClient';
  readonly clientId: string;
}

/** Updates a client: replaces all of its details. Yields nothing if nothing differs. Refuses: ClientUnknown, ClientMalformed, ClientCurrencyFixed. */
export interface ChangeClientDetails extends ClientFacts, Dated {
  readonly type: 'ChangeClientDetails';
  readonly clientId: string;
}

export type ClientCommand = RegisterClient | ChangeClientDetails | SiteCommand;

/** What a contract that comes into force is checked against. */
export interface ContractsBeside {
  /** The client's other contracts, if the caller knows them: it must not overlap with one at the same priority. Absent: not checked. */
  readonly beside?: readonly ContractToAnalyse[];
  /** True if an overlap at the same priority is intended, because tickets name their contract. Absent: false. */
  readonly allowOverlap?: boolean;
}

/** The terms of one version, as requested. */
export interface VersionAsked extends ContractsBeside {
  readonly effectiveFrom: LocalDate;
  /** Last day in force; null: until the next version or the termination. */
  readonly effectiveTo: LocalDate | null;
  readonly terms: ContractTerms;
  /** The client's currency, if the caller knows it: the rate card must be in it. */
  readonly clientCurrency?: Currency | null;
  /** Rate classes that the calendars of the client, its sites and the organisation name, if the caller knows them: as `problemsOfTerms` has it. */
  readonly clientClasses?: readonly RateClass[] | null;
  /** Calendars and holiday sets that terms may name, if the caller knows them: another name is refused. */
  readonly shared?: SharedTerms | null;
}

/**
 * Starts a contract with its first version. Yields nothing on repeat.
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
 * Publishes a new version, which may lie in the past: what is not frozen is rated again. A version is never edited.
 * Where two versions claim a day, the one published last has it. Yields nothing if the last version published says the same.
 * Refuses: ContractUnknown, ContractMalformed, ContractEnded, TooManyVersions, VersionLeavesHole, ContractsOverlap.
 */
export interface PublishContractVersion extends VersionAsked, Dated {
  readonly type: 'PublishContractVersion';
  readonly contractId: string;
  /** See ContractVersion. */
  readonly increase?: { readonly percent: string; readonly ofVersion: number };
}

/**
 * Ends a contract after `lastDay`, which may be in the past, and may be changed. Yields nothing if the day is already so.
 * Refuses: ContractUnknown, TerminationMalformed, TerminationBeforeStart; ContractsOverlap where the day becomes a later one.
 */
export interface TerminateContract extends ContractsBeside, Dated {
  readonly type: 'TerminateContract';
  readonly contractId: string;
  readonly lastDay: LocalDate;
  /** True where what its charges are committed to is forgone with it, for the reason of the termination. Absent: it stays owed to its end. */
  readonly releasesCommitments?: boolean;
  readonly reason: string;
}

/**
 * Keeps a version in force to a later day (null: without end). Yields nothing if it is already so.
 * Refuses: ContractUnknown, RenewalMalformed, VersionUnknown, RenewalNotLater, ContractEnded, ContractsOverlap.
 */
export interface RenewContract extends ContractsBeside, Dated {
  readonly type: 'RenewContract';
  readonly contractId: string;
  readonly versionNumber: number;
  readonly effectiveTo: LocalDate | null;
}

/** Lets a contract rest from a day on. Yields nothing on repeat. Refuses: ContractUnknown, SuspensionMalformed, SuspensionsOverlap, ContractEnded. */
export interface SuspendContract extends Dated {
  readonly type: 'SuspendContract';
  readonly contractId: string;
  readonly from: LocalDate;
  readonly reason: string;
}

/** Ends the present suspension. Yields nothing on repeat. Refuses: ContractUnknown, SuspensionMalformed, ContractNotSuspended, ResumptionBeforeSuspension; ContractsOverlap where another contract has its days by now. */
export interface ResumeContract extends ContractsBeside, Dated {
  readonly type: 'ResumeContract';
  readonly contractId: string;
  readonly resumedOn: LocalDate;
}

/** Adds a block, which may be back-dated. Yields nothing on repeat. Refuses: ContractUnknown, PrepaidBlockMalformed, PrepaidBlockExists, ContractEnded. */
export interface PurchasePrepaidBlock extends PrepaidBlock, Dated {
  readonly type: 'PurchasePrepaidBlock';
  readonly contractId: string;
}

/**
 * Gives a part of a block back: hours and money together, by the block's own price. Yields nothing on repeat.
 * Refuses: ContractUnknown, PrepaidReturnMalformed, PrepaidBlockUnknown, PrepaidReturnExists, PrepaidReturnUneven, PrepaidReturnAboveLeft.
 */
export interface ReturnPrepaidBlock extends Dated {
  readonly type: 'ReturnPrepaidBlock';
  readonly contractId: string;
  readonly blockId: string;
  readonly returnId: string;
  /** How much of what the block holds, in its unit. One of this and `net` is stated. */
  readonly amount?: PrepaidAmount | null;
  /** How much of its price: what of the block that buys goes back. */
  readonly net?: MoneyJson | null;
  readonly returnedOn: LocalDate;
  readonly reason: string;
  /** What nobody drew, as rating has it now. Absent: not checked. */
  readonly left?: PrepaidAmount;
}

/**
 * Takes back a block that was purchased in error: what work has drawn on it and is frozen keeps its share of the price. Yields nothing on repeat.
 * Refuses: ContractUnknown, PrepaidBlockUnknown, PrepaidBlockMalformed.
 */
export interface WithdrawPrepaidBlock extends Dated {
  readonly type: 'WithdrawPrepaidBlock';
  readonly contractId: string;
  readonly blockId: string;
  readonly reason: string;
}

/** States how many devices or users there are from a day on, which may lie in the past. Yields nothing on repeat. Refuses: ContractUnknown, CountMalformed, ContractEnded. */
export interface RecordCount extends Count, Dated {
  readonly type: 'RecordCount';
  readonly contractId: string;
}

/**
 * Records that a contract which renews by itself shall end with its term. Given after the day by which the terms want it, it counts for the end of
 * the term that follows. Given in time and recorded after the contract renewed by itself, it undoes the renewal. Yields nothing on repeat. Refuses: ContractUnknown, NoticeMalformed, ContractEnded, RenewalNotAutomatic.
 */
export interface RecordNotice extends Dated {
  readonly type: 'RecordNotice';
  readonly contractId: string;
  readonly givenOn: LocalDate;
  readonly reason: string;
}

/** Takes a notice back, so that the contract renews by itself. Yields nothing on repeat. Refuses: ContractUnknown, NoticeMalformed, NoticeUnknown. */
export interface WithdrawNotice extends Dated {
  readonly type: 'WithdrawNotice';
  readonly contractId: string;
  readonly reason: string;
}

/**
 * Declares a milestone reached on a day, with who accepted it for the client: from then on it is billed. Yields nothing on repeat.
 * Refuses: ContractUnknown, MilestoneUnknown, MilestoneMalformed, MilestoneReachedBefore.
 */
export interface DeclareMilestoneReached extends ReachedMilestone, Dated {
  readonly type: 'DeclareMilestoneReached';
  readonly contractId: string;
}

/** Takes such a declaration back: what was billed goes back. Yields nothing on repeat. Refuses: ContractUnknown, MilestoneNotReached. */
export interface WithdrawMilestoneDeclaration extends Dated {
  readonly type: 'WithdrawMilestoneDeclaration';
  readonly contractId: string;
  readonly milestoneId: string;
  readonly reason: string;
}

/** What may be asked of a contract in the course of its life, apart from its versions and its end. */
export type ContractLifeCommand =
  | RenewContract
  | SuspendContract
  | ResumeContract
  | PurchasePrepaidBlock
  | ReturnPrepaidBlock
  | WithdrawPrepaidBlock
  | RecordCount
  | DeclareMilestoneReached
  | WithdrawMilestoneDeclaration
  | RecordNotice
  | WithdrawNotice;

/**
 * States a whole contract, as a file has it: its activation, then its other versions, its end, blocks, counts and suspensions, in the order in
 * which they would be asked for one by one. What is not so yet becomes so, all of it in one append or nothing: other terms for a first day
 * are a new version. What the parts do not name stays as it is. Yields nothing if all of it is so already.
 * Refuses: whatever one of the parts refuses; ContractMalformed where a part is of another contract; ContractsOverlap unless a part allows it.
 */
export interface StateContract extends Dated, Pick<ContractsBeside, 'beside'> {
  readonly type: 'StateContract';
  readonly contractId: string;
  readonly parts: readonly (ActivateContract | PublishContractVersion | TerminateContract | ContractLifeCommand)[];
  readonly clientCurrency?: Currency | null;
  readonly clientClasses?: readonly RateClass[] | null;
  readonly shared?: SharedTerms | null;
}

export type ContractCommand =
  ActivateContract | PublishContractVersion | TerminateContract | ContractLifeCommand | StateContract;
