import { describe, expect, it } from '@jest/globals';
import { flat } from './text.js';

describe('flat', () => {
  it('is the same text, also where it is empty or begins with a zero character', () => {
    for (const text of ['', 'a', `${'block '.repeat(3)}b-${1 + 1}`, '\u0000a', 'é 日本']) expect(flat(text)).toBe(text);
  });
});
