import type { Look } from './look.js';

/** Findings against a law: a sentence for each. Empty: it holds. */
export type Findings = readonly string[];

/** One of the laws of the domain, as a question to what was seen of a history. */
export interface Law {
  readonly number: `L${number}`;
  readonly name: string;
  check(look: Look): Findings;
}
