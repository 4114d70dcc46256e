import { Position, type EventStore } from '@billtrail/event-store';
import { type Instant, type Minutes, type Month, type MoneyJson } from '@billtrail/kernel';
import type { ChargeOfGap, GapEnding, GapKind, ValueAtRisk } from '@billtrail/billing';
import { conditions, firstOf, listedByLog, type LogList } from '../database/list.js';
import { fromColumns } from '../database/money-columns.js';
import type { Page, PageRequest } from '../database/paging.js';
import type { ReadDatabase } from '../database/read-database.js';
import type { Cell } from '../database/table.js';
import { waitingOnGap, type WaitingRequest } from '../approvals/waiting.js';
import { ofTicketOrMerged } from '../rating-facts/merge-facts.js';
import { asOfNow, type GapOfNow } from './as-of-now.js';
import { latestRecorded } from './latest-recorded.js';
import { remedyOf } from './remedy.js';
import { GAPS, type GapRow, type GapState, type Leak } from './tables.js';

/** A recorded gap as it stands. */
export interface Gap {
  readonly gapId: string;
  readonly key: string;
  /** 1 for the first gap of its key; one more each time it opened again after its end. */
  readonly occurrence: number;
  readonly kind: GapKind;
  readonly leak: Leak;
  /** null: it is about a charge. */
  readonly ticketId: string | null;
  readonly charge: ChargeOfGap | null;
  readonly clientId: string | null;
  readonly period: Month | null;
  readonly workItemId: string | null;
  readonly valueAtRisk: ValueAtRisk;
  readonly cause: string;
  /** What ends it, where its cause and kind don't say how. Only of open ones. */
  readonly remedy?: string;
  readonly sourceEventIds: readonly string[];
  readonly ownerId: string | null;
  readonly state: GapState;
  readonly openedAt: Instant;
  readonly openedPosition: Position;
  readonly ending: GapEnding | 'accepted' | null;
  readonly endedAt: Instant | null;
  /** Somebody asked to accept it, and that waits for a second person. Absent: nobody did. */
  readonly waiting?: WaitingRequest;
  /** Of an accepted gap. */
  readonly acceptance: {
    readonly reasonCode: string;
    readonly comment: string;
    readonly acceptedBy: string;
    readonly secondPerson: string | null;
  } | null;
}

export interface GapFilter {
  readonly kind?: GapKind | undefined;
  readonly leak?: Leak | undefined;
  readonly state?: GapState | undefined;
  readonly clientId?: string | undefined;
  readonly ticketId?: string | undefined;
  readonly period?: Month | undefined;
  readonly ownerId?: string | undefined;
}

/** One line of the overview: gaps of one kind, state and currency. `money` is null where they have no price. */
export interface GapTotal {
  readonly kind: GapKind;
  readonly leak: Leak;
  readonly state: GapState;
  readonly gaps: number;
  readonly money: MoneyJson | null;
  /** Minutes at risk of those that have no price. */
  readonly minutesWithoutPrice: Minutes;
}

/** Which gaps are open, whose, since when, and what they are worth. */
export class GapsQuery {
  private readonly gaps: LogList<GapRow, Gap>;

  constructor(
    private readonly database: ReadDatabase,
    private readonly store: Pick<EventStore, 'eventAt'>,
  ) {
    const present = (row: GapRow) =>
      presented(asOfNow(database, row), row.state === 'open' ? waitingOnGap(database, row.gapId) : null);
    this.gaps = { name: 'gaps', from: GAPS, order: 'openedPosition', since: openingOf, present };
  }

  async get(gapId: string): Promise<Gap | null> {
    return this.getNow(gapId);
  }

  /** At once: for whoever decides on it. */
  getNow(gapId: string): Gap | null {
    const row = firstOf(this.database, GAPS, { gapId });
    return row ? this.gaps.present(row) : null;
  }

  /** The latest occurrence of a key, or of the one that old logs have for it; null where no gap of them was ever opened. */
  byKeyNow(gapKey: string, formerKey: string | null = null): Gap | null {
    const row = latestRecorded(this.database, gapKey, formerKey);
    return row ? this.gaps.present(row) : null;
  }

  /** In the order of opening. */
  async list(filter: GapFilter = {}, page: PageRequest = {}): Promise<Page<Gap>> {
    const { kind, leak, state, clientId, ticketId, period, ownerId } = filter;
    const where = { kind, leak, state, clientId, period, ownerId };
    return listedByLog(this.database, this.store, this.gaps, where, page, ofTicketOrMerged(ticketId));
  }

  /** Counted, not loaded. */
  async totals(filter: Pick<GapFilter, 'clientId' | 'state'> = {}): Promise<readonly GapTotal[]> {
    const { clientId, state } = filter;
    const { sql, parameters } = conditions(GAPS, { clientId, state });
    const rows = this.database
      .query<
        Cell[],
        Pick<GapRow, 'kind' | 'leak' | 'state' | 'currency' | 'valueMinor'> & { gaps: bigint; minutes: bigint | null }
      >(
        `SELECT kind, leak, state, currency, count(*) AS gaps, sum(value_minor) AS valueMinor,
           sum(minutes) FILTER (WHERE value_minor IS NULL) AS minutes
         FROM gaps WHERE ${sql} GROUP BY kind, leak, state, currency ORDER BY kind, state, currency`,
      )
      .all(...parameters);
    return rows.map(({ valueMinor, currency, gaps, minutes, ...of }) => ({
      ...of,
      gaps: Number(gaps),
      money: fromColumns(valueMinor, currency),
      minutesWithoutPrice: Number(minutes ?? 0n),
    }));
  }
}

function openingOf({ openedPosition, openedEventId }: GapRow) {
  return { position: openedPosition, id: openedEventId };
}

function presented({ endsBy, ...row }: GapOfNow, waiting: WaitingRequest | null): Gap {
  const { gapKey: key, valueMinor, currency, minutes, chargeContractId, chargeId, ...others } = row;
  const { reasonCode, comment, acceptedBy, secondPerson, openedEventId: _, ...same } = others;
  return {
    ...same,
    openedPosition: Position.of(openingOf(row)),
    ...(waiting !== null && { waiting }),
    ...(endsBy !== null && { remedy: remedyOf(endsBy) }),
    key,
    charge: chargeContractId === null || chargeId === null ? null : { contractId: chargeContractId, chargeId },
    valueAtRisk: { money: fromColumns(valueMinor, currency), minutes },
    acceptance:
      reasonCode === null || comment === null || acceptedBy === null
        ? null
        : { reasonCode, comment, acceptedBy, secondPerson },
  };
}
