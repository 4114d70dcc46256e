import { describe, expect, it } from '@jest/globals';
import { compareTexts, flat } from './text.js';

describe('flat', () => {
  it('is the same text, also where it is empty or begins with a zero character', () => {
    for (const text of ['', 'a', `${'block '.repeat(3)}b-${1 + 1}`, '\u0000a', 'é 日本']) expect(flat(text)).toBe(text);
  });
});

describe('compareTexts', () => {
  it('orders by characters, whatever the language, and knows equals', () => {
    expect(['b', 'a', 'B', 'ä', '10', '9', 'a'].sort(compareTexts)).toEqual(['10', '9', 'B', 'a', 'a', 'b', 'ä']);
    expect(compareTexts('2026-03-10', '2026-03-10')).toBe(0);
  });
});
