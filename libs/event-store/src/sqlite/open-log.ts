import type { ReadStreamOptions, StreamName, StreamSlice } from '../port.js';
import type { StoredNames } from '../stored-names.js';
import { prepareAppending } from './append-statements.js';
import { EarlierAppends, type EarlierAppend } from './earlier-appends.js';
import { FileInPlace, IN_MEMORY, type Connection } from './open-file.js';
import { Reader } from './reader.js';
import { numberPragma } from './schema.js';

/** A stream, and what a command did on it before; null: nothing. */
interface Found {
  readonly slice: StreamSlice;
  readonly earlier: EarlierAppend | null;
}

/** The log as it was opened once: its connection, and all that was prepared on it. After a failed disk it is opened anew. */
export class OpenLog {
  readonly reader: Reader;
  readonly earlier: EarlierAppends;
  readonly appending: ReturnType<typeof prepareAppending>;
  readonly inPlace: FileInPlace | null;

  constructor(
    readonly db: Connection,
    file: string,
    names: StoredNames,
  ) {
    this.reader = new Reader(db, names);
    this.earlier = new EarlierAppends(db);
    this.appending = prepareAppending(db);
    this.inPlace = file === IN_MEMORY ? null : new FileInPlace(file);
  }

  /** In one state of the file: what another process commits meanwhile is in both, or in neither. */
  load(stream: StreamName, commandId: string, options?: ReadStreamOptions): Found {
    return this.db.transaction(() => {
      const earlier = this.earlier.findByName(stream, commandId) ?? null;
      return { slice: this.reader.readStream(stream, options), earlier };
    })();
  }

  /**
   * Makes sure that what can be read is on the disk: copied from the `-wal` into the file, and synced there. What a failed fsync left in the system's cache
   * is not written again by a later one. @throws where that fails, or another process keeps it from being done.
   */
  makeSure(): void {
    const [row] = this.db.pragma('wal_checkpoint(FULL)') as readonly { readonly busy: number }[];
    if (row?.busy !== 0) throw new Error('another process kept the log from being made sure of');
  }

  /** Changes when another process has committed. */
  dataVersion(): number {
    return numberPragma(this.db, 'data_version');
  }
}
