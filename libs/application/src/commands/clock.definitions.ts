import type { Decider, Instant } from '@billtrail/kernel';
import type { ClockAccepted } from '../clock-events.js';
import { define } from '../command-path/command-definition.js';
import { CommandName } from './fields.js';

/** Says that the clock of this machine is right, though the last event of the log was recorded at another time. What follows is dated by it. */
export class AcceptClock {
  @CommandName('AcceptClock')
  readonly type = 'AcceptClock';
}

interface AcceptedAfter extends AcceptClock {
  readonly lastRecordedAt: Instant | null;
}

const clock: Decider<AcceptedAfter, null, ClockAccepted> = {
  initialState: null,
  decide: ({ lastRecordedAt, at }) => [{ type: 'ClockAccepted', data: { lastRecordedAt }, occurredAt: at }],
  evolve: () => null,
};

export const clockDefinitions = [
  define({
    command: AcceptClock,
    roles: [],
    stream: () => 'clock',
    decider: clock,
    acceptsClock: true,
    prepare: async (command, _context, { store }) => ({
      ...command,
      lastRecordedAt: (await store.newest())?.recordedAt ?? null,
    }),
  }),
];
