import type { MoneyJson } from '@billtrail/kernel';
import type { PrepaidAmount } from '@billtrail/contracts';
import type { PrepaidSource } from '../../item/draw.js';

/** What is left in a block or an allotment. Never below zero. */
export interface PrepaidBalance {
  readonly source: PrepaidSource;
  readonly left: PrepaidAmount;
}

/** What of an unused base lapsed before its time, because more was left than the terms let go on. */
export interface Lapse {
  readonly source: PrepaidSource;
  readonly amount: PrepaidAmount;
}

/** What a cap on a ticket has let through so far. */
export interface CapUsed {
  readonly contractId: string;
  readonly capId: string;
  readonly ticketId: string;
  readonly billed: MoneyJson;
}

/**
 * What one period carries over to the next, sorted, so that equal states are equal JSON: a later period is rated again only while its carry-over
 * differs. Blocks that expired and those used up are kept at what is left, so that an unknown block is told from an empty one. Of allotments
 * only the period's own base where it rolls over, used up or not; tickets' caps only where something was billed.
 */
export interface CarriedOver {
  readonly balances: readonly PrepaidBalance[];
  readonly caps: readonly CapUsed[];
}
