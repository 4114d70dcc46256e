import { expect, it } from '@jest/globals';
import type { Chain } from '@billtrail/event-store';
import { chainOf } from './verify.js';

it('a log without a chain is told as such, and nothing is said to be whole', () => {
  const chain: Chain = { verify: () => Promise.reject(new Error('not asked')) };
  expect(chainOf({ capability: () => chain as never })).toBe(chain);
  expect(() => chainOf({ capability: () => null })).toThrow('has no chain of hashes. Nothing was checked.');
});
