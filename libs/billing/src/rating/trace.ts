/** One step of "why this price": what was asked, what was found, and where it came from. In the order of the eight steps. */
export interface TraceStep {
  readonly step: 'contract' | 'coverage' | 'billable-time' | 'rate' | 'amount' | 'adjustment' | 'no-charge';
  /** A sentence for a person: `70 min, minimum 30, increment 15 -> 75 min (1.25 h)`. */
  readonly text: string;
  /** The same in figures, for screens and checks. */
  readonly facts: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
}
export type Trace = readonly TraceStep[];
