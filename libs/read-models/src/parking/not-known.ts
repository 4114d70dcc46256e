import { refuse, type Refusal } from '@billtrail/kernel';
import { Position } from '@billtrail/event-store';
import type { ParkedRow } from './parked-events.js';

/** An event that was passed over, and what can't be told for it. */
export interface ParkedEvent extends Omit<ParkedRow, 'model' | 'position'> {
  readonly position: Position;
  /** The read models that passed it over. */
  readonly readModels: readonly string[];
  /** Whose stream it is on; none: nothing says whom it concerns, so these read models tell nothing at all. */
  readonly clients: readonly string[];
}

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
    const whom = clientId === null ? 'What stands here' : `What stands of client ${clientId}`;
    const message = `${whom} is not known: ${cause} (${stream}, position ${position}).`;
    super(message);
    this.refusal = refuse(
      'NotKnown',
      message,
      'Run the version of Billtrail that recorded it, or a newer one; where a key is missing, put back the vault that holds it. Nothing is lost, and all other clients go on.',
      { clientId, stream, position, eventId },
    );
  }
}
