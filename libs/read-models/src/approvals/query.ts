import type { ForgoingAct, ForgoneOfTicket, Instant, MoneyJson, Month, Refusal, Role } from '@billtrail/kernel';
import { DEFAULT_CONFIGURATION, type LimitsOfForgoing } from '@billtrail/billing';
import { Position, type EventStore, type StreamName } from '@billtrail/event-store';
import { readModelsDiffer, type Comparison } from '../compared/comparison.js';
import { firstOf, listedByLog, type LogList } from '../database/list.js';
import { moneyOf } from '../database/money-columns.js';
import type { Page, PageRequest } from '../database/paging.js';
import type { ReadDatabase } from '../database/read-database.js';
import { knownPeople, othersGiven, type GivenPerson, type KnownPerson } from './known-people.js';
import { peopleOf } from './people-of-work.js';
import { deedIn, type DeedOfTickets } from './to-forgo.js';
import { waitingOnItems, type ItemNamed, type WaitingRequest } from './waiting.js';
import {
  FORGOING_LIMITS,
  APPROVALS,
  type ApprovalEnding,
  type ApprovalRow,
  type Lapse,
  type WhyItWaits,
} from './tables.js';

export const APPROVAL_STATES = [
  'waiting',
  'standing',
  'carried-out',
  'refused',
  'withdrawn',
  'lapsed',
  'taken-back',
] as const;
/** `waiting` for a second person; `standing`: its effect is about to be recorded. The others are endings. */
export type ApprovalState = (typeof APPROVAL_STATES)[number];

/** A request to forgo money, with its verdict and what became of it. */
export interface Approval {
  /** The id of its event. */
  readonly requestId: string;
  readonly position: Position;
  readonly state: ApprovalState;
  readonly act: ForgoingAct;
  /** Of a merge and a split, which `reclassify` stands for. Absent: it is what the act says. */
  readonly deed?: DeedOfTickets;
  /** What it is about: the gap, the item, the credit note, the piece of work. */
  readonly target: string;
  /** Where it takes effect. */
  readonly stream: StreamName;
  readonly clientId: string | null;
  readonly period: Month | null;
  readonly ticketId: string | null;
  /** A part for each ticket; null: of a charge. */
  readonly forgone: readonly ForgoneOfTicket[];
  /** Of all its parts; null: nobody can state it. */
  readonly value: MoneyJson | null;
  /** Of what it would do: whoever approves it names what they have seen. */
  readonly hash: string;
  /** The command that asked for it, as it is carried out. */
  readonly asked: object;
  /** Those who did the work: none of them approves it. */
  readonly workBy: readonly string[];
  readonly requestedBy: string;
  readonly requestedAs: Role;
  /** As whoever asked said. */
  readonly requestedAt: Instant;
  /** When the log took it. */
  readonly recordedAt: Instant;
  readonly reasonCode: string | null;
  readonly comment: string | null;
  /** Why it waits, or waited until somebody approved it or it ended; null: it stands by its verdict. */
  readonly waitsBecause: WhyItWaits | null;
  /** The second person, by whose word it stands; null: nobody has approved it, or has to. */
  readonly approvedBy: string | null;
  readonly approvedAt: Instant | null;
  /** The person in whose place whoever approved or refused it decided; null: by their own right, or nobody did. */
  readonly decidedInPlaceOf: string | null;
  /** Who refused or withdrew it, and why; null: nobody did. */
  readonly endedBy: string | null;
  readonly endedReason: string | null;
  /** Why it lapsed; null: it did not. */
  readonly lapse: Lapse | null;
}

export interface ApprovalFilter {
  readonly state?: ApprovalState | undefined;
  readonly act?: ForgoingAct | undefined;
  readonly clientId?: string | undefined;
  readonly ticketId?: string | undefined;
  readonly period?: Month | undefined;
  readonly requestedBy?: string | undefined;
}

/** What one person may decide, alone or in the place of another: of these acts, of work that neither of both did, asked for by these people, or one of these requests. */
export interface MineToDecide {
  readonly personIds: readonly string[];
  readonly acts: readonly ForgoingAct[];
  readonly requestedBy: readonly string[];
  readonly requestIds: readonly string[];
}

/** A request that stands and is to be carried out. */
export interface StandingApproval extends Pick<ApprovalRow, 'requestId' | 'stream' | 'act' | 'clientId'> {}

/** `workItemId` null: all that was worked on the ticket. */
export interface WorkNamed {
  readonly ticketId: string;
  readonly workItemId: string | null;
}

/** Nobody decides on their own work, nor above their limit. */
export interface RulesOfForgoing {
  /** Account ids. */
  readonly workBy: readonly string[];
  readonly configuration: LimitsOfForgoing;
}

/** Which acts forgo money on one person's word, which of them stand, and which wait for a second. */
export class ApprovalsQuery {
  private readonly listed: LogList<ApprovalRow, Approval>;

  constructor(
    private readonly database: ReadDatabase,
    private readonly store: Pick<EventStore, 'eventAt'>,
    private readonly comparison: Pick<Comparison, 'ofApprovals'> | null = null,
  ) {
    const since = ({ position, requestId: id }: ApprovalRow) => ({ position, id });
    this.listed = { name: 'approvals', from: APPROVALS, order: 'position', since, present: presented };
  }

  async get(requestId: string): Promise<Approval | null> {
    const row = firstOf(this.database, APPROVALS, { requestId });
    return row === undefined ? null : presented(row);
  }

  /** At once: for whoever decides on it or carries it out. Its verdict, and who did the work. Refuses: ReadModelsDiffer. */
  judgedNow(requestId: string): Approval | Refusal | null {
    return this.database.snapshot(() => {
      const row = firstOf(this.database, APPROVALS, { requestId });
      const tickets = row?.forgone.flatMap(({ ticketId }) => ticketId ?? []) ?? [];
      return this.compared(tickets, () => (row === undefined ? null : presented(row)));
    });
  }

  /**
   * What says whether somebody may forgo the money of these pieces of work: who did them, and the limits. At once. Refuses: ReadModelsDiffer.
   */
  rulesNow(works: readonly WorkNamed[]): RulesOfForgoing | Refusal {
    const tickets = [...new Set(works.map(({ ticketId }) => ticketId))];
    return this.compared(tickets, () => ({
      workBy: [...new Set(works.flatMap(({ ticketId, workItemId }) => peopleOf(this.database, ticketId, workItemId)))],
      configuration: this.database.rows(FORGOING_LIMITS, '').get()?.limits ?? DEFAULT_CONFIGURATION,
    }));
  }

  /** Those whom the log knows and who have one of these roles, in the order in which they were registered. */
  async knownWith(roles: readonly Role[]): Promise<readonly KnownPerson[]> {
    return knownPeople(this.database, roles);
  }

  /** Everybody else whom the log knows to have ever been given one of these roles. At once. Refuses: ReadModelsDiffer. */
  othersGivenNow(personId: string, roles: readonly Role[]): readonly GivenPerson[] | Refusal {
    return this.compared([], () => othersGiven(this.database, personId, roles));
  }

  /** `work` on rows that nobody else has changed, in one snapshot with the look at them. */
  private compared<Result>(ticketIds: readonly string[], work: () => Result): Result | Refusal {
    return this.database.snapshot(() => {
      const difference = this.comparison?.ofApprovals(ticketIds) ?? null;
      return difference === null ? work() : readModelsDiffer(difference);
    });
  }

  /** Whether it waited in vain. At once. */
  isLapsedNow(requestId: string): boolean {
    return firstOf(this.database, APPROVALS, { requestId, ending: 'lapsed' }) !== undefined;
  }

  /** Whether something is forgone by one person's word. At once. Refuses: ReadModelsDiffer. */
  isForgoneByOneNow(ticketId: string, act: ForgoingAct, target: string): boolean | Refusal {
    const which = { act, ticketId, target, ending: 'carried-out', approvedBy: null } as const;
    return this.compared([], () => firstOf(this.database, APPROVALS, which) !== undefined);
  }

  /** In the order of the log. */
  async list(
    { state, ...where }: ApprovalFilter = {},
    page: PageRequest = {},
    mine?: readonly MineToDecide[],
  ): Promise<Page<Approval>> {
    const also = [...(state === undefined ? [] : [inState(state)]), ...(mine === undefined ? [] : [toDecide(mine)])];
    return listedByLog(this.database, this.store, this.listed, where, page, {
      sql: also.map(({ sql }) => `(${sql})`).join(' AND ') || 'TRUE',
      parameters: also.flatMap(({ parameters }) => parameters),
    });
  }

  /** Who asked for what waits. */
  async requestersOfWaiting(): Promise<readonly string[]> {
    const waiting = this.database.query<[], { requestedBy: string }>(
      "SELECT DISTINCT requested_by AS requestedBy FROM approvals WHERE verdict = 'waits' AND ending IS NULL ORDER BY 1",
    );
    return waiting.all().map(({ requestedBy }) => requestedBy);
  }

  /** What somebody asked for and waits, in the order of the log. */
  async waitingOf(
    requesterId: string,
  ): Promise<readonly Pick<ApprovalRow, 'requestId' | 'act' | 'requestedBy' | 'workBy'>[]> {
    return this.database
      .rows(APPROVALS, "WHERE verdict = 'waits' AND ending IS NULL AND requested_by = ? ORDER BY position")
      .all(requesterId);
  }

  /** What waits on each of some items: to be written off, alone or by a credit note, given for nothing, priced otherwise, or its gap accepted. By item, in the order of the log. */
  async waitingOn(items: readonly ItemNamed[]): Promise<ReadonlyMap<ItemNamed, readonly WaitingRequest[]>> {
    return waitingOnItems(this.database, items);
  }

  /** What stands and has no effect yet, because whoever asked was interrupted: all of it, for each takes room until it ends. */
  async standing(): Promise<readonly StandingApproval[]> {
    return this.database.rows(APPROVALS, "WHERE verdict = 'stands' AND ending IS NULL ORDER BY position").all();
  }
}

function inState(state: ApprovalState) {
  if (state === 'waiting' || state === 'standing') {
    const verdict = state === 'waiting' ? 'waits' : 'stands';
    return { sql: 'verdict = ? AND ending IS NULL', parameters: [verdict] };
  }
  return { sql: 'ending = ?', parameters: [state satisfies ApprovalEnding] };
}

function toDecide(mine: readonly MineToDecide[]) {
  return {
    sql: `verdict = 'waits' AND ending IS NULL AND EXISTS (SELECT 1 FROM json_each(?) AS mine
      WHERE act IN (SELECT value FROM json_each(mine.value, '$.acts'))
      AND (requested_by IN (SELECT value FROM json_each(mine.value, '$.requestedBy'))
        OR request_id IN (SELECT value FROM json_each(mine.value, '$.requestIds')))
      AND NOT EXISTS (SELECT 1 FROM json_each(work_by) AS worker
        WHERE worker.value IN (SELECT value FROM json_each(mine.value, '$.personIds'))))`,
    parameters: [JSON.stringify(mine)],
  };
}

function presented(row: ApprovalRow): Approval {
  const { position, requestId, valueMinor, currency, verdict, ending, ...told } = row;
  const { subject: _, stoodIn: __, workItemId: ___, ...same } = told;
  const { type: _type, ...asked } = row.asked as { readonly type?: string };
  return {
    ...same,
    ...deedIn(row.asked),
    asked,
    requestId,
    position: Position.of({ position, id: requestId }),
    state: ending ?? (verdict === 'waits' ? 'waiting' : 'standing'),
    value: valueMinor === null || currency === null ? null : moneyOf(valueMinor, currency),
  };
}
