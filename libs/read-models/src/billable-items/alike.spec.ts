import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { alike } from './alike.js';

const copied = (value: unknown): unknown => structuredClone(value);

describe('alike', () => {
  it('finds a copy alike, and nothing that would be written as other JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 4 }), (one, other) => {
        expect(alike(one, copied(one))).toBe(true);
        if (JSON.stringify(one) !== JSON.stringify(other)) expect(alike(one, other)).toBe(false);
      }),
    );
  });

  it.each([
    ['one value', { a: 1, b: { c: ['x', 'y'] } }, { a: 1, b: { c: ['x', 'z'] } }],
    ['one key more', { a: 1 }, { a: 1, b: null }],
    ['one key less', { a: 1, b: null }, { a: 1 }],
    ['the order of keys', { a: 1, b: 2 }, { b: 2, a: 1 }],
    ['the order of a list', ['x', 'y'], ['y', 'x']],
    ['the length of a list', ['x'], ['x', 'y']],
    ['a list for an object', ['x'], { 0: 'x' }],
    ['an object for a list', { 0: 'x' }, ['x']],
    ['null for an object', { a: null }, { a: {} }],
    ['a text for a number', { a: 1 }, { a: '1' }],
  ])('tells %s apart', (_, one, other) => {
    expect(alike(one, other)).toBe(false);
    expect(alike(other, one)).toBe(false);
  });
});
