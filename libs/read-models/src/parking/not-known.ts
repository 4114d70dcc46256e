import { refuse, type Month, type Refusal } from '@billtrail/kernel';
import { Position, UNLIFTED_REMEDY } from '@billtrail/event-store';
import type { ParkedRow, WhyParked } from './parked-streams.js';

const REMEDIES: Readonly<Record<WhyParked, string>> = {
  unknown: 'Run the version of Billtrail that recorded it, or a newer one.',
  unlifted: UNLIFTED_REMEDY,
  sealed: 'Put back the vault that holds the key of the stream.',
  'not-taken':
    'Correct, void or withdraw what it records, publish the version of the contract anew, or state the details of the client anew: it is tried again with the next event of the client, and at each start, where a newer version may be able to take it.',
  row: 'Fill the read models anew from the log: billtrail rebuild',
};
export const NOT_TAKEN = "an event holds a value that can't be used in a calculation";
export const ROW_UNREADABLE = "a row of the read models can't be read, for something else has changed their file";
const CANNOT: Readonly<Record<WhyParked, string>> = {
  unknown: "an event can't be read",
  unlifted: "an event can't be read",
  sealed: "an event can't be read",
  'not-taken': NOT_TAKEN,
  row: ROW_UNREADABLE,
};
const AND_ALL_ELSE = 'Nothing is lost, and all else goes on.';

/** A question that concerns what the read models had to pass over, or could not rate. Nothing is told in place of what is not known. */
export class NotKnown extends Error {
  override readonly name = 'NotKnown';
  readonly refusal: Refusal;
  /** null: it may be any. */
  readonly clientId: string | null;

  constructor(
    { eventId, stream, position: at, cause, why }: Pick<ParkedRow, 'eventId' | 'stream' | 'position' | 'cause' | 'why'>,
    { clientId, period }: { readonly clientId: string | null; readonly period: Month | null },
  ) {
    const position = Position.of({ id: eventId, position: at });
    const figures = clientId === null ? 'The figures' : `The figures of client ${clientId}`;
    const inMonth = period === null ? '' : ` in ${period}`;
    const message = `${figures}${inMonth} are incomplete: ${CANNOT[why]} (${stream}, position ${position}): ${cause}.`;
    super(message);
    this.clientId = clientId;
    this.refusal = refuse('NotKnown', message, `${REMEDIES[why]} ${AND_ALL_ELSE}`, {
      clientId,
      ...(period !== null && { period }),
      stream,
      position,
      eventId,
    });
  }
}
