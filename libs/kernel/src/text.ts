/**
 * The same text, laid out in one piece. A text that was put together is kept by the engine as a tree of its pieces until somebody reads it;
 * texts that live on, in traces of many thousand items, cost several times as much to keep as such trees. Reading a character lays it out.
 */
export function flat(text: string): string {
  return text.charCodeAt(0) === 0 ? text.slice(0) : text;
}

/** The order of ids and dates: by their characters, whatever the language. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
