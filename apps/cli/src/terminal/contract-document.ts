import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import type { Problem } from '@billtrail/contracts';
import { CommandFailed, EXIT } from './exit-codes.js';
import { readInput } from './read-input.js';

/** A problem of a file, with the line it stands on (of what is missing: the line of what lacks it). */
export interface ProblemInFile extends Problem {
  readonly line: number;
}

/** A YAML or JSON file as plain values, and where in it a path is. JSON is YAML too, so one reader reads both. */
export class ContractDocument {
  private constructor(
    private readonly document: Document.Parsed,
    private readonly lines: LineCounter,
    /** What the file says. */
    readonly value: unknown,
  ) {}

  /** @throws CommandFailed where the file can't be read, or is neither YAML nor JSON: all such problems at once. */
  static async read(file: string): Promise<ContractDocument> {
    const lines = new LineCounter();
    const document = parseDocument(await readInput(file), { lineCounter: lines, prettyErrors: false });
    const problems = document.errors.map(({ code, pos, message }) => ({
      path: `line ${lines.linePos(pos[0]).line}`,
      message: code === 'RESOURCE_EXHAUSTION' ? 'is nested too deep to be read' : message,
    }));
    if (problems.length > 0) throw unreadable(file, problems);
    return new ContractDocument(document, lines, valueOf(document, file));
  }

  withLines(problems: readonly Problem[]): readonly ProblemInFile[] {
    return problems.map((problem) => ({ ...problem, line: this.lineOf(problem.path) }));
  }

  /** Of a path as contracts name it: `clients[0].contracts[1].terms.coverage[2].match`. */
  private lineOf(path: string): number {
    let node: unknown = this.document.contents;
    let offset = offsetOf(node) ?? 0;
    for (const [step] of path.matchAll(/[^.[\]]+/g)) {
      const next = within(node, step);
      if (next === null) break;
      offset = next.offset ?? offset;
      node = next.node;
    }
    return Math.max(1, this.lines.linePos(offset).line);
  }
}

/** A few anchors that name each other can stand for more than any machine holds; the reader gives up on such, and on too many levels. */
function valueOf(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    if (error instanceof RangeError)
      throw unreadable(file, [{ path: 'file', message: 'is nested too deep to be read' }]);
    if (!(error instanceof ReferenceError)) throw error;
    const message = 'repeats so much by anchors (&name, *name) that it would not end; write it out, or use fewer';
    throw unreadable(file, [{ path: 'file', message }]);
  }
}

function unreadable(file: string, problems: readonly { readonly path: string; readonly message: string }[]) {
  return new CommandFailed(
    EXIT.badInput,
    'ContractFileUnreadable',
    `${file} can't be read as YAML or JSON.`,
    'Correct what is named above; docs/contracts.md shows whole files.',
    { problems },
  );
}

/** A member of a list by its number, or of a map by its name: where it begins, and what it is. */
function within(node: unknown, step: string): { readonly node: unknown; readonly offset: number | undefined } | null {
  if (isSeq(node)) {
    const member: unknown = node.items[Number(step)];
    return member === undefined ? null : { node: member, offset: offsetOf(member) };
  }
  if (!isMap(node)) return null;
  const pair = node.items.find((one) => isPair(one) && isScalar(one.key) && String(one.key.value) === step);
  return pair === undefined ? null : { node: pair.value, offset: offsetOf(pair.key) };
}

function offsetOf(node: unknown): number | undefined {
  return (node as Node | null)?.range?.[0];
}
