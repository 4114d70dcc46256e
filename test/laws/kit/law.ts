import type { Findings } from './findings.js';
import type { Look } from './look.js';

/** One of the laws of the domain, as a question to what was seen of a history. */
export interface Law {
  readonly number: `L${number}`;
  readonly name: string;
  check(look: Look): Findings;
}
