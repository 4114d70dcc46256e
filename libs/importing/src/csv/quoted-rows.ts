import { CsvError, type Info, type Parser, parse } from 'csv-parse';
import { InputRefused, refuseInput } from '../input-refused.js';
import { MAX_ROW_BYTES } from '../limits.js';
import type { CsvDialect, CsvRow } from './csv-row.js';
import type { TextGuard } from './text-guard.js';
import type { Remainder } from './unquoted-lines.js';

interface Parsed {
  readonly fields: readonly string[];
  readonly endOffset: number;
  readonly blankLines: number;
}

/** The rows from the first quote on, parsed by csv-parse. */
export class QuotedRows {
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
