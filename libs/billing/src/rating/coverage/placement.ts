import type { ContractVersion, CoverageRule } from '@billtrail/contracts';
import type { ContractFacts } from '../facts.js';
import type { Trace, TraceStep, TraceStepKind } from '../../item/trace.js';

/** A contract with the one version of it that prices the work. */
export interface InForce {
  readonly contract: ContractFacts;
  readonly version: ContractVersion;
}

/** Why work has no price, as a code that stays: the cause of a gap `unpriced`. */
export type UnpricedReason =
  | 'no-client'
  | 'no-contract'
  | 'contract-of-another-client'
  | 'contract-not-in-force'
  | 'contracts-match-equally'
  | 'excluded'
  | 'no-coverage'
  | 'no-rate'
  | 'no-price'
  | 'above-cap'
  | 'other-currency'
  | 'written-off-without-price';

/** Where steps 1 and 3 put a piece of work, and how they came to it. */
export type Placement =
  | { readonly as: 'no-charge'; readonly steps: Trace }
  | { readonly as: 'unpriced'; readonly inForce: InForce | null; readonly steps: Trace }
  | {
      readonly as: 'included' | 'prepaid' | 'billable';
      readonly inForce: InForce;
      readonly rule: CoverageRule;
      readonly steps: Trace;
    };

/** The step that ends the way of work without a price: its text is the gap's cause. */
export function unpricedStep(
  step: TraceStepKind,
  reason: UnpricedReason,
  text: string,
  facts: TraceStep['facts'] = {},
): TraceStep {
  return { step, text, facts: { ...facts, unpriced: reason } };
}
