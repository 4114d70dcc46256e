import type { Instant } from '@billtrail/kernel';

/** What is kept of who asked: each kind is bounded by itself, so that many of one drive none of another out. */
export const KINDS_OF_ACCESS = ['refusal', 'read'] as const;
export type KindOfAccess = (typeof KINDS_OF_ACCESS)[number];

/** Something that somebody asked for. */
export interface Access {
  readonly kind: KindOfAccess;
  /** Of refusals, the minute. */
  readonly at: Instant;
  /** The address or network it came from; `command-line`. */
  readonly source: string;
  /** Of a refusal its code; of a read the route with its ids, or the command. Never a key, never a body. */
  readonly what: string;
  /** The actor; null: nobody signed in. */
  readonly personId: string | null;
  readonly keyId: string | null;
}

/** How often the same was refused in a minute; of reads, each is one. */
export interface KeptAccess extends Access {
  /** Rises from entry to entry. */
  readonly entry: number;
  readonly count: number;
}

export interface AccessAsked {
  readonly kind?: KindOfAccess | undefined;
  readonly personId?: string | undefined;
  readonly keyId?: string | undefined;
  /** From this moment on. */
  readonly since?: Instant | undefined;
  /** Entries before this one. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Who asked for what, apart from the log: it goes after a time, and holds so many entries at most. */
export interface AccessRecord {
  /** Keeps it within a moment, with others. What can't be written is tried again, and told as a number where it had to be given up. It never fails. */
  note(access: Access): void;
  /** The newest first, with all that was noted until now. */
  list(asked: AccessAsked): readonly KeptAccess[];
  close(): void;
}
