import { type Instant, type Minutes, type Month, type MoneyJson } from '@billtrail/kernel';
import type { ChargeOfGap, GapEnding, GapKind, ValueAtRisk } from '@billtrail/billing';
import { fromColumns, numberOrNull } from '../database/money-columns.js';
import { decodeCursor, encodeCursor, pageLimit, pageOf, type Page, type PageRequest } from '../database/paging.js';
import type { ReadDatabase } from '../database/read-database.js';
import { gapQueries, type GapRow, type GapState, type Leak } from './schema.js';

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
  readonly sourceEventIds: readonly string[];
  readonly ownerId: string | null;
  readonly state: GapState;
  readonly openedAt: Instant;
  readonly openedPosition: number;
  readonly ending: GapEnding | 'accepted' | null;
  readonly endedAt: Instant | null;
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

const FILTER_COLUMNS = {
  kind: 'kind',
  leak: 'leak',
  state: 'state',
  clientId: 'client_id',
  ticketId: 'ticket_id',
  period: 'period',
  ownerId: 'owner_id',
} as const satisfies Record<keyof GapFilter, keyof GapRow>;

/** Which gaps are open, whose, since when, and what they are worth. */
export class GapsQuery {
  constructor(private readonly database: ReadDatabase) {}

  async get(gapId: string): Promise<Gap | null> {
    const row = this.database.first(gapQueries.selectFrom('gaps').selectAll().where('gap_id', '=', gapId));
    return row ? present(row) : null;
  }

  /** The latest occurrence of a key; null where no gap of this key was ever opened. */
  async byKey(key: string): Promise<Gap | null> {
    const row = this.database.first(
      gapQueries.selectFrom('gaps').selectAll().where('gap_key', '=', key).orderBy('occurrence', 'desc').limit(1),
    );
    return row ? present(row) : null;
  }

  /** In the order of opening. */
  async list(filter: GapFilter = {}, page: PageRequest = {}): Promise<Page<Gap>> {
    const limit = pageLimit(page);
    const after = decodeCursor('gaps', ['number'], page.cursor);
    let query = gapQueries.selectFrom('gaps').selectAll();
    for (const [name, column] of Object.entries(FILTER_COLUMNS) as [keyof GapFilter, keyof GapRow][]) {
      const value = filter[name];
      if (value !== undefined) query = query.where(column, '=', value);
    }
    if (after) query = query.where('opened_position', '>', BigInt(after[0] as number));
    const rows = this.database.all(query.orderBy('opened_position').limit(limit + 1));
    return pageOf(rows, limit, present, (row) => encodeCursor('gaps', [Number(row.opened_position)]));
  }

  /** Counted, not loaded. */
  async totals(filter: Pick<GapFilter, 'clientId' | 'state'> = {}): Promise<readonly GapTotal[]> {
    let query = gapQueries
      .selectFrom('gaps')
      .select(({ fn }) => [
        'kind',
        'leak',
        'state',
        'currency',
        fn.countAll<bigint>().as('gaps'),
        fn.sum<bigint | null>('value_minor').as('value_minor'),
        fn.sum<bigint | null>('minutes').filterWhere('value_minor', 'is', null).as('minutes'),
      ]);
    if (filter.clientId !== undefined) query = query.where('client_id', '=', filter.clientId);
    if (filter.state !== undefined) query = query.where('state', '=', filter.state);
    const rows = this.database.all(
      query.groupBy(['kind', 'leak', 'state', 'currency']).orderBy('kind').orderBy('state').orderBy('currency'),
    );
    return rows.map((row) => ({
      kind: row.kind,
      leak: row.leak,
      state: row.state,
      gaps: Number(row.gaps),
      money: fromColumns(row.value_minor, row.currency),
      minutesWithoutPrice: Number(row.minutes ?? 0n),
    }));
  }
}

function present(row: GapRow): Gap {
  return {
    gapId: row.gap_id,
    key: row.gap_key,
    occurrence: Number(row.occurrence),
    kind: row.kind,
    leak: row.leak,
    ticketId: row.ticket_id,
    charge:
      row.charge_contract_id === null || row.charge_id === null
        ? null
        : { contractId: row.charge_contract_id, chargeId: row.charge_id },
    clientId: row.client_id,
    period: row.period,
    workItemId: row.work_item_id,
    valueAtRisk: { money: fromColumns(row.value_minor, row.currency), minutes: numberOrNull(row.minutes) },
    cause: row.cause,
    sourceEventIds: JSON.parse(row.source_event_ids) as string[],
    ownerId: row.owner_id,
    state: row.state,
    openedAt: row.opened_at,
    openedPosition: Number(row.opened_position),
    ending: row.ending,
    endedAt: row.ended_at,
    acceptance:
      row.reason_code === null || row.comment === null || row.accepted_by === null
        ? null
        : {
            reasonCode: row.reason_code,
            comment: row.comment,
            acceptedBy: row.accepted_by,
            secondPerson: row.second_person,
          },
  };
}
