import type { Issued } from './event.js';
import type { Refusal } from './refusal.js';

/** What a decision yields: the events to append (none: nothing to do, a repeat), or a refusal. */
export type Decision<Event> = readonly Event[] | Refusal;

/**
 * One aggregate as pure functions. `decide` sees the command, the clock and the caller in it, and the folded state;
 * `evolve` never rejects history. Neither reads a clock, a database or a random number.
 */
export interface Decider<Command, State, Event> {
  readonly initialState: State;
  decide(command: Command & Issued, state: State): Decision<Event>;
  evolve(state: State, event: Event): State;
}

/** The state after `events`, from the initial state. */
export function fold<State, Event>(
  decider: Pick<Decider<never, State, Event>, 'initialState' | 'evolve'>,
  events: Iterable<Event>,
): State {
  let state = decider.initialState;
  for (const event of events) state = decider.evolve(state, event);
  return state;
}
