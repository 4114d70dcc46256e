import { describe, expect, it } from '@jest/globals';
import { InvariantViolation, at, invariant, isRefusal, known, refuse, unreachable } from './refusal.js';

describe('a refusal', () => {
  it('is a value that is known as one', () => {
    const refusal = refuse('NotFound', 'there is none', 'create it', { id: 'a' });
    expect(refusal).toEqual({
      refused: true,
      code: 'NotFound',
      message: 'there is none',
      remedy: 'create it',
      details: { id: 'a' },
    });
    expect(refuse('NotFound', 'there is none', 'create it').details).toEqual({});
    expect([refusal, { refused: true }].map(isRefusal)).toEqual([true, true]);
    expect([null, undefined, 'refused', {}, { refused: 'true' }].some(isRefusal)).toBe(false);
  });
});

describe('what must hold', () => {
  it('lets through what does, and names what does not', () => {
    const holds = (...missing: readonly number[]): boolean => missing.length === 0;
    expect(() => invariant(holds(), 'one is more')).not.toThrow();
    expect(() => invariant(holds(1), 'one is more')).toThrow(new InvariantViolation('one is more'));
    const told: string[] = [];
    const message = (): string => `${told.push('asked')} is more`;
    expect(() => invariant(holds(), message)).not.toThrow();
    expect(told).toEqual([]);
    expect(() => invariant(holds(1), message)).toThrow(new InvariantViolation('1 is more'));
    expect(new InvariantViolation('x')).toBeInstanceOf(Error);
    expect(new InvariantViolation('x').name).toBe('InvariantViolation');
  });

  it('`at` gives the element of a list, also one that is empty, or throws by name', () => {
    expect(at(['a', 'b'], 1, 'the part')).toBe('b');
    expect(at([null, 0, ''], 0, 'the part')).toBeNull();
    expect(at([null, 0, ''], 1, 'the part')).toBe(0);
    expect(at([null, 0, ''], 2, 'the part')).toBe('');
    expect(() => at(['a', 'b'], 2, 'the part')).toThrow(new InvariantViolation('the part is missing: number 2 of 2'));
    expect(() => at(['a'], -1, 'the part')).toThrow('the part is missing: number -1 of 1');
    expect(() => at([], 0, 'the part')).toThrow(InvariantViolation);
  });

  it('`known` gives the value of a key, also one that is empty, or throws by name', () => {
    const map = new Map<string, number | null>([
      ['a', 0],
      ['b', null],
    ]);
    expect(known(map, 'a', 'charge')).toBe(0);
    expect(known(map, 'b', 'charge')).toBeNull();
    expect(() => known(map, 'c', 'charge')).toThrow(new InvariantViolation('charge c is missing'));
  });

  it('`unreachable` throws with what was reached', () => {
    expect(() => unreachable({ kind: 'other' } as never)).toThrow('unreachable: {"kind":"other"}');
  });
});
