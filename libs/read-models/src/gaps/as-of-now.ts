import { isSaid, type EndsGap } from '@billtrail/billing';
import { CHARGES, GAPS_DERIVED } from '../billable-items/tables.js';
import { allOf, firstOf } from '../database/list.js';
import type { ReadDatabase } from '../database/read-database.js';
import type { GapRow } from './tables.js';

/** A gap as it is told now. */
export interface GapOfNow extends GapRow {
  /** null: its cause says it, its kind does, or it has ended. */
  readonly endsBy: EndsGap | null;
}

/**
 * A gap with the words and ids that items and charges have now, so that what is shown can be asked for and drafted: older logs rendered them otherwise. Its key
 * stays, and so does the id of a charge that is not there.
 */
export function asOfNow(database: ReadDatabase, row: GapRow): GapOfNow {
  // Of the other kinds no cause names an item or a charge.
  if (row.kind !== 'contract-mismatch') return { ...row, endsBy: null };
  const derived = firstOf(database, GAPS_DERIVED, { gapKey: row.gapKey }, 'scope');
  const isSame = derived !== undefined && isSaid(row.cause, derived.cause);
  const told = {
    ...row,
    cause: isSame ? derived.cause : row.cause,
    endsBy: (row.state === 'open' && derived?.endsBy) || null,
  };
  const { chargeId } = told;
  if (chargeId === null) return told;
  const now = chargeOf(database, { ...told, chargeId });
  return now === null
    ? told
    : { ...told, chargeId: now, cause: told.cause.replace(inBrackets(chargeId), inBrackets(now)) };
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
