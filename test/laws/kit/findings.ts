/** Findings against a law: a sentence for each. Empty: it holds. */
export type Findings = readonly string[];
