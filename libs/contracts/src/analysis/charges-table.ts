import { type LocalDate, addDays, at } from '@billtrail/kernel';
import type { CoverageAnalysis } from '../coverage-analysis.js';
import { type AnalysedCharge } from './charges.js';
import { chargeText } from './charge-texts.js';
import type { CoverageTable } from './table.js';

const HEAD = ['from', 'to', 'contract', 'term', 'what', 'amount', 'when, for which', 'tax'];

interface Row {
  readonly charge: AnalysedCharge;
  readonly key: string;
  readonly from: LocalDate;
  to: LocalDate | null;
}

/**
 * What the contracts charge, take off, give back and limit besides the prices of work: a row for each term and the days on which it holds unchanged,
 * whichever version states it.
 */
export function chargesTable({ stretches }: Pick<CoverageAnalysis, 'stretches'>): CoverageTable {
  const rows: Row[] = [];
  for (const { from, to, charges } of stretches)
    for (const charge of charges) {
      const key = JSON.stringify({ ...charge, versionNumber: null });
      const before = rows.findIndex((row) => row.to !== null && addDays(row.to, 1) === from && row.key === key);
      if (before === -1) rows.push({ charge, key, from, to });
      else at(rows, before, 'the row of the days before').to = to;
    }
  return { head: HEAD, rows: rows.map(cellsOf) };
}

function cellsOf({ charge, from, to }: Row): readonly string[] {
  const { what, amount, when, tax } = chargeText(charge);
  const term = charge.kind === 'block' ? charge.term.blockId : charge.term.id;
  return [from, to ?? '', charge.contractId, term, what, amount, when, tax];
}
