import type { LocalDate, Month, TimeZone } from '@billtrail/kernel';
import { DEFAULT_CONFIGURATION, type ChargeItem, type ChargeKind } from '@billtrail/billing';
import type { ItemPlace } from '../billable-items/query.js';
import { presentCharge } from '../billable-items/rows.js';
import { CHARGES, type ChargeRow } from '../billable-items/tables.js';
import { allOf, listed, type List } from '../database/list.js';
import type { Page, PageRequest } from '../database/paging.js';
import type { ReadDatabase } from '../database/read-database.js';
import { CONFIGURATION, HORIZON } from '../rating-facts/tables.js';

export interface ChargeFilter {
  readonly clientId?: string | undefined;
  readonly period?: Month | undefined;
  readonly contractId?: string | undefined;
  readonly kind?: ChargeKind | undefined;
  readonly disposition?: ChargeItem['disposition'] | undefined;
}

const CHARGE_LIST: List<ChargeRow, ChargeItem> = {
  name: 'charges',
  from: CHARGES,
  order: ['clientId', 'period', 'chargeItemId'],
  present: presentCharge,
};

/** What is charged that is not work: recurring charges, purchased blocks, minimums, discounts and credits, each with its trace. */
export class ChargesQuery {
  constructor(private readonly database: ReadDatabase) {}

  /** All charges of an id, or those in a place: one, save where accounts of several months ask for parts of one cycle. */
  async byId(chargeItemId: string, place: ItemPlace = {}): Promise<readonly ChargeItem[]> {
    return this.byIdNow(chargeItemId, place);
  }

  /** The same, for what is read at once. */
  byIdNow(chargeItemId: string, { clientId, period }: ItemPlace = {}): readonly ChargeItem[] {
    return allOf(this.database, CHARGES, { chargeItemId, clientId, period }, ['clientId', 'period']).map(presentCharge);
  }

  /** What invoices and credit notes have of the recurring charges of a contract, in the order of the periods. As many as there are. */
  feesInvoicedNow(clientId: string, contractId: string): readonly ChargeItem[] {
    const where = { clientId, contractId, kind: 'recurring', disposition: 'invoiced' } as const;
    return allOf(this.database, CHARGES, where, ['period', 'chargeItemId']).map(presentCharge);
  }

  /** The months in which documents have a charge of a contract that is for a day from this one on. */
  periodsInvoicedNow(clientId: string, contractId: string, from: LocalDate): readonly Month[] {
    const where = { clientId, contractId, disposition: 'invoiced' } as const;
    const charges = allOf(this.database, CHARGES, where, ['period', 'chargeItemId']).map(presentCharge);
    return [...new Set(charges.filter(({ to }) => to >= from).map(({ period }) => period))];
  }

  /** In the order of client, period and charge. */
  async list(filter: ChargeFilter = {}, page: PageRequest = {}): Promise<Page<ChargeItem>> {
    const { clientId, period, contractId, kind, disposition } = filter;
    return listed(this.database, CHARGE_LIST, { clientId, period, contractId, kind, disposition }, page);
  }

  /** The latest month whose charges are there (null: none is), and the organisation's lead time. */
  horizonNow(): { readonly month: Month | null; readonly leadDays: number } {
    const configuration = this.database.rows(CONFIGURATION, '').get()?.configuration ?? DEFAULT_CONFIGURATION;
    const month = this.database.rows(HORIZON, 'ORDER BY month DESC LIMIT 1').get()?.month ?? null;
    return { month, leadDays: configuration.chargeLeadDays ?? 0 };
  }

  /** Zones of the contracts with something that comes with the month, each with a client that has one there. */
  zonesNow(): readonly { readonly zone: TimeZone; readonly clientId: string }[] {
    return this.database
      .query<[], { zone: TimeZone; clientId: string }>(
        `SELECT coalesce(z.value, c.time_zone) AS zone, min(k.client_id) AS clientId
         FROM contracts k JOIN clients c USING (client_id), json_each(k.time_zones) z WHERE k.has_cycles = 1
         GROUP BY zone`,
      )
      .all();
  }

  /** All charges of a client-period, for drafting and for checking a draft. As many as the period has. */
  async ofPeriod(clientId: string, period: Month): Promise<readonly ChargeItem[]> {
    return this.ofPeriodNow(clientId, period);
  }

  /** The same, for what is read at once. */
  ofPeriodNow(clientId: string, period: Month): readonly ChargeItem[] {
    return allOf(this.database, CHARGES, { clientId, period }, ['chargeItemId']).map(presentCharge);
  }
}
