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

/** The vault is not the one any more that this process has written to: it was set back, or its file was exchanged. Nobody signs in before it has followed the log anew. */
export class VaultSetBack extends VaultUnavailable {
  constructor(what: string) {
    super(
      `${what}, while Billtrail was running`,
      'It follows the log to its end first, so that no revoked key is alive again: try again in a moment',
    );
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
      'Stop Billtrail, put back the vault that holds them, and start again, or bring the keys from a copy of it: billtrail vault merge FILE. Where they are gone for good, say so: billtrail vault accept --yes',
    );
  }
}
