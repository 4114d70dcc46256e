import { CsvError, type Info, type Parser, parse } from 'csv-parse';
import { InputRefused, refuseInput } from '../input-refused.js';
import { MAX_COLUMNS, MAX_LISTED, MAX_ROW_BYTES } from '../limits.js';
import { didYouMean } from '../near-names.js';
import { type InputBytes, openInput } from './open-input.js';
import { type Encoding, TextGuard } from './text-guard.js';
import { type PlainRows, type Remainder, UnquotedLines } from './unquoted-lines.js';

/** How a file is written. */
export interface CsvDialect {
  readonly encoding: Encoding;
  readonly delimiter: string;
  /** The character that encloses fields; doubled inside one it stands for itself. */
  readonly quote: string;
}

export const PLAIN_CSV: CsvDialect = { encoding: 'utf-8', delimiter: ',', quote: '"' };

/** One row below the header. `line` is the line of the file on which it starts. */
export interface CsvRow {
  readonly line: number;
  readonly fields: readonly string[];
}

/** A table whose header was read and checked, and whose rows come in batches as the file is read. */
export interface CsvTable {
  readonly file: string;
  readonly header: readonly string[];
  readonly bytesTotal: number;
  bytesRead(): number;
  /** Blank lines passed so far: they are no rows. */
  blankLines(): number;
  rows(): AsyncIterable<readonly CsvRow[]>;
}

/**
 * The rows of CSV text in the order of the file, a batch per chunk, the header being the first row of the first batch. Chunks may be cut
 * anywhere: the rows are the same. Refuses by throwing {@link InputRefused}.
 */
export async function* parseCsv(
  file: string,
  chunks: AsyncIterable<Buffer>,
  dialect: CsvDialect,
  onBlankLines: (count: number) => void = () => undefined,
): AsyncGenerator<readonly CsvRow[]> {
  const guard = new TextGuard(file, dialect.encoding);
  const plain = new UnquotedLines(dialect);
  let quoted: QuotedRows | null = null;
  let header: readonly string[] | null = null;
  const take = (rows: readonly CsvRow[]): readonly CsvRow[] => {
    header ??= rows[0]?.fields ?? null;
    onBlankLines(plain.blankLines + (quoted?.blankLines ?? 0));
    return rows;
  };
  try {
    for await (const chunk of chunks) {
      guard.check(chunk);
      const { rows, remainder }: PlainRows =
        quoted === null ? plain.take(chunk) : { rows: await quoted.write(chunk), remainder: null };
      take(rows);
      if (rows.length > 0) yield rows;
      if (remainder === null) continue;
      quoted = new QuotedRows(file, dialect, guard, header, remainder);
      const quotedRows = take(await quoted.write(remainder.bytes));
      if (quotedRows.length > 0) yield quotedRows;
    }
    guard.end();
    const rows = take(quoted === null ? plain.end() : await quoted.end());
    if (rows.length > 0) yield rows;
  } finally {
    quoted?.destroy();
  }
}

interface Parsed {
  readonly fields: readonly string[];
  readonly endOffset: number;
  readonly blankLines: number;
}

/** The rows from the first quote on, parsed by csv-parse. */
class QuotedRows {
  blankLines = 0;
  private readonly parsed: Parsed[] = [];
  private readonly parser: Parser;
  private nextLine: number;

  constructor(
    private readonly file: string,
    dialect: CsvDialect,
    private readonly guard: TextGuard,
    private header: readonly string[] | null,
    private readonly begin: Remainder,
  ) {
    this.nextLine = begin.line;
    this.parser = startParser(dialect, begin, this.parsed);
  }

  async write(bytes: Buffer): Promise<readonly CsvRow[]> {
    await write(this.parser, bytes).catch((error: unknown) => this.refuse(error));
    return this.takeRows();
  }

  async end(): Promise<readonly CsvRow[]> {
    await end(this.parser).catch((error: unknown) => this.refuse(error));
    return this.takeRows();
  }

  destroy(): void {
    this.parser.destroy();
  }

  private takeRows(): readonly CsvRow[] {
    const rows = this.parsed.splice(0).map(({ fields, endOffset, blankLines }) => {
      const line = this.nextLine + blankLines - this.blankLines;
      this.blankLines = blankLines;
      this.nextLine = this.guard.linesBefore(this.begin.offset + endOffset) + 1;
      return { line, fields };
    });
    this.header ??= rows[0]?.fields ?? null;
    return rows;
  }

  private refuse(error: unknown): never {
    this.takeRows();
    throw syntaxRefusal(this.file, error, this.nextLine, this.header);
  }
}

function startParser(dialect: CsvDialect, begin: Remainder, parsed: Parsed[]): Parser {
  const parser = parse({
    bom: dialect.encoding === 'utf-8' && begin.offset === 0,
    columns: false,
    delimiter: dialect.delimiter,
    encoding: dialect.encoding === 'utf-8' ? 'utf8' : 'latin1',
    quote: dialect.quote,
    escape: dialect.quote,
    ...(begin.lineBreak !== null && { record_delimiter: begin.lineBreak }),
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_BYTES,
    // Rows are taken here and not from the stream: an object-mode stream costs more than the parsing.
    on_record: (fields: string[], context: Info) => {
      parsed.push({ fields, endOffset: context.bytes, blankLines: context.empty_lines });
      return null;
    },
  });
  // Errors are taken from the write that caused them; without a listener the stream would raise them a second time.
  parser.on('error', () => undefined);
  parser.resume();
  return parser;
}

function write(parser: Parser, chunk: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}

function end(parser: Parser): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.once('error', reject);
    parser.end(() => resolve());
  });
}

function syntaxRefusal(file: string, error: unknown, line: number, header: readonly string[] | null): unknown {
  if (!(error instanceof CsvError)) return error;
  const index = typeof error['index'] === 'number' ? error['index'] : 0;
  const place = { file, line, column: header?.[index] ?? index + 1 };
  switch (error.code as string) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return new InputRefused(
        refuseInput(
          'QuoteUnbalanced',
          place,
          'a quote opens in this row and is never closed',
          'Close it; a quote inside a quoted field is written twice ("")',
        ),
      );
    case 'CSV_INVALID_CLOSING_QUOTE':
      return new InputRefused(
        refuseInput(
          'QuoteUnbalanced',
          place,
          'text follows a closing quote',
          'Write a quote inside a quoted field twice (""), or end the field after it',
        ),
      );
    case 'INVALID_OPENING_QUOTE':
      return new InputRefused(
        refuseInput(
          'QuoteUnbalanced',
          place,
          'a quote stands inside a field that is not quoted',
          'Enclose the whole field in quotes and write the inner quote twice ("")',
        ),
      );
    case 'CSV_MAX_RECORD_SIZE':
      return new InputRefused(
        refuseInput(
          'RowTooLong',
          place,
          `the row that starts here is longer than ${MAX_ROW_BYTES} bytes`,
          'Most likely a quote opens in this row and is never closed; close it, or shorten the text',
          { limitBytes: MAX_ROW_BYTES },
        ),
      );
    default:
      return error;
  }
}

/** A column that a reader needs, and which part of the mapping asks for it. */
export interface NeededColumn {
  readonly column: string;
  readonly neededFor: string;
}

/** Opens a file and reads its header. Every column in `needed` must be there; all missing ones are named at once. Throws {@link InputRefused}. */
export async function openCsv(file: string, dialect: CsvDialect, needed: readonly NeededColumn[]): Promise<CsvTable> {
  const input: InputBytes = await openInput(file);
  let blankLines = 0;
  const batches = parseCsv(file, input.chunks, dialect, (count) => {
    blankLines = count;
  });
  const first = await batches.next();
  const [headerRow, ...firstRows] = first.done ? [] : first.value;
  if (!headerRow) {
    throw new InputRefused(
      refuseInput(
        'FileEmpty',
        { file },
        'the file holds no text',
        'Export it again; the first line must be the header with the column names',
      ),
    );
  }
  const header = headerRow.fields.map((name) => name.trim());
  try {
    checkHeader(file, headerRow.line, header, needed, dialect.delimiter);
  } catch (refused) {
    await batches.return(undefined);
    throw refused;
  }
  return {
    file,
    header,
    bytesTotal: input.bytesTotal,
    bytesRead: input.bytesRead,
    blankLines: () => blankLines,
    rows: () => refuseHeaderOnly(file, firstRows, batches),
  };
}

async function* refuseHeaderOnly(
  file: string,
  firstRows: readonly CsvRow[],
  rest: AsyncGenerator<readonly CsvRow[]>,
): AsyncGenerator<readonly CsvRow[]> {
  let any = firstRows.length > 0;
  try {
    if (any) yield firstRows;
    for await (const rows of rest) {
      any ||= rows.length > 0;
      yield rows;
    }
  } finally {
    await rest.return(undefined);
  }
  if (!any) {
    throw new InputRefused(
      refuseInput(
        'FileHasOnlyHeader',
        { file, line: 1 },
        'the file has a header and no rows',
        'Check the filter of the export, then export it again',
      ),
    );
  }
}

function checkHeader(
  file: string,
  line: number,
  header: readonly string[],
  needed: readonly NeededColumn[],
  delimiter: string,
): void {
  if (header.length > MAX_COLUMNS) {
    throw new InputRefused(
      refuseInput(
        'ColumnsTooMany',
        { file, line },
        `the header has ${header.length} columns; at most ${MAX_COLUMNS} are read`,
        'Check the delimiter, or export fewer columns',
      ),
    );
  }
  const repeated = needed.find(({ column }) => header.indexOf(column) !== header.lastIndexOf(column));
  if (repeated) {
    throw new InputRefused(
      refuseInput(
        'ColumnsRepeated',
        { file, line, column: repeated.column },
        'the header names this column twice',
        'Rename one of them in the file: which one is meant can not be told',
      ),
    );
  }
  const missing = needed.filter(({ column }) => !header.includes(column));
  if (missing.length === 0) return;
  const names = missing
    .slice(0, MAX_LISTED)
    .map(({ column, neededFor }) => `${column} for ${neededFor}${didYouMean(column, header)}`)
    .join('; ');
  const remedy =
    header.length === 1
      ? `The header has one column only: the delimiter is probably not "${delimiter}"; set \`file.delimiter\` in the mapping`
      : 'Name the columns in the mapping as the header has them, or export them too';
  throw new InputRefused(
    refuseInput('ColumnsMissing', { file, line }, `missing column${missing.length > 1 ? 's' : ''}: ${names}`, remedy, {
      missing: missing.map(({ column }) => column),
      header: header.slice(0, MAX_LISTED),
    }),
  );
}
