import { describe, expect, it } from '@jest/globals';
import { keyStream } from './claims.js';

describe('the stream of a key', () => {
  it('is the same in every version: what was claimed before is found', () => {
    expect(keyStream('user-7', 'k1')).toBe('key-1b2ZVQvgKe1LFHqI_FkTAhOITcBlkvzgm_-P_uRHxUw');
  });

  it('is of one person and one key, and tells neither', () => {
    const all = [keyStream('user-7', 'k1'), keyStream('user-8', 'k1'), keyStream('user-7', 'k2')];
    expect(new Set(all).size).toBe(all.length);
    expect(all.join()).not.toMatch(/user|k1/);
  });
});
