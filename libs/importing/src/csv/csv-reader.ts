import { InputRefused, refuseInput } from '../input-refused.js';
import { MAX_COLUMNS, MAX_LISTED } from '../limits.js';
import { didYouMean } from '@billtrail/kernel';
import type { CsvDialect, CsvRow } from './csv-row.js';
import { type InputBytes, openInput } from './open-input.js';
import { TextGuard } from './text-guard.js';
import { QuotedRows } from './quoted-rows.js';
import { type PlainRows, UnquotedLines } from './unquoted-lines.js';

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
