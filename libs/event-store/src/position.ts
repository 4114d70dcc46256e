declare const given: unique symbol;

/**
 * Where an event stands in the order of the whole log: a safe integer that rises from event to event, not necessarily without gaps. Only its order
 * means anything, and only a store gives one.
 */
export type PositionNumber = number & { readonly [given]: 'by a store' };

/** Hexadecimal digits of an event's id that a position carries. */
const TAG_DIGITS = 8;
const TEXT = /^(0|[1-9]\d{0,15})\.([0-9a-f]{8})$/;

/**
 * A place in one log: the number of an event there, and the first digits of its id. Another log has another event at the same number, and so has this one
 * where it was restored and has grown anew: whoever keeps a position learns it (`PositionUnknown`). Nobody computes one.
 */
export class Position {
  /** Before the first event of any log. */
  static readonly START = new Position(0 as PositionNumber, '0'.repeat(TAG_DIGITS));

  private constructor(
    /** For the order of positions of one log. */
    readonly at: PositionNumber,
    /** The first eight hexadecimal digits of the id of the event there. */
    readonly tag: string,
  ) {}

  /** The position of an event of the log. */
  static of(event: { readonly id: string; readonly position: PositionNumber }): Position {
    return new Position(event.position, event.id.slice(0, TAG_DIGITS));
  }

  /** A position from its text, `912.3f0a96d1`, which a store gave out before; null: the text is none. Whether it is of this log, the log says. */
  static parse(text: string): Position | null {
    const [, at, tag = ''] = TEXT.exec(text) ?? [];
    return at !== undefined && Number.isSafeInteger(Number(at))
      ? new Position(Number(at) as PositionNumber, tag)
      : null;
  }

  isAfter(other: Position): boolean {
    return this.at > other.at;
  }

  is(other: Position): boolean {
    return this.at === other.at && this.tag === other.tag;
  }

  /** Order is asked by {@link isAfter}: without this, `<` would compare the texts. */
  valueOf(): never {
    throw new TypeError('positions are compared by isAfter, not by < or >');
  }

  toString(): string {
    return `${this.at}.${this.tag}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

export const { START } = Position;

/** The earliest of positions of one log. There is at least one. */
export function earliest(positions: readonly Position[]): Position {
  return positions.reduce((one, other) => (one.isAfter(other) ? other : one));
}

/** The latest of positions of one log. There is at least one. */
export function latest(positions: readonly Position[]): Position {
  return positions.reduce((one, other) => (other.isAfter(one) ? other : one));
}

/** The later of two positions of one log; null comes before all. */
export function laterOf(one: Position | null, other: Position | null): Position | null {
  if (one === null || other === null) return one ?? other;
  return latest([one, other]);
}
