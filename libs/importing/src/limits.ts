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
/** Rows of tickets that are held while more rows of them may follow, where the rows of one ticket are not adjacent. */
export const MAX_HELD_ROWS = 50_000;
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
