import { MAX_TRAVEL } from '../limits.js';
import type { Inspection } from '../problems.js';

/** The way to a site. */
export function inspectSiteTravel(inspection: Inspection, path: string, travel: unknown): void {
  const fields = inspection.fields(path, travel, ['zone', 'minutes', 'kilometres']);
  if (fields === null) return;
  if (fields['zone'] !== undefined) inspection.text(`${path}.zone`, fields['zone']);
  if (fields['minutes'] !== undefined) inspection.wholeNumber(`${path}.minutes`, fields['minutes'], 1, MAX_TRAVEL);
  if (fields['kilometres'] !== undefined) inspection.positive(`${path}.kilometres`, fields['kilometres'], MAX_TRAVEL);
}
