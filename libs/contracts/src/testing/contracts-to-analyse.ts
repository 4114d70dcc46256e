import type { ContractToAnalyse } from '../coverage-analysis.js';
import type { WorkToCover } from '../coverage.js';
import type { ContractTerms, ContractVersion, CoverageRule } from '../events.js';
import { card } from './terms.js';

export const rule = (
  id: string,
  outcome: CoverageRule['outcome'],
  match: CoverageRule['match'] = {},
): CoverageRule => ({
  id,
  name: id,
  match,
  outcome,
});
export const hundred = card(
  { id: 'card', name: 'Card', currency: 'AUD', labour: [{ workType: null, engineerRole: null, pricePerHour: '100' }] },
  'GST',
);
export const termsOf = (...coverage: CoverageRule[]): ContractTerms => ({ coverage, rateCard: hundred });
export const version = (
  versionNumber: number,
  effectiveFrom: string,
  effectiveTo: string | null,
  terms: ContractTerms,
): ContractVersion => ({ versionNumber, effectiveFrom, effectiveTo, terms });
export const contractOf = (
  contractId: string,
  priority: number,
  ...versions: ContractVersion[]
): ContractToAnalyse => ({
  contractId,
  clientId: 'cli-1',
  name: contractId,
  priority,
  lastDay: null,
  versions,
});
export const all = termsOf(rule('all', 'billable'));
export const work: WorkToCover = {
  kind: 'time',
  workType: 'remote',
  engineerRole: 'senior',
  rateClass: 'business',
  category: null,
  ticketType: null,
  priority: null,
  siteId: null,
};
