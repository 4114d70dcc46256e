import type { MoneyJson } from '@billtrail/kernel';
import type { BillableItem, ClientPeriodFacts, ContractFacts, RatingResult } from './facts.js';
import type { ChargeItem } from './charge-item.js';

/** What is supposed, without being recorded. */
export interface Supposition {
  /** The contract as it would be: in place of the one with its id, else beside the others. A draft is a contract with one more version. */
  readonly contract: ContractFacts;
  /** Only this piece of work is compared; absent: the whole client-period. It is still rated among its peers, for blocks and caps. */
  readonly workItemId?: string;
}

/** One item before and after; null: it would not be there. Items that stay as they are, are left out. */
export interface Difference {
  readonly itemId: string;
  readonly before: BillableItem | ChargeItem | null;
  readonly after: BillableItem | ChargeItem | null;
  /** Net after less net before, without price counting as zero. */
  readonly net: MoneyJson;
}

export interface Supposed {
  readonly result: RatingResult;
  /** In the order of item ids. */
  readonly differences: readonly Difference[];
  /** Sum of the differences. */
  readonly net: MoneyJson;
}

/**
 * Rates the facts as they are and as supposed. What is frozen stays as it is; `thaw` rates it as if it were not, to tell what a back-dated
 * version would have changed on what is invoiced. Pure; throws where `rate` does.
 */
export type WhatIf = (
  facts: ClientPeriodFacts,
  supposition: Supposition,
  options?: { readonly thaw: boolean },
) => Supposed;
