import type { Month } from '@billtrail/kernel';
import { handsOverTheSame, type CarriedOver } from '@billtrail/billing';
import type { ReadDatabase } from '../database/read-database.js';
import { knownPeriods } from './staleness.js';

/** What is known of a client-period that was rated: what it was handed (null: it is the client's first) and what it hands over, as JSON. */
interface Link {
  readonly handedOver: string | null;
  readonly carriedOver: string;
}

/** The rated periods of each client as a chain: what one hands over, the next is rated with. */
export class PeriodChain {
  private readonly known;
  private readonly handed;
  private readonly find;
  private readonly put;
  private readonly removed;
  private readonly following;

  constructor(database: ReadDatabase) {
    this.known = database
      .statement<[{ client: string; period: string }], number>(
        `SELECT EXISTS (${knownPeriods('client_id = :client AND period = :period')})`,
      )
      .pluck();
    this.handed = database
      .statement<[string, string], string>(
        'SELECT carried_over FROM rated_periods WHERE client_id = ? AND period < ? ORDER BY period DESC LIMIT 1',
      )
      .pluck();
    this.find = database.statement<[string, string], Link>(
      `SELECT handed_over AS handedOver, carried_over AS carriedOver FROM rated_periods
       WHERE client_id = ? AND period = ?`,
    );
    this.put = database.statement('INSERT OR REPLACE INTO rated_periods VALUES (?, ?, ?, ?)');
    this.removed = database.statement('DELETE FROM rated_periods WHERE client_id = ? AND period = ?');
    // A period that waits to be rated looks at its own successor when its turn has come.
    this.following = database.statement<
      [{ client: string; period: string }],
      { period: string; handed_over: string | null; waits: number }
    >(
      `SELECT period, handed_over, EXISTS (
         SELECT 1 FROM stale_periods s WHERE s.client_id = :client AND s.period > :period AND s.period <= r.period
       ) AS waits
       FROM rated_periods r WHERE client_id = :client AND period > :period ORDER BY period LIMIT 1`,
    );
  }

  /** True where there is anything in the client-period: work, a document, a write-off, a month of a contract, a missed SLA. */
  isKnown(clientId: string, period: Month): boolean {
    return this.known.get({ client: clientId, period }) === 1;
  }

  /** What the client's period before hands over, as JSON; null where there is none. All earlier periods must have been rated. */
  handedTo(clientId: string, period: Month): string | null {
    return this.handed.get(clientId, period) ?? null;
  }

  rated(clientId: string, period: Month, handedOver: string | null, carriedOver: string): void {
    const before = this.find.get(clientId, period);
    if (before?.handedOver === handedOver && before.carriedOver === carriedOver) return;
    this.put.run(clientId, period, handedOver, carriedOver);
  }

  gone(clientId: string, period: Month): void {
    this.removed.run(clientId, period);
  }

  /** The next period of the client, where it was rated with something else than it is handed now, and does not wait to be rated anyway. */
  nextToRate(clientId: string, period: Month, handsOver: string | null): Month | null {
    const next = this.following.get({ client: clientId, period });
    if (next === undefined || next.waits === 1 || next.handed_over === handsOver) return null;
    return handsOverTheSame(parsed(next.handed_over), parsed(handsOver)) ? null : next.period;
  }
}

function parsed(json: string | null): CarriedOver | null {
  return json === null ? null : (JSON.parse(json) as CarriedOver);
}
