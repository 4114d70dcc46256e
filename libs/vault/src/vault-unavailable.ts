import type { StreamName } from '@billtrail/event-store';

/** The vault can't be used. Nothing was changed in it. `remedy` says what an operator can do. */
export class VaultUnavailable extends Error {
  override readonly name: string = 'VaultUnavailable';
  constructor(
    message: string,
    readonly remedy: string,
    options?: { cause?: unknown },
  ) {
    super(`${message}. ${remedy}`, options);
  }
}

/**
 * The vault lacks keys of streams that are in the log: it is an older one, an empty one or another log's. It makes no new keys, for then no vault would hold all
 * of them.
 */
export class VaultIncomplete extends VaultUnavailable {
  override readonly name = 'VaultIncomplete';
  constructor(
    /** Whose keys it lacks, in the order of the log; one at least. */
    readonly streams: readonly StreamName[],
  ) {
    super(
      `the vault lacks the ${streams.length === 1 ? 'key of one stream' : `keys of ${streams.length} streams`} of the log, and makes no new ones`,
      'Stop Billtrail, put back the vault that holds them, and start again; or, where they are gone for good, say so: billtrail vault accept --by YOUR-NAME',
    );
  }
}
