/**
 * What a step is about. `work` states the facts that were priced; then follow the steps of rating.md in their order (`segment` is step 2,
 * `override` and `multiplier` belong to step 5, `discount` is laid on before the one rounding); `ticket` says that its ticket was merged into another; `no-charge` and `warranty` say why work costs
 * nothing; `courtesy` what accounts took off by choice; `adjustment` says what changed after the item was frozen, `credit` what was given back of it. `charge` stands for `work` where no work is priced: what is charged,
 * for which days, at which count.
 */
export type TraceStepKind =
  | 'work'
  | 'charge'
  | 'ticket'
  | 'no-charge'
  | 'segment'
  | 'contract'
  | 'coverage'
  | 'warranty'
  | 'billable-time'
  | 'override'
  | 'rate'
  | 'multiplier'
  | 'prepaid'
  | 'discount'
  | 'proration'
  | 'cap'
  | 'amount'
  | 'courtesy'
  | 'adjustment'
  | 'credit';

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

/** A step that is told only when somebody asks: its sentence costs more than its price. It holds what it needs, for ever the same. */
export type Step = () => TraceStep;

/** The steps told, in their order. */
export function told(...lists: readonly (readonly Step[])[]): Trace {
  return lists.flatMap((steps) => steps.map((step) => step()));
}

/** A node of the explanation of one item, as `explain` builds it from the item's trace: ready for JSON, for text and for a screen. */
export interface Explanation {
  /** `item` is the root; `tried` one thing that was asked in a step (a coverage rule, a contract in force, a block). */
  readonly step: TraceStepKind | 'item' | 'tried';
  readonly text: string;
  readonly facts: Readonly<Record<string, TraceFact>>;
  readonly parts: readonly Explanation[];
}
