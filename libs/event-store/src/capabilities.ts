/** One finding of a verification of the chain. It names the first event that is wrong. */
export interface ChainFinding {
  /** A number alone: the event itself may be missing. */
  readonly position: number;
  readonly stream: string | null;
  readonly version: number | null;
  readonly problem: 'changed' | 'missing' | 'reordered' | 'unreadable' | 'truncated';
  readonly message: string;
}

export interface ChainReport {
  readonly events: number;
  readonly head: number;
  /** Chain value at the head, hexadecimal: keep it elsewhere and hand it to `verify` to prove that the tail is all there. */
  readonly headHash: string;
  /** Up to this position personal fields are in plain text, later ones are sealed; 0: all are. Null: the log was not opened for writing since it can tell. */
  readonly plainUpTo: number | null;
  readonly findings: readonly ChainFinding[];
}

export interface VerifyOptions {
  /** Proves that nothing was cut off the end. */
  readonly expectedHeadHash?: string;
  readonly onProgress?: (position: number) => void;
}

/** Each event's hash covers the one before, so that what was changed, dropped or reordered in its file is found. */
export interface Chain {
  /** Walks the whole of it. */
  verify(options?: VerifyOptions): Promise<ChainReport>;
}

/** What a store may have and another need not: evidence and tools of its own kind of file. Nothing that is decided or billed rests on one. */
export interface Capabilities {
  readonly chain: Chain;
}
