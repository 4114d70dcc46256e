import { latest, type Position } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import { CHECKPOINTS } from './checkpoints.js';

/** The read models are not all at one position, or not at the one that is needed: wait for `until`, and ask again. */
export class NotSettled {
  constructor(readonly until: Position) {}
}

/**
 * The one position at which all of these read models stand, where that is not before `from`. Asked in the snapshot in which their rows are read: another process may move them,
 * and rating takes several steps to a position.
 */
export function settledAt(database: ReadDatabase, names: readonly string[], from: Position): Position | NotSettled {
  const checkpoints = database.rows(CHECKPOINTS, `WHERE name IN (${names.map(() => '?').join(', ')})`).all(...names);
  const reached = checkpoints.map(({ position }) => position);
  const last = latest([from, ...reached]);
  return reached.length === names.length && reached.every((one) => one.is(last)) ? last : new NotSettled(last);
}
