import { isSaid } from '@billtrail/billing';
import { CHARGES, GAPS_DERIVED } from '../billable-items/tables.js';
import { allOf, firstOf } from '../database/list.js';
import type { ReadDatabase } from '../database/read-database.js';
import type { GapRow } from './tables.js';

/**
 * A gap with the ids that items and charges have now, so that what is shown can be asked for and drafted: logs of schema version 1 rendered them
 * otherwise. Its key stays, and so does the id of a charge that is not there.
 */
export function inIdsOfNow(database: ReadDatabase, row: GapRow): GapRow {
  // Of the other kinds no cause names an item or a charge.
  if (row.kind !== 'contract-mismatch') return row;
  const { chargeId } = row;
  if (chargeId === null) return { ...row, cause: derivedCause(database, row) ?? row.cause };
  const now = chargeOf(database, { ...row, chargeId });
  return now === null
    ? row
    : { ...row, chargeId: now, cause: row.cause.replace(inBrackets(chargeId), inBrackets(now)) };
}

/** The same cause as it is derived now; null: it is derived no longer, or it is another. */
function derivedCause(database: ReadDatabase, { gapKey, cause }: GapRow): string | null {
  const derived = firstOf(database, GAPS_DERIVED, { gapKey }, 'scope');
  return derived !== undefined && isSaid(cause, derived.cause) ? derived.cause : null;
}

/** As a cause has the id of a charge, after its name. */
function inBrackets(chargeId: string): string {
  return ` (${chargeId})`;
}

/** null: it is named as now, it is not there, or it can't be told which it is: a fee and a block of one id and day had one id. */
function chargeOf(database: ReadDatabase, row: GapRow & { readonly chargeId: string }): string | null {
  const { clientId, period, chargeId, chargeContractId, cause } = row;
  // The ids of now hold an `@`.
  if (clientId === null || period === null || chargeContractId === null || chargeId.includes('@')) return null;
  const charges = allOf(database, CHARGES, { clientId, period, contractId: chargeContractId }, ['chargeItemId']);
  const found = charges.filter(({ chargeItemId }) => isSaid(chargeId, chargeItemId));
  const named =
    found.length === 1
      ? found
      : found.filter(({ description }) => cause.startsWith(description + inBrackets(chargeId)));
  return named.length === 1 ? (named[0]?.chargeItemId ?? null) : null;
}
