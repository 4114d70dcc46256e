import type { Currency, Decimal, Minutes } from '@billtrail/kernel';
import type { PrepaidSource } from '../../item/draw.js';

/** What earlier draws of one piece of work hold of one block or allotment, as far as the work does not ask for it again. */
export interface OwnDraw {
  readonly source: PrepaidSource;
  readonly key: string;
  /** Currency of money; null: minutes. */
  readonly currency: Currency | null;
  left: Decimal;
}

/** What prepaid work that is rated again had drawn, in the order in which it was taken, and what it was asked beyond that. It is used up by step 6. */
export interface DrawnBefore {
  readonly draws: readonly OwnDraw[];
  /** Billable minutes that were overage: they stay it, and draw on nothing now. */
  overageMinutes: Minutes;
  /** The same in money. */
  overageMoney: Decimal;
}
