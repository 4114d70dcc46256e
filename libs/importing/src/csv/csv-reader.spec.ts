import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { InputRefused } from '../input-refused.js';
import { MAX_LINE_BYTES, MAX_ROW_BYTES } from '../limits.js';
import { openCsv, parseCsv } from './csv-reader.js';
import type { CsvDialect, CsvRow } from './csv-row.js';

const PLAIN_CSV: CsvDialect = { encoding: 'utf-8', delimiter: ',', quote: '"' };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'billtrail-csv-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function fileWith(name: string, content: string | Buffer): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

async function* chunked(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function rowsOf(
  text: string | Buffer,
  sizes: readonly number[] = [65_536],
  dialect: CsvDialect = PLAIN_CSV,
): Promise<CsvRow[]> {
  const rows: CsvRow[] = [];
  const bytes = Buffer.isBuffer(text) ? text : Buffer.from(text, 'utf8');
  for await (const batch of parseCsv('t.csv', chunked(bytes, sizes), dialect)) rows.push(...batch);
  return rows;
}

async function refusalOf(work: Promise<unknown>) {
  const outcome = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(outcome instanceof InputRefused)) throw outcome ?? new Error('it was not refused');
  return outcome.refusal;
}

async function readAll(
  file: string,
  columns: readonly string[] = ['a'],
  dialect: CsvDialect = PLAIN_CSV,
): Promise<CsvRow[]> {
  const table = await openCsv(
    file,
    dialect,
    columns.map((column) => ({ column, neededFor: 'a test' })),
  );
  const rows: CsvRow[] = [];
  for await (const batch of table.rows()) rows.push(...batch);
  return rows;
}

describe('rows of CSV text', () => {
  it('reads quotes, doubled quotes, delimiters and line breaks inside quotes, with the line each row starts on', async () => {
    expect(await rowsOf('a,b\r\n1,"x, ""y""\r\nz"\r\n\r\n2,é\r\n')).toEqual([
      { line: 1, fields: ['a', 'b'] },
      { line: 2, fields: ['1', 'x, "y"\r\nz'] },
      { line: 5, fields: ['2', 'é'] },
    ]);
  });

  it('reads old Macintosh line breaks and a byte order mark', async () => {
    expect(await rowsOf('\ufeffa,b\r1,2\r3,4')).toEqual([
      { line: 1, fields: ['a', 'b'] },
      { line: 2, fields: ['1', '2'] },
      { line: 3, fields: ['3', '4'] },
    ]);
  });

  it('reads latin1 and another delimiter where the dialect says so', async () => {
    const rows = await rowsOf(Buffer.from('a;b\n1;caf\xe9\n', 'latin1'), [3], {
      encoding: 'latin1',
      delimiter: ';',
      quote: '"',
    });
    expect(rows.at(-1)).toEqual({ line: 2, fields: ['1', 'café'] });
  });

  it('gives the same rows and lines however the chunks are cut', async () => {
    const field = fc.string({ unit: fc.constantFrom('a', 'é', '€', '😀', ',', '"', '\n', '\r\n', ' ') });
    const row = fc.array(field, { minLength: 3, maxLength: 3 });
    const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
        fc.constantFrom('\n', '\r\n'),
        async (rows, sizes, lineBreak) => {
          const text = ['x,y,z', ...rows.map((fields) => fields.map(quoted).join(','))].join(lineBreak) + lineBreak;
          const whole = await rowsOf(text);
          expect(whole.slice(1).map(({ fields }) => fields)).toEqual(rows);
          expect(await rowsOf(text, sizes)).toEqual(whole);
          // The line of a row is one more than the line breaks before its text.
          let at = text.indexOf(lineBreak) + lineBreak.length;
          for (const { line, fields } of whole.slice(1)) {
            expect(line).toBe(text.slice(0, at).split('\n').length);
            at += fields.map(quoted).join(',').length + lineBreak.length;
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('are what csv-parse makes of them, wherever the first quote stands and whatever breaks the lines', async () => {
    const piece = fc.constantFrom('a', 'é', '1', ',', ',', '\n', '\r\n', '\r', '\n\n', ' ', '"q,\n""q"');
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), async (pieces, size) => {
        // A quoted piece is valid only as a whole field.
        const text = pieces
          .join('')
          .replace(/([^,\r\n])(?="q)/g, '$1,')
          .replace(/(q")(?=[^,\r\n])/g, '$1,');
        const reading = rowsOf(text, [size]).then((rows) => rows.map(({ fields }) => fields));
        let expected: string[][];
        try {
          expected = parse(Buffer.from(text), { relax_column_count: true, skip_empty_lines: true });
        } catch {
          await expect(reading).rejects.toMatchObject({ refusal: { code: 'QuoteUnbalanced' } });
          return;
        }
        expect(await reading).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a file that can not be read is refused by name, place and remedy', () => {
  it('missing', async () => {
    const file = join(folder, 'nowhere.csv');
    expect(await refusalOf(readAll(file))).toMatchObject({
      code: 'FileMissing',
      message: `${file}: there is no such file`,
      remedy: expect.stringContaining('Check the path'),
      details: { file },
    });
  });

  it('a folder', async () => {
    expect(await refusalOf(readAll(folder))).toMatchObject({
      code: 'FileIsDirectory',
      remedy: expect.stringContaining('.csv.gz'),
    });
  });

  it('empty, blank, and header only', async () => {
    expect(await refusalOf(readAll(await fileWith('empty.csv', '')))).toMatchObject({ code: 'FileEmpty' });
    expect(await refusalOf(readAll(await fileWith('blank.csv', '\n\n')))).toMatchObject({ code: 'FileEmpty' });
    const file = await fileWith('header.csv', 'a,b\n');
    expect(await refusalOf(readAll(file))).toMatchObject({
      code: 'FileHasOnlyHeader',
      message: `${file}, line 1: the file has a header and no rows`,
    });
  });

  it('a spreadsheet and UTF-16', async () => {
    expect(await refusalOf(readAll(await fileWith('x.csv', Buffer.from('PK\x03\x04rest'))))).toMatchObject({
      code: 'NotText',
    });
    expect(await refusalOf(readAll(await fileWith('y.csv', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'))))).toMatchObject(
      {
        code: 'NotText',
        message: expect.stringContaining('UTF-16'),
      },
    );
  });

  it('missing columns, all at once, with near names', async () => {
    const file = await fileWith('columns.csv', 'Opened At,stat,b\n1,2,3\n');
    const refusal = await refusalOf(readAll(file, ['opened_at', 'state', 'whatever', 'b']));
    expect(refusal.code).toBe('ColumnsMissing');
    expect(refusal.message).toBe(
      `${file}, line 1: missing columns: opened_at for a test (did you mean Opened At?); state for a test (did you mean stat?); whatever for a test`,
    );
    expect(refusal.details).toMatchObject({ missing: ['opened_at', 'state', 'whatever'] });
  });

  it('the wrong delimiter shows as one column', async () => {
    expect(await refusalOf(readAll(await fileWith('semicolon.csv', 'a;b\n1;2\n'), ['a', 'b']))).toMatchObject({
      code: 'ColumnsMissing',
      remedy: expect.stringContaining('file.delimiter'),
    });
  });

  it('a needed column twice', async () => {
    expect(await refusalOf(readAll(await fileWith('twice.csv', 'a,b,a\n1,2,3\n')))).toMatchObject({
      code: 'ColumnsRepeated',
      details: { line: 1, column: 'a' },
    });
  });

  it('invalid UTF-8, with line and offset', async () => {
    const file = await fileWith(
      'utf8.csv',
      Buffer.concat([Buffer.from('a,b\n1,é\n2,'), Buffer.from([0xe9]), Buffer.from('\n')]),
    );
    const refusal = await refusalOf(readAll(file));
    expect(refusal.message).toBe(`${file}, line 3: byte 0xe9 at offset 11 is not UTF-8`);
    expect(refusal).toMatchObject({
      code: 'EncodingInvalid',
      remedy: expect.stringContaining('encoding: latin1'),
      details: { line: 3, offset: 11 },
    });
  });

  it('a character cut off by the end of the file', async () => {
    await expect(rowsOf(Buffer.concat([Buffer.from('a\n1\n'), Buffer.from([0xe2, 0x82])]), [1])).rejects.toMatchObject({
      refusal: { code: 'EncodingInvalid', details: { line: 3, offset: 4 } },
    });
  });

  it('finds the same invalid byte however the chunks are cut', async () => {
    const bytes = Buffer.concat([
      Buffer.from('a,b\n€,😀\n'),
      Buffer.from([0xf0, 0x9f, 0x98, 0x0a]),
      Buffer.from('1,2\n'),
    ]);
    for (const size of [1, 2, 3, 5, 7, 100]) {
      await expect(rowsOf(bytes, [size])).rejects.toMatchObject({ refusal: { details: { line: 3, offset: 13 } } });
    }
  });

  it('NUL bytes', async () => {
    const file = await fileWith('nul.csv', 'a,b\n1,2\n\0,4\n');
    expect(await refusalOf(readAll(file))).toMatchObject({
      code: 'NotText',
      message: `${file}, line 3: a NUL byte: this is not text`,
      details: { line: 3, offset: 8 },
    });
  });

  it('a quote that never closes, text after a closing quote, a quote inside a plain field', async () => {
    const open = await fileWith('open.csv', 'a,b\n1,2\n3,"x\n5,6\n');
    expect(await refusalOf(readAll(open))).toMatchObject({
      code: 'QuoteUnbalanced',
      message: `${open}, line 3, column b: a quote opens in this row and is never closed`,
      details: { line: 3, column: 'b' },
    });
    const after = await fileWith('after.csv', 'a,b\n"1"x,2\n');
    expect(await refusalOf(readAll(after))).toMatchObject({
      code: 'QuoteUnbalanced',
      details: { line: 2, column: 'a' },
      remedy: expect.stringContaining('twice'),
    });
    const inside = await fileWith('inside.csv', 'a,b\n1,5" disk\n');
    expect(await refusalOf(readAll(inside))).toMatchObject({
      code: 'QuoteUnbalanced',
      details: { line: 2, column: 'b' },
      remedy: expect.stringContaining('Enclose'),
    });
  });

  it('a line over the limit is refused early, a line at the limit is read', async () => {
    const atLimit = `a\n${'x'.repeat(MAX_LINE_BYTES)}\n1\n`;
    expect(await rowsOf(atLimit)).toHaveLength(3);
    let chunks = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      yield Buffer.from('a,b\n1,2\n');
      for (;;) {
        chunks++;
        yield Buffer.alloc(65_536, 'x');
      }
    }
    const reading = (async () => {
      for await (const batch of parseCsv('huge.csv', endless(), PLAIN_CSV)) expect(batch.length).toBeGreaterThan(0);
    })();
    const refusal = await refusalOf(reading);
    expect(refusal).toMatchObject({
      code: 'LineTooLong',
      message: `huge.csv, line 3: the line is longer than ${MAX_LINE_BYTES} bytes`,
    });
    expect(chunks).toBe(MAX_LINE_BYTES / 65_536 + 1);
  });

  it('a row that never ends because of an open quote is refused early', async () => {
    const text = `a,b\n1,"${'x\n'.repeat(MAX_ROW_BYTES)}`;
    await expect(rowsOf(text)).rejects.toMatchObject({
      refusal: { code: 'RowTooLong', details: { line: 2, column: 'b' } },
    });
  });

  it('gzip: whole, cut off, damaged, and only in name', async () => {
    const zipped = gzipSync(
      Buffer.from(`a,b\n${Array.from({ length: 5000 }, (_, n) => `${n},${n * 7919}`).join('\n')}\n`),
    );
    expect(await readAll(await fileWith('ok.csv.gz', zipped))).toHaveLength(5000);
    const cut = await fileWith('cut.csv.gz', zipped.subarray(0, zipped.length - 200));
    expect(await refusalOf(readAll(cut))).toMatchObject({
      code: 'GzipDamaged',
      message: `${cut}: the gzip file ends too early`,
    });
    const broken = Buffer.from(zipped);
    broken.fill(0xff, 4000, 4100);
    expect(await refusalOf(readAll(await fileWith('bad.csv.gz', broken)))).toMatchObject({
      code: 'GzipDamaged',
      remedy: expect.stringContaining('export it again'),
    });
    expect(await refusalOf(readAll(await fileWith('plain.csv.gz', 'a,b\n1,2\n')))).toMatchObject({
      code: 'GzipDamaged',
      remedy: expect.stringContaining('Rename'),
    });
  });
});
