import { createHash } from 'node:crypto';
import { closeSync, createReadStream, mkdtempSync, openSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { InputRefused, refuseInput } from '../input-refused.js';
import { MAX_PARTITIONS, PARTITION_BYTES, SPILL_BUFFER_BYTES } from '../limits.js';
import type { BrokenRow, HistoryRow } from './rows.js';

export interface SpilledRow {
  readonly ticket: string;
  readonly row: HistoryRow | BrokenRow;
}

interface Partition {
  readonly path: string;
  readonly descriptor: number;
  pending: string[];
  pendingCharacters: number;
}

/**
 * Rows that wait on the disk until the file is read to its end, in as many parts as it takes for each to fit into memory. All rows of a ticket
 * are in one part, in the order of the file. The parts lie in the folder for temporary files and are removed by {@link dispose}.
 */
export class SpilledRows {
  private folder: string | null = null;
  private readonly parts = new Map<number, Partition>();
  private readonly count: number;

  /** `expectedBytes`: about how large the input is, unzipped. */
  constructor(expectedBytes: number) {
    this.count = Math.min(MAX_PARTITIONS, Math.max(1, Math.ceil(expectedBytes / PARTITION_BYTES)));
  }

  add(ticket: string, row: HistoryRow | BrokenRow): void {
    const index = createHash('md5').update(ticket).digest().readUInt32LE(0) % this.count;
    const part = this.parts.get(index) ?? this.open(index);
    const text = JSON.stringify({ ticket, row });
    part.pending.push(text);
    part.pendingCharacters += text.length;
    if (part.pendingCharacters >= SPILL_BUFFER_BYTES) this.flush(part);
  }

  /** Part after part, each as its rows. */
  async *partitions(): AsyncGenerator<AsyncIterable<SpilledRow>> {
    for (const part of this.parts.values()) {
      this.flush(part);
      yield readPart(part.path);
    }
  }

  /** Removes what lies on the disk. */
  async dispose(): Promise<void> {
    for (const { descriptor } of this.parts.values()) closeSync(descriptor);
    this.parts.clear();
    if (this.folder !== null) await rm(this.folder, { recursive: true, force: true });
  }

  private open(index: number): Partition {
    return this.guarded(() => {
      this.folder ??= mkdtempSync(join(tmpdir(), 'billtrail-import-'));
      const path = join(this.folder, `${index}.jsonl`);
      const part: Partition = { path, descriptor: openSync(path, 'wx', 0o600), pending: [], pendingCharacters: 0 };
      this.parts.set(index, part);
      return part;
    });
  }

  private flush(part: Partition): void {
    if (part.pending.length === 0) return;
    this.guarded(() => writeAll(part.descriptor, Buffer.from(`${part.pending.join('\n')}\n`)));
    part.pending = [];
    part.pendingCharacters = 0;
  }

  private guarded<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (cause) {
      const place = { file: this.folder ?? tmpdir() };
      const message = 'the rows of the tickets are not adjacent in the file, and there is no room to sort them';
      const remedy =
        'Make room there or set TMPDIR to a folder with as much space as the unzipped file, or sort the file by ticket; then run again';
      throw new InputRefused(refuseInput('FileUnwritable', place, message, remedy), { cause });
    }
  }
}

function writeAll(descriptor: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
}

async function* readPart(path: string): AsyncGenerator<SpilledRow> {
  const lines = createInterface({ input: createReadStream(path, { encoding: 'utf8' }), crlfDelay: Infinity });
  for await (const line of lines) yield JSON.parse(line) as SpilledRow;
}
