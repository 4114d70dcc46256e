import { didYouMean } from '@billtrail/kernel';
import type { Count, ContractVersion } from '../events.js';
import type { DaySpan } from '../version-timeline.js';

/** A count that no charge of any version uses: perhaps misspelt, perhaps for a version still to come. */
export interface UnusedCount {
  readonly countOf: string;
  /** What the charges of the contract are counted by, in order. */
  readonly counted: readonly string[];
  readonly text: string;
}

export interface UnusedCountFinding {
  readonly kind: 'count-without-charge';
  readonly contractId: string;
  readonly countOf: string;
  readonly days: DaySpan;
  readonly text: string;
}

/** null: a charge uses it. */
export function unusedCount(
  { contractId, versions }: { readonly contractId: string; readonly versions: readonly ContractVersion[] },
  countOf: string,
): UnusedCount | null {
  const charges = versions.flatMap(({ terms }) => terms.recurringCharges ?? []);
  const counted = [...new Set(charges.flatMap((charge) => charge.countOf ?? []))].sort();
  if (counted.includes(countOf)) return null;
  const known = counted.length === 0 ? 'its charges use no counts' : `its charges use ${counted.join(', ')}`;
  const text = `no charge of contract ${contractId} uses the count of ${countOf}${didYouMean(countOf, counted)}; ${known}`;
  return { countOf, counted, text };
}

/** Each name once, from its first day. */
export function unusedCountFindings(contract: {
  readonly contractId: string;
  readonly versions: readonly ContractVersion[];
  readonly counts?: readonly Count[];
}): readonly UnusedCountFinding[] {
  const { contractId, counts = [] } = contract;
  return [...new Set(counts.map(({ countOf }) => countOf))].flatMap((name) => {
    const unused = unusedCount(contract, name);
    if (unused === null) return [];
    const [from = ''] = counts.flatMap((one) => (one.countOf === name ? [one.from] : [])).sort();
    return [{ kind: 'count-without-charge', contractId, countOf: name, days: { from, to: null }, text: unused.text }];
  });
}
