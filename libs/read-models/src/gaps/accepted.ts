/**
 * True where the latest recorded gap of the derived gap `d` was accepted by a person, at the value that it has now. Whoever accepts a loss
 * accepts that much: if it grows, it is a gap again.
 */
export const IS_ACCEPTED = `EXISTS (
  SELECT 1 FROM gaps g
  WHERE g.gap_key IN (d.gap_key, d.former_key) AND g.state = 'accepted' AND g.value_minor IS d.value_minor AND g.currency IS d.currency
    AND g.minutes IS d.minutes
    AND g.occurrence = (SELECT max(latest.occurrence) FROM gaps latest WHERE latest.gap_key IN (d.gap_key, d.former_key))
)`;
