import { describe, expect, it } from '@jest/globals';
import { compareTexts, isPlainText } from './text.js';

describe('compareTexts', () => {
  it('orders by characters, whatever the language, and knows equals', () => {
    expect(['b', 'a', 'B', 'ä', '10', '9', 'a'].sort(compareTexts)).toEqual(['10', '9', 'B', 'a', 'a', 'b', 'ä']);
    expect(compareTexts('2026-03-10', '2026-03-10')).toBe(0);
  });
});

describe('isPlainText', () => {
  it('is what people write, in any language, on several lines', () => {
    for (const text of ['Blue Gum', 'a\tb\r\nc', 'Zürich 東京 שלום', '👩‍💻', 'می‌خواهم', ''])
      expect([text, isPlainText(text)]).toEqual([text, true]);
  });
  it('has nothing that nobody sees or that turns it around (Z6)', () => {
    for (const unseen of [
      '\0',
      '\u001b[2J',
      '\u0085',
      '\u200b',
      '\u202e',
      '\u2066',
      '\ufeff',
      '\u2028',
      '\ud800',
      '\udc00',
    ])
      expect([unseen, isPlainText(`Blue${unseen}Gum`)]).toEqual([unseen, false]);
  });
});
