/** The name of a charge as a gap's cause has it, before its id. */
const nameIn = (row: 'g' | 'd'): string =>
  `substr(${row}.cause, 1, instr(${row}.cause, ' (' || ${row}.charge_contract_id))`;

/** Gaps of two charges that old logs gave one key: of a fee and a block, a minimum or an amount off with one id and day. */
const SHARES_FORMER_KEY = `EXISTS (
  SELECT 1 FROM derived_gaps o WHERE o.former_key = d.former_key AND o.gap_key <> d.gap_key
)`;

/**
 * True where the recorded gap `g` is of the derived gap `d`: by its key, or by the one that logs of schema version 1 have for it. Where two derived
 * gaps share that, it is of the charge that the recorded gap names; where a count lacked it names none. What a charge is called says nothing else:
 * a fee is renamed, a block holds more, and the gap goes on.
 */
export const IS_SAME_GAP = `(
  g.gap_key = d.gap_key
  OR (
    g.gap_key = d.former_key AND g.charge_contract_id = d.charge_contract_id
    AND (${nameIn('g')} IN ('', ${nameIn('d')}) OR NOT ${SHARES_FORMER_KEY})
  )
)`;

/**
 * True where the latest recorded gap of the derived gap `d` was accepted by a person, at the value that it has now. Whoever accepts a loss
 * accepts that much: if it grows, it is a gap again.
 */
export const IS_ACCEPTED = `EXISTS (
  SELECT 1 FROM gaps a
  WHERE a.gap_key IN (d.gap_key, d.former_key) AND a.state = 'accepted' AND a.value_minor IS d.value_minor AND a.currency IS d.currency
    AND a.minutes IS d.minutes
    AND a.gap_id = (
      SELECT g.gap_id FROM gaps g WHERE g.gap_key IN (d.gap_key, d.former_key) AND ${IS_SAME_GAP}
      ORDER BY g.occurrence DESC LIMIT 1
    )
)`;
