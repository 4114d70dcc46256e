import { describe, expect, it } from '@jest/globals';
import { compareTexts, isPlainLine, isPlainText, withUnseenWritten } from './text.js';

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
      '\u00ad',
      '\u180e',
      '\u2800',
      '\u3164',
      '\ufffe',
      '\u{e0041}',
      '\u{1ffff}',
    ])
      expect([unseen, isPlainText(`Blue${unseen}Gum`)]).toEqual([unseen, false]);
  });
});

describe('isPlainLine', () => {
  it('is a plain text on one line', () => {
    for (const text of ['Blue Gum', 'Zürich 東京', '👩‍💻 ❤️', ''])
      expect([text, isPlainLine(text)]).toEqual([text, true]);
    for (const text of ['a\tb', 'a\nb', 'a\rb', 'a\u202eb']) expect([text, isPlainLine(text)]).toEqual([text, false]);
  });
});

describe('withUnseenWritten', () => {
  it('leaves what is plain, and writes the rest so that it is seen and can be read back', () => {
    expect(withUnseenWritten('Zürich\n\tשלום 👩‍💻')).toBe('Zürich\n\tשלום 👩‍💻');
    const unseen = 'a\u001b[2J\u009b\u202e\u{e0041}\ud800 \0z';
    const written = withUnseenWritten(unseen);
    expect(written).toBe('a\\u001b[2J\\u009b\\u202e\\udb40\\udc41\\ud800 \\u0000z');
    expect(JSON.parse(`"${written}"`)).toBe(unseen);
  });
});
