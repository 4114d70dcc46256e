import type { Explanation } from '../item/trace.js';

/** The tree of an explanation as lines of text, two spaces for each level. */
export function explanationLines(explanation: Explanation): readonly string[] {
  return linesOf(explanation, 0);
}

function linesOf({ step, text, parts }: Explanation, depth: number): string[] {
  const label = step === 'item' || step === 'tried' ? '' : `${step}: `;
  return [`${'  '.repeat(depth)}${label}${text}`, ...parts.flatMap((part) => linesOf(part, depth + 1))];
}
