import type { CsvDialect, CsvRow } from './csv-row.js';

const LF = 10;
const CR = 13;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** Where the plain beginning of a file ends: what follows is for a parser that knows quotes. */
export interface Remainder {
  readonly bytes: Buffer;
  /** Offset of these bytes in the file, and the line they begin on. */
  readonly offset: number;
  readonly line: number;
  /** null: no line break was seen yet, or it is a lone CR. */
  readonly lineBreak: string | null;
}

export interface PlainRows {
  readonly rows: readonly CsvRow[];
  /** null: the plain beginning goes on. */
  readonly remainder: Remainder | null;
}

/**
 * The rows of the plain beginning of a file: everything before the line with the first quote. Without quotes CSV is lines split at delimiters,
 * and splitting natively takes a fifth of the time of a parser that looks at each byte; most exports of ticket systems have no quote at all.
 * It yields what csv-parse yields (a property test holds the two together).
 */
export class UnquotedLines {
  blankLines = 0;
  private carry: Buffer = Buffer.alloc(0);
  private offset = 0;
  private line = 1;
  private lineBreak: string | null = null;
  private readonly encoding: 'utf8' | 'latin1';
  private readonly quote: Buffer;

  constructor(private readonly dialect: CsvDialect) {
    this.encoding = dialect.encoding === 'utf-8' ? 'utf8' : 'latin1';
    this.quote = Buffer.from(dialect.quote);
  }

  /** Rows that are whole with this chunk, and the remainder of the file where the plain beginning ends in it. */
  take(chunk: Buffer): PlainRows {
    const bytes = this.carry.length === 0 ? chunk : Buffer.concat([this.carry, chunk]);
    const quoteAt = bytes.indexOf(this.quote);
    const plain = quoteAt < 0 ? bytes : bytes.subarray(0, quoteAt);
    const isLoneCr = this.lineBreak === null && this.findLineBreak(plain) === 'lone-cr';
    const end = this.lineBreak === null ? 0 : endOfLines(plain, this.lineBreak);
    const rows = end === 0 ? [] : this.split(plain.subarray(0, end));
    const rest = bytes.subarray(end);
    if (quoteAt < 0 && !isLoneCr) {
      this.carry = rest;
      return { rows, remainder: null };
    }
    const { offset, line, lineBreak } = this;
    return { rows, remainder: { bytes: rest, offset, line, lineBreak } };
  }

  /** The last line, where it does not end in a line break. */
  end(): CsvRow[] {
    const rest = this.carry;
    // The first break of the file is a CR, and nothing follows that could make it a CRLF.
    if (this.lineBreak === null && rest.at(-1) === CR) this.lineBreak = '\r';
    return rest.length === 0 ? [] : this.split(rest);
  }

  private findLineBreak(bytes: Buffer): 'found' | 'not-yet' | 'lone-cr' {
    const lf = bytes.indexOf(LF);
    const cr = bytes.indexOf(CR);
    if (lf >= 0 && (cr < 0 || lf < cr)) this.lineBreak = '\n';
    else if (cr >= 0 && cr + 1 < bytes.length) {
      if (bytes[cr + 1] !== LF) return 'lone-cr';
      this.lineBreak = '\r\n';
    }
    return this.lineBreak === null ? 'not-yet' : 'found';
  }

  /** `bytes` are whole lines. */
  private split(bytes: Buffer): CsvRow[] {
    const lineBreak = this.lineBreak ?? '\n';
    const bom = this.offset === 0 && this.encoding === 'utf8' && bytes.subarray(0, 3).equals(BOM) ? 3 : 0;
    const text = bytes.toString(this.encoding, bom);
    const lines = (text.endsWith(lineBreak) ? text.slice(0, -lineBreak.length) : text).split(lineBreak);
    const rows: CsvRow[] = [];
    for (const line of lines) {
      if (line === '') this.blankLines++;
      else rows.push({ line: this.line, fields: line.split(this.dialect.delimiter) });
      // In a file with CRLF a lone LF is part of a field, and still a line to whoever opens the file.
      this.line += lineBreak === '\n' ? 1 : line.split('\n').length;
    }
    this.offset += bytes.length;
    return rows;
  }
}

/** Offset behind the last line break; 0 where there is none. */
function endOfLines(bytes: Buffer, lineBreak: string): number {
  const at = bytes.lastIndexOf(lineBreak, undefined, 'latin1');
  return at < 0 ? 0 : at + lineBreak.length;
}
