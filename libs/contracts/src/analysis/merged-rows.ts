import { type LocalDate, addDays, at } from '@billtrail/kernel';
import type { AnalysedStretch } from '../coverage-analysis.js';
import type { CoverageRow } from './rows.js';
import { facetText } from './rows.js';

/** Rows of the table in one: the names of each facet, of work that has the same outcomes on the same days. */
export interface MergedRow extends Pick<CoverageRow, 'kind' | 'outcomes'> {
  readonly from: LocalDate;
  readonly to: LocalDate | null;
  /** Work types, roles and rate classes. */
  readonly facets: readonly [readonly string[], readonly string[], readonly string[]];
}

/** Rate classes first, then roles, then work types. */
const FACETS = [2, 1, 0] as const;

/**
 * Joins rows that differ in the names of one facet alone, then those that go on unchanged on the days after. Together the rows say exactly what they
 * said before: only whole rows are joined, with all their outcomes.
 */
export function mergedRows(stretches: readonly Pick<AnalysedStretch, 'from' | 'to' | 'rows'>[]): readonly MergedRow[] {
  const merged: MergedRow[] = [];
  for (const { from, to, rows } of stretches) {
    let ofStretch = rows.map(({ kind, outcomes, workType, engineerRole, rateClass }): MergedRow => {
      const facets = [[facetText(workType)], [facetText(engineerRole)], [facetText(rateClass)]] as const;
      return { from, to, kind, outcomes, facets };
    });
    for (const facet of FACETS) ofStretch = joinedBy(facet, ofStretch);
    for (const row of ofStretch) {
      const before = merged.findIndex((one) => one.to !== null && addDays(one.to, 1) === from && isAlike(one, row));
      if (before === -1) merged.push(row);
      else merged[before] = { ...at(merged, before, 'a row of the days before'), to };
    }
  }
  return merged;
}

function joinedBy(facet: 0 | 1 | 2, rows: readonly MergedRow[]): MergedRow[] {
  const byRest = new Map<string, MergedRow>();
  for (const row of rows) {
    const rest = row.facets.filter((_, index) => index !== facet);
    const key = JSON.stringify([row.kind, rest, row.outcomes]);
    const known = byRest.get(key);
    byRest.set(key, known === undefined ? row : withNames(known, facet, row.facets[facet]));
  }
  return [...byRest.values()];
}

function withNames(row: MergedRow, facet: 0 | 1 | 2, more: readonly string[]): MergedRow {
  const [workTypes, roles, classes] = row.facets;
  const names = [...row.facets[facet], ...more];
  if (facet === 0) return { ...row, facets: [names, roles, classes] };
  return { ...row, facets: facet === 1 ? [workTypes, names, classes] : [workTypes, roles, names] };
}

function isAlike(one: MergedRow, other: MergedRow): boolean {
  return (
    one.kind === other.kind &&
    JSON.stringify([one.facets, one.outcomes]) === JSON.stringify([other.facets, other.outcomes])
  );
}
