/** One measured figure. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What `quality.md` asks for, as text; empty for a figure that only others are compared with. */
  readonly target: string;
  /** How it was measured, or what else was seen. */
  readonly note: string;
}
