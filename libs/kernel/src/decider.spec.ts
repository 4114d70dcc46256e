import { describe, expect, it } from '@jest/globals';
import { type Decider, fold } from './decider.js';
import type { Issued } from './event.js';
import { isId } from './ids.js';
import { InvariantViolation, invariant, isRefusal, refuse, unreachable } from './refusal.js';
import { spec } from './testing/index.js';

/** A lamp: the smallest decider that does, refuses and stays quiet. */
type Lamp = 'off' | 'on' | 'broken';
interface Switched {
  readonly type: 'Switched';
  readonly to: Lamp;
  readonly at: string;
}
const lamp: Decider<{ readonly to: Lamp }, Lamp, Switched> = {
  initialState: 'off',
  decide: ({ to, at }, state) => {
    if (state === 'broken') return refuse('LampBroken', 'The lamp is broken.', 'Replace it.', { wanted: to });
    return state === to ? [] : [{ type: 'Switched', to, at }];
  },
  evolve: (_, event) => event.to,
};
const issued: Issued = { at: '2026-03-17T10:00:00Z', by: { id: 'ana', role: 'support' } };
const switched = (to: Lamp): Switched => ({ type: 'Switched', to, at: issued.at });

describe('fold', () => {
  it('is the state after the events', () => {
    expect(fold(lamp, [])).toBe('off');
    expect(fold(lamp, [switched('on'), switched('broken')])).toBe('broken');
  });
});

describe('the given/when/then kit', () => {
  const turnOn = { to: 'on', ...issued } as const;
  const fails = (assertion: () => void) => expect(assertion).toThrow();

  it('passes what is so', () => {
    const given = spec(lamp).given();
    expect(given.state).toBe('off');
    given.when(turnOn).then(switched('on'));
    given.when(turnOn).thenLike({ to: 'on' });
    spec(lamp).given(switched('on')).when(turnOn).thenNothing();
    spec(lamp).given(switched('broken')).when(turnOn).thenRefused('LampBroken');
  });

  it('fails what is not', () => {
    const off = spec(lamp).given().when(turnOn);
    const on = spec(lamp).given(switched('on')).when(turnOn);
    const broken = spec(lamp).given(switched('broken')).when(turnOn);
    fails(() => off.then());
    fails(() => off.then(switched('broken')));
    fails(() => off.then(switched('on'), switched('on')));
    fails(() => off.thenLike({ to: 'off' }));
    fails(() => off.thenLike());
    fails(() => off.thenLike({}, {}));
    fails(() => off.thenNothing());
    fails(() => off.thenRefused('LampBroken'));
    fails(() => on.thenRefused('LampBroken'));
    fails(() => on.then(switched('on')));
    fails(() => broken.thenRefused('LampOff'));
    fails(() => broken.thenNothing());
    fails(() => broken.then());
  });
});

describe('refusals and invariants', () => {
  it('a refusal is a value with code, message, remedy and details', () => {
    const refusal = refuse('LampBroken', 'The lamp is broken.', 'Replace it.');
    expect(refusal).toEqual({
      refused: true,
      code: 'LampBroken',
      message: 'The lamp is broken.',
      remedy: 'Replace it.',
      details: {},
    });
    expect(isRefusal(refusal)).toBe(true);
    for (const other of [[], null, undefined, 'refused', { refused: false }, { code: 'LampBroken' }]) {
      expect(isRefusal(other)).toBe(false);
    }
  });

  it('a broken invariant throws, with its message', () => {
    expect(() => invariant(false, 'no light')).toThrow(new InvariantViolation('no light'));
    expect(() => invariant(0, 'zero is false too')).toThrow(InvariantViolation);
    invariant(true, 'holds');
    // Around the types, as damaged data would come.
    expect(() => Reflect.apply(unreachable, null, [{ type: 'Exploded' }])).toThrow('Exploded');
  });
});

describe('ids', () => {
  it('fit stream names, URLs and file names', () => {
    expect(['T-1', 'INC0000045', 'a', '7', 'a.b_c~d:e-f', 'x'.repeat(100)].every(isId)).toBe(true);
    expect(['', '-a', '.a', '..', 'a b', 'a/b', 'a\n', 'ä', 'a%20', 'x'.repeat(101)].some(isId)).toBe(false);
  });
});
