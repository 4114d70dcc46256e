import type { ReadDatabase } from '../database/read-database.js';
import { IS_SAME_GAP } from './same-gap.js';
import { GAPS, type GapRow } from './tables.js';

/** The latest occurrence of a key, or of the one that old logs have for it; undefined where no gap of them was ever opened. */
export function latestRecorded(database: ReadDatabase, gapKey: string, formerKey: string | null): GapRow | undefined {
  return database
    .rows(
      GAPS,
      `AS g WHERE gap_key IN (?, ?)
         AND (gap_key = ? OR EXISTS (SELECT 1 FROM derived_gaps d WHERE d.gap_key = ? AND ${IS_SAME_GAP}))
       ORDER BY occurrence DESC LIMIT 1`,
    )
    .get(gapKey, formerKey, gapKey, gapKey);
}
