/** Longest line of a CSV file, in bytes. A longer one is refused after this many bytes, however long it is: memory stays flat. */
export const MAX_LINE_BYTES = 1_048_576;
/** Longest row, which may span lines inside quotes, in bytes. Past it a quote was most likely never closed. */
export const MAX_ROW_BYTES = 1_048_576;
/** Longest id or reference of another system that an audit takes. */
export const MAX_ID_CHARACTERS = 200;
/** Longest text that is taken over from one field. */
export const MAX_TEXT_CHARACTERS = 100_000;
/** Most columns a file may have. */
export const MAX_COLUMNS = 1_000;
/** Longest mapping file, in bytes. */
export const MAX_MAPPING_BYTES = 262_144;
/** Rows that are looked at before the first ticket is imported, to see whether the rows of a ticket are adjacent. */
export const LOOK_AHEAD_ROWS = 10_000;
/** Where they are not: about how much of the file is gathered in memory at once, in how many parts at most, written in pieces of this size. */
export const PARTITION_BYTES = 16_777_216;
export const MAX_PARTITIONS = 512;
export const SPILL_BUFFER_BYTES = 65_536;
/** Tickets whose ids are remembered to notice that their rows are not adjacent. */
export const MAX_REMEMBERED_TICKETS = 100_000;
/** Rows of one ticket. More means that the mapping names the wrong column as ticket id. */
export const MAX_ROWS_PER_TICKET = 5_000;
/** Appends that are under way at once; the store commits them in groups. */
export const MAX_APPENDS_IN_FLIGHT = 512;
/** Names listed in a message or in a list of the report; the rest is counted. */
export const MAX_LISTED = 50;
/** Rows of one export that an audit takes: it holds tickets, work and invoice lines in memory. */
export const MAX_AUDIT_ROWS = 2_000_000;
