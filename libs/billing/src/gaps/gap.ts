import {
  type Decider,
  type Decision,
  type Instant,
  type Issued,
  type Refusal,
  refuse,
  unreachable,
} from '@billtrail/kernel';
import type { GapEnding, GapEvent, GapFacts, ValueAtRisk } from '../events.js';
import { type LimitsOfForgoing, refuseForgoing } from '../second-person.js';
import { isSaid } from './identity.js';

interface Dated {
  readonly occurredAt?: Instant;
}

/** Records a derived gap. Quiet on repeat. Refuses: GapEnded (a gap that shows again is the next occurrence, with an id of its own). */
export interface OpenBillingGap extends GapFacts, Dated {
  readonly type: 'OpenBillingGap';
  readonly gapId: string;
}

/** States value and cause anew. Quiet where nothing differs. Refuses: GapUnknown, GapEnded. */
export interface RevalueBillingGap extends Dated {
  readonly type: 'RevalueBillingGap';
  readonly gapId: string;
  readonly valueAtRisk: ValueAtRisk;
  readonly cause: string;
  readonly sourceEventIds: readonly string[];
}

/** Gives the gap an owner. Quiet where that is the owner. Refuses: GapUnknown, GapEnded, OwnerMissing. */
export interface AssignBillingGap extends Dated {
  readonly type: 'AssignBillingGap';
  readonly gapId: string;
  readonly ownerId: string;
}

/**
 * A person takes the loss. Quiet where the gap is accepted already.
 * Refuses, in this order: GapUnknown, GapEnded, ReasonMissing, CommentMissing, OwnWork.
 */
export interface AcceptBillingGap extends Dated {
  readonly type: 'AcceptBillingGap';
  readonly gapId: string;
  readonly reasonCode: string;
  readonly comment: string;
  /** Account ids of those who did the work. */
  readonly workBy: readonly string[];
  readonly configuration: LimitsOfForgoing;
}

/** The gap is derived no longer. Quiet where it ended so already. Refuses: GapUnknown, GapEnded (otherwise than asked). */
export interface CloseBillingGap extends Dated {
  readonly type: 'CloseBillingGap';
  readonly gapId: string;
  readonly ending: GapEnding;
}

export type GapCommand = OpenBillingGap | RevalueBillingGap | AssignBillingGap | AcceptBillingGap | CloseBillingGap;

export type GapState =
  | { readonly status: 'unknown' }
  | { readonly status: 'open'; readonly gapId: string; readonly facts: GapFacts; readonly ownerId: string | null }
  | {
      readonly status: 'ended';
      readonly gapId: string;
      readonly facts: GapFacts;
      readonly ownerId: string | null;
      readonly ending: GapEnding | 'accepted';
    };

type Open = Extract<GapState, { status: 'open' }>;

function ended(state: Extract<GapState, { status: 'ended' }>): Refusal {
  return refuse(
    'GapEnded',
    `Gap ${state.gapId} ended: ${state.ending}.`,
    'A gap ends once; check the open gaps of the ticket.',
    {
      gapId: state.gapId,
      ending: state.ending,
    },
  );
}

function sameFacts(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function open(command: OpenBillingGap & Issued, state: GapState): Decision<GapEvent> {
  if (state.status === 'ended') return ended(state);
  if (state.status === 'open') return [];
  const { gapId, kind, ticketId, clientId, period, workItemId, valueAtRisk, cause, sourceEventIds, charge } = command;
  const about = charge === undefined ? {} : { charge };
  return [
    {
      type: 'BillingGapOpened',
      data: { gapId, kind, ticketId, clientId, period, workItemId, valueAtRisk, cause, sourceEventIds, ...about },
      occurredAt: command.occurredAt ?? command.at,
    },
  ];
}

function revalue(command: RevalueBillingGap & Issued, { facts }: Open): Decision<GapEvent> {
  const { gapId, valueAtRisk, cause, sourceEventIds } = command;
  const { money, minutes } = valueAtRisk;
  const now = [money?.amount, money?.currency, minutes, cause, sourceEventIds];
  const known = facts.valueAtRisk;
  // A cause of an old log that renders ids otherwise says the same.
  const knownCause = isSaid(facts.cause, cause) ? cause : facts.cause;
  if (sameFacts(now, [known.money?.amount, known.money?.currency, known.minutes, knownCause, facts.sourceEventIds]))
    return [];
  return [
    {
      type: 'BillingGapRevalued',
      data: { gapId, valueAtRisk, cause, sourceEventIds },
      occurredAt: command.occurredAt ?? command.at,
    },
  ];
}

function assignOwner(command: AssignBillingGap & Issued, state: Open): Decision<GapEvent> {
  const { gapId, ownerId } = command;
  if (ownerId.trim() === '') {
    return refuse('OwnerMissing', `Gap ${gapId} needs an owner.`, 'Name the person responsible.', { gapId });
  }
  if (state.ownerId === ownerId) return [];
  return [{ type: 'BillingGapAssigned', data: { gapId, ownerId }, occurredAt: command.occurredAt ?? command.at }];
}

function accept(command: AcceptBillingGap & Issued): Decision<GapEvent> {
  const { gapId, reasonCode, comment } = command;
  const refusal = refuseForgoing('acceptedGap', command, command.by);
  if (refusal) return refusal;
  return [
    {
      type: 'BillingGapAccepted',
      data: { gapId, reasonCode, comment, acceptedBy: command.by.id, secondPerson: null },
      occurredAt: command.occurredAt ?? command.at,
    },
  ];
}

function close(command: CloseBillingGap & Issued): Decision<GapEvent> {
  const { gapId, ending } = command;
  return [{ type: 'BillingGapClosed', data: { gapId, ending }, occurredAt: command.occurredAt ?? command.at }];
}

function decideOnOpen(command: Exclude<GapCommand, OpenBillingGap> & Issued, state: Open): Decision<GapEvent> {
  switch (command.type) {
    case 'RevalueBillingGap':
      return revalue(command, state);
    case 'AssignBillingGap':
      return assignOwner(command, state);
    case 'AcceptBillingGap':
      return accept(command);
    case 'CloseBillingGap':
      return close(command);
    default:
      return unreachable(command);
  }
}

/** The ending that a command asks for, where it ends the gap. */
function endingAsked(command: GapCommand): GapEnding | 'accepted' | null {
  if (command.type === 'CloseBillingGap') return command.ending;
  return command.type === 'AcceptBillingGap' ? 'accepted' : null;
}

/** A billing gap: stream `gap-{id}`. It is opened once, ends in exactly one way, and is never deleted. */
export const gap: Decider<GapCommand, GapState, GapEvent> = {
  initialState: { status: 'unknown' },
  decide(command, state) {
    if (command.type === 'OpenBillingGap') return open(command, state);
    if (state.status === 'unknown') {
      return refuse('GapUnknown', `There is no gap ${command.gapId}.`, 'Check the id: GET /v1/gaps', {
        gapId: command.gapId,
      });
    }
    if (state.status === 'ended') return endingAsked(command) === state.ending ? [] : ended(state);
    return decideOnOpen(command, state);
  },
  evolve(state, event) {
    if (event.type === 'BillingGapOpened') {
      const { gapId, ...facts } = event.data;
      return { status: 'open', gapId, facts, ownerId: null };
    }
    if (state.status === 'unknown') return state;
    switch (event.type) {
      case 'BillingGapRevalued': {
        const { gapId: _gapId, ...value } = event.data;
        return { ...state, facts: { ...state.facts, ...value } };
      }
      case 'BillingGapAssigned':
        return { ...state, ownerId: event.data.ownerId };
      case 'BillingGapAccepted':
        return { ...state, status: 'ended', ending: 'accepted' };
      case 'BillingGapClosed':
        return { ...state, status: 'ended', ending: event.data.ending };
      // Asked for, and without effect.
      case 'ForgoingRequested':
      case 'ForgoingWithdrawn':
      case 'ForgoingApproved':
      case 'ForgoingRefused':
        return state;
      default:
        return unreachable(event);
    }
  },
};
