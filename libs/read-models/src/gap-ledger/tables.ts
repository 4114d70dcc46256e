import { orNull, table, text } from '../database/table.js';
import type { GapState } from '../gaps/tables.js';

/** In `gap_ledger.acts_from`: the policy acts as soon as it looks, whatever the day. */
export const AT_ONCE = '';

/**
 * What is to be recorded of a gap, and from which day on: nothing where what rating derives and what is recorded say the same, or a person accepted that much. What is
 * recorded and open is revalued or closed at once. The due day opens a gap and never closes one: a day that moves on leaves what was recorded.
 */
const ACTS_FROM = `CASE
  WHEN recorded_state = 'open' THEN
    CASE WHEN derived_value IS recorded_value AND derived_cause IS recorded_cause THEN NULL ELSE '${AT_ONCE}' END
  WHEN derived_value IS NULL THEN NULL
  WHEN recorded_state = 'accepted' AND recorded_value IS derived_value THEN NULL
  ELSE opens_on END`;

/** For each gap that is derived, or recorded and open: both halves, and from when on they differ. */
export const GAP_LEDGER = table(
  'gap_ledger',
  {
    gapKey: text(),
    /** null: of no client, or of a ticket without one. */
    clientId: orNull(text()),
    /** null: of no month. */
    period: orNull(text()),
    /** Money and minutes at risk, as one text. null: it is not derived. */
    derivedValue: orNull(text()),
    /** Stands for its cause and its source events. */
    derivedCause: orNull(text()),
    /** The day on which it is a gap, or {@link AT_ONCE}. */
    opensOn: orNull(text()),
    /** Of the latest that was recorded. null: none was. */
    recordedState: orNull(text<GapState>()),
    recordedValue: orNull(text()),
    recordedCause: orNull(text()),
  },
  {
    compared: 'never',
    key: ['gapKey'],
    generated: { actsFrom: ACTS_FROM },
    indexes: { gap_ledger_by_act: { on: ['actsFrom', 'gapKey'], where: 'acts_from IS NOT NULL' } },
  },
);
