import { open, stat } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { InputRefused, refuseInput } from '../input-refused.js';

/** A file as a stream of plain bytes, unzipped where it is gzip. */
export interface InputBytes {
  readonly chunks: AsyncIterable<Buffer>;
  /** Size of the file on the disk. */
  readonly bytesTotal: number;
  /** Bytes read from the disk so far, for a progress bar. */
  bytesRead(): number;
}

const CHUNK_BYTES = 262_144;

function systemCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : 'unknown';
}

function refusalForSystemError(file: string, error: unknown): InputRefused {
  const code = systemCode(error);
  if (code === 'ENOENT') {
    return new InputRefused(
      refuseInput(
        'FileMissing',
        { file },
        'there is no such file',
        'Check the path; a relative one starts at the folder you are in',
      ),
    );
  }
  if (code === 'EISDIR') {
    return new InputRefused(
      refuseInput('FileIsDirectory', { file }, 'this is a folder', 'Name one .csv or .csv.gz file in it'),
    );
  }
  return new InputRefused(
    refuseInput(
      'FileUnreadable',
      { file },
      `the file can't be read (${code})`,
      'Check its permissions and the disk it is on, then run again',
    ),
    { cause: error },
  );
}

async function firstBytes(file: string): Promise<{ head: Buffer; size: number }> {
  const facts = await stat(file);
  if (facts.isDirectory()) throw Object.assign(new Error('directory'), { code: 'EISDIR' });
  const handle = await open(file, 'r');
  try {
    const head = Buffer.alloc(4);
    const { bytesRead } = await handle.read(head, 0, 4, 0);
    return { head: head.subarray(0, bytesRead), size: facts.size };
  } finally {
    await handle.close();
  }
}

function refuseForeignFormat(file: string, head: Buffer): void {
  const is = (...bytes: number[]): boolean => bytes.every((byte, index) => head[index] === byte);
  if (is(0x50, 0x4b, 0x03, 0x04)) {
    throw new InputRefused(
      refuseInput(
        'NotText',
        { file },
        'this is a zip or spreadsheet file, not CSV',
        'Save or export the sheet as CSV (UTF-8) and pass that file',
      ),
    );
  }
  if (is(0xff, 0xfe) || is(0xfe, 0xff)) {
    throw new InputRefused(
      refuseInput(
        'NotText',
        { file, line: 1 },
        'the file is UTF-16',
        'Export it as UTF-8, or convert it, then run again',
      ),
    );
  }
}

function damaged(file: string, error: unknown): InputRefused {
  const truncated = systemCode(error) === 'Z_BUF_ERROR';
  return new InputRefused(
    refuseInput(
      'GzipDamaged',
      { file },
      truncated ? 'the gzip file ends too early' : `the gzip file is damaged (${systemCode(error)})`,
      'Copy or export it again; what was imported before the damage stays, and a new run goes on from there',
    ),
    { cause: error },
  );
}

/**
 * Opens a .csv or .csv.gz file; gzip is recognised by its first bytes. Refuses, by name: a missing file, a folder, an unreadable or
 * empty file, a spreadsheet, UTF-16, damaged gzip. Throws {@link InputRefused}.
 */
export async function openInput(file: string): Promise<InputBytes> {
  let head: Buffer;
  let bytesTotal: number;
  try {
    ({ head, size: bytesTotal } = await firstBytes(file));
  } catch (error) {
    throw refusalForSystemError(file, error);
  }
  if (head.length === 0) {
    throw new InputRefused(
      refuseInput(
        'FileEmpty',
        { file },
        'the file is empty',
        'Export it again; the first line must be the header with the column names',
      ),
    );
  }
  refuseForeignFormat(file, head);
  const gzip = head[0] === 0x1f && head[1] === 0x8b;
  if (!gzip && file.endsWith('.gz')) {
    throw new InputRefused(
      refuseInput(
        'GzipDamaged',
        { file },
        'the name ends in .gz, but this is not gzip',
        'Rename it to .csv if it is plain text, else export it again',
      ),
    );
  }
  const raw = createReadStream(file, { highWaterMark: CHUNK_BYTES });
  return { chunks: readChunks(file, raw, gzip), bytesTotal, bytesRead: () => raw.bytesRead };
}

async function* readChunks(
  file: string,
  raw: ReturnType<typeof createReadStream>,
  gzip: boolean,
): AsyncGenerator<Buffer> {
  const source = gzip ? raw.pipe(createGunzip({ chunkSize: CHUNK_BYTES })) : raw;
  // `pipe` does not carry errors over: a disk that fails under gunzip would leave the iteration waiting.
  if (source !== raw) raw.on('error', (error) => source.destroy(error));
  try {
    for await (const chunk of source) yield chunk as Buffer;
  } catch (error) {
    throw systemCode(error).startsWith('Z_') ? damaged(file, error) : refusalForSystemError(file, error);
  } finally {
    source.destroy();
    raw.destroy();
  }
}
