import type { KeyedGap } from '../billable-items/rows.js';
import type { ReadModels } from '../read-models.js';

/** The derived gaps that are to be opened on a day, as far as `limit` of the ledger. */
export async function dueGaps(models: ReadModels, asOf: string, limit?: number): Promise<readonly KeyedGap[]> {
  const due = await models.gapLedger.due(asOf, null, limit);
  return due
    .map(({ key }) => models.billableItems.derivedGapNow(key))
    .filter((gap) => gap !== null)
    .filter(({ key, formerKey }) => models.gaps.byKeyNow(key, formerKey)?.state !== 'open');
}
