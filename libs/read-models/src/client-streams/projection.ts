import type { AccountEvent, BillingGapOpened } from '@billtrail/billing';
import type { ContractActivated } from '@billtrail/contracts';
import {
  categoryOf,
  streamName,
  type KeyClaimed,
  type PositionNumber,
  type RecordedEvent,
  type StreamName,
} from '@billtrail/event-store';
import type {
  TicketMerged,
  TicketReclassified,
  TicketRequested,
  TicketSplit,
  TicketTriaged,
} from '@billtrail/ticketing';
import type { ReadDatabase } from '../database/read-database.js';
import { DOCUMENT_TYPES } from '../invoices/projection.js';
import { accountOf } from '../rating-facts/account-facts.js';
import { CLIENT_TYPES } from '../rating-facts/client-facts.js';
import { eventOf, type Folding, type LogProjection, type RecordedOf } from '../runner/projection.js';
import { CLIENT_STREAMS, MERGED_STREAMS, WHOSE_STREAMS } from './tables.js';

const OF_ACCOUNTS = [...DOCUMENT_TYPES, 'WorkWrittenOff'] as const satisfies readonly AccountEvent['type'][];

type Telling =
  | ContractActivated
  | KeyClaimed
  | BillingGapOpened
  | TicketRequested
  | TicketTriaged
  | TicketReclassified
  | TicketMerged
  | TicketSplit;

const TELLING = [
  'ContractActivated',
  'KeyClaimed',
  'BillingGapOpened',
  'TicketRequested',
  'TicketTriaged',
  'TicketReclassified',
  'TicketMerged',
  'TicketSplit',
] as const satisfies readonly Telling['type'][];

/** Which streams tell something of a client. What can't be read on one of them parks all clients that it is one of. */
export const clientStreamsProjection: LogProjection = {
  name: WHOSE_STREAMS,
  schemaVersion: 4,
  types: [...CLIENT_TYPES, ...OF_ACCOUNTS, ...TELLING],
  categories: 'all',
  tables: [CLIENT_STREAMS, MERGED_STREAMS],
  start: (database) => new ClientStreamsFold(database),
};

/** Pairs that are remembered as told: most events come on the streams of those before them. */
const MAX_REMEMBERED = 10_000;

class ClientStreamsFold implements Folding {
  private readonly told = new Set<string>();
  private readonly add;
  private readonly clientsOf;
  private readonly streamsWith;
  private readonly together;
  private readonly putTogether;
  private readonly join;

  constructor(database: ReadDatabase) {
    this.add = database.insert(CLIENT_STREAMS, 'OR IGNORE');
    this.clientsOf = database
      .statement<[StreamName], string>('SELECT client_id FROM client_streams WHERE stream = ? ORDER BY client_id')
      .pluck();
    this.together = database
      .statement<[StreamName], string>('SELECT together FROM merged_streams WHERE stream = ?')
      .pluck();
    this.streamsWith = database
      .statement<[string], StreamName>('SELECT stream FROM merged_streams WHERE together = ? ORDER BY stream')
      .pluck();
    this.putTogether = database.insert(MERGED_STREAMS, 'OR IGNORE');
    this.join = database.statement<[string, string]>('UPDATE merged_streams SET together = ? WHERE together = ?');
  }

  apply(recorded: RecordedEvent): void {
    const { stream, position } = recorded;
    this.tell(ownerByName(stream), stream, position);
    this.tellOf(eventOf<Telling>(recorded));
  }

  applyUnknown(recorded: RecordedEvent): void {
    const { stream, position, sealed } = recorded;
    this.tell(ownerByName(stream), stream, position);
    // Whom it concerns is not personal, so it stands unsealed.
    if (sealed === true) this.tellOf(eventOf<Telling>(recorded));
  }

  private tellOf(event: RecordedOf<Telling>): void {
    const { stream, position } = event;
    switch (event.type) {
      case 'ContractActivated': {
        const { clientId, contractId } = event.data;
        this.tell(clientId, stream, position);
        // It stands on the client's contracts, and the contract's own stream may hold nothing that can be read.
        return this.tell(clientId, streamName('contract', contractId), position);
      }
      case 'KeyClaimed':
        // A contract's id, claimed for the contracts of the client.
        return this.tell(ownerByName(event.data.stream), stream, position);
      case 'BillingGapOpened': {
        const { clientId, ticketId } = event.data;
        this.tell(clientId, stream, position);
        if (ticketId != null)
          for (const owner of this.clientsOf.all(streamName('ticket', ticketId))) this.tell(owner, stream, position);
        return;
      }
      case 'TicketRequested':
      case 'TicketTriaged':
      case 'TicketReclassified':
        for (const one of this.allWith(stream)) this.tell(event.data.clientId, one, position);
        return;
      case 'TicketMerged':
        return this.merged(stream, streamName('ticket', event.data.into), position);
      case 'TicketSplit':
        return this.merged(stream, streamName('ticket', event.data.from), position);
      default:
        return;
    }
  }

  private tell(clientId: string | null | undefined, stream: StreamName, firstPosition: PositionNumber): void {
    if (clientId == null) return;
    const pair = `${clientId} ${stream}`;
    if (this.told.has(pair)) return;
    if (this.told.size >= MAX_REMEMBERED) this.told.clear();
    this.told.add(pair);
    this.add({ clientId, stream, firstPosition });
  }

  private allWith(stream: StreamName): readonly StreamName[] {
    const together = this.together.get(stream);
    return together === undefined ? [stream] : this.streamsWith.all(together);
  }

  /** Also where it has no effect, as a merge that closes a circle, or is taken back: they tell of one another all the same. */
  private merged(stream: StreamName, into: StreamName, position: PositionNumber): void {
    for (const one of [stream, into]) this.putTogether({ stream: one, together: one });
    const [from, to] = [this.together.get(stream), this.together.get(into)];
    if (from === undefined || to === undefined || from === to) return;
    this.join.run(to, from);
    const streams = this.streamsWith.all(to);
    const clients = new Set(streams.flatMap((one) => this.clientsOf.all(one)));
    for (const clientId of clients) for (const one of streams) this.tell(clientId, one, position);
  }
}

/** The client of a stream whose name says whose it is; null: it doesn't. */
export function ownerByName(stream: StreamName): string | null {
  const category = categoryOf(stream);
  if (category === 'client' || category === 'contracts') return stream.slice(category.length + 1);
  return category === 'account' ? accountOf(stream).clientId : null;
}
