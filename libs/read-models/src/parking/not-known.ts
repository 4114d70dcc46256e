import { refuse, type Refusal } from '@billtrail/kernel';
import { Position } from '@billtrail/event-store';
import type { ParkedRow } from './parked-streams.js';

/** A question that concerns what the read models had to pass over. Nothing is told in place of what is not known. */
export class NotKnown extends Error {
  override readonly name = 'NotKnown';
  readonly refusal: Refusal;

  constructor(
    { eventId, stream, position: at, cause }: Pick<ParkedRow, 'eventId' | 'stream' | 'position' | 'cause'>,
    /** null: it may be any. */
    readonly clientId: string | null,
  ) {
    const position = Position.of({ id: eventId, position: at });
    const figures = clientId === null ? 'The figures' : `The figures of client ${clientId}`;
    const message = `${figures} are incomplete: an event can't be read (${stream}, position ${position}): ${cause}.`;
    super(message);
    this.refusal = refuse(
      'NotKnown',
      message,
      'Run the version of Billtrail that recorded it, or a newer one; where a key is missing, put back the vault that holds it. Nothing is lost, and all other clients go on.',
      { clientId, stream, position, eventId },
    );
  }
}
