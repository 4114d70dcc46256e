import { localDateIn, type Instant, type LocalDate, type Refusal } from '@billtrail/kernel';
import { DEFAULT_CONFIGURATION, type GapFacts } from '@billtrail/billing';
import { billableItemsProjection } from '../billable-items/projection.js';
import type { RatedRows } from '../billable-items/rated-rows.js';
import { readModelsDiffer, type Comparison } from '../compared/comparison.js';
import { placeOfText, textOfPlace, type Place } from '../compared/compared-rows.js';
import type { ReadDatabase } from '../database/read-database.js';
import type { Cell } from '../database/table.js';
import type { NotKnownOf } from '../parking/parked.js';
import { accountedForBy } from '../rating-facts/merge-facts.js';
import { exceptionsOf, isNoneOf } from '../reconciliation/scope.js';
import { CONFIGURATION, NO_CLIENT } from '../rating-facts/tables.js';

/** A gap of which something is to be recorded. */
export interface DueGap {
  readonly key: string;
  /** From this day on; empty: at once. */
  readonly actsFrom: string;
}

/** Most gaps that are handed out at once. */
const MAX_DUE_GAPS = 1_000;

/** Where work of these tickets is, a document or a write-off holds it, or an item says it is. */
const PLACES_OF_TICKETS = [
  'SELECT client_id AS clientId, period FROM work_items WHERE ticket_id IN',
  'SELECT client_id, period FROM work_spans WHERE ticket_id IN',
  'SELECT client_id, period FROM account_lines JOIN account_documents USING (invoice_id) WHERE ticket_id IN',
  'SELECT client_id, period FROM write_offs WHERE ticket_id IN',
  'SELECT client_id, period FROM billable_items WHERE ticket_id IN',
]
  .map((places) => `${places} ${accountedForBy(':ticketId')}`)
  .join(' UNION ');

const RATED = billableItemsProjection.name;

/** Of which gaps what is derived is not what is recorded, found by an index: however many there are, a look costs what it finds. */
export class GapLedgerQuery {
  constructor(
    private readonly database: ReadDatabase,
    /** null: nobody else has the file. */
    private readonly looks: {
      readonly comparison: Pick<Comparison, 'isAllOwn' | 'ofAllMonths' | 'ofClient' | 'isRight'>;
      readonly rows: RatedRows;
    } | null = null,
  ) {}

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

  /**
   * Why nothing may be recorded of a gap: the facts of its client are not as they were written, or items and gaps of its month, of its ticket, or of a month with work of the ticket
   * are not what rating makes of them. null: all is right. At once, and looked at once for as long as nobody else writes to the file.
   */
  differenceNow({ ticketId, clientId, period }: Pick<GapFacts, 'ticketId' | 'clientId' | 'period'>): Refusal | null {
    if (this.looks === null) return null;
    const { comparison, rows } = this.looks;
    if (comparison.isAllOwn()) return null;
    const places = new Set(ticketId === null ? [] : this.placesOf(ticketId).map(textOfPlace));
    if (clientId !== null && period !== null) places.add(textOfPlace({ clientId, period }));
    const clients = new Set([...places].map((place) => placeOfText(place).clientId)).add(clientId ?? NO_CLIENT);
    for (const one of clients) {
      const difference = one === NO_CLIENT ? comparison.ofClient(one) : comparison.ofAllMonths(one);
      if (difference !== null) return readModelsDiffer(difference);
    }
    for (const text of places) {
      const place = placeOfText(text);
      const isOfNobody = place.clientId === NO_CLIENT || place.period === '';
      const look = () => rows.ofPeriodAreRight(place.clientId, place.period);
      if (!isOfNobody && !comparison.isRight(RATED, text, look)) return readModelsDiffer({ model: RATED, ...place });
    }
    const isTicketRight =
      ticketId === null || comparison.isRight(RATED, ticketId, () => rows.ofTicketAreRight(ticketId));
    return isTicketRight ? null : readModelsDiffer({ model: RATED, clientId: clientId ?? NO_CLIENT, period: '' });
  }

  private placesOf(ticketId: string): readonly Place[] {
    return this.database.query<[object], Place>(PLACES_OF_TICKETS).all({ ticketId });
  }
}
