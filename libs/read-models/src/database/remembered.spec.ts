import { describe, expect, it } from '@jest/globals';
import { Remembered } from './remembered.js';

describe('what is remembered', () => {
  it('stays as long as all fits', () => {
    const remembered = new Remembered<string>(10);
    remembered.put('a', 'A', 6);
    remembered.put('b', 'B', 4);
    expect([remembered.get('a'), remembered.get('b')]).toEqual(['A', 'B']);
  });

  it('drops what was not asked for longest, and no more than it must', () => {
    const remembered = new Remembered<string>(10);
    for (const name of ['a', 'b', 'c']) remembered.put(name, name, 3);
    remembered.get('a');
    remembered.put('d', 'd', 4);
    expect(['a', 'b', 'c', 'd'].map((name) => remembered.get(name))).toEqual(['a', undefined, 'c', 'd']);
  });

  it('counts a value that is put again once', () => {
    const remembered = new Remembered<string>(10);
    remembered.put('a', 'A', 6);
    remembered.put('a', 'A2', 5);
    remembered.put('b', 'B', 5);
    expect([remembered.get('a'), remembered.get('b')]).toEqual(['A2', 'B']);
  });

  it('does not keep what is larger than the bound, nor what it was before', () => {
    const remembered = new Remembered<string>(10);
    remembered.put('a', 'A', 10);
    remembered.put('a', 'A2', 11);
    expect(remembered.get('a')).toBeUndefined();
    expect(remembered.isEmpty).toBe(true);
  });

  it('is empty after it was cleared, with all its room', () => {
    const remembered = new Remembered<string>(10);
    remembered.put('a', 'A', 10);
    remembered.clear();
    expect(remembered.isEmpty).toBe(true);
    remembered.put('b', 'B', 5);
    remembered.put('c', 'C', 5);
    expect([remembered.get('a'), remembered.get('b'), remembered.get('c')]).toEqual([undefined, 'B', 'C']);
  });
});
