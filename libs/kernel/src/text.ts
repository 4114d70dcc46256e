/** The order of ids and dates: by their characters, whatever the language. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** What nobody sees, or what changes how the rest is read: control characters besides tab and line breaks, direction marks, zero-width spaces. Two names that look alike may differ in it, and a terminal obeys it. */
const UNSEEN = /[^\P{Cc}\t\n\r]|[\p{Cs}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u;

/** True of a text that looks like what it is. */
export function isPlainText(text: string): boolean {
  return !UNSEEN.test(text);
}
