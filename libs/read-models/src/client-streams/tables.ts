import { integer, table, text } from '../database/table.js';

/**
 * The read model of whose each stream is. It passes over whatever this version can't read, also on streams that no other one reads, so that all of it is told;
 * it tells no figure, so nobody is parked by it.
 */
export const WHOSE_STREAMS = 'client-streams';

/** The streams that tell something of a client: its own, and those of its contracts, accounts, gaps and tickets. Rows only come. */
export const CLIENT_STREAMS = table(
  'client_streams',
  {
    clientId: text(),
    stream: text(),
    /** Of the event that made the stream one of this client: a ticket may have come from another. */
    firstPosition: integer(),
  },
  {
    compared: { client: 'clientId' },
    key: ['clientId', 'stream'],
    indexes: { client_streams_by_stream: ['stream', 'clientId'] },
  },
);

/** Tickets of which one was merged into another, at any time, also by way of others: the clients of one are those of all. */
export const MERGED_STREAMS = table(
  'merged_streams',
  { stream: text(), together: text() },
  { compared: 'with-all', key: ['stream'], indexes: { merged_streams_together: ['together', 'stream'] } },
);
