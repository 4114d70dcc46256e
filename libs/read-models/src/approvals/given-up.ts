import { ACTS_ON_HELD_WORK, type ForgoingAct, type Instant, type MoneyJson } from '@billtrail/kernel';
import { minorOf, moneyList, moneyOf } from '../database/money-columns.js';
import type { ReadDatabase } from '../database/read-database.js';
import { WORK_SCOPE, whereOf, type ReconciliationScope } from '../reconciliation/scope.js';
import { APPROVALS, type ApprovalRow } from './tables.js';
import { DEEDS_OF_TICKETS, deedIn, type DeedOfTickets } from './to-forgo.js';

/**
 * The acts of which no other figure tells: a write-off and an accepted gap are where the work went, and a courtesy is summed by itself. Of credit notes those that
 * only bill again, for less: what a note writes off is told as that.
 */
const GIVING_UP = [
  ...ACTS_ON_HELD_WORK,
  'no-charge',
  'reclassify',
  'back-date',
  'price-override',
  'credit',
] as const satisfies readonly ForgoingAct[];
export type ActOfGivingUp = (typeof GIVING_UP)[number];

/** What less is asked, by acts of one kind. */
export interface GivenUp {
  readonly act: ActOfGivingUp;
  /** Of merges and splits, which `reclassify` stands for. Absent: they are what the act says. */
  readonly deed?: DeedOfTickets;
  readonly requests: number;
  /** By currency. */
  readonly money: readonly MoneyJson[];
  /** Requests of which nobody could state the value. */
  readonly withoutValue: number;
  /** Account ids of those who asked and those who agreed. */
  readonly persons: readonly string[];
}

/** One of them, as it is told of its ticket. */
export interface GivenUpOfTicket {
  readonly requestId: string;
  readonly act: ActOfGivingUp;
  /** As above, of this one. */
  readonly deed?: DeedOfTickets;
  /** The piece of work, the ticket, the contract or the credit note. */
  readonly target: string;
  /** null: nobody could state it. */
  readonly value: MoneyJson | null;
  readonly reasonCode: string | null;
  readonly comment: string | null;
  readonly requestedBy: string;
  readonly requestedAt: Instant;
  /** null: whoever asked could decide alone. */
  readonly approvedBy: string | null;
}

const CARRIED_OUT = `WHERE ending = 'carried-out' AND act IN (${GIVING_UP.map((act) => `'${act}'`).join(', ')})
  AND (act <> 'credit' OR NOT EXISTS (SELECT 1 FROM json_each(asked, '$.items') WHERE value ->> 'outcome' <> 'bill-again'))`;

/** Of one ticket, with its part of what several lose at once. In the order of the acts; none that nobody did. */
export function givenUpOf(database: ReadDatabase, scope: ReconciliationScope): readonly GivenUp[] {
  const { ticketId, ...others } = scope;
  const where = whereOf(others, WORK_SCOPE);
  const rows = database.rows(APPROVALS, `${CARRIED_OUT}${where.sql} ORDER BY position`).all(where.parameters);
  const ofScope = rows
    .map((row) => ({
      ...row,
      forgone: row.forgone.filter((part) => ticketId === undefined || part.ticketId === ticketId),
    }))
    .filter(({ forgone }) => forgone.length > 0);
  return GIVING_UP.flatMap((act) => {
    const ofAct = ofScope.filter((row) => row.act === act);
    return [undefined, ...DEEDS_OF_TICKETS].flatMap((deed) => {
      const all = ofAct.filter(({ asked }) => deedIn(asked).deed === deed);
      return all.length === 0 ? [] : [{ act, ...(deed && { deed }), ...summed(all) }];
    });
  });
}

function summed(rows: readonly ApprovalRow[]): Omit<GivenUp, 'act' | 'deed'> {
  const sums = new Map<string, bigint>();
  for (const { money } of rows.flatMap(({ forgone }) => forgone))
    if (money !== null) sums.set(money.currency, (sums.get(money.currency) ?? 0n) + minorOf(money));
  const persons = rows.flatMap(({ requestedBy, approvedBy }) => [
    requestedBy,
    ...(approvedBy === null ? [] : [approvedBy]),
  ]);
  return {
    requests: rows.length,
    money: moneyList(sums),
    withoutValue: rows.filter(({ forgone }) => forgone.some(({ money }) => money === null)).length,
    persons: [...new Set(persons)].sort(),
  };
}

/** Also what several tickets lose at once. In the order of the log. */
export function givenUpOnTicket(database: ReadDatabase, ticketId: string): readonly GivenUpOfTicket[] {
  const isOfTicket = "EXISTS (SELECT 1 FROM json_each(forgone) WHERE value ->> 'ticketId' = ?)";
  return database
    .rows(APPROVALS, `${CARRIED_OUT} AND (ticket_id = ? OR ticket_id IS NULL AND ${isOfTicket}) ORDER BY position`)
    .all(ticketId, ticketId)
    .map(
      ({
        requestId,
        act,
        asked,
        target,
        valueMinor,
        currency,
        reasonCode,
        comment,
        requestedBy,
        requestedAt,
        approvedBy,
      }) => ({
        requestId,
        act: act as ActOfGivingUp,
        ...deedIn(asked),
        target,
        value: valueMinor === null || currency === null ? null : moneyOf(valueMinor, currency),
        reasonCode,
        comment,
        requestedBy,
        requestedAt,
        approvedBy,
      }),
    );
}
