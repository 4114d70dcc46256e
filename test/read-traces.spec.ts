import { describe, expect, it } from '@jest/globals';
import { traceReads } from './read-traces.js';

/** Who may, and why. A trace of schema version 1 is all that such an item says of its price; everywhere else its basis says it. */
const READERS: ReadonlySet<string> = new Set([
  'libs/billing/src/upcast-schema-1.ts',
  // Shows a trace to people.
  'libs/billing/src/explain.ts',
  // It tells people what the steps say, and nothing is worked out from it.
  'libs/billing/src/story.ts',
]);

const SEEDED = 'libs/billing/src/rating/seeded.ts';
const READS = [
  "line.trace.find((one) => one.step === 'work')",
  "line.trace.some(({ step }) => step === 'cap')",
  "line.trace[0]?.facts['mode']",
  'line.trace[0]?.facts.mode',
  "line.trace.filter((one) => 'unpriced' in one.facts)",
  'line.trace.map(({ facts: { mode } }) => mode)',
  'line.trace.flatMap((one) => Object.values(one.facts))',
  "((it: InvoiceLine['trace']) => it.at(-1)?.['step'])(line.trace)",
];
const NO_READS = [
  'line.trace',
  '[...line.trace, step]',
  '({ ...line, trace: [step] })',
  'line.trace.map((one) => one.text)',
  "line.trace.map((one) => ({ ...one, facts: { ...one.facts, mode: 'flat' } }))",
  '((facts: Record<string, TraceFact>) => { facts.mode = null; return { ...step, facts }; })({})',
];

function seeded(expressions: readonly string[]): string {
  return [
    "import type { InvoiceLine, TraceFact, TraceStep } from '../index.js';",
    'export const seeded = (line: InvoiceLine, step: TraceStep): readonly unknown[] => [',
    ...expressions.map((one) => `${one},`),
    '];',
  ].join('\n');
}

describe('a trace', () => {
  const found = traceReads({ [SEEDED]: seeded([...READS, ...NO_READS]) });

  it('is data to nobody but the upcaster: rating takes none as input', () => {
    const readers = new Set(found.map(({ file }) => file).filter((file) => file !== SEEDED));
    expect([...readers].filter((file) => !READERS.has(file))).toEqual([]);
  });

  it('is found where it is read, however it is written, and not where it is handed on or told', () => {
    const lines = new Set(found.filter(({ file }) => file === SEEDED).map(({ line }) => line));
    expect([...lines].sort((a, b) => a - b)).toEqual(READS.map((_, index) => index + 3));
  });
});
