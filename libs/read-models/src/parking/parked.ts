import { streamName, type StreamName } from '@billtrail/event-store';
import { WHOSE_STREAMS } from '../client-streams/tables.js';
import type { ReadDatabase } from '../database/read-database.js';
import { NotKnown } from './not-known.js';
import type { ParkedRow } from './parked-streams.js';

/** What an answer, or a part of one, is about. */
export interface About {
  readonly clientId?: string | null | undefined;
  readonly ticketId?: string | null | undefined;
  readonly contractId?: string | null | undefined;
}

/** The rows of some read models; null: of all. As SQL takes it. */
export type Models = string | null;
/** In a question about `parked_streams p`, the models that are asked about. */
export const OF_MODELS = `p.model <> '${WHOSE_STREAMS}' AND (:models IS NULL OR p.model IN (SELECT value FROM json_each(:models)))`;

type Why = Pick<ParkedRow, 'eventId' | 'stream' | 'position' | 'cause'> & { readonly clientId: string | null };

const WHY = `SELECT p.event_id AS eventId, p.stream, p.position, p.cause, s.client_id AS clientId
  FROM parked_streams p LEFT JOIN client_streams s ON s.stream = p.stream WHERE ${OF_MODELS}`;
const WHY_FIRST = `${WHY} ORDER BY p.position, s.client_id LIMIT 1`;
const WHY_THEIRS = `${WHY} AND s.client_id IS :clientId ORDER BY p.position LIMIT 1`;
const CLIENTS_OF = `SELECT stream, client_id AS clientId FROM client_streams
  WHERE stream IN (SELECT value FROM json_each(?)) ORDER BY stream, client_id`;

/** Of whom not all is known at one moment. Each method asks the rows a fixed number of times, however much is parked and however much is asked about. */
export class Parked {
  private readonly clients: ReadonlySet<string>;
  /** An event of a stream of nobody was passed over: it may concern any client. */
  private readonly mayBeAnybody: boolean;

  constructor(
    private readonly database: ReadDatabase,
    private readonly models: Models,
    /** null: nobody can say whose it is. */
    clients: readonly (string | null)[],
  ) {
    this.clients = new Set(clients.filter((one) => one !== null));
    this.mayBeAnybody = clients.includes(null);
  }

  /** The clients of whom not all is known, by id. @throws NotKnown where it may be any */
  clientIds(): readonly string[] {
    this.check();
    return [...this.clients].sort();
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
    if (this.mayBeAnybody) throw this.notKnown(null);
    const clientId = this.firstParked(abouts);
    if (clientId !== null) throw this.notKnown(clientId);
  }

  /** @throws NotKnown where there is anybody of whom not all is known: for what is about all. */
  checkAll(): void {
    this.check();
    if (this.clients.size === 0) return;
    const why = this.database.statement<[object], Why>(WHY_FIRST).get({ models: this.models });
    if (why !== undefined) throw new NotKnown(why, why.clientId);
  }

  /** Those of which all is known. */
  withoutParked<Item>(items: readonly Item[], aboutOf: (item: Item) => About): readonly Item[] {
    if (this.mayBeAnybody) return [];
    const parkedClientOf = this.finder(items.map(aboutOf));
    return items.filter((item) => parkedClientOf(aboutOf(item)) === null);
  }

  private firstParked(abouts: readonly About[]): string | null {
    const parkedClientOf = this.finder(abouts);
    for (const about of abouts) {
      const clientId = parkedClientOf(about);
      if (clientId !== null) return clientId;
    }
    return null;
  }

  /** How the parked client of each of them is found; it answers null where there is none. */
  private finder(abouts: readonly About[]): (about: About) => string | null {
    if (this.clients.size === 0) return () => null;
    const clients = this.clientsOf(abouts.flatMap(streamsOf));
    return (about) => {
      const theirs = [about.clientId ?? [], ...streamsOf(about).map((stream) => clients.get(stream) ?? [])].flat();
      return theirs.find((clientId) => this.clients.has(clientId)) ?? null;
    };
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

  private notKnown(clientId: string | null): NotKnown {
    const why = this.database.statement<[object], Why>(WHY_THEIRS).get({ models: this.models, clientId });
    return new NotKnown(why as Why, clientId);
  }
}

function streamsOf({ ticketId, contractId }: About): readonly StreamName[] {
  return [
    ...(ticketId == null ? [] : [streamName('ticket', ticketId)]),
    ...(contractId == null ? [] : [streamName('contract', contractId)]),
  ];
}
