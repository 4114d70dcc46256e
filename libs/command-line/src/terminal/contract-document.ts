import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import type { Problem } from '@billtrail/kernel';
import { CommandFailed, EXIT } from './exit-codes.js';
import { readInput } from './read-input.js';

/** A problem of a file with its place; for something missing, the place of its parent. */
export interface ProblemInFile extends Problem {
  readonly line: number;
  readonly column: number;
}

/** `line 12, column 7`. */
export function placeText({ line, column }: Pick<ProblemInFile, 'line' | 'column'>): string {
  return `line ${line}, column ${column}`;
}

/** A YAML or JSON file as plain values, with the place of each path. JSON is YAML too, so one reader reads both. */
export class ContractDocument {
  private constructor(
    private readonly document: Document.Parsed,
    private readonly lines: LineCounter,
    /** The content of the file. */
    readonly value: unknown,
  ) {}

  /** @throws CommandFailed if the file can't be read or is neither YAML nor JSON: with all problems at once. */
  static async read(file: string, page = CONTRACTS_PAGE): Promise<ContractDocument> {
    return ContractDocument.parse(file, await readInput(file), page);
  }

  /** @throws CommandFailed if the text is neither YAML nor JSON. `page` explains such files. */
  static parse(file: string, text: string, page = CONTRACTS_PAGE): ContractDocument {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    // Of too many levels the parser tells as often as it has room on the stack to try again.
    const tooDeep = document.errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
    const problems = (tooDeep === undefined ? document.errors : [tooDeep]).map(({ pos, message }) => ({
      path: placeText({ line: lines.linePos(pos[0]).line, column: lines.linePos(pos[0]).col }),
      message: tooDeep === undefined ? message : 'is nested too deeply',
    }));
    if (problems.length > 0) throw unreadable(file, problems, page);
    return new ContractDocument(document, lines, valueOf(document, file, page));
  }

  /** The problems in the order in which they stand in the file. */
  placed(problems: readonly Problem[]): readonly ProblemInFile[] {
    return problems
      .map((problem) => ({ ...problem, ...this.placeOf(problem.path) }))
      .sort((a, b) => a.line - b.line || a.column - b.column);
  }

  /** The place of a path like `clients[0].contracts[1].terms.coverage[2].match`. What is written once and named by an anchor is found where it is written. */
  private placeOf(path: string): { readonly line: number; readonly column: number } {
    let node: unknown = this.document.contents;
    let offset = offsetOf(node) ?? 0;
    for (const [step] of path.matchAll(/[^.[\]]+/g)) {
      if (isAlias(node)) node = node.resolve(this.document);
      const next = within(node, step);
      if (next === null) break;
      offset = next.offset ?? offset;
      node = next.node;
    }
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }
}

/** A few anchors that refer to each other can expand to more than fits in memory; the parser gives up on those, and on too many levels. */
function valueOf(document: Document.Parsed, file: string, page: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    if (error instanceof RangeError) throw unreadable(file, [{ path: 'file', message: 'is nested too deeply' }], page);
    if (!(error instanceof ReferenceError)) throw error;
    const message = 'expands to too much through anchors (&name, *name); write it out, or use fewer';
    throw unreadable(file, [{ path: 'file', message }], page);
  }
}

const CONTRACTS_PAGE = 'docs/contracts.md';

function unreadable(
  file: string,
  problems: readonly { readonly path: string; readonly message: string }[],
  page: string,
): CommandFailed {
  return new CommandFailed(
    EXIT.badInput,
    page === CONTRACTS_PAGE ? 'ContractFileUnreadable' : 'ConfigurationFileUnreadable',
    `${file} can't be read as YAML or JSON.`,
    `Correct the problems above; ${page} has complete examples.`,
    { problems },
  );
}

/** A member of a list by index, or of a map by name, with its offset. */
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
