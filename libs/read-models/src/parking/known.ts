import { Position, streamName } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import { NotKnown, type ParkedEvent } from './not-known.js';
import type { ParkedRow } from './parked-events.js';

/** What an answer, or a part of one, is about. */
export interface About {
  readonly clientId?: string | null | undefined;
  readonly ticketId?: string | null | undefined;
  readonly contractId?: string | null | undefined;
}

type Found = ParkedRow & { readonly clientId: string | null };

const IS_ANY = 'SELECT EXISTS (SELECT 1 FROM parked_events)';
const WITH_CLIENTS = `SELECT p.model, p.event_id AS eventId, p.stream, p.version, p.position, p.cause, s.client_id AS clientId
  FROM parked_events p LEFT JOIN client_streams s ON s.stream = p.stream ORDER BY p.position, p.model, s.client_id`;
const CLIENTS_OF = 'SELECT client_id FROM client_streams WHERE stream = ?';

/** Of whom the read models know all, as far as it was recorded in a way that this version can read. Asked of the rows each time. */
export class Known {
  private readonly isAny;

  constructor(
    private readonly database: ReadDatabase,
    /** Those whose rows a question reads, as far as they are folded from the log. null: all. */
    private readonly models: readonly string[] | null = null,
  ) {
    this.isAny = database.statement<[], number>(IS_ANY).pluck();
  }

  /** The same as far as the rows of some read models go. */
  of(...models: readonly string[]): Known {
    return new Known(this.database, models);
  }

  /** All that was passed over, in the order of the log. */
  events(): readonly ParkedEvent[] {
    const events = new Map<string, ParkedEvent>();
    for (const { model, clientId, ...row } of this.found()) {
      const { readModels = [], clients = [] } = events.get(row.eventId) ?? {};
      events.set(row.eventId, {
        ...row,
        position: Position.of({ id: row.eventId, position: row.position }),
        readModels: readModels.includes(model) ? readModels : [...readModels, model],
        clients: clientId === null || clients.includes(clientId) ? clients : [...clients, clientId],
      });
    }
    return [...events.values()];
  }

  /** The clients of whom not all is known, by id. @throws NotKnown where it may be any */
  parkedClients(): readonly string[] {
    this.check();
    return [...new Set(this.found().flatMap(({ clientId }) => clientId ?? []))].sort();
  }

  /** Not all is known of it, whatever is known of others. */
  isParked(about: About): boolean {
    return this.parkedAbout(about, this.found()) !== null;
  }

  isKnown(about: About): boolean {
    return this.whyNot(about) === null;
  }

  /** @throws NotKnown where that which is asked about is of a client of whom not all is known, or may be */
  check(about: About = {}): void {
    const why = this.whyNot(about);
    if (why !== null) throw why;
  }

  /** @throws NotKnown where there is anybody of whom not all is known: for what is about all. */
  checkAll(): void {
    const [row] = this.found();
    if (row !== undefined) throw new NotKnown(row, row.clientId);
  }

  private whyNot(about: About): NotKnown | null {
    const found = this.found();
    const anybodys = found.find(({ clientId }) => clientId === null);
    return anybodys === undefined ? this.parkedAbout(about, found) : new NotKnown(anybodys, null);
  }

  private parkedAbout({ clientId, ticketId, contractId }: About, found: readonly Found[]): NotKnown | null {
    if (found.length === 0) return null;
    const clients = new Set([
      ...(clientId == null ? [] : [clientId]),
      ...(ticketId == null ? [] : this.clientsOf(streamName('ticket', ticketId))),
      ...(contractId == null ? [] : this.clientsOf(streamName('contract', contractId))),
    ]);
    const row = found.find((parked) => parked.clientId !== null && clients.has(parked.clientId));
    return row === undefined ? null : new NotKnown(row, row.clientId);
  }

  private clientsOf(stream: string): readonly string[] {
    return this.database.query<[string], string>(CLIENTS_OF).pluck().all(stream);
  }

  private found(): readonly Found[] {
    if (this.isAny.get() === 0) return [];
    const rows = this.database.statement<[], Found>(WITH_CLIENTS).all();
    return rows.filter(({ model }) => this.models?.includes(model) ?? true);
  }
}
