import { rate } from '@billtrail/billing';
import type { DerivedProjection } from '../runner/projection.js';
import { markAllForRating } from '../rating-facts/stale-marks.js';
import { RatingQueue, type Rate } from './rating-queue.js';
import { GAP_CHANGES, RESULT_TABLES } from './tables.js';

/** As {@link billableItemsProjection}, rated by the function that is given. */
export function billableItemsRatedBy(rateWith: Rate): DerivedProjection {
  return {
    name: 'billable-items',
    schemaVersion: 6,
    derivedFrom: 'rating-facts',
    tables: RESULT_TABLES,
    kept: GAP_CHANGES,
    // A gap that the new rows lack must be looked at too.
    beforeRebuild: (database) =>
      database.exec('INSERT OR REPLACE INTO gap_changes (gap_key) SELECT DISTINCT gap_key FROM derived_gaps'),
    markAll: markAllForRating,
    start: (database) => new RatingQueue(database, rateWith),
  };
}

/** What becomes of every piece of work, and what is charged beside it: the billable items, charges, draws and gaps that rating makes of the facts. */
export const billableItemsProjection: DerivedProjection = billableItemsRatedBy(rate);
