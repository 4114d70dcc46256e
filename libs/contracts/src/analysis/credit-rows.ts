import type { LocalDate } from '@billtrail/kernel';
import type { CreditByBreaches } from '../events.js';
import type { ChainStretch } from './stretches.js';
import { termRows } from './travel-rows.js';

/** What the breaches of a month give back by their number, under one contract version. */
export interface AnalysedCredit {
  readonly contractId: string;
  readonly versionNumber: number;
  readonly currency: string;
  readonly term: CreditByBreaches;
}

/** Those of the contracts that are asked, in their order. */
export function creditsOf({ links }: ChainStretch): readonly AnalysedCredit[] {
  return links.flatMap(({ contract: { contractId }, version: { versionNumber, terms } }) =>
    (terms.serviceLevels?.creditsByBreaches ?? []).map((term) => {
      return { contractId, versionNumber, currency: terms.rateCard.currency, term };
    }),
  );
}

interface Stretch {
  readonly from: LocalDate;
  readonly to: LocalDate | null;
  readonly credits: readonly AnalysedCredit[];
}

/** A row for each of them and the days on which it holds unchanged: the cells of the table of coverage. */
export function creditRows(stretches: readonly Stretch[]): readonly (readonly string[])[] {
  return termRows(stretches, ({ credits }) => credits).map(({ one, from, to }) => [
    from,
    to ?? '',
    'credit',
    ...cellsOf(one),
  ]);
}

function cellsOf({ contractId, versionNumber, currency, term }: AnalysedCredit): readonly string[] {
  const { id, target = 'any', priorities, steps } = term;
  const missed = priorities === undefined ? '(all)' : `priorities: ${priorities.join(', ')}`;
  const given = steps.map(({ from, percent, amount }) =>
    percent === undefined
      ? `from ${from}: ${amount ?? ''} ${currency}`
      : `from ${from}: ${percent} % of the recurring charges`,
  );
  const hasBoth = new Set(steps.map(({ percent }) => percent === undefined)).size === 2;
  return [
    '(any)',
    '(any)',
    '(any)',
    missed,
    `${contractId} v${versionNumber}`,
    id,
    `${target} targets missed in a month`,
    hasBoth ? `${given.join(', ')}; never less than a step before` : given.join(', '),
  ];
}
