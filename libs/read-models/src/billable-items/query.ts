import { compareTexts, type Month } from '@billtrail/kernel';
import type { WorkKind } from '@billtrail/contracts';
import {
  type TicketFacts,
  type TicketsSplitOff,
  explainedForLackOfClient,
  itemKeyOf,
  rateExplained,
  type Approval,
  type BillableItem,
  type ChangeOfTicket,
  type ChargeItem,
  type ClientPeriodFacts,
  type ContractFacts,
  type Disposition,
  type ExplainedItem,
} from '@billtrail/billing';
import { allOf, firstOf, listed, type List } from '../database/list.js';
import type { Page, PageRequest } from '../database/paging.js';
import type { ReadDatabase } from '../database/read-database.js';
import { IS_SAME_GAP } from '../gaps/same-gap.js';
import { FactsReader } from '../rating-facts/facts-reader.js';
import { FactsMemory } from '../rating-facts/memory.js';
import { accountedForBy, ofTicketOrMerged } from '../rating-facts/merge-facts.js';
import { NO_CLIENT, TICKETS } from '../rating-facts/tables.js';
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

/** In which client and month an item of an id is meant: its id may have one in several. Absent: in any. */
export interface ItemPlace {
  readonly clientId?: string | undefined;
  readonly period?: Month | undefined;
}

interface PlaceOfWork {
  readonly ticketId: string;
  /** null: the ticket has none. */
  readonly clientId: string | null;
  readonly period: Month;
}

const PLACES_OF_WORK = `
  SELECT n.ticket_id AS ticketId, w.client_id AS clientId, w.period FROM work_item_names n
    JOIN work_items w USING (ticket_id, work_item_id) WHERE n.name = :name
  UNION SELECT n.ticket_id, s.client_id, s.period FROM work_item_names n
    JOIN work_spans s USING (ticket_id, work_item_id) WHERE n.name = :name
  UNION SELECT l.ticket_id, d.client_id, d.period FROM account_lines l
    JOIN account_documents d USING (invoice_id) WHERE l.work_item_id = :name
  UNION SELECT ticket_id, client_id, period FROM write_offs WHERE work_item_id = :name
  ORDER BY 2, 3, 1`;

/** What rating makes of a client-period, in the order of ids. As much as the period has. */
export interface ExplainedPeriod {
  readonly items: readonly ExplainedItem[];
  readonly charges: readonly ChargeItem[];
  /** The site of each ticket with work in it, as that is rated; null: none. */
  readonly siteOfTicket: ReadonlyMap<string, string | null>;
}

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

  /** All items of an id, or those in a place: one, save where work lies over the end of a month, or moved to another period after it was invoiced. */
  async byId(itemId: string, place: ItemPlace = {}): Promise<readonly BillableItem[]> {
    return this.byIdNow(itemId, place);
  }

  /** The same, for what is read at once. */
  byIdNow(itemId: string, place: ItemPlace = {}): readonly BillableItem[] {
    return this.rowsOf(itemId, place).map(presentItem);
  }

  /** Where items of an id may be: where the work was stated, the months that it touches, and where a document or a write-off holds it. */
  placesOf(itemId: string, { clientId, period }: ItemPlace = {}): readonly PlaceOfWork[] {
    return this.database
      .query<[object], PlaceOfWork & { readonly clientId: string }>(PLACES_OF_WORK)
      .all({ name: itemKeyOf(itemId).workItemId })
      .map((place) => ({ ...place, clientId: place.clientId === NO_CLIENT ? null : place.clientId }))
      .filter(
        (place) =>
          (clientId === undefined || place.clientId === clientId) && (period === undefined || place.period === period),
      );
  }

  private rowsOf(itemId: string, { clientId, period }: ItemPlace): readonly ItemRow[] {
    return allOf(this.database, ITEMS, { itemId, clientId, period }, ['clientId', 'period', 'ticketId']);
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
  async explained(itemId: string, place: ItemPlace = {}): Promise<readonly ExplainedItem[]> {
    return this.database.snapshot(() =>
      this.rowsOf(itemId, place).flatMap((row) =>
        this.ratedAgain(row).filter((one) => one.itemId === itemId && one.ticketId === row.ticketId),
      ),
    );
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
    return this.periodFactsNow(clientId, period, supposed);
  }

  /** The same, for what is read at once. */
  periodFactsNow(clientId: string, period: Month, supposed: readonly ContractFacts[] = []): ClientPeriodFacts {
    return this.database.snapshot(() => this.factsOf(clientId, period, supposed));
  }

  /** The work of tickets of which nobody knows the client, in one month, as if a client without a contract had it: rating gives it no price. */
  factsWithoutClientNow(ticketIds: readonly string[], period: Month): ClientPeriodFacts {
    return this.database.snapshot(() => this.readers.facts.factsWithoutClient(ticketIds, period));
  }

  /** The ticket, and all that were merged into it. */
  accountedForByNow(ticketId: string): readonly string[] {
    return [ticketId, ...this.readers.facts.merges.into(ticketId).map((merge) => merge.ticketId)];
  }

  /** All tickets that are one with this one, itself among them. */
  oneWithNow(ticketId: string): readonly string[] {
    return this.readers.facts.merges.treeOf(ticketId);
  }

  /** The ticket, and what was merged into it, as they would be once it was split off: by their own ids. */
  apartNow(ticketId: string): TicketsSplitOff {
    return this.readers.facts.apart(ticketId);
  }

  /** The tickets that are one with this one, itself among them, as they would be if its own facts were changed: by their own ids. */
  asOneNow(ticketId: string, change: ChangeOfTicket): ReadonlyMap<string, TicketFacts> {
    return this.readers.facts.asOne(ticketId, change);
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
    return this.derivedGapNow(key);
  }

  /** The same, for what is read at once. */
  derivedGapNow(key: string): KeyedGap | null {
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

  /** True where no charge was declared for the ticket since it was resolved. */
  isNoChargeNow(ticketId: string): boolean {
    return (firstOf(this.database, TICKETS, { ticketId })?.noChargeReasonCode ?? null) !== null;
  }

  async derivedGapsOfTicket(ticketId: string): Promise<readonly KeyedGap[]> {
    return this.database
      .rows(GAPS_DERIVED, `WHERE ticket_id IN ${accountedForBy('?')} ORDER BY gap_key, scope`)
      .all(ticketId, ticketId)
      .map(presentGap);
  }
}
