import type { CoverageRule, VersionInForce } from '@billtrail/contracts';
import type { ContractFacts } from '../facts.js';
import type { UnpricedReason } from '../../item/basis.js';
import type { Step, TraceStep, TraceStepKind } from '../../item/trace.js';

/** A contract with the one version of it that prices the work, and with the prices of the day where it names a card. */
export interface InForce {
  readonly contract: ContractFacts;
  readonly version: VersionInForce;
}

/** One link of the chain that work goes along: a contract to ask, or the reason why the chain ends there. */
export type ChainLink =
  | { readonly inForce: InForce; readonly step: Step }
  | { readonly inForce: null; readonly reason: UnpricedReason; readonly step: Step };

/** Where steps 1 and 3 put a piece of work, and how they came to it. */
export type Placement =
  | {
      readonly as: 'no-charge';
      readonly steps: readonly Step[];
      /** Where the work would be, had nobody declared it: its standard value is told by that. */
      readonly instead: Exclude<Placement, { readonly as: 'no-charge' }>;
    }
  | {
      readonly as: 'unpriced';
      readonly reason: UnpricedReason;
      readonly inForce: InForce | null;
      readonly steps: readonly Step[];
    }
  | {
      readonly as: 'included' | 'prepaid' | 'billable';
      readonly inForce: InForce;
      readonly rule: CoverageRule;
      readonly steps: readonly Step[];
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
