import type { PositionNumber } from '@billtrail/event-store';
import type { GapEnding, GapKind } from '@billtrail/billing';
import { integer, json, minor, orNull, table, text, type RowOf } from '../database/table.js';

/** The four ways in which money leaks (domain.md). */
export const LEAKS = ['unbilled time', 'contract mismatch', 'materials', 'scope creep'] as const;
export type Leak = (typeof LEAKS)[number];
export const GAP_STATES = ['open', 'closed', 'accepted'] as const;
export type GapState = (typeof GAP_STATES)[number];

export const GAPS = table(
  'gaps',
  {
    gapId: text(),
    /** Identity of the deviation; a gap that opens again after its end has the same key and the next occurrence. */
    gapKey: text(),
    occurrence: integer(),
    kind: text<GapKind>(),
    leak: text<Leak>(),
    /** null: it is about a charge. */
    ticketId: orNull(text()),
    chargeContractId: orNull(text()),
    chargeId: orNull(text()),
    clientId: orNull(text()),
    period: orNull(text()),
    workItemId: orNull(text()),
    valueMinor: orNull(minor()),
    currency: orNull(text()),
    minutes: orNull(integer()),
    cause: text(),
    sourceEventIds: json<readonly string[]>(),
    ownerId: orNull(text()),
    state: text<GapState>(),
    openedAt: text(),
    openedPosition: integer<PositionNumber>(),
    openedEventId: text(),
    ending: orNull(text<GapEnding | 'accepted'>()),
    endedAt: orNull(text()),
    reasonCode: orNull(text()),
    comment: orNull(text()),
    acceptedBy: orNull(text()),
    secondPerson: orNull(text()),
  },
  {
    compared: 'never',
    key: ['gapId'],
    indexes: {
      gaps_by_key: ['gapKey', 'occurrence', 'state'],
      gaps_by_opening: ['openedPosition'],
      gaps_by_state: ['state', 'openedPosition'],
      gaps_by_client: ['clientId', 'openedPosition'],
      gaps_by_ticket: ['ticketId', 'openedPosition'],
      gaps_for_totals: ['clientId', 'state', 'kind', 'leak', 'currency', 'valueMinor', 'minutes'],
    },
  },
);
export type GapRow = RowOf<typeof GAPS>;

/** Keys of recorded gaps that changed: marks for the gap ledger. */
export const STALE_RECORDED_GAPS = table(
  'stale_recorded_gaps',
  { gapKey: text() },
  { compared: 'never', key: ['gapKey'] },
);
