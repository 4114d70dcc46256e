import type { Position } from '@billtrail/event-store';

/**
 * Why no document gets a number: `moved` to another machine, path or vault; the vault had followed what is `not-in-log`; a `new-vault`, which knows nothing of
 * numbers that were given; `restored` or `imported` by a command.
 */
export type WhyShut = 'moved' | 'not-in-log' | 'new-vault' | 'restored' | 'imported';

/** That no document gets a number until the log is adopted. */
export interface GateShut {
  /** Random, of this time that it was shut. */
  readonly id: string;
  readonly why: WhyShut;
  /** Numbers may have been given that the log lacks: whoever adopts it says which. */
  readonly asksForNumbers: boolean;
}

/** The last number that the vault knows of a series. */
export interface LastNumber {
  readonly series: string;
  readonly number: number;
  /** Of the event that gave it. */
  readonly position: Position;
}

/** A place in which documents get numbers. */
export interface Place {
  /** A hash. */
  readonly home: string;
  /** For people. */
  readonly told: string;
}

/** What the vault keeps of the home of the log. */
export interface KeptHome {
  /** Of this vault, random: made with it, and the same in each copy. */
  readonly vaultId: string;
  /** null: none was taken yet. */
  readonly place: Place | null;
  /** Id of the first event of the log; null: it had none yet. */
  readonly logId: string | null;
  /** null: it was not. */
  readonly shut: GateShut | null;
  /** By series. */
  readonly numbers: readonly LastNumber[];
}
