import { createWriteStream, type WriteStream } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { once } from 'node:events';
import { csvLine } from '../csv/csv-text.js';
import type { CsvDialect } from '../csv/csv-row.js';
import { InputRefused, refuseInput } from '../input-refused.js';

/** Two columns in front of each rejected row. They come first, because a row with too few fields has no end to put them at. */
const REASON_COLUMNS = ['billtrail_line', 'billtrail_reason'] as const;

/**
 * Rows that were not imported, as a CSV file of the same shape as the input: correct them there and import the file with the same mapping.
 * Nothing is neutralised in it: it is the data, not a report. Made with the first rejected row; without one there is no file.
 */
export class RejectsFile {
  private stream: WriteStream | null = null;
  private failure: unknown = null;
  private readonly kept: readonly number[];

  constructor(
    private readonly file: string | null,
    private readonly header: readonly string[],
    private readonly dialect: CsvDialect,
  ) {
    const columns: readonly string[] = REASON_COLUMNS;
    this.kept = header.flatMap((name, index) => (columns.includes(name) ? [] : [index]));
  }

  /** Refuses a rejects file that would overwrite the input. */
  static async check(file: string | null, input: string): Promise<void> {
    if (file === null) return;
    const same =
      file === input || (await realpath(file).catch(() => file)) === (await realpath(input).catch(() => input));
    if (same) {
      throw new InputRefused(
        refuseInput(
          'FileUnwritable',
          { file },
          'the rejected rows would overwrite the file that is imported',
          'Choose another name for the rejects file',
        ),
      );
    }
  }

  async add(line: number, fields: readonly string[], reason: string): Promise<void> {
    if (this.file === null) return;
    if (this.stream === null)
      await this.write(this.open(this.file), [
        ...REASON_COLUMNS,
        ...this.kept.map((index) => this.header[index] ?? ''),
      ]);
    // A broken row has more or fewer fields than the header: it is written as it is.
    const whole = fields.length === this.header.length;
    const own = whole ? this.kept.map((index) => fields[index] ?? '') : fields;
    await this.write(this.stream as unknown as WriteStream, [String(line), reason, ...own]);
  }

  private open(file: string): WriteStream {
    const stream = createWriteStream(file);
    stream.on('error', (error) => (this.failure ??= error));
    this.stream = stream;
    return stream;
  }

  private async write(stream: WriteStream, fields: readonly string[]): Promise<void> {
    const { delimiter, quote, encoding } = this.dialect;
    const bytes = Buffer.from(`${csvLine(fields, delimiter, quote)}\n`, encoding === 'latin1' ? 'latin1' : 'utf8');
    if (!stream.write(bytes) && this.failure === null)
      await Promise.race([once(stream, 'drain'), once(stream, 'close')]);
    this.throwFailure();
  }

  /** Everything is written when this resolves. */
  async close(): Promise<void> {
    const { stream } = this;
    if (stream === null) return;
    if (this.failure === null)
      await new Promise<void>((resolve) => stream.end(() => resolve()).once('error', () => resolve()));
    this.throwFailure();
  }

  private throwFailure(): void {
    if (this.failure === null) return;
    const file = this.file ?? '';
    throw new InputRefused(
      refuseInput(
        'FileUnwritable',
        { file },
        'the rejected rows can not be written',
        'Check the folder, its permissions and the space on the disk, or choose another rejects file; then run again',
      ),
      { cause: this.failure },
    );
  }
}
