import { localDateIn, type Instant, type LocalDate } from '@billtrail/kernel';
import { DEFAULT_CONFIGURATION } from '@billtrail/billing';
import type { ReadDatabase } from '../database/read-database.js';
import type { Cell } from '../database/table.js';
import type { NotKnownOf } from '../parking/parked.js';
import { exceptionsOf, isNoneOf } from '../reconciliation/scope.js';
import { CONFIGURATION } from '../rating-facts/tables.js';

/** A gap of which something is to be recorded. */
export interface DueGap {
  readonly key: string;
  /** From this day on; empty: at once. */
  readonly actsFrom: string;
}

/** Most gaps that are handed out at once. */
const MAX_DUE_GAPS = 1_000;

/** Of which gaps what is derived is not what is recorded, found by an index: however many there are, a look costs what it finds. */
export class GapLedgerQuery {
  constructor(private readonly database: ReadDatabase) {}

  /** Gaps of which something is to be recorded on a day, page by page: those after `after`. `except`: clients, and months of them, that are left alone. */
  async due(
    asOf: LocalDate,
    after: DueGap | null = null,
    limit: number = MAX_DUE_GAPS,
    except: readonly NotKnownOf[] = [],
  ): Promise<readonly DueGap[]> {
    const { actsFrom, key } = after ?? { actsFrom: '', key: '' };
    const isNotLeftAlone =
      except.length === 0 ? '' : `AND ${isNoneOf(':except', { client: 'client_id', period: 'period' })}`;
    return this.database
      .query<[Record<string, Cell>], DueGap>(
        `SELECT gap_key AS key, acts_from AS actsFrom FROM gap_ledger
         WHERE acts_from <= :asOf AND (acts_from, gap_key) > (:actsFrom, :key) ${isNotLeftAlone}
         ORDER BY acts_from, gap_key LIMIT :limit`,
      )
      .all({ asOf, actsFrom, key, limit, ...(except.length === 0 ? {} : { except: exceptionsOf(except) }) });
  }

  /** The organisation's day at a moment. */
  dayNow(at: Instant): LocalDate {
    const configuration = this.database.rows(CONFIGURATION, '').get()?.configuration ?? DEFAULT_CONFIGURATION;
    return localDateIn(configuration.organisation.timeZone, at);
  }
}
