import { expect } from '@jest/globals';
import { type Decider, fold } from '../decider.js';
import type { Issued } from '../event.js';
import { isRefusal } from '../refusal.js';

/**
 * Reads a decider's spec as given / when / then:
 * `spec(ticket).given(requested).when(triage).then(triaged)`, `.thenRefused('ClientMissing')`, `.thenNothing()`.
 */
export function spec<Command, State, Event>(decider: Decider<Command, State, Event>) {
  return {
    given(...events: Event[]) {
      const state = fold(decider, events);
      return {
        state,
        when(command: Command & Issued) {
          const decision = decider.decide(command, state);
          return {
            then(...expected: Event[]): void {
              expect(decision).toEqual(expected);
            },
            /** Matches on a part of each event, where the rest is not the point of the spec. */
            thenLike(...expected: object[]): void {
              expect(decision).toMatchObject(expected);
              expect(decision).toHaveLength(expected.length);
            },
            thenRefused(code: string): void {
              expect(isRefusal(decision) ? decision.code : decision).toBe(code);
            },
            /** Quiet on repeat: the command was already carried out. */
            thenNothing(): void {
              expect(decision).toEqual([]);
            },
          };
        },
      };
    },
  };
}
