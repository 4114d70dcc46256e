import type { Month } from '@billtrail/kernel';
import type { ChargeItem, ChargeKind } from '@billtrail/billing';
import { presentCharge } from '../billable-items/rows.js';
import { CHARGES, type ChargeRow } from '../billable-items/tables.js';
import { allOf, listed, type List } from '../database/list.js';
import type { Page, PageRequest } from '../database/paging.js';
import type { ReadDatabase } from '../database/read-database.js';

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

  /** All charges of an id. One id is one charge: it names contract, term and first day. */
  async byId(chargeItemId: string): Promise<readonly ChargeItem[]> {
    return allOf(this.database, CHARGES, { chargeItemId }, ['clientId', 'period']).map(presentCharge);
  }

  /** In the order of client, period and charge. */
  async list(filter: ChargeFilter = {}, page: PageRequest = {}): Promise<Page<ChargeItem>> {
    const { clientId, period, contractId, kind, disposition } = filter;
    return listed(this.database, CHARGE_LIST, { clientId, period, contractId, kind, disposition }, page);
  }

  /** All charges of a client-period, for drafting and for checking a draft. As many as the period has. */
  async ofPeriod(clientId: string, period: Month): Promise<readonly ChargeItem[]> {
    return allOf(this.database, CHARGES, { clientId, period }, ['chargeItemId']).map(presentCharge);
  }
}
