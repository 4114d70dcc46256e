import type { Month } from '@billtrail/kernel';
import { isSameCarryOver, type CarriedOver } from '@billtrail/billing';
import type { ReadDatabase } from '../database/read-database.js';
import { knownPeriods } from '../rating-facts/stale-marks.js';
import { PERIODS } from './tables.js';
import { fromJson } from '../database/row-unreadable.js';

/** The rated periods of each client as a chain: what one carries over, the next is rated with. */
export class PeriodChain {
  private readonly known;
  private readonly latestBefore;
  private readonly link;
  private readonly put;
  private readonly remove;
  private readonly following;

  constructor(database: ReadDatabase) {
    this.known = database
      .statement<[{ client: string; period: string }], number>(
        `SELECT EXISTS (${knownPeriods('client_id = :client AND period = :period')})`,
      )
      .pluck();
    this.latestBefore = database
      .statement<[string, string], string>(
        'SELECT carried_out FROM rated_periods WHERE client_id = ? AND period < ? ORDER BY period DESC LIMIT 1',
      )
      .pluck();
    this.link = database.rows(PERIODS, 'WHERE client_id = ? AND period = ?');
    this.put = database.insert(PERIODS, 'OR REPLACE');
    this.remove = database.statement('DELETE FROM rated_periods WHERE client_id = ? AND period = ?');
    // A period that waits to be rated looks at its own successor when its turn has come.
    this.following = database.statement<
      [{ client: string; period: string }],
      { period: string; carriedIn: string | null; waits: number }
    >(
      `SELECT period, carried_in AS carriedIn, EXISTS (
         SELECT 1 FROM stale_periods s WHERE s.client_id = :client AND s.period > :period AND s.period <= r.period
       ) AS waits
       FROM rated_periods r WHERE client_id = :client AND period > :period ORDER BY period LIMIT 1`,
    );
  }

  /** True where there is anything in the client-period: work, a document, a write-off, a month of a contract, a missed SLA. */
  isKnown(clientId: string, period: Month): boolean {
    return this.known.get({ client: clientId, period }) === 1;
  }

  /** The carry-over of the client's period before, as JSON; null where there is none. All earlier periods must have been rated. */
  carriedInto(clientId: string, period: Month): string | null {
    return this.latestBefore.get(clientId, period) ?? null;
  }

  rated(clientId: string, period: Month, carriedIn: string | null, carriedOut: string): void {
    const before = this.link.get(clientId, period);
    if (before?.carriedIn === carriedIn && before.carriedOut === carriedOut) return;
    this.put({ clientId, period, carriedIn, carriedOut });
  }

  gone(clientId: string, period: Month): void {
    this.remove.run(clientId, period);
  }

  /** The next period of the client, where it was rated with another carry-over than this, and does not wait to be rated anyway. */
  nextToRate(clientId: string, period: Month, carriedOut: string | null): Month | null {
    const next = this.following.get({ client: clientId, period });
    if (next === undefined || next.waits === 1 || next.carriedIn === carriedOut) return null;
    return isSameCarryOver(parsed(next.carriedIn), parsed(carriedOut)) ? null : next.period;
  }
}

function parsed(json: string | null): CarriedOver | null {
  return json === null ? null : (fromJson(json) as CarriedOver);
}
