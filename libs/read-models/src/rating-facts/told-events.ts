import { streamName, type PositionNumber, type StreamName } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import type { ToldBy } from '../parking/not-taken.js';
import { TOLD } from './tables.js';

/** By which event it is known what is told of a client, a contract or an account: the last of its stream. */
export class ToldEvents {
  private readonly told;
  private readonly last;

  constructor(database: ReadDatabase) {
    this.told = database.rows(TOLD, 'WHERE stream = ?');
    this.last = database.rows(TOLD, 'ORDER BY position DESC LIMIT 1');
  }

  /** Of a stream of the client; where nothing is told there, of the client itself. */
  of(stream: StreamName, clientId: string): ToldBy {
    const known = this.told.get(stream) ?? this.told.get(streamName('client', clientId));
    if (known !== undefined) return known;
    // Nobody registered the client: whatever was told last, it was known then.
    const { eventId, position } = this.last.get() ?? { eventId: '', position: 0 as PositionNumber };
    return { stream, eventId, position };
  }
}
