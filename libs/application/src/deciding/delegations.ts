import {
  addDays,
  daysBetween,
  fold,
  refuse,
  storedEventTypes,
  type Actor,
  type Decider,
  type Decision,
  type DomainEvent,
  type Issued,
  type LocalDate,
  type Refusal,
  type Role,
} from '@billtrail/kernel';
import type { EventStore } from '@billtrail/event-store';

/** All delegations of the organisation: there are few, and whoever decides reads them as they are now. */
export const DELEGATIONS_STREAM = 'delegations';

/** Most days for which a delegate is named. */
export const MAX_DAYS_OF_DELEGATION = 366;

/** A person who may approve named another who approves in their place, on these days of the organisation, the last one included. */
export interface DelegationFacts {
  readonly delegationId: string;
  /** In whose place. */
  readonly personId: string;
  /** As what they named the delegate: nobody decides as more in their place. */
  readonly role: Role;
  readonly delegateId: string;
  readonly from: LocalDate;
  readonly until: LocalDate;
}

export type DelegateNamed = DomainEvent<'DelegateNamed', DelegationFacts>;
/** Nobody decides by it any more; what was decided stays. */
export type DelegationEnded = DomainEvent<
  'DelegationEnded',
  { readonly delegationId: string; readonly endedBy: string }
>;
export type DelegationEvent = DelegateNamed | DelegationEnded;

/** As of persons: ids and roles stay in the log for good, for what may be decided rests on them. */
export const storedDelegationEvents = storedEventTypes<DelegationEvent>()({
  DelegateNamed: { storedName: 'delegate-named', personalFields: [] },
  DelegationEnded: { storedName: 'delegation-ended', personalFields: ['endedBy'] },
});

export interface Delegation extends DelegationFacts {
  /** Who ended it before its last day; null: nobody did. */
  readonly endedBy: string | null;
}

/** In the order of the log. */
type Delegations = readonly Delegation[];

export interface NameDelegation extends Omit<DelegationFacts, 'personId' | 'role'> {
  readonly type: 'NameDelegate';
  readonly today: LocalDate;
}
export interface EndOfDelegation {
  readonly type: 'EndDelegation';
  readonly delegationId: string;
}

/** What the log says of delegations. */
const told: Pick<Decider<never, Delegations, DelegationEvent>, 'initialState' | 'evolve'> = {
  initialState: [],
  evolve(state, event) {
    if (event.type === 'DelegateNamed') return [...state, { ...event.data, endedBy: null }];
    const { delegationId, endedBy } = event.data;
    return state.map((one) => (one.delegationId === delegationId ? { ...one, endedBy } : one));
  },
};

/**
 * Refuses a delegate, in this order: DelegationExists, DelegationHasEnded, DelegateIsSelf, FieldInvalid. That both are persons is looked at before. Refuses an end:
 * DelegationNotFound, DelegationOfOthers.
 */
export const delegationDecider: Decider<NameDelegation | EndOfDelegation, Delegations, DelegationEvent> = {
  ...told,
  decide: (command, state) => (command.type === 'NameDelegate' ? named(command, state) : ended(command, state)),
};

function named(command: NameDelegation & Issued, state: Delegations): Decision<DelegationEvent> {
  const { delegationId, delegateId, from, until, today, by, at: occurredAt } = command;
  const facts: DelegationFacts = { delegationId, personId: by.id, role: by.role, delegateId, from, until };
  const known = state.find((one) => one.delegationId === delegationId);
  if (known !== undefined) {
    const isSame = Object.entries(facts).every(([name, value]) => known[name as keyof DelegationFacts] === value);
    if (!isSame)
      return refuse('DelegationExists', `There is another delegation ${delegationId}.`, 'Use another id, or none.', {
        delegationId,
      });
    return known.endedBy === null ? [] : refuseEnded(delegationId, known.endedBy);
  }
  if (delegateId === by.id)
    return refuse('DelegateIsSelf', 'A delegate is another person.', 'Name a person who approves in your place.', {
      delegateId,
    });
  const wrong = daysRule(from, until, today);
  return wrong ?? [{ type: 'DelegateNamed', data: facts, occurredAt }];
}

/** Named once more it would be in force again, and whoever ended it would not know. */
function refuseEnded(delegationId: string, endedBy: string): Refusal {
  return refuse(
    'DelegationHasEnded',
    `${endedBy} has ended delegation ${delegationId}: it is not in force again.`,
    'To name the delegate again, use another id, or none.',
    { delegationId, endedBy },
  );
}

function daysRule(from: LocalDate, until: LocalDate, today: LocalDate): Refusal | null {
  const problem = (field: string, message: string, remedy: string) =>
    refuse('FieldInvalid', message, remedy, { field, from, until, today });
  if (until < from)
    return problem('until', `${until} is before ${from}.`, `Send an \`until\` from ${from} on: it is the last day.`);
  if (until < today)
    return problem('until', `${until} has passed.`, `Send an \`until\` from ${today} on: it is the last day.`);
  const last = addDays(from, MAX_DAYS_OF_DELEGATION - 1);
  if (daysBetween(from, until) >= MAX_DAYS_OF_DELEGATION)
    return problem(
      'until',
      `A delegate is named for ${MAX_DAYS_OF_DELEGATION} days at most.`,
      `Send an \`until\` up to ${last}, and name the delegate anew after that.`,
    );
  return null;
}

function ended({ delegationId, by, at: occurredAt }: EndOfDelegation & Issued, state: Delegations) {
  const known = state.find((one) => one.delegationId === delegationId);
  if (known === undefined)
    return refuse('DelegationNotFound', `No delegation ${delegationId}.`, 'Check the id: GET /v1/delegations', {
      delegationId,
    });
  const { personId, delegateId, endedBy } = known;
  if (by.role !== 'admin' && by.id !== personId && by.id !== delegateId)
    return refuse(
      'DelegationOfOthers',
      `Delegation ${delegationId} is between ${personId} and ${delegateId}.`,
      'One of them ends it, or an admin does.',
      { delegationId, personId, delegateId },
    );
  if (endedBy !== null) return [];
  const event: DelegationEvent = { type: 'DelegationEnded', data: { delegationId, endedBy: by.id }, occurredAt };
  return [event];
}

/** All of them, in the order of the log. */
export async function delegationsOf(log: Pick<EventStore, 'readStream'>): Promise<Delegations> {
  const { events } = await log.readStream(DELEGATIONS_STREAM);
  return fold(told, events as readonly DomainEvent[] as readonly DelegationEvent[]);
}

export const DELEGATION_STATES = ['coming', 'in-force', 'over', 'ended'] as const;
export type DelegationState = (typeof DELEGATION_STATES)[number];

export function stateOfDelegation({ from, until, endedBy }: Delegation, today: LocalDate): DelegationState {
  if (endedBy !== null) return 'ended';
  if (today < from) return 'coming';
  return today > until ? 'over' : 'in-force';
}

/** Those by which somebody decides today in the place of others. */
export async function delegationsTo(
  log: Pick<EventStore, 'readStream'>,
  delegateId: Actor['id'],
  today: LocalDate,
): Promise<Delegations> {
  const all = await delegationsOf(log);
  return all.filter((one) => one.delegateId === delegateId && stateOfDelegation(one, today) === 'in-force');
}
