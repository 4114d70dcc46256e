import type { Month } from '@billtrail/kernel';
import type { WorkKind } from '@billtrail/contracts';
import type { BillableItem, UnpricedReason } from '@billtrail/billing';
import type { BillableItemsQuery } from '../billable-items/query.js';
import type { Page, PageRequest } from '../database/paging.js';

export interface UnpricedFilter {
  /** null: work of tickets without a client. */
  readonly clientId?: string | null | undefined;
  readonly period?: Month | undefined;
  readonly ticketId?: string | undefined;
  readonly kind?: WorkKind | undefined;
}

/** Work without a price, and why. */
export interface UnpricedWork {
  readonly item: BillableItem;
  /** As rating states it; null where it states none. */
  readonly reason: UnpricedReason | null;
  /** The same in a sentence. */
  readonly cause: string | null;
}

/** Which work has no price, and for want of what. */
export class UnpricedWorkQuery {
  constructor(private readonly items: BillableItemsQuery) {}

  /** In the order of client, period and item. The cursor is that of the list of billable items. */
  async list(filter: UnpricedFilter = {}, page: PageRequest = {}): Promise<Page<UnpricedWork>> {
    const { items, nextCursor } = await this.items.list({ ...filter, disposition: 'unpriced' }, page);
    return {
      items: items.map((item) => ({
        item,
        reason: item.unpriced?.reason ?? null,
        cause: item.unpriced?.cause ?? null,
      })),
      nextCursor,
    };
  }
}
