import { isNameOfWork } from '@billtrail/billing';
import { isOnHeldWork, type ForgoingAct, type Instant, type MoneyJson } from '@billtrail/kernel';
import { streamName } from '@billtrail/event-store';
import { moneyOf } from '../database/money-columns.js';
import type { ReadDatabase } from '../database/read-database.js';
import { GAPS } from '../gaps/tables.js';
import { itemsAskedFor } from './lapses.js';
import { APPROVALS, type ApprovalRow } from './tables.js';
import { deedIn, type DeedOfTickets } from './to-forgo.js';

/** A request that waits for a second person, as it is told beside what it is about. */
export interface WaitingRequest {
  readonly requestId: string;
  readonly act: ForgoingAct;
  /** Of a merge and a split, which `reclassify` stands for. Absent: it is what the act says. */
  readonly deed?: DeedOfTickets;
  readonly requestedBy: string;
  readonly requestedAt: Instant;
  /** Of all that it asks to forgo; null: nobody can state it. */
  readonly value: MoneyJson | null;
}

/** A billable item. */
export interface ItemNamed {
  readonly itemId: string;
  readonly workItemId: string;
  readonly ticketId: string;
  readonly clientId: string | null;
  readonly period: string;
}

const WAITS = "WHERE verdict = 'waits' AND ending IS NULL";

/** A request, and the work of the gap that it is to accept; null: it is of no gap, or of one that is of no work. */
interface OfGap {
  readonly request: ApprovalRow;
  readonly gapOf: string | null;
}

export function waitingOnItems(
  database: ReadDatabase,
  items: readonly ItemNamed[],
): ReadonlyMap<ItemNamed, readonly WaitingRequest[]> {
  const tickets = [...new Set(items.map(({ ticketId }) => ticketId))];
  const workOfGap = database
    .statement<[string], string | null>(`SELECT work_item_id FROM ${GAPS.name} WHERE gap_id = ?`)
    .pluck();
  const waiting = waitingOn(database, tickets).map((request): OfGap => {
    return { request, gapOf: request.act === 'accept-gap' ? (workOfGap.get(request.target) ?? null) : null };
  });
  return new Map(
    items.flatMap((item) => {
      const on = waiting.filter((one) => isOnItem(one, item)).map(({ request }) => presented(request));
      return on.length === 0 ? [] : [[item, on] as const];
    }),
  );
}

/** Also what is asked of several tickets at once. */
export function waitingOnTicket(database: ReadDatabase, ticketId: string): readonly WaitingRequest[] {
  return waitingOn(database, [ticketId]).map(presented);
}

/** What waits on a gap; null: nothing. */
export function waitingOnGap(database: ReadDatabase, gapId: string): WaitingRequest | null {
  const row = database.rows(APPROVALS, `${WAITS} AND stream = ?`).get(streamName('gap', gapId));
  return row === undefined ? null : presented(row);
}

function waitingOn(database: ReadDatabase, ticketIds: readonly string[]): readonly ApprovalRow[] {
  const ofOne = database.rows(APPROVALS, `${WAITS} AND ticket_id = ?`);
  const ofSeveral = database
    .rows(APPROVALS, `${WAITS} AND ticket_id IS NULL`)
    .all()
    .filter(({ forgone }) => forgone.some(({ ticketId }) => ticketId !== null && ticketIds.includes(ticketId)));
  return [...ticketIds.flatMap((ticketId) => ofOne.all(ticketId)), ...ofSeveral].sort(
    (one, other) => one.position - other.position,
  );
}

function isOnItem({ request, gapOf }: OfGap, { itemId, workItemId, ticketId, clientId, period }: ItemNamed): boolean {
  const { act, target, forgone } = request;
  if (!forgone.some((part) => part.ticketId === ticketId)) return false;
  if (act === 'accept-gap') return gapOf === workItemId;
  if (act === 'no-charge' || act === 'reclassify' || act === 'back-date') return true;
  if (act === 'courtesy' || act === 'price-override' || isOnHeldWork(act))
    return isNameOfWork(workItemId, ticketId, target);
  return request.clientId === clientId && request.period === period && itemsAskedFor(request).includes(itemId);
}

function presented({
  requestId,
  act,
  asked,
  requestedBy,
  requestedAt,
  valueMinor,
  currency,
}: ApprovalRow): WaitingRequest {
  const value = valueMinor === null || currency === null ? null : moneyOf(valueMinor, currency);
  return { requestId, act, ...deedIn(asked), requestedBy, requestedAt, value };
}
