/**
 * Version of the rating that prices lines: it rises where the same facts give another result. Documents of schema version 1 state none and are of
 * version 1.
 */
export const RATING_VERSION = 14;
