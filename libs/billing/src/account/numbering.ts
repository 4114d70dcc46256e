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
  if (state.series !== null && state.series !== series) {
    return refuse(
      'SeriesMismatch',
      `This stream numbers series ${state.series}, not ${series}.`,
      'Ask the stream of the series.',
      {
        series: state.series,
        asked: series,
      },
    );
  }
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

/** The numbers of one document series: stream `numbering-{series}`. */
export const numbering: Decider<AssignDocumentNumber, NumberingState, NumberingEvent> = {
  initialState: { series: null, last: 0, reached: null, assigned: [] },
  decide(command, state) {
    switch (command.type) {
      case 'AssignDocumentNumber':
        return assign(command, state);
      default:
        return unreachable(command.type);
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
      default:
        return unreachable(event.type);
    }
  },
};
