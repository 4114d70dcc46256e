import { isUtf8 } from 'node:buffer';
import { InputRefused, refuseInput } from '../input-refused.js';
import { MAX_LINE_BYTES } from '../limits.js';

export type Encoding = 'utf-8' | 'latin1';

const LF = 10;
const CR = 13;

/** Length of the UTF-8 character that starts with this byte; 0 for a byte that starts none. */
function utf8Length(byte: number): number {
  if (byte < 0x80) return 1;
  if (byte >= 0xc2 && byte <= 0xdf) return 2;
  if (byte >= 0xe0 && byte <= 0xef) return 3;
  return byte >= 0xf0 && byte <= 0xf4 ? 4 : 0;
}

/** Bytes at the end of `bytes` that begin a character whose rest comes with the next chunk: 0 to 3. */
function incompleteTail(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return utf8Length(byte) > back ? back : 0;
  }
  return 0;
}

/** Offset of the first byte that is not UTF-8. Called only where there is one. */
function firstInvalid(bytes: Buffer): number {
  let at = 0;
  while (at < bytes.length) {
    const length = utf8Length(bytes[at] ?? 0);
    if (length === 0 || !isUtf8(bytes.subarray(at, at + length)) || at + length > bytes.length) return at;
    at += length;
  }
  return at;
}

/**
 * Watches bytes on their way to the parser: the encoding, NUL bytes, the length of lines. It also keeps where lines break,
 * because the parser counts a CRLF inside quotes as two lines.
 */
export class TextGuard {
  private seen = 0;
  private tail: Buffer = Buffer.alloc(0);
  private lineStart = 0;
  private linesStarted = 1;
  private breaks: number[] = [];
  private nextBreak = 0;
  private linesPassed = 0;
  private breakByte: number | null = null;
  /** A CR that ended a chunk before the kind of line break was known. */
  private openCr: number | null = null;

  constructor(
    private readonly file: string,
    private readonly encoding: Encoding,
  ) {}

  /** Throws {@link InputRefused} if the chunk holds what no CSV text may hold. Chunks may be cut anywhere. */
  check(chunk: Buffer): void {
    const nul = chunk.indexOf(0);
    if (nul >= 0)
      this.refuseAt(
        chunk,
        nul,
        'NotText',
        'a NUL byte: this is not text',
        'Export the file again as plain CSV; a NUL byte often means UTF-16 or a damaged disk',
      );
    if (this.encoding === 'utf-8') this.checkUtf8(chunk);
    this.followLines(chunk);
    this.seen += chunk.length;
  }

  /** After the last chunk: a character that began and never ended. */
  end(): void {
    if (this.tail.length > 0) this.refuseEncoding(Buffer.alloc(0), -this.tail.length);
  }

  /** Line breaks before this offset in bytes, counted once: offsets must not go back. */
  linesBefore(offset: number): number {
    while (this.nextBreak < this.breaks.length && (this.breaks[this.nextBreak] ?? 0) < offset) {
      this.nextBreak++;
      this.linesPassed++;
    }
    if (this.nextBreak > 100_000) {
      this.breaks = this.breaks.slice(this.nextBreak);
      this.nextBreak = 0;
    }
    return this.linesPassed;
  }

  private checkUtf8(chunk: Buffer): void {
    const joined = this.tail.length === 0 ? chunk : Buffer.concat([this.tail, chunk]);
    const cut = incompleteTail(joined);
    const whole = cut === 0 ? joined : joined.subarray(0, joined.length - cut);
    if (!isUtf8(whole)) this.refuseEncoding(chunk, firstInvalid(whole) - this.tail.length);
    this.tail = cut === 0 ? Buffer.alloc(0) : Buffer.from(joined.subarray(joined.length - cut));
  }

  /** `at` is relative to the chunk; negative where the character began in the chunk before. */
  private refuseEncoding(chunk: Buffer, at: number): never {
    const byte = at < 0 ? this.tail[this.tail.length + at] : chunk[at];
    this.refuseAt(
      chunk,
      at,
      'EncodingInvalid',
      `byte 0x${(byte ?? 0).toString(16).padStart(2, '0')} at offset ${this.seen + at} is not UTF-8`,
      'Export the file as UTF-8, or say `encoding: latin1` under `file:` in the mapping if it is ISO 8859-1',
    );
  }

  private refuseAt(
    chunk: Buffer,
    at: number,
    code: 'NotText' | 'EncodingInvalid',
    message: string,
    remedy: string,
  ): never {
    this.followLines(chunk.subarray(0, Math.max(0, at)));
    throw new InputRefused(
      refuseInput(code, { file: this.file, line: this.linesStarted }, message, remedy, { offset: this.seen + at }),
    );
  }

  private followLines(chunk: Buffer): void {
    let from = 0;
    for (;;) {
      const at = chunk.indexOf(this.breakByte ?? this.findBreakByte(chunk), from);
      const end = at < 0 ? chunk.length : at;
      if (this.seen + end - this.lineStart > MAX_LINE_BYTES) this.refuseLongLine();
      if (at < 0) return;
      this.startLine(this.seen + at);
      from = at + 1;
    }
  }

  private startLine(breakAt: number): void {
    this.breaks.push(breakAt);
    this.linesStarted++;
    this.lineStart = breakAt + 1;
  }

  /** LF, unless the first break of the file is a lone CR (old Macintosh files). Undecided while no break was seen. */
  private findBreakByte(chunk: Buffer): number {
    if (chunk.length === 0) return LF;
    if (this.openCr !== null) {
      this.breakByte = chunk[0] === LF ? LF : CR;
      if (this.breakByte === CR) this.startLine(this.openCr);
      return this.breakByte;
    }
    const cr = chunk.indexOf(CR);
    const lf = chunk.indexOf(LF);
    if (lf >= 0 && (cr < 0 || lf <= cr + 1)) this.breakByte = LF;
    else if (cr >= 0 && cr + 1 < chunk.length) this.breakByte = CR;
    else if (cr >= 0) this.openCr = this.seen + cr;
    return this.breakByte ?? LF;
  }

  private refuseLongLine(): never {
    throw new InputRefused(
      refuseInput(
        'LineTooLong',
        { file: this.file, line: this.linesStarted },
        `the line is longer than ${MAX_LINE_BYTES} bytes`,
        'Check that the file is CSV with line breaks (LF, CRLF or CR), and shorten or drop the long text in this line',
        { limitBytes: MAX_LINE_BYTES },
      ),
    );
  }
}
