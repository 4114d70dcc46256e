import type { LocalDate } from '@billtrail/kernel';
import { type CoverageFinding, findingsOf } from './analysis/findings.js';
import { type AnalysedOutcome, OutcomeFinder } from './analysis/outcomes.js';
import {
  type CoverageRow,
  type Facet,
  type KnownNames,
  MAX_ANALYSED_CELLS,
  type Vocabularies,
  rowsOf,
  vocabulariesOf,
} from './analysis/rows.js';
import type { CardTaken, ContractVersion } from './events.js';
import { renewing } from './analysis/renewing.js';
import { type ContractToAnalyse, stretchesOf } from './analysis/stretches.js';
import { type AnalysedCharge, chargesOf } from './analysis/charges.js';
import { withKnownCalendar } from './shared-calendars.js';
import type { DaySpan } from './version-timeline.js';

export type { CoverageFinding } from './analysis/findings.js';
export type { AnalysedOutcome } from './analysis/outcomes.js';
export type { CoverageRow, KnownNames } from './analysis/rows.js';
export type { ContractToAnalyse } from './analysis/stretches.js';

/** What is asked about one client. */
export interface CoverageQuestion extends KnownNames {
  /** All contracts of the client: one alone does not show which of several wins. */
  readonly contracts: readonly ContractToAnalyse[];
}

/** Days on which the same versions of the same contracts are asked, in this order. */
export interface AnalysedStretch {
  readonly from: LocalDate;
  /** null: without end. */
  readonly to: LocalDate | null;
  readonly chain: readonly {
    readonly contractId: string;
    readonly versionNumber: number;
    /** The version of the configuration's card that gives the prices. Absent: the contract spells out its own, or the card is not known. */
    readonly card?: CardTaken;
  }[];
  /** The names that were asked for. `other` in a row is all that is not among them. */
  readonly asked: Vocabularies;
  readonly rows: readonly CoverageRow[];
  /** What is charged, taken off, given back and limited besides the prices of work. */
  readonly charges: readonly AnalysedCharge[];
}

/** Which rule wins, and which price applies, for each kind of work and each day of a client's contracts. */
export interface CoverageAnalysis {
  readonly stretches: readonly AnalysedStretch[];
  readonly findings: readonly CoverageFinding[];
  /** False where the contracts name more than {@link MAX_ANALYSED_CELLS} kinds of work: stretches that were too many have no rows. */
  readonly isComplete: boolean;
}

/**
 * Asks a client's contracts about all work at once: for each kind x work type x role x rate class x stretch of days, the rule that
 * wins along the chain, its price and where that stands, or why there is none. Days are taken from change point to change point.
 *
 * A contract that renews by itself is asked beyond its term. It answers for tickets that name no contract. A rate class is that of the calendar of the contract asked; contracts of one chain that call
 * the same hours by different names are each asked for every name. Materials may still lack a cost or list price: that is known only when they are used.
 */
export function analyseCoverage(asked: CoverageQuestion): CoverageAnalysis {
  const question = { ...asked, contracts: asked.contracts.map((one) => withKnownCalendars(one, asked.shared)) };
  const finder = new OutcomeFinder();
  const budget = { left: MAX_ANALYSED_CELLS };
  const chains = stretchesOf(renewing(question.contracts), asked.shared);
  let isComplete = true;
  const stretches = chains.map((stretch): AnalysedStretch => {
    const names = vocabulariesOf(stretch, question);
    const rows = rowsOf(stretch, names, finder, budget);
    if (rows === null) isComplete = false;
    const chain = stretch.links.map(({ contract, version }) => ({
      contractId: contract.contractId,
      versionNumber: version.versionNumber,
      ...takenFrom(version),
    }));
    return {
      from: stretch.from,
      to: stretch.to,
      chain,
      asked: names,
      rows: rows ?? [],
      charges: chargesOf(stretch),
    };
  });
  const findings = findingsOf(question.contracts, chains, question).map((finding) =>
    finding.severity === 'error'
      ? { ...finding, text: `${finding.text}; ${unpricedText(finding.days, stretches)}` }
      : finding,
  );
  return { stretches, findings, isComplete: isComplete && !finder.cutShort };
}

function takenFrom({ terms: { rateCard } }: ContractVersion): { readonly card?: CardTaken } {
  return rateCard.card !== undefined || rateCard.taken === undefined ? {} : { card: rateCard.taken };
}

function withKnownCalendars(contract: ContractToAnalyse, shared: KnownNames['shared']): ContractToAnalyse {
  const versions = contract.versions.map((one) => ({ ...one, terms: withKnownCalendar(one.terms, shared) }));
  return { ...contract, versions };
}

/** Kinds of work that one finding names; the table has all of them. */
const MAX_NAMED_KINDS = 5;

/** The work on those days that would have no price, in words. */
function unpricedText(days: DaySpan, stretches: readonly AnalysedStretch[]): string {
  const kinds = new Set<string>();
  for (const { from, to, rows } of stretches) {
    if ((days.to !== null && from > days.to) || (to !== null && to < days.from)) continue;
    for (const row of rows) if (row.outcomes.some(({ as }) => as === 'unpriced')) kinds.add(kindText(row));
  }
  if (kinds.size === 0) return 'all work that was checked would have a price';
  const named = [...kinds].slice(0, MAX_NAMED_KINDS).join(', ');
  return `without a price: ${named}${kinds.size > MAX_NAMED_KINDS ? ` and ${kinds.size - MAX_NAMED_KINDS} more kinds of work` : ''}`;
}

function kindText({ kind, workType, engineerRole, rateClass }: CoverageRow): string {
  const of = (facet: Facet): readonly string[] =>
    facet.is === 'named' ? [facet.name] : facet.is === 'any' ? [] : ['other'];
  return [kind, ...of(workType), ...of(engineerRole), ...of(rateClass)].join(' ');
}

/** Work without a price: a row of the analysis, the outcome that says so, and its days. */
export interface UnpricedWork {
  readonly from: LocalDate;
  readonly to: LocalDate | null;
  readonly row: CoverageRow;
  readonly outcome: AnalysedOutcome;
}

/** All work that would become a gap `unpriced`. Empty: every kind of work that was checked has a price or needs none. */
export function unpricedWork({ stretches }: CoverageAnalysis): readonly UnpricedWork[] {
  return stretches.flatMap(({ from, to, rows }) =>
    rows.flatMap((row) =>
      row.outcomes
        .filter((outcome) => outcome.as === 'unpriced')
        .map((outcome): UnpricedWork => ({ from, to, row, outcome })),
    ),
  );
}
