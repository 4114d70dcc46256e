/** One field as CSV: quoted where it must be. */
export function csvField(text: string, delimiter = ',', quote = '"'): string {
  const special = text.includes(delimiter) || text.includes(quote) || /[\r\n]/.test(text) || text !== text.trim();
  return special ? `${quote}${text.replaceAll(quote, quote + quote)}${quote}` : text;
}

/** One line of CSV, without its line break. */
export function csvLine(fields: readonly string[], delimiter = ',', quote = '"'): string {
  return fields.map((field) => csvField(field, delimiter, quote)).join(delimiter);
}

/**
 * A cell that a spreadsheet can't mistake for a formula: one that begins with = + - @ (or a tab or line break, which some programs drop)
 * gets an apostrophe in front. A plain number stays a number.
 */
export function neutralised(text: string): string {
  if (/^-?\d+(\.\d+)?$/.test(text)) return text;
  return /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
}

/**
 * The same text as a string of its own. A field may be a slice of the block that it was read in, and keeps all of it in memory: whatever is
 * remembered for longer than its row must be detached.
 */
export function detached(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
