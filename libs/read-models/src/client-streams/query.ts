import { categoryOf, streamName, type PositionNumber, type StreamName } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import { ownerByName } from './projection.js';

/** Whose streams are. What it answers of a position is the same for ever once these read models have passed it: rows only come, each with its position. */
export class ClientStreamsQuery {
  constructor(private readonly database: ReadDatabase) {}

  /**
   * Whether a stream tells something that an invoice for what a client is served rests on, as the log was at a position: it is of the client, or of everybody, or holds the
   * details of who receives it. At once.
   */
  concernsNow(
    { clientId, recipientId }: { readonly clientId: string; readonly recipientId: string },
    stream: StreamName,
    at: PositionNumber,
  ): boolean {
    if (categoryOf(stream) === 'configuration' || stream === streamName('client', recipientId)) return true;
    const owner = ownerByName(stream);
    return owner === null ? this.isTold(clientId, stream, at) : owner === clientId;
  }

  private isTold(clientId: string, stream: StreamName, upTo: PositionNumber): boolean {
    const told = this.database
      .statement<[string, StreamName, PositionNumber], number>(
        'SELECT EXISTS (SELECT 1 FROM client_streams WHERE client_id = ? AND stream = ? AND first_position <= ?)',
      )
      .pluck();
    return told.get(clientId, stream, upTo) === 1;
  }
}
