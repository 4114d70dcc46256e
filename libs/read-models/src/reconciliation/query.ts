import type { LocalDate, Minutes, Month, MoneyJson } from '@billtrail/kernel';
import {
  LEAK_OF,
  accountedBy,
  imbalancesBetween,
  recordedBy,
  type Accounted,
  type Counted,
  type GapKind,
  type Imbalance,
  type Recorded,
} from '@billtrail/billing';
import { givenUpOf, type GivenUp } from '../approvals/given-up.js';
import { NO_TICKET } from '../billable-items/tables.js';
import { fromColumns, moneyList } from '../database/money-columns.js';
import { decodeCursor, encodeCursor, pageLimit, pageOf, type Page, type PageRequest } from '../database/paging.js';
import type { ReadDatabase } from '../database/read-database.js';
import type { Leak } from '../gaps/tables.js';
import { NO_CLIENT } from '../rating-facts/tables.js';
import type { NotKnownOf } from '../parking/parked.js';
import { FATE, FATES, IS_OPEN_GAP, type Fate } from './fates.js';
import {
  chargesAccounted,
  courtesiesOf,
  documentsAccounted,
  totalMoney,
  waitingToForgo,
  type ChargesAccounted,
  type DocumentsAccounted,
  type WaitingToForgo,
} from './money.js';
import { minutesOverMonthEnds } from './over-month-ends.js';
import { ownApprovals, type OwnApprovals } from './own-approvals.js';
import { reopenedTickets, type ReopenedTickets } from './reopened.js';
import { GAP_SCOPE, TICKET_SCOPE, WORK_SCOPE, whereOf, type ReconciliationScope } from './scope.js';

/** Gaps of one kind. */
export interface GapSum {
  readonly kind: GapKind;
  readonly leak: Leak;
  readonly gaps: number;
  readonly tickets: number;
  /** Value at risk by currency. */
  readonly money: readonly MoneyJson[];
  /** Minutes of the gaps that have no price. */
  readonly minutesWithoutPrice: Minutes;
}

export interface Reconciliation {
  /** The day as of which a gap is due. */
  readonly asOf: LocalDate;
  readonly tickets: { readonly resolved: number } & Readonly<Record<Fate, number>>;
  /** Tickets that are open again after their resolution: what of their work is on no issued invoice. Absent: none. */
  readonly reopened?: ReopenedTickets;
  /** Gaps of resolved tickets, those that are open again among them, that nobody accepted, by kind. */
  readonly gaps: readonly GapSum[];
  /** The same of tickets that are not resolved yet. */
  readonly gapsOfOpenTickets: readonly GapSum[];
  /** The same of charges, which have no ticket. */
  readonly gapsOfCharges: readonly GapSum[];
  /** All live work of the scope, of open tickets too. */
  readonly recorded: Recorded;
  /** The same work by disposition (law L1). */
  readonly accounted: Accounted;
  /** What is charged that is not work. */
  readonly charges: ChargesAccounted;
  /** What accounts gave of work as a courtesy, by currency: beside all other figures, for it is in no net. Absent: nothing. */
  readonly courtesies?: readonly MoneyJson[];
  /** What one person asked to forgo and waits for a second. Absent: nothing. */
  readonly waitingToForgo?: WaitingToForgo;
  /** What less is asked because somebody voided, corrected or rejected approved or resolved work, or made work free or cheaper, where no other figure tells it. Absent: nothing. */
  readonly givenUp?: readonly GivenUp[];
  /** What was approved by whoever did or entered it. Absent: nothing. */
  readonly ownApprovals?: OwnApprovals;
  /** All that the scope is worth, by currency: `accounted.total` and `charges.expected`. */
  readonly money: readonly MoneyJson[];
  /** null: of one ticket there are no documents. */
  readonly documents: DocumentsAccounted | null;
  /** Empty: every minute, piece and expense is in exactly one disposition. */
  readonly imbalances: readonly Imbalance[];
  /** Clients of the scope, or months of them, that are in none of the figures, for not all is known of them. Absent: none. */
  readonly notKnown?: readonly NotKnownOf[];
}

export interface ClientPeriodReconciliation extends Reconciliation {
  /** null: tickets without a client. */
  readonly clientId: string | null;
  readonly period: Month;
}

export interface TicketFate {
  readonly ticketId: string;
  readonly reference: string | null;
  readonly summary: string;
  readonly clientId: string | null;
  readonly resolvedOn: LocalDate;
  /** null: it stands where it was resolved. */
  readonly reopenedOn: LocalDate | null;
  readonly fate: Fate;
}

export interface TicketFateFilter extends ReconciliationScope {
  readonly fate?: Fate | undefined;
}

interface GapSumRow {
  /** 1: of a resolved ticket; 0: of another; 2: of a charge. */
  of: bigint;
  kind: GapKind;
  currency: string | null;
  gaps: bigint;
  tickets: bigint;
  value_minor: bigint | null;
  minutes: bigint | null;
}
/** Sums of the database are bigint. */
type Summed<Row, Name extends keyof Row> = Omit<Row, Name> & Readonly<Record<Name, bigint | null>>;
type ItemSum = Summed<Omit<Counted, 'net'>, 'items' | 'minutes' | 'billableMinutes'> & {
  readonly netMinor: bigint | null;
  readonly currency: string | null;
};
type WorkSum = Summed<Pick<Counted, 'kind' | 'items' | 'minutes' | 'quantity'>, 'items' | 'minutes'>;

/**
 * Is everything that was done accounted for? Counted over the rows of billable items and gaps when it is asked: those rows hold every fact
 * that it needs, and the answer depends on the day.
 */
export class ReconciliationQuery {
  constructor(private readonly database: ReadDatabase) {}

  /** The scope as a whole, all figures from one state. */
  async of(asOf: LocalDate, scope: ReconciliationScope = {}): Promise<Reconciliation> {
    return this.database.snapshot(() => this.reconcile(asOf, scope));
  }

  /** Client by client and month by month: where there is work, a resolved ticket or a charge. */
  async byClientPeriod(
    asOf: LocalDate,
    { except, exceptTickets, ...scope }: Omit<ReconciliationScope, 'ticketId'> = {},
    page: PageRequest = {},
  ): Promise<Page<ClientPeriodReconciliation>> {
    const limit = pageLimit(page);
    const after = decodeCursor('client-periods', ['string', 'string'], page.cursor) ?? ['', ''];
    const where = whereOf(scope, { client: 'client_id', period: 'period', ticket: 'client_id' });
    return this.database.snapshot(() => {
      const rows = this.database
        .query<[object], { client_id: string; period: string }>(
          `SELECT client_id, period FROM (
             SELECT DISTINCT client_id, period FROM billable_items
             UNION
             SELECT DISTINCT client_id, period FROM charges
             UNION
             SELECT DISTINCT coalesce(client_id, '${NO_CLIENT}'), substr(resolved_on, 1, 7) FROM resolved_tickets
           ) WHERE (client_id, period) > (:afterClient, :afterPeriod)${where.sql}
           ORDER BY client_id, period LIMIT :limit`,
        )
        .all({ ...where.parameters, afterClient: String(after[0]), afterPeriod: String(after[1]), limit: limit + 1 });
      return pageOf(
        rows,
        limit,
        (row) => {
          const clientId = row.client_id === NO_CLIENT ? null : row.client_id;
          return {
            clientId,
            period: row.period,
            ...this.reconcile(asOf, { clientId, period: row.period, except, exceptTickets }),
          };
        },
        (row) => encodeCursor('client-periods', [row.client_id, row.period]),
      );
    });
  }

  /** The resolved tickets with what became of each, by id. */
  async tickets(asOf: LocalDate, filter: TicketFateFilter = {}, page: PageRequest = {}): Promise<Page<TicketFate>> {
    const limit = pageLimit(page);
    const after = decodeCursor('fates', ['string'], page.cursor) ?? [''];
    const where = whereOf(filter, TICKET_SCOPE);
    const rows = this.database
      .query<[object], TicketFate>(
        `SELECT * FROM (
           SELECT r.ticket_id AS ticketId, t.reference, t.summary, r.client_id AS clientId, r.resolved_on AS resolvedOn, r.reopened_on AS reopenedOn, ${FATE} AS fate
           FROM resolved_tickets r JOIN tickets t ON t.ticket_id = r.ticket_id WHERE r.ticket_id > :after${where.sql}
         )${filter.fate === undefined ? '' : ' WHERE fate = :fate'} ORDER BY ticketId LIMIT :limit`,
      )
      .all({
        ...where.parameters,
        ...(filter.fate === undefined ? {} : { fate: filter.fate }),
        asOf,
        after: String(after[0]),
        limit: limit + 1,
      });
    return pageOf(
      rows,
      limit,
      (row) => row,
      (row) => encodeCursor('fates', [row.ticketId]),
    );
  }

  private reconcile(asOf: LocalDate, scope: ReconciliationScope): Reconciliation {
    const minutes = minutesOverMonthEnds(this.database, scope);
    const recorded = recordedBy([...this.work(scope), { kind: 'time', quantity: '0', items: 0, minutes }]);
    const accounted = accountedBy(this.items(scope));
    const charges = chargesAccounted(this.database, asOf, scope);
    const gaps = this.gaps(asOf, scope);
    const courtesies = courtesiesOf(this.database, scope);
    const waits = waitingToForgo(this.database, scope);
    const givenUp = givenUpOf(this.database, scope);
    const reopened = reopenedTickets(this.database, asOf, scope);
    const own = ownApprovals(this.database, scope);
    return {
      asOf,
      tickets: this.fates(asOf, scope),
      ...(reopened && { reopened }),
      gaps: gapSums(gaps.filter((row) => row.of === 1n)),
      gapsOfOpenTickets: gapSums(gaps.filter((row) => row.of === 0n)),
      gapsOfCharges: gapSums(gaps.filter((row) => row.of === 2n)),
      recorded,
      accounted,
      charges,
      ...(courtesies.length === 0 ? {} : { courtesies }),
      ...(waits && { waitingToForgo: waits }),
      ...(givenUp.length === 0 ? {} : { givenUp }),
      ...(own && { ownApprovals: own }),
      money: totalMoney(accounted, charges),
      documents: documentsAccounted(this.database, scope, accounted, charges),
      imbalances: imbalancesBetween(recorded, accounted),
    };
  }

  private fates(asOf: LocalDate, scope: ReconciliationScope): Reconciliation['tickets'] {
    const where = whereOf(scope, TICKET_SCOPE);
    const rows = this.database
      .query<[object], { fate: Fate; tickets: bigint }>(
        `SELECT fate, count(*) AS tickets FROM (
           SELECT ${FATE} AS fate FROM resolved_tickets r WHERE TRUE${where.sql}
         ) GROUP BY fate`,
      )
      .all({ ...where.parameters, asOf });
    const counts = new Map(rows.map((row) => [row.fate, Number(row.tickets)]));
    const count = (fate: Fate): number => counts.get(fate) ?? 0;
    return {
      resolved: FATES.reduce((sum, fate) => sum + count(fate), 0),
      gap: count('gap'),
      waiting: count('waiting'),
      billed: count('billed'),
      covered: count('covered'),
      'written-off': count('written-off'),
      accepted: count('accepted'),
      reopened: count('reopened'),
    };
  }

  private gaps(asOf: LocalDate, scope: ReconciliationScope): readonly GapSumRow[] {
    const where = whereOf(scope, GAP_SCOPE);
    return this.database
      .query<[object], GapSumRow>(
        `SELECT CASE WHEN d.ticket_id = '${NO_TICKET}' THEN 2 ELSE r.resolved_on IS NOT NULL END AS of, d.kind, d.currency, count(*) AS gaps, count(DISTINCT nullif(coalesce(m.root, d.ticket_id), '${NO_TICKET}')) AS tickets,
           sum(d.value_minor) AS value_minor, sum(CASE WHEN d.value_minor IS NULL THEN d.minutes END) AS minutes
         FROM derived_gaps d LEFT JOIN merged_tickets m ON m.ticket_id = d.ticket_id
           LEFT JOIN tickets t ON t.ticket_id = coalesce(m.root, d.ticket_id)
           LEFT JOIN resolved_tickets r ON r.ticket_id = coalesce(m.root, d.ticket_id)
         WHERE ${IS_OPEN_GAP}${where.sql}
         GROUP BY 1, d.kind, d.currency ORDER BY d.kind, d.currency`,
      )
      .all({ ...where.parameters, asOf });
  }

  private items(scope: ReconciliationScope): readonly Counted[] {
    const where = whereOf(scope, WORK_SCOPE);
    return this.database
      .query<[object], ItemSum>(
        `SELECT disposition, kind, currency, CASE WHEN kind = 'time' THEN '0' ELSE quantity END AS quantity, count(*) AS items,
           sum(actual_minutes) AS minutes, sum(billable_minutes) AS billableMinutes, sum(net_minor) AS netMinor
         FROM billable_items WHERE TRUE${where.sql} GROUP BY 1, 2, 3, 4`,
      )
      .all(where.parameters)
      .map(({ items, minutes, billableMinutes, netMinor, currency, ...of }) => ({
        ...of,
        items: Number(items),
        minutes: Number(minutes),
        billableMinutes: Number(billableMinutes),
        net: fromColumns(netMinor, currency),
      }));
  }

  private work(scope: ReconciliationScope): readonly Pick<Counted, 'kind' | 'items' | 'minutes' | 'quantity'>[] {
    const where = whereOf(scope, WORK_SCOPE);
    return this.database
      .query<[object], WorkSum>(
        `SELECT kind, quantity, count(*) AS items, sum(minutes) AS minutes FROM work_items WHERE TRUE${where.sql} GROUP BY 1, 2`,
      )
      .all(where.parameters)
      .map(({ items, minutes, ...of }) => ({ ...of, items: Number(items), minutes: Number(minutes) }));
  }
}

/** One sum for each kind; the database gives one for each kind and currency. A ticket with gaps in two currencies counts in both. */
function gapSums(rows: readonly GapSumRow[]): readonly GapSum[] {
  const kinds = [...new Set(rows.map((row) => row.kind))];
  return kinds.map((kind) => {
    const own = rows.filter((row) => row.kind === kind);
    const money = new Map<string, bigint>();
    for (const { currency, value_minor } of own)
      if (currency !== null && value_minor !== null) money.set(currency, value_minor);
    return {
      kind,
      leak: LEAK_OF[kind],
      gaps: own.reduce((sum, row) => sum + Number(row.gaps), 0),
      tickets: own.reduce((sum, row) => sum + Number(row.tickets), 0),
      money: moneyList(money),
      minutesWithoutPrice: own.reduce((sum, row) => sum + Number(row.minutes ?? 0n), 0),
    };
  });
}
