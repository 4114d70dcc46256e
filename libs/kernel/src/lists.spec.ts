import { describe, expect, it } from '@jest/globals';
import { addTo } from './lists.js';

describe('lists by key', () => {
  it('begin with the first, and keep the order in which they were added to', () => {
    const lists = new Map<string, number[]>();
    addTo(lists, 'odd', 1);
    addTo(lists, 'even', 2);
    addTo(lists, 'odd', 3);
    expect([...lists]).toEqual([
      ['odd', [1, 3]],
      ['even', [2]],
    ]);
  });
});
