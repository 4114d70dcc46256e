import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, YAMLMap } from 'yaml';
import type { Refusal } from '@billtrail/kernel';
import type { NeededColumn } from '../csv/csv-reader.js';
import { type InputCode, placeText, refuseInput } from '../input-refused.js';
import { MAX_MAPPING_BYTES } from '../limits.js';
import { didYouMean } from '@billtrail/kernel';

/** One thing that is wrong in a mapping file, and where. */
export interface MappingProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly remedy: string;
}

/** Everything that is read of one mapping file: its problems and the columns it asks for. */
class Reading {
  readonly problems: MappingProblem[] = [];
  readonly columns: NeededColumn[] = [];
  constructor(
    readonly file: string,
    private readonly lines: LineCounter,
  ) {}

  report(offset: number, message: string, remedy: string): void {
    const { line, col } = this.lines.linePos(offset);
    this.problems.push({ line, column: col, message, remedy });
  }
}

const start = (node: Node | null | undefined, fallback = 0): number => node?.range?.[0] ?? fallback;

/** The text of a scalar as it is written: `-100`, `007` and `yes` stay what they are. null: nothing is there. */
function textOf(node: unknown): string | null {
  if (!isScalar(node) || node.value === null) return null;
  return typeof node.value === 'string' ? node.value : (node.source ?? null);
}

/**
 * A section of a mapping file (a YAML map) that is read key by key. Each reader notes a problem at the key's line and column and goes on
 * with a stand-in, so that one run tells all problems; {@link readMapping} answers a value only where there were none.
 */
export class YamlSection {
  private readonly asked = new Set<string>();
  constructor(
    private readonly reading: Reading,
    private readonly node: YAMLMap,
    private readonly path: string,
  ) {}

  private name(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }

  private find(key: string): Node | null {
    this.asked.add(key);
    const value = this.node.get(key, true) as Node | undefined;
    return value === undefined || (isScalar(value) && value.value === null) ? null : value;
  }

  /** Notes that the value of `key` is wrong. */
  wrong(key: string, message: string, remedy: string): void {
    this.reading.report(start(this.find(key), start(this.node)), `${this.name(key)} ${message}`, remedy);
  }

  has(key: string): boolean {
    return this.find(key) !== null;
  }

  optionalText(key: string): string | null {
    const node = this.find(key);
    if (node === null) return null;
    const text = textOf(node);
    if (text === null) this.wrong(key, 'must be a single value', `Write \`${key}: value\``);
    else if (text.length > 1_000) this.wrong(key, 'is longer than 1000 characters', 'Shorten it');
    return text;
  }

  text(key: string, example: string): string {
    if (!this.has(key)) this.missing(key, example);
    return this.optionalText(key) ?? '';
  }

  private missing(key: string, example: string): void {
    this.asked.add(key);
    this.reading.report(start(this.node), `${this.name(key)} is missing`, `Add it, for example \`${key}: ${example}\``);
  }

  oneOf<Value extends string>(key: string, values: readonly Value[], fallback: Value): Value {
    const text = this.optionalText(key);
    if (text === null) return fallback;
    const value = values.find((candidate) => candidate === text);
    if (value === undefined) {
      this.wrong(key, `is "${text}"${didYouMean(text, values)}`, `Use one of: ${values.join(', ')}`);
    }
    return value ?? fallback;
  }

  optionalColumn(key: string): string | null {
    const column = this.optionalText(key);
    if (column !== null) this.reading.columns.push({ column, neededFor: this.name(key) });
    return column;
  }

  column(key: string, example: string): string {
    if (!this.has(key)) this.missing(key, example);
    return this.optionalColumn(key) ?? '';
  }

  /** A list of texts; a single text counts as a list of one. */
  texts(key: string): readonly string[] {
    const node = this.find(key);
    if (node === null) return [];
    const items = isSeq(node) ? node.items : [node];
    return items.flatMap((item) => {
      const text = isScalar(item) && item.value === null ? '' : textOf(item);
      if (text !== null) return [text];
      this.wrong(key, 'must be a list of single values', `Write \`${key}: [one, two]\``);
      return [];
    });
  }

  columns(key: string): readonly string[] {
    const columns = this.texts(key);
    for (const column of columns) this.reading.columns.push({ column, neededFor: this.name(key) });
    return columns;
  }

  /** Source values to our words: `Active: in-progress`. */
  valueMap<Value extends string>(key: string, words: readonly Value[]): ReadonlyMap<string, Value> {
    const node = this.find(key);
    const map = new Map<string, Value>();
    if (!isMap(node)) {
      this.wrong(
        key,
        node === null ? 'is missing' : 'must be a map of source values',
        `Write each value of the export on its own line: \`value: ${words[0] ?? ''}\``,
      );
      return map;
    }
    for (const { key: source, value: target } of node.items) {
      const from = textOf(source);
      const to = textOf(target);
      const word = words.find((candidate) => candidate === to);
      if (from !== null && word !== undefined) map.set(from, word);
      else {
        const at = start((target ?? source) as Node | null, start(node));
        this.reading.report(
          at,
          `${this.name(key)}: "${from ?? ''}" leads to "${to ?? ''}"${didYouMean(to ?? '', words)}`,
          `Use one of: ${words.join(', ')}`,
        );
      }
    }
    if (node.items.length === 0) this.wrong(key, 'is empty', 'Name at least one value of the export');
    return map;
  }

  optionalSection(key: string): YamlSection | null {
    const node = this.find(key);
    if (node === null) return null;
    if (isMap(node)) return new YamlSection(this.reading, node, this.name(key));
    this.wrong(key, 'must be a section', `Write \`${key}:\` and its keys indented below it`);
    return null;
  }

  section(key: string, example: string): YamlSection {
    if (!this.has(key)) this.missing(key, example);
    // What is missing inside a missing section is not told a second time.
    return this.optionalSection(key) ?? new YamlSection(new Reading('', new LineCounter()), new YAMLMap(), key);
  }

  /** Reports every unknown key: otherwise a misspelt key would silently have no effect. */
  finish(): void {
    for (const { key } of this.node.items) {
      const name = textOf(key) ?? '';
      if (this.asked.has(name)) continue;
      const known = [...this.asked];
      this.reading.report(
        start(key as Node),
        `${this.name(name)} is not a key of a mapping${didYouMean(name, known)}`,
        `Known here: ${known.join(', ')}`,
      );
    }
  }
}

/**
 * Parses a mapping file and reads it with `read`. All problems come in one refusal, each with line, column and remedy, in the order of the
 * file. `needed` are the columns it asks for, each with the key that asks.
 */
export function readMapping<Mapping>(
  file: string,
  text: string,
  read: (root: YamlSection) => Mapping,
): { readonly mapping: Mapping; readonly needed: readonly NeededColumn[] } | Refusal<InputCode> {
  if (Buffer.byteLength(text) > MAX_MAPPING_BYTES) {
    return refuseInput(
      'MappingInvalid',
      { file },
      `a mapping has at most ${MAX_MAPPING_BYTES} bytes`,
      'Check that this is the mapping and not the data',
    );
  }
  const lines = new LineCounter();
  const reading = new Reading(file, lines);
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, merge: false });
  for (const error of document.errors) {
    reading.report(
      error.pos[0],
      error.code === 'RESOURCE_EXHAUSTION' ? 'nested too deep to be read' : `not valid YAML: ${error.message}`,
      'Check indentation (spaces, no tabs), colons and quotes on this line',
    );
  }
  let mapping: Mapping | null = null;
  if (reading.problems.length === 0) {
    if (isMap(document.contents)) mapping = read(new YamlSection(reading, document.contents, ''));
    else reading.report(0, 'a mapping is a map of keys', 'Start from one of the files in mappings/');
  }
  if (mapping !== null && reading.problems.length === 0) return { mapping, needed: reading.columns };
  return refusalOf(file, reading.problems);
}

function refusalOf(file: string, problems: readonly MappingProblem[]): Refusal<InputCode> {
  const sorted = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
  const first = sorted[0];
  const list = sorted.map(
    ({ line, column, message, remedy }) => `${placeText({ file, line, column })}: ${message}. ${remedy}`,
  );
  const refusal = refuseInput(
    'MappingInvalid',
    { file, line: first?.line ?? 1, column: first?.column ?? 1 },
    first?.message ?? '',
    first?.remedy ?? '',
    { problems: sorted },
  );
  if (sorted.length === 1) return refusal;
  return {
    ...refusal,
    message: `${file}: ${sorted.length} problems in the mapping\n${list.join('\n')}`,
    remedy: 'Mend each of them as its line says, then run again',
  };
}
