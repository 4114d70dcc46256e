import { describe, expect, it } from '@jest/globals';
import { ByThree } from './by-three.js';

describe('what was found for three texts together', () => {
  it('is found by all three, and by no two of them', () => {
    const known = new ByThree<number>();
    expect(known.get('remote', 'senior', 'weekend')).toBeUndefined();
    known.set('remote', 'senior', 'weekend', 1);
    known.set('remote', 'senior', '', 2);
    known.set('remote', '', 'weekend', 3);
    known.set('', 'senior', 'weekend', 4);
    known.set('remote', '', 'weekend', 5);
    expect(known.get('remote', 'senior', 'weekend')).toBe(1);
    expect(known.get('remote', 'senior', '')).toBe(2);
    expect(known.get('remote', '', 'weekend')).toBe(5);
    expect(known.get('', 'senior', 'weekend')).toBe(4);
    expect(known.get('remote', '', '')).toBeUndefined();
    expect(known.get('onsite', 'senior', 'weekend')).toBeUndefined();
  });
});
