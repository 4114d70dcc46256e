import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Write {
  readonly at: number;
  readonly bytes: Buffer;
}

/** One file, as the disk has it and as it is to be written. */
class DiskFile {
  private bytes = Buffer.alloc(0);
  private unsynced: Write[] = [];

  write(write: Write): void {
    this.unsynced.push(write);
  }

  synced(): void {
    for (const { at, bytes } of this.unsynced.splice(0)) {
      if (this.bytes.length < at + bytes.length) this.resize(at + bytes.length);
      bytes.copy(this.bytes, at);
    }
  }

  /** After a sync that failed the system takes its pages for written, and never writes them. */
  lost(): void {
    this.unsynced = [];
  }

  /** Sizes are the file system's own, which journals them. */
  truncated(size: number): void {
    this.resize(size);
    this.unsynced = this.unsynced.filter(({ at }) => at < size);
  }

  content(): Buffer {
    return this.bytes;
  }

  private resize(size: number): void {
    const before = this.bytes;
    this.bytes = Buffer.alloc(size);
    before.copy(this.bytes, 0, 0, Math.min(size, before.length));
  }
}

/**
 * Makes the files as a disk would have them after a power cut in the moment in which the journal of `failing-disk.c` ends, at the worst: nothing
 * reached it that was not synced.
 */
export function afterPowerCut(journal: string, folder: string): void {
  const files = new Map<string, DiskFile>();
  const entries = existsSync(journal) ? readFileSync(journal) : Buffer.alloc(0);
  // The last entry may have been cut by the death of its writer: it is of an event that did not happen yet.
  for (let at = 0; at + 5 <= entries.length;) {
    const what = String.fromCharCode(entries.readUInt8(at));
    const nameEnd = at + 5 + entries.readUInt32LE(at + 1);
    if (nameEnd + 12 > entries.length) break;
    const name = entries.toString('utf8', at + 5, nameEnd);
    const place = Number(entries.readBigInt64LE(nameEnd));
    const end = nameEnd + 12 + entries.readUInt32LE(nameEnd + 8);
    if (end > entries.length) break;
    const file = files.get(name) ?? new DiskFile();
    files.set(name, file);
    if (what === 'w') file.write({ at: place, bytes: entries.subarray(nameEnd + 12, end) });
    else if (what === 's') file.synced();
    else if (what === 'l') file.lost();
    else if (what === 't') file.truncated(place);
    else if (what === 'u') files.delete(name);
    else throw new Error(`the journal has an entry ${JSON.stringify(what)} at ${at}`);
    at = end;
  }
  for (const [name, file] of files) writeFileSync(join(folder, name), file.content());
}
