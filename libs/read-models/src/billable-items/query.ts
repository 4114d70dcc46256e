import { compareTexts, type LocalDate, type Month } from '@billtrail/kernel';
import type { WorkKind } from '@billtrail/contracts';
import {
  explainedForLackOfClient,
  rateExplained,
  type Approval,
  type BillableItem,
  type ChargeItem,
  type ClientPeriodFacts,
  type ContractFacts,
  type Disposition,
  type ExplainedItem,
} from '@billtrail/billing';
import { allOf, firstOf, listed, type List } from '../database/list.js';
import type { Page, PageRequest } from '../database/paging.js';
import type { ReadDatabase } from '../database/read-database.js';
import { IS_ACCEPTED, IS_SAME_GAP } from '../gaps/same-gap.js';
import { FactsReader } from '../rating-facts/facts-reader.js';
import { FactsMemory } from '../rating-facts/memory.js';
import { accountedForBy, ofTicketOrMerged } from '../rating-facts/merge-facts.js';
import { NO_CLIENT } from '../rating-facts/tables.js';
import { PeriodChain } from './period-chain.js';
import { presentGap, presentItem, type KeyedGap } from './rows.js';
import { GAPS_DERIVED, ITEMS, type ItemRow } from './tables.js';

export interface ItemFilter {
  /** null: work of tickets without a client. */
  readonly clientId?: string | null | undefined;
  readonly period?: Month | undefined;
  readonly ticketId?: string | undefined;
  readonly disposition?: Disposition | undefined;
  readonly kind?: WorkKind | undefined;
  readonly approval?: Approval | undefined;
}

/** What rating makes of a client-period, in the order of ids. As much as the period has. */
export interface ExplainedPeriod {
  readonly items: readonly ExplainedItem[];
  readonly charges: readonly ChargeItem[];
  /** The site of each ticket with work in it, as that is rated; null: none. */
  readonly siteOfTicket: ReadonlyMap<string, string | null>;
}

/** A key whose derived gap changed or went away. `change` tells one change from the next of the same key. */
export interface GapChange {
  readonly key: string;
  readonly change: number;
}

/** A recorded gap that is not, or not so, derived any more. */
export interface LapsedGap {
  readonly gapId: string;
  readonly key: string;
}

/** Most keys that are handed out at once. */
export const MAX_GAP_CHANGES = 1_000;

const ITEM_LIST: List<ItemRow, BillableItem> = {
  name: 'items',
  from: ITEMS,
  order: ['clientId', 'period', 'itemId', 'ticketId'],
  present: presentItem,
};

/** What became of every piece of work, at what price and why; and which gaps that shows. */
export class BillableItemsQuery {
  private readonly memory = new FactsMemory();
  private reader: { readonly facts: FactsReader; readonly chain: PeriodChain } | null = null;

  constructor(private readonly database: ReadDatabase) {}

  /** Readers that stay prepared from question to question, without what they read for the one before. */
  private get readers(): { readonly facts: FactsReader; readonly chain: PeriodChain } {
    this.memory.clear();
    this.reader ??= {
      facts: new FactsReader(this.database, this.memory),
      chain: new PeriodChain(this.database),
    };
    return this.reader;
  }

  /** All items of an id: one, save where work moved to another period after it was invoiced. */
  async byId(itemId: string): Promise<readonly BillableItem[]> {
    return this.byIdNow(itemId);
  }

  /** The same, for what is read at once. */
  byIdNow(itemId: string): readonly BillableItem[] {
    return allOf(this.database, ITEMS, { itemId }, ['clientId', 'period', 'ticketId']).map(presentItem);
  }

  /** In the order of client, period and item. */
  async list(filter: ItemFilter = {}, page: PageRequest = {}): Promise<Page<BillableItem>> {
    const { clientId, period, ticketId, disposition, kind, approval } = filter;
    const where = { clientId: clientId === null ? NO_CLIENT : clientId, period, disposition, kind, approval };
    return listed(this.database, ITEM_LIST, where, page, ofTicketOrMerged(ticketId));
  }

  /**
   * The same with what priced them: worked out now, from the facts at hand. What was marked and not rated again yet is left out until it is.
   */
  async explained(itemId: string): Promise<readonly ExplainedItem[]> {
    return this.database.snapshot(() => {
      const rows = allOf(this.database, ITEMS, { itemId }, ['clientId', 'period', 'ticketId']);
      return rows.flatMap((row) =>
        this.ratedAgain(row).filter((one) => one.itemId === itemId && one.ticketId === row.ticketId),
      );
    });
  }

  /** All that rating makes of a client-period with what priced it: for whoever freezes it, and checks what is frozen. */
  async explainedOfPeriod(clientId: string, period: Month): Promise<ExplainedPeriod> {
    return this.ratedNow(clientId, period);
  }

  /** The same, for what is read at once. */
  ratedNow(clientId: string, period: Month): ExplainedPeriod {
    return this.database.snapshot(() => {
      const facts = this.factsOf(clientId, period);
      const { items, charges } = rateExplained(facts);
      return {
        items: items.toSorted(
          (one, other) => compareTexts(one.itemId, other.itemId) || compareTexts(one.ticketId, other.ticketId),
        ),
        charges: charges.toSorted((one, other) => compareTexts(one.chargeItemId, other.chargeItemId)),
        siteOfTicket: new Map([...facts.tickets].map(([ticketId, { siteId }]) => [ticketId, siteId])),
      };
    });
  }

  private ratedAgain({ clientId, period, ticketId }: ItemRow): readonly ExplainedItem[] {
    if (clientId !== NO_CLIENT) return rateExplained(this.factsOf(clientId, period)).items;
    const { facts } = this.readers;
    const ticket = facts.ticketRow(ticketId);
    return ticket === undefined ? [] : explainedForLackOfClient(facts.ticketOfWork(ticket), facts.workOf(ticketId));
  }

  private factsOf(clientId: string, period: Month, supposed: readonly ContractFacts[] = []): ClientPeriodFacts {
    const { facts, chain } = this.readers;
    return facts.periodFacts(clientId, period, chain.carriedInto(clientId, period), supposed);
  }

  /** All items of a client-period. As many as the period has. */
  async ofPeriod(clientId: string, period: Month): Promise<readonly BillableItem[]> {
    return allOf(this.database, ITEMS, { clientId, period }, ['itemId', 'ticketId']).map(presentItem);
  }

  /** With the work of all that was merged into it. */
  async ofTicket(ticketId: string): Promise<readonly BillableItem[]> {
    return this.ofTicketNow(ticketId);
  }

  /** The same, for what is read at once. */
  ofTicketNow(ticketId: string): readonly BillableItem[] {
    return this.database
      .rows(ITEMS, `WHERE ticket_id IN ${accountedForBy('?')} ORDER BY work_date, period, item_id`)
      .all(ticketId, ticketId)
      .map(presentItem);
  }

  /** Client-periods in which there is work, a charge or something billed, in order: what an invoice run goes through. */
  async periods(
    filter: { readonly clientId?: string | undefined; readonly period?: Month | undefined } = {},
  ): Promise<readonly { readonly clientId: string; readonly period: Month }[]> {
    const { clientId = null, period = null } = filter;
    const from = (table: string): string =>
      `SELECT client_id AS clientId, period FROM ${table} WHERE client_id <> '${NO_CLIENT}'
       ${clientId === null ? '' : 'AND client_id = :clientId'} ${period === null ? '' : 'AND period = :period'}`;
    return this.database
      .query<[object], { clientId: string; period: Month }>(
        `${from('billable_items')} UNION ${from('charges')} ORDER BY clientId, period`,
      )
      .all({ ...(clientId === null ? {} : { clientId }), ...(period === null ? {} : { period }) });
  }

  /**
   * The facts that rating has of a client-period, as the read models know them: for `whatIf`, which records nothing. A period in which there
   * is nothing yet has the contracts, and the carry-over of the period before. `supposed`: contracts as they
   * would be, in place of those with their ids.
   */
  async periodFacts(
    clientId: string,
    period: Month,
    supposed: readonly ContractFacts[] = [],
  ): Promise<ClientPeriodFacts> {
    return this.database.snapshot(() => this.factsOf(clientId, period, supposed));
  }

  /** All contracts of a client, as rating takes them. As many as the client has. */
  async contractsOf(clientId: string): Promise<readonly ContractFacts[]> {
    return this.contractsNow(clientId);
  }

  /** The same, for what is read at once. */
  contractsNow(clientId: string): readonly ContractFacts[] {
    return this.database.snapshot(() => this.readers.facts.contracts.ofClient(clientId));
  }

  /** The categories that tickets have, sorted. */
  async categories(): Promise<readonly string[]> {
    return this.database
      .query<[], { category: string }>(
        'SELECT DISTINCT category FROM tickets WHERE category IS NOT NULL ORDER BY category',
      )
      .all()
      .map(({ category }) => category);
  }

  /** By its key, or by the one that old logs have for it, where a gap was recorded under that. */
  async derivedGap(key: string): Promise<KeyedGap | null> {
    const row =
      firstOf(this.database, GAPS_DERIVED, { gapKey: key }, 'scope') ??
      this.database
        .rows(
          GAPS_DERIVED,
          `AS d WHERE former_key = ? AND EXISTS (SELECT 1 FROM gaps g WHERE g.gap_key = d.former_key AND ${IS_SAME_GAP}) ORDER BY scope LIMIT 1`,
        )
        .get(key);
    return row ? presentGap(row) : null;
  }

  async derivedGapsOfTicket(ticketId: string): Promise<readonly KeyedGap[]> {
    return this.database
      .rows(GAPS_DERIVED, `WHERE ticket_id IN ${accountedForBy('?')} ORDER BY gap_key, scope`)
      .all(ticketId, ticketId)
      .map(presentGap);
  }

  /** Keys to look at, oldest change first. They stay until {@link ackGapChanges}. */
  async takeGapChanges(limit: number = MAX_GAP_CHANGES): Promise<readonly GapChange[]> {
    const rows = this.database
      .query<[number], { key: string; change: bigint }>(
        'SELECT gap_key AS key, change FROM gap_changes ORDER BY change LIMIT ?',
      )
      .all(Math.min(limit, MAX_GAP_CHANGES));
    return rows.map(({ key, change }) => ({ key, change: Number(change) }));
  }

  /** Done with these. A key that changed again meanwhile stays. */
  async ackGapChanges(changes: readonly GapChange[]): Promise<void> {
    const remove = this.database.query('DELETE FROM gap_changes WHERE change = ? AND gap_key = ?');
    this.database.transaction(() => {
      for (const { change, key } of changes) remove.run(change, key);
    });
  }

  /**
   * Derived gaps that are gaps on `asOf` and whose latest recorded gap is neither open nor accepted: those that the gap-recording policy
   * must open. What a person accepted stays accepted while it is worth the same. `except`: clients that are left alone.
   */
  async dueGaps(asOf: LocalDate, limit: number, except: readonly string[] = []): Promise<readonly KeyedGap[]> {
    return this.database
      .rows(
        GAPS_DERIVED,
        `AS d WHERE (due_on IS NULL OR due_on <= ?)
           AND NOT EXISTS (SELECT 1 FROM gaps g WHERE g.gap_key IN (d.gap_key, d.former_key) AND g.state = 'open' AND ${IS_SAME_GAP}) AND NOT ${IS_ACCEPTED}
           AND coalesce(d.client_id, '${NO_CLIENT}') NOT IN (SELECT value FROM json_each(?))
         ORDER BY due_on, ticket_id, gap_key LIMIT ?`,
      )
      .all(asOf, JSON.stringify(except), limit)
      .map(presentGap);
  }

  /**
   * Recorded gaps that are open and that rating does not derive on `asOf`, or derives at another value: what the policy must close or revalue,
   * whatever the queue of changes still knows. By their ids, those after `after`.
   */
  async lapsedGaps(
    asOf: LocalDate,
    after: string,
    limit: number,
    except: readonly string[] = [],
  ): Promise<readonly LapsedGap[]> {
    return this.database
      .query<[string, LocalDate, string, number], LapsedGap>(
        `SELECT g.gap_id AS gapId, g.gap_key AS key FROM gaps g WHERE g.state = 'open' AND g.gap_id > ?
           AND NOT EXISTS (
             SELECT 1 FROM derived_gaps d
             WHERE (d.gap_key = g.gap_key OR d.former_key = g.gap_key) AND ${IS_SAME_GAP} AND (d.due_on IS NULL OR d.due_on <= ?)
               AND d.value_minor IS g.value_minor AND d.currency IS g.currency AND d.minutes IS g.minutes
           )
           AND coalesce(g.client_id, '${NO_CLIENT}') NOT IN (SELECT value FROM json_each(?))
         ORDER BY g.gap_id LIMIT ?`,
      )
      .all(after, asOf, JSON.stringify(except), limit);
  }
}
