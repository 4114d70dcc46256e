import type { Month } from '@billtrail/kernel';
import { RATING_VERSION, rate } from '@billtrail/billing';
import type { DerivedProjection } from '../runner/projection.js';
import { markAllForRating } from '../rating-facts/stale-marks.js';
import { RatingQueue, type Rate } from './rating-queue.js';
import { RESULT_TABLES } from './tables.js';

/** Of the tables. Another version of the rating rates all anew too. */
const SCHEMA_VERSION = 15;

/** As {@link billableItemsProjection}, rated by the function that is given, and no period after `lastPeriod`. */
export function billableItemsRatedBy(rateWith: Rate, lastPeriod?: Month): DerivedProjection {
  return {
    name: 'billable-items',
    schemaVersion: SCHEMA_VERSION * 1_000 + RATING_VERSION,
    derivedFrom: ['rating-facts'],
    tables: RESULT_TABLES,
    markAll: markAllForRating,
    start: (database) => new RatingQueue(database, rateWith, lastPeriod),
  };
}

/** What becomes of every piece of work, and what is charged beside it: the billable items, charges, draws and gaps that rating makes of the facts. */
export const billableItemsProjection: DerivedProjection = billableItemsRatedBy(rate);
