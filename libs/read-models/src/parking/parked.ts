import type { Month } from '@billtrail/kernel';
import { streamName, type StreamName } from '@billtrail/event-store';
import { WHOSE_STREAMS } from '../client-streams/tables.js';
import type { ReadDatabase } from '../database/read-database.js';
import { NotKnown } from './not-known.js';
import { ANY, NOBODY, type ParkedRow } from './parked-streams.js';

/** What an answer, or a part of one, is about. */
export interface About {
  readonly clientId?: string | null | undefined;
  readonly ticketId?: string | null | undefined;
  readonly contractId?: string | null | undefined;
  /** Of one client, ticket or contract, what is in this month; null: nothing that is in a month. Absent: all of it. */
  readonly period?: Month | null | undefined;
}

/** A client of whom not all is known. */
export interface NotKnownOf {
  /** null: tickets without a client. */
  readonly clientId: string | null;
  /** What is in this month alone; null: nothing of the client is told. */
  readonly period: Month | null;
}

/** The rows of some read models; null: of all. As SQL takes it. */
export type Models = string | null;
/** In a question about `parked p`, the models that are asked about. */
export const OF_MODELS = `p.model <> '${WHOSE_STREAMS}' AND (:models IS NULL OR p.model IN (SELECT value FROM json_each(:models)))`;

/** What is parked and whose it is; a stream may be that of several clients, or of nobody. */
const PARKED_OF = `FROM (
    SELECT p.*, CASE p.client_id WHEN '${ANY}' THEN s.client_id ELSE p.client_id END AS whose
    FROM parked p LEFT JOIN client_streams s ON p.client_id = '${ANY}' AND s.stream = p.stream
  ) p WHERE ${OF_MODELS}`;

export const WHO = `SELECT DISTINCT p.whose, p.period ${PARKED_OF}`;

/** A row of {@link WHO}. */
export interface WhoRow {
  /** null: nobody can say whose it is. */
  readonly whose: string | null;
  readonly period: Month;
}

type Why = Pick<ParkedRow, 'eventId' | 'stream' | 'position' | 'cause' | 'why' | 'period'> & {
  readonly whose: string | null;
};

const WHY = `SELECT p.event_id AS eventId, p.stream, p.position, p.cause, p.why, p.period, p.whose ${PARKED_OF}`;
const WHY_FIRST = `${WHY} ORDER BY p.position, p.whose LIMIT 1`;
const WHY_THEIRS = `${WHY} AND p.whose IS :clientId AND p.period = :period ORDER BY p.position LIMIT 1`;
const CLIENTS_OF = `SELECT stream, client_id AS clientId FROM client_streams
  WHERE stream IN (SELECT value FROM json_each(?)) ORDER BY stream, client_id`;
/** Where the work of tickets lies, as theirs and as that of what they were merged into. */
const WORK_PLACES = `(
    SELECT ticket_id, client_id, period FROM work_items UNION SELECT ticket_id, client_id, period FROM work_spans
  ) w LEFT JOIN merged_tickets m ON m.ticket_id = w.ticket_id`;
const PERIODS_OF = `SELECT DISTINCT w.ticket_id AS ticketId, m.root, w.client_id AS clientId, w.period FROM ${WORK_PLACES}`;
const PERIODS_OF_TICKETS = `${PERIODS_OF} WHERE w.ticket_id IN (SELECT value FROM json_each(:tickets))
  OR m.root IN (SELECT value FROM json_each(:tickets))`;
const TICKETS_IN = `${PERIODS_OF} WHERE (w.client_id, w.period) IN (
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?))`;

/** Where else the tickets lie that have work in a client-period, or were resolved in it. */
const SHARED_WITH = `${PERIODS_OF} WHERE w.client_id = :clientId AND coalesce(m.root, w.ticket_id) IN (
    SELECT coalesce(m.root, w.ticket_id) FROM ${WORK_PLACES}
      WHERE w.client_id = :clientId AND w.period = :period
    UNION SELECT ticket_id FROM resolved_tickets WHERE client_id = :clientId AND substr(resolved_on, 1, 7) = :period
  )`;

interface WorkPlace {
  readonly ticketId: string;
  readonly root: string | null;
  readonly clientId: string;
  readonly period: Month;
}

/** Of whom not all is known at one moment. Each method asks the rows a fixed number of times, however much is parked and however much is asked about. */
export class Parked {
  private readonly clients: ReadonlySet<string>;
  /** Those of clients of whom the rest is known. */
  private readonly periods: ReadonlyMap<string, ReadonlySet<Month>>;
  /** An event of a stream of nobody was passed over: it may concern any client. */
  private readonly mayBeAnybody: boolean;

  constructor(
    private readonly database: ReadDatabase,
    private readonly models: Models,
    rows: readonly WhoRow[],
  ) {
    const known = rows.flatMap(({ whose, period }) => (whose === null ? [] : [{ clientId: whose, period }]));
    this.mayBeAnybody = known.length < rows.length;
    this.clients = new Set(known.flatMap(({ clientId, period }) => (period === ANY ? [clientId] : [])));
    const periods = new Map<string, Set<Month>>();
    for (const { clientId, period } of known)
      if (!this.clients.has(clientId)) periods.set(clientId, (periods.get(clientId) ?? new Set()).add(period));
    this.periods = periods;
  }

  isAny(): boolean {
    return this.mayBeAnybody || this.clients.size + this.periods.size > 0;
  }

  /** The clients of whom nothing is told, by id. @throws NotKnown where it may be any */
  clientIds(): readonly string[] {
    this.check();
    return [...this.clients].sort();
  }

  /** Whom a figure over all clients lacks, by client and month. @throws NotKnown where it may be any */
  notKnown(): readonly NotKnownOf[] {
    const whole = this.clientIds().map((one) => ({ clientId: one === NOBODY ? null : one, period: null }));
    const parts = [...this.periods].flatMap(([clientId, periods]) =>
      [...periods].map((period) => ({ clientId, period })),
    );
    return [...whole, ...parts].sort((one, other) =>
      `${one.clientId ?? ''} ${one.period ?? ''}` < `${other.clientId ?? ''} ${other.period ?? ''}` ? -1 : 1,
    );
  }

  /** The tickets with work in a period of which not all is known, and what they were merged into. */
  ticketsInPart(): readonly string[] {
    if (this.periods.size === 0) return [];
    const pairs = [...this.periods].flatMap(([clientId, periods]) => [...periods].map((period) => [clientId, period]));
    const places = this.database.statement<[string], WorkPlace>(TICKETS_IN).all(JSON.stringify(pairs));
    return [...new Set(places.flatMap(({ ticketId, root }) => [ticketId, root ?? ticketId]))].sort();
  }

  /** The periods of which not all is known and in which tickets of this one lie too: these tickets are in no count of it, and of their work it tells its own part alone. */
  sharedWith({
    clientId,
    period,
  }: {
    readonly clientId: string | null;
    readonly period: Month;
  }): readonly NotKnownOf[] {
    const theirs = clientId === null ? undefined : this.periods.get(clientId);
    if (theirs === undefined) return [];
    const places = this.database.statement<[object], WorkPlace>(SHARED_WITH).all({ clientId, period });
    const shared = new Set(places.map((one) => one.period).filter((one) => one !== period && theirs.has(one)));
    return [...shared].sort().map((one) => ({ clientId, period: one }));
  }

  /** Not all is known of it, whatever is known of others. */
  isParked(about: About): boolean {
    return this.firstParked([about]) !== null;
  }

  isKnown(about: About): boolean {
    return !this.mayBeAnybody && !this.isParked(about);
  }

  /** @throws NotKnown where that which is asked about is of a client of whom not all is known, or may be */
  check(about: About = {}): void {
    this.checkEach([about]);
  }

  /** @throws NotKnown where one of them is of a client of whom not all is known, or may be */
  checkEach(abouts: readonly About[]): void {
    if (this.mayBeAnybody) throw this.why(null, null);
    const parked = this.firstParked(abouts);
    if (parked !== null) throw this.why(parked.clientId, parked.period);
  }

  /** @throws NotKnown where there is anybody of whom not all is known: for what is about all. */
  checkAll(): void {
    this.check();
    if (!this.isAny()) return;
    const why = this.database.statement<[object], Why>(WHY_FIRST).get({ models: this.models });
    if (why !== undefined) throw new NotKnown(why, { clientId: why.whose, period: why.period || null });
  }

  /** Those of which all is known. */
  withoutParked<Item>(items: readonly Item[], aboutOf: (item: Item) => About): readonly Item[] {
    if (this.mayBeAnybody) return [];
    const parkedOf = this.finder(items.map(aboutOf));
    return items.filter((item) => parkedOf(aboutOf(item)) === null);
  }

  private firstParked(abouts: readonly About[]): NotKnownOf | null {
    const parkedOf = this.finder(abouts);
    for (const about of abouts) {
      const parked = parkedOf(about);
      if (parked !== null) return parked;
    }
    return null;
  }

  /** How that which is parked of each of them is found; it answers null where there is none. */
  private finder(abouts: readonly About[]): (about: About) => NotKnownOf | null {
    if (!this.isAny()) return () => null;
    const clients = this.clientsOf(abouts.flatMap(streamsOf));
    const places = this.placesOf(abouts);
    return (about) => {
      const named = [about.clientId ?? [], ...streamsOf(about).map((stream) => clients.get(stream) ?? [])].flat();
      const isNobodys = named.length === 0 && (about.clientId === null || about.ticketId != null);
      const theirs = isNobodys ? [NOBODY] : named;
      const clientId = theirs.find((one) => this.clients.has(one));
      if (clientId !== undefined) return { clientId, period: null };
      return this.parkedPeriod(about, theirs, places);
    };
  }

  /** The first period of it that is parked, of clients of whom the rest is known. */
  private parkedPeriod(
    { clientId, ticketId, period }: About,
    theirs: readonly string[],
    places: ReadonlyMap<string, readonly NotKnownOf[]>,
  ): NotKnownOf | null {
    if (this.periods.size === 0 || period === null) return null;
    if (period === undefined && ticketId != null) return places.get(ticketId)?.[0] ?? null;
    // What is in a month of a client is there for no other one.
    for (const one of clientId == null ? theirs : [clientId]) {
      const periods = this.periods.get(one);
      const found = period === undefined ? [...(periods ?? [])].sort()[0] : periods?.has(period) ? period : undefined;
      if (found !== undefined) return { clientId: one, period: found };
    }
    return null;
  }

  /** The parked periods in which tickets have work, of those of which all periods are asked for. */
  private placesOf(abouts: readonly About[]): ReadonlyMap<string, readonly NotKnownOf[]> {
    const tickets = abouts.flatMap(({ ticketId, period }) =>
      ticketId == null || period !== undefined ? [] : [ticketId],
    );
    if (this.periods.size === 0 || tickets.length === 0) return new Map();
    const rows = this.database
      .statement<[object], WorkPlace>(PERIODS_OF_TICKETS)
      .all({ tickets: JSON.stringify([...new Set(tickets)]) });
    const places = new Map<string, NotKnownOf[]>();
    for (const { ticketId, root, clientId, period } of rows) {
      if (!(this.periods.get(clientId)?.has(period) ?? false)) continue;
      for (const one of new Set([ticketId, root ?? ticketId]))
        places.set(one, [...(places.get(one) ?? []), { clientId, period }]);
    }
    return places;
  }

  private clientsOf(streams: readonly StreamName[]): ReadonlyMap<StreamName, readonly string[]> {
    if (streams.length === 0) return new Map();
    const rows = this.database
      .query<[string], { readonly stream: StreamName; readonly clientId: string }>(CLIENTS_OF)
      .all(JSON.stringify([...new Set(streams)]));
    const clients = new Map<StreamName, string[]>();
    for (const { stream, clientId } of rows) clients.set(stream, [...(clients.get(stream) ?? []), clientId]);
    return clients;
  }

  private why(clientId: string | null, period: Month | null): NotKnown {
    const theirs = { models: this.models, clientId, period: period ?? ANY };
    const why = this.database.statement<[object], Why>(WHY_THEIRS).get(theirs);
    return new NotKnown(why as Why, { clientId: clientId === NOBODY ? null : clientId, period });
  }
}

function streamsOf({ ticketId, contractId }: About): readonly StreamName[] {
  return [
    ...(ticketId == null ? [] : [streamName('ticket', ticketId)]),
    ...(contractId == null ? [] : [streamName('contract', contractId)]),
  ];
}
