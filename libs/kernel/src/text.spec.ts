import { describe, expect, it } from '@jest/globals';
import { compareTexts } from './text.js';

describe('compareTexts', () => {
  it('orders by characters, whatever the language, and knows equals', () => {
    expect(['b', 'a', 'B', 'ä', '10', '9', 'a'].sort(compareTexts)).toEqual(['10', '9', 'B', 'a', 'a', 'b', 'ä']);
    expect(compareTexts('2026-03-10', '2026-03-10')).toBe(0);
  });
});
