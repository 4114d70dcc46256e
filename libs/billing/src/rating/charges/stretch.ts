import type { Decimal } from '@billtrail/kernel';
import type { RecurringCharge } from '@billtrail/contracts';
import type { ContractFacts } from '../facts.js';
import type { CoveredDays } from '../time/covered-days.js';
import type { Cycle } from './cycles.js';
import type { Share } from './proration.js';

/** What a contract charges by the cycle for a stretch of days with one version and one count. */
export interface RecurringStretch {
  readonly contract: ContractFacts;
  readonly charge: RecurringCharge;
  readonly days: CoveredDays;
  readonly cycle: Cycle;
  /** Days of the cycle before these that are charged alike: the fee of all of them is rounded as one, so that the parts sum to it. */
  readonly daysBefore: Decimal;
  /** For how much of the cycle these days count. Absent: for themselves. */
  readonly share?: Share & { readonly ownDays: number };
  /** The count in force; null: nobody recorded one, so there is no price. */
  readonly count: number | null;
  readonly countEventIds: readonly string[];
}
