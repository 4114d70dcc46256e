/** The order of ids and dates: by their characters, whatever the language. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * What nobody sees, or what changes how the rest is read: control characters besides tab and line breaks, direction marks, zero-width spaces, fillers, tags.
 * Two names that look alike may differ in it, and a terminal obeys it. Joiners and variation selectors are left: scripts and emoji need them.
 */
const UNSEEN =
  /[^\P{Cc}\t\n\r]|[\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]|\u034f|\u17b4|\u17b5/u;
const ANY_UNSEEN = new RegExp(UNSEEN, 'gu');

/** True of a text that looks like what it is. */
export function isPlainText(text: string): boolean {
  return !UNSEEN.test(text);
}

/** The same on one line: a name. */
export function isPlainLine(text: string): boolean {
  return isPlainText(text) && !/[\t\n\r]/.test(text);
}

/** A text that nothing unseen is left in, to be shown where it would be obeyed: each is written as `\u001b`. Logs of before hold such texts. */
export function withUnseenWritten(text: string): string {
  return text.replaceAll(ANY_UNSEEN, writtenOut);
}

/** One character as escapes, which JSON reads as the character again. */
export function writtenOut(character: string): string {
  return character.replaceAll(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
