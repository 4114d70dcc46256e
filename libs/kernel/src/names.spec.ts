import { describe, expect, it } from '@jest/globals';
import { inheritedNamesIn, isInherited, namedIn } from './names.js';

describe('names that every object has by itself', () => {
  it('are told wherever they stand, and nothing else is', () => {
    const value: unknown = JSON.parse(
      '{"a": {"constructor": {"toString": 1}, "b": [{"__proto__": 1}, {"c": 2}]}, "valueOf": [], "prototype": 1, "d": "toString"}',
    );
    expect(inheritedNamesIn(value)).toEqual(['a.b[0].__proto__', 'a.constructor', 'valueOf']);
    expect([null, 'toString', 5, {}, ['constructor']].flatMap(inheritedNamesIn)).toEqual([]);
    expect(['hasOwnProperty', 'GST', 'length'].map(isInherited)).toEqual([true, false, false]);
  });

  it('are found however deep they lie', () => {
    let value: object = { toString: 1 };
    for (let depth = 0; depth < 100_000; depth += 1) value = [value];
    expect(inheritedNamesIn(value)).toHaveLength(1);
  });

  it('are in no list that does not state them', () => {
    expect(namedIn<unknown>({ GST: '10' }, 'toString')).toBeUndefined();
    expect(namedIn({ GST: '10' }, 'GST')).toBe('10');
    expect(namedIn(undefined, 'GST')).toBeUndefined();
  });
});
