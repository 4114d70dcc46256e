import { type LocalDate, unreachable, withoutAgreed } from '@billtrail/kernel';
import type {
  ContractEvent,
  ContractVersion,
  Count,
  Notice,
  OwnedBlock,
  ReachedMilestone,
  Suspension,
} from './events.js';
import { renewalOf } from './renewal.js';

export interface KnownContract {
  readonly contractId: string;
  readonly clientId: string;
  readonly name: string;
  readonly priority: number;
  readonly versions: readonly ContractVersion[];
  /** The same versions as they were published, before any renewal. */
  readonly published: readonly ContractVersion[];
  readonly suspensions: readonly Suspension[];
  /** Those that were not withdrawn. */
  readonly blocks: readonly OwnedBlock[];
  /** An id is not given again, so a purchase under one of these is no repeat. */
  readonly withdrawnBlockIds: readonly string[];
  /** The blocks of these ids: what work drew on them and is frozen stays drawn. */
  readonly withdrawnBlocks: readonly OwnedBlock[];
  /** In the order in which they were recorded. */
  readonly counts: readonly Count[];
  /** As they were declared last, in that order. Absent: none was. */
  readonly milestones?: readonly DeclaredMilestone[];
  /** The one recorded last. Absent: none. */
  readonly notice?: Notice;
  /** The renewals by itself that led to the present end of the term, in their order. Absent: none, or somebody renewed it since. */
  readonly renewals?: readonly RenewedTerm[];
  /** Where the notice recorded last undid such a renewal: its end. Absent or null: it did not. */
  readonly reversedUntil?: LocalDate | null;
}

export interface DeclaredMilestone extends ReachedMilestone {
  /** The declaration was withdrawn. Absent: it stands. */
  readonly isWithdrawn?: true;
}

/** That a version was renewed by itself, from the end of one term to that of the next. */
export interface RenewedTerm {
  readonly versionNumber: number;
  readonly lastDay: LocalDate;
  readonly until: LocalDate;
}
export type ContractState =
  | { readonly status: 'unknown' }
  | (KnownContract & { readonly status: 'active' })
  | (KnownContract & { readonly status: 'terminated' } & Termination);

/** Its end, as it was stated last. */
interface Termination {
  readonly lastDay: LocalDate;
  readonly reason: string;
  readonly releasesCommitments?: boolean;
}

type ChangeInForce = Exclude<
  ContractEvent,
  { type: 'ContractActivated' | 'ContractVersionPublished' | 'ContractTerminated' }
>;

/** What an event within a contract's life changes of what is known of it. */
function changed(state: KnownContract, event: ChangeInForce): Partial<KnownContract> {
  switch (event.type) {
    case 'ContractRenewed': {
      const { versionNumber, effectiveTo } = event.data;
      const renewed = (version: ContractVersion): ContractVersion =>
        version.versionNumber === versionNumber ? { ...version, effectiveTo } : version;
      return { versions: state.versions.map(renewed), renewals: renewalsAfter(state, event.data), reversedUntil: null };
    }
    case 'ContractRenewalReversed': {
      const { versionNumber, effectiveTo } = event.data;
      const versions = state.versions.map((one) =>
        one.versionNumber === versionNumber ? { ...one, effectiveTo } : one,
      );
      const { renewals = [] } = state;
      const reversedUntil = renewals.at(-1)?.until ?? null;
      return { versions, renewals: renewals.filter(({ until }) => until <= effectiveTo), reversedUntil };
    }
    case 'ContractSuspended':
      return { suspensions: [...state.suspensions, { from: event.data.from, resumedOn: null }] };
    case 'ContractResumed': {
      const { resumedOn } = event.data;
      const resumed = (one: Suspension): Suspension => (one.resumedOn === null ? { ...one, resumedOn } : one);
      return { suspensions: state.suspensions.map(resumed) };
    }
    case 'PrepaidBlockPurchased': {
      const { contractId: _contractId, ...block } = withoutAgreed(event.data);
      return { blocks: [...state.blocks.filter(({ blockId }) => blockId !== block.blockId), block] };
    }
    case 'PrepaidBlockReturned': {
      const { contractId: _contractId, blockId, ...returned } = withoutAgreed(event.data);
      const after = (block: OwnedBlock): OwnedBlock =>
        block.blockId === blockId ? { ...block, returns: [...(block.returns ?? []), returned] } : block;
      return { blocks: state.blocks.map(after) };
    }
    case 'PrepaidBlockWithdrawn': {
      const { blockId, reason: withdrawn } = event.data;
      const isIt = (block: OwnedBlock): boolean => block.blockId === blockId;
      return {
        blocks: state.blocks.filter((block) => !isIt(block)),
        withdrawnBlockIds: [...state.withdrawnBlockIds, blockId],
        withdrawnBlocks: [
          ...state.withdrawnBlocks,
          ...state.blocks.filter(isIt).map((block) => ({ ...block, withdrawn })),
        ],
      };
    }
    case 'CountRecorded': {
      const { contractId: _contractId, ...count } = withoutAgreed(event.data);
      return { counts: [...state.counts, count] };
    }
    case 'MilestoneReached': {
      const { contractId: _contractId, ...reached } = event.data;
      return { milestones: [...othersThan(reached.milestoneId, state), reached] };
    }
    case 'MilestoneDeclarationWithdrawn': {
      const { milestoneId } = event.data;
      const withdrawn = (one: DeclaredMilestone): DeclaredMilestone =>
        one.milestoneId === milestoneId ? { ...one, isWithdrawn: true } : one;
      return { milestones: (state.milestones ?? []).map(withdrawn) };
    }
    case 'NoticeRecorded': {
      const { givenOn, reason } = event.data;
      const { notice } = state;
      const isReminder = notice?.isWithdrawn === false && notice.givenOn < givenOn;
      return {
        notice: isReminder ? { ...notice, reminder: { givenOn, reason } } : { givenOn, reason, isWithdrawn: false },
        reversedUntil: null,
      };
    }
    case 'NoticeWithdrawn':
      return state.notice === undefined ? {} : { notice: { ...state.notice, isWithdrawn: true } };
    default:
      return unreachable(event);
  }
}

function othersThan(milestoneId: string, { milestones = [] }: KnownContract): readonly DeclaredMilestone[] {
  return milestones.filter((one) => one.milestoneId !== milestoneId);
}

/** A renewal is one by itself where it is the one that the terms give: a renewal by hand is a decision, which no late notice undoes. */
function renewalsAfter(
  state: KnownContract,
  { versionNumber, effectiveTo }: { readonly versionNumber: number; readonly effectiveTo: LocalDate | null },
): readonly RenewedTerm[] {
  const due = renewalOf({ ...state, lastDay: null });
  if (due?.version.versionNumber !== versionNumber || due.until !== effectiveTo) return [];
  return [...(state.renewals ?? []), { versionNumber, lastDay: due.lastDay, until: due.until }];
}

/** What a contract has that was activated and nothing more. Activated anew, it keeps what it has. */
const BLANK = {
  versions: [],
  published: [],
  suspensions: [],
  blocks: [],
  withdrawnBlockIds: [],
  withdrawnBlocks: [],
  counts: [],
} as const;

/** The versions by number: of two with one number the later event counts. */
function withVersion(versions: readonly ContractVersion[], version: ContractVersion): readonly ContractVersion[] {
  const others = versions.filter(({ versionNumber }) => versionNumber !== version.versionNumber);
  return [...others, version].sort((one, other) => one.versionNumber - other.versionNumber);
}

/** Folds an event of `contract-{id}`. It never rejects history: what follows nothing is left out. */
export function evolveContract(state: ContractState, event: ContractEvent): ContractState {
  switch (event.type) {
    case 'ContractActivated': {
      const { versions, published, suspensions, blocks, withdrawnBlockIds, withdrawnBlocks, counts } =
        state.status === 'unknown' ? BLANK : state;
      const { notice, milestones }: Partial<KnownContract> = state.status === 'unknown' ? {} : state;
      return {
        status: 'active',
        ...withoutAgreed(event.data),
        versions,
        published,
        suspensions,
        blocks,
        withdrawnBlockIds,
        withdrawnBlocks,
        counts,
        ...(notice === undefined ? {} : { notice }),
        ...(milestones === undefined ? {} : { milestones }),
      };
    }
    case 'ContractVersionPublished': {
      if (state.status === 'unknown') return state;
      const { contractId: _contractId, ...version } = withoutAgreed(event.data);
      return {
        ...state,
        versions: withVersion(state.versions, version),
        published: [...state.published, version],
      };
    }
    case 'ContractRenewed':
    case 'ContractRenewalReversed':
    case 'ContractSuspended':
    case 'ContractResumed':
    case 'PrepaidBlockPurchased':
    case 'PrepaidBlockReturned':
    case 'PrepaidBlockWithdrawn':
    case 'CountRecorded':
    case 'MilestoneReached':
    case 'MilestoneDeclarationWithdrawn':
    case 'NoticeRecorded':
    case 'NoticeWithdrawn':
      return state.status === 'unknown' ? state : { ...state, ...changed(state, event) };
    case 'ContractTerminated':
      if (state.status === 'unknown') return state;
      return terminatedBy(event.data, state);
    default:
      return unreachable(event);
  }
}

/** Stated anew, an end takes back what the one before released. */
function terminatedBy(
  { lastDay, reason, releasesCommitments }: Termination,
  { releasesCommitments: _before, ...state }: KnownContract & Partial<Termination>,
): ContractState {
  const released = releasesCommitments === true ? { releasesCommitments } : {};
  return { ...state, status: 'terminated', lastDay, reason, ...released };
}
