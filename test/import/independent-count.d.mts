/** What the independent count tells of a ServiceNow log. */
export interface IndependentCount {
  readonly rows: number;
  readonly movesInto: Readonly<Record<string, number>>;
  readonly [figure: string]: unknown;
}
export function count(file: string): IndependentCount;
