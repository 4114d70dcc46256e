/** A JSON Schema, as plain data. */
export type Schema = Readonly<Record<string, unknown>>;
