import {
  type Decider,
  type Decision,
  type Instant,
  type Issued,
  type LocalDate,
  refuse,
  unreachable,
} from '@billtrail/kernel';
import type { DocumentNumberAssigned, NumberingEvent } from '../events.js';
import { MAX_NUMBER_DIGITS } from '../configuration-shape.js';
import { printedNumber } from './series.js';

/**
 * Gives a document the next number of a series: no hole, no repeat (law L4), and no number is dated before an earlier one. Quiet where the document has one.
 * Refuses: NumberingMalformed, SeriesMismatch, SeriesHasGoneOn (the series has a number of a later day, `details.seriesReached`).
 */
export interface AssignDocumentNumber {
  readonly type: 'AssignDocumentNumber';
  readonly series: string;
  readonly prefix: string;
  /** Digits that the number is padded to with zeros; a longer number is shown whole. */
  readonly digits: number;
  readonly documentId: string;
  /** Stream of the account whose document it is. */
  readonly accountStream: string;
  readonly kind: NonNullable<Assigned['kind']>;
  /** The day on the document. */
  readonly issueDate: LocalDate;
  readonly occurredAt?: Instant;
}

/**
 * Says which number of a series may have been given last, where the log is adopted: the next document gets the one after it.
 * Refuses: LastNumberTooLow, LastNumberTooHigh, SeriesMismatch.
 */
export interface LoseNumbers {
  readonly type: 'LoseNumbers';
  readonly series: string;
  /** The last number that may have been given; null: the last that the log knows. */
  readonly last: number | null;
  /** The organisation's day: where numbers are lost, none of their documents is dated later. */
  readonly today: LocalDate;
  readonly home: string;
  readonly opens: string;
}

/** Above it no series goes, for its digits are as many. */
const HIGHEST = 10 ** MAX_NUMBER_DIGITS - 1;
/** So many may have been given since a backup. More is a slip of whoever types it, and no number comes back. */
const MOST_LOST = 1_000_000;

type Assigned = DocumentNumberAssigned['data'];

export interface NumberingState {
  readonly series: string | null;
  /** The last number given; 0: none. */
  readonly last: number;
  /** The day of the last one; null: no number yet, or the last was given before numbers carried a day. */
  readonly reached: LocalDate | null;
  /**
   * Who has which number, in maps of falling size that are merged like the digits of a binary counter: a series grows to
   * hundreds of thousands of numbers, and copying one map for each of them would take the square of that.
   */
  readonly assigned: readonly ReadonlyMap<string, Assigned>[];
}

/** The number that a document has; null: none. */
export function numberOf(state: NumberingState, documentId: string): Assigned | null {
  for (const part of state.assigned) {
    const found = part.get(documentId);
    if (found !== undefined) return found;
  }
  return null;
}

function withAssigned(parts: NumberingState['assigned'], data: Assigned): NumberingState['assigned'] {
  const merged = [...parts];
  let latest: ReadonlyMap<string, Assigned> = new Map([[data.documentId, data]]);
  for (let previous = merged.at(-1); previous !== undefined && previous.size <= latest.size; previous = merged.at(-1)) {
    latest = new Map([...previous, ...latest]);
    merged.pop();
  }
  return [...merged, latest];
}

function assign(command: AssignDocumentNumber & Issued, state: NumberingState): Decision<NumberingEvent> {
  const { series, prefix, digits, documentId, accountStream, kind, issueDate } = command;
  if (numberOf(state, documentId) !== null) return [];
  if (
    series.trim() === '' ||
    documentId.trim() === '' ||
    !Number.isInteger(digits) ||
    digits < 1 ||
    digits > MAX_NUMBER_DIGITS
  ) {
    return refuse(
      'NumberingMalformed',
      `A number needs a series, a document and 1 to ${MAX_NUMBER_DIGITS} digits.`,
      "Correct the series' configuration.",
      { series, digits, documentId },
    );
  }
  if (state.series !== null && state.series !== series) return otherSeries(state.series, series);
  if (state.reached !== null && issueDate < state.reached) {
    return refuse(
      'SeriesHasGoneOn',
      `Number ${state.last} of series ${series} is dated ${state.reached}; the next can't be dated ${issueDate}.`,
      `Issue it on ${state.reached} or later.`,
      { series, documentId, issueDate, seriesReached: state.reached },
    );
  }
  const number = state.last + 1;
  return [
    {
      type: 'DocumentNumberAssigned',
      data: {
        series,
        number,
        formatted: printedNumber({ prefix, digits }, number),
        documentId,
        accountStream,
        kind,
        issueDate,
      },
      occurredAt: command.occurredAt ?? command.at,
    },
  ];
}

function lose(command: LoseNumbers & Issued, state: NumberingState): Decision<NumberingEvent> {
  const { series, home, opens, today } = command;
  const last = command.last ?? state.last;
  if (state.series !== null && state.series !== series) return otherSeries(state.series, series);
  const details = { series, last, known: state.last };
  if (!Number.isSafeInteger(last) || last < state.last)
    return refuse(
      'LastNumberTooLow',
      `The last number of series ${series} can't have been ${last}: the log knows number ${state.last}.`,
      `State the last number that was given, ${state.last} or a higher one: billtrail adopt --last ${series}=${state.last}`,
      details,
    );
  if (last > HIGHEST || last - state.last > MOST_LOST)
    return refuse(
      'LastNumberTooHigh',
      `The last number of series ${series} is said to have been ${last}, and the log knows ${state.last}: no series goes ${last > HIGHEST ? `beyond ${HIGHEST}` : `on by more than ${MOST_LOST} at once`}.`,
      'State the number on the last document that was sent, without its prefix.',
      details,
    );
  const areLost = last > state.last;
  const reached = areLost && (state.reached === null || state.reached < today) ? today : state.reached;
  const data = { series, last, known: state.last, reached, home, opens };
  return [{ type: 'NumbersLost', data, occurredAt: command.at }];
}

function otherSeries(series: string, asked: string) {
  return refuse(
    'SeriesMismatch',
    `This stream numbers series ${series}, not ${asked}.`,
    'Ask the stream of the series.',
    { series, asked },
  );
}

/** The numbers of one document series: stream `numbering-{series}`. */
export const numbering: Decider<AssignDocumentNumber | LoseNumbers, NumberingState, NumberingEvent> = {
  initialState: { series: null, last: 0, reached: null, assigned: [] },
  decide(command, state) {
    switch (command.type) {
      case 'AssignDocumentNumber':
        return assign(command, state);
      case 'LoseNumbers':
        return lose(command, state);
      default:
        return unreachable(command);
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'DocumentNumberAssigned':
        return {
          series: event.data.series,
          last: event.data.number,
          reached: event.data.issueDate ?? null,
          assigned: withAssigned(state.assigned, event.data),
        };
      case 'NumbersLost':
        return { ...state, series: event.data.series, last: event.data.last, reached: event.data.reached };
      default:
        return unreachable(event);
    }
  },
};
