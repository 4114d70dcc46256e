/**
 * What a step is about. `work` states the facts that were priced; then follow the steps of rating.md in their order;
 * `no-charge` and `warranty` say why work costs nothing; `adjustment` says what changed after the item was frozen.
 */
export type TraceStepKind =
  'work' | 'no-charge' | 'contract' | 'coverage' | 'warranty' | 'billable-time' | 'rate' | 'amount' | 'adjustment';

export type TraceFact = string | number | boolean | null | readonly string[];

/** One step of "why this price": what was asked, what was found, and where it came from. In the order of the eight steps. */
export interface TraceStep {
  readonly step: TraceStepKind;
  /** A sentence for a person: `70 min, minimum 30, increment 15 -> 75 min (1.25 h)`. */
  readonly text: string;
  /** The same in figures, for screens and checks. */
  readonly facts: Readonly<Record<string, TraceFact>>;
}
export type Trace = readonly TraceStep[];
