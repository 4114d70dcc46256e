import type { ClockStanding, SlaTarget } from '@billtrail/ticketing';
import { flag, integer, json, orNull, table, text, type RowOf } from '../database/table.js';

/** In `sla_acts.acts_after`: at once. Earlier than every moment. */
export const AT_ONCE_MILLIS = -8_640_000_000_000_000;

/** Moments are milliseconds since 1970, for they are compared with that of the question. */
export const CLOCKS = table(
  'sla_clocks',
  {
    ticketId: text(),
    run: integer(),
    target: text<SlaTarget>(),
    clientId: text(),
    contractId: orNull(text()),
    contractVersion: orNull(integer()),
    policyId: orNull(text()),
    priority: orNull(text()),
    /** `none`: no target; `why` tells for want of what. */
    standing: text<ClockStanding | 'none'>(),
    why: orNull(text()),
    targetMinutes: orNull(integer()),
    clock: orNull(text<'business' | 'elapsed'>()),
    startedAt: integer(),
    /** Until `since`; it goes on from there while the clock runs. */
    elapsedMillis: integer(),
    since: integer(),
    dueAt: orNull(integer()),
    /** Later than this it is breached; null: it is not to be. */
    breachedAfter: orNull(integer()),
    /** The ticket's own events show the breach, whatever the time is. */
    breachShown: flag(),
    /** The first warning; null: none passes. */
    warnedAfter: orNull(integer()),
    warnings: json<readonly (readonly [percent: number, at: number])[]>(),
  },
  {
    compared: 'never',
    key: ['ticketId', 'run', 'target'],
    indexes: { sla_clocks_by_client: ['clientId', 'ticketId', 'run', 'target'] },
  },
);
export type ClockRow = RowOf<typeof CLOCKS>;

/** When the policy must look at a ticket. */
export const ACTS = table(
  'sla_acts',
  { ticketId: text(), actsAfter: integer() },
  { compared: 'never', key: ['ticketId'], indexes: { sla_acts_by_instant: ['actsAfter', 'ticketId'] } },
);
