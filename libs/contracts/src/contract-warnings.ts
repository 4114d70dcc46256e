import { daysText } from './analysis/findings.js';
import { rowText } from './analysis/table.js';
import { type ContractToAnalyse, analyseCoverage, unpricedWork } from './coverage-analysis.js';
import type { ContractVersion, CoverageRule, RecurringCharge } from './events.js';

/**
 * What a contract that is in force leaves to chance; its author may have meant it, so it is taken. `WorkUnpriced`: work that becomes gap
 * `unpriced`. `RateCardWithoutRate`: rules bill time, and the card has no rate at all. `CountWithoutCharge`: what is counted, no charge counts.
 */
export interface ContractWarning {
  readonly code: 'WorkUnpriced' | 'RateCardWithoutRate' | 'CountWithoutCharge';
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Most kinds of work that one warning names; it says how many there are. */
const MAX_NAMED = 50;

/** What the terms of a contract leave without a price, beside the other contracts of its client (rules may exclude work to one of them). */
export function warningsOfTerms(
  contract: ContractToAnalyse,
  beside: readonly ContractToAnalyse[],
): readonly ContractWarning[] {
  return [...contract.versions.flatMap(cardWithoutRate), ...unpricedBy(contract, beside)];
}

function unpricedBy(contract: ContractToAnalyse, beside: readonly ContractToAnalyse[]): readonly ContractWarning[] {
  const { contractId } = contract;
  const analysis = analyseCoverage({ contracts: [contract, ...beside] });
  const own = analysis.stretches.filter(({ chain }) => chain.some((link) => link.contractId === contractId));
  const work = unpricedWork({ ...analysis, stretches: own });
  if (work.length === 0) return [];
  const named = work.slice(0, MAX_NAMED).map(({ from, to, row, outcome }) => ({
    days: daysText({ from, to }),
    work: rowText(row, outcome),
    reason: outcome.reason,
  }));
  const list = named.map(({ work: what, days, reason }) => `${what} ${days} (${reason ?? ''})`).join('; ');
  const more = work.length > named.length ? `; and ${work.length - named.length} more` : '';
  const message = `Work under contract ${contractId} that has no price, a gap each time: ${list}${more}.`;
  return [{ code: 'WorkUnpriced', message, details: { contractId, kinds: work.length, work: named } }];
}

function cardWithoutRate({ versionNumber, terms }: ContractVersion): readonly ContractWarning[] {
  const { coverage, rateCard } = terms;
  const prices = (rateCard.workTypes ?? []).some(({ mode }) => mode === 'flat' || mode === 'tiers');
  const ruleIds = coverage.filter(billsTime).map(({ id }) => id);
  if (rateCard.labour.length > 0 || prices || ruleIds.length === 0) return [];
  return [
    {
      code: 'RateCardWithoutRate',
      message: `Rate card ${rateCard.id} (${rateCard.name}) of version ${versionNumber} has no rate for labour, and ${ruleIds.join(', ')} would price time by it.`,
      details: { versionNumber, rateCardId: rateCard.id, ruleIds },
    },
  ];
}

function billsTime({ match, outcome }: CoverageRule): boolean {
  const isPriced = outcome === 'billable' || outcome === 'prepaid';
  return isPriced && (match.kinds === undefined || match.kinds.includes('time'));
}

/** A count that no charge of any version asks for: a misspelt name would go unnoticed, and a version that asks for it may come later. */
export function warningsOfCount(
  { contractId, versions }: Pick<ContractToAnalyse, 'contractId' | 'versions'>,
  countOf: string,
): readonly ContractWarning[] {
  const charges = versions.flatMap(({ terms }): readonly RecurringCharge[] => terms.recurringCharges ?? []);
  const counted = [...new Set(charges.flatMap((charge) => (charge.countOf === undefined ? [] : [charge.countOf])))];
  if (counted.includes(countOf)) return [];
  const known = counted.length === 0 ? 'it counts nothing' : `it counts ${counted.sort().join(', ')}`;
  return [
    {
      code: 'CountWithoutCharge',
      message: `No charge of contract ${contractId} is by ${countOf}; ${known}.`,
      details: { contractId, countOf, counted },
    },
  ];
}
