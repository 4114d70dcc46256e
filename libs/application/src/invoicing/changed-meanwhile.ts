import { invariant } from '@billtrail/kernel';
import { MAX_READ, Position, categoryOf, streamName, type RecordedEvent } from '@billtrail/event-store';
import { MONEY_FACT_TYPES } from '@billtrail/read-models';
import {
  isOfOtherWork,
  type AccountEvent,
  type ChangedMeanwhile,
  type InvoiceIssueRequested,
} from '@billtrail/billing';
import type { TicketEvent } from '@billtrail/ticketing';
import type { CommandPorts } from '../command-path/command-definition.js';
import type { IssueRequested } from './document-kinds.js';

const CATEGORIES = ['ticket', 'client', 'contract', 'contracts', 'account', 'configuration'] as const;

/** What a document rests on. */
export interface OfDocument {
  readonly clientId: string;
  /** Absent: the client served. */
  readonly recipientId?: string;
  /** The tickets of its work, where it rests on those and on terms alone; null: it rests on more. */
  readonly ticketsAlone: ReadonlySet<string> | null;
}

/** It freezes work as it is rated by then. Whatever gives work free again is a fact: rated anew, it may be worth something else. */
const FREEZES: AccountEvent['type'] = 'InvoiceIssueRequested';
const MERGES: ReadonlySet<string> = new Set<TicketEvent['type']>(['TicketMerged', 'TicketSplit']);

/**
 * The verdict on the requested issue of a document, invoice or credit note: the first fact of its client that came after it was compared with the facts, and before the
 * request; null: none, it stands. What is issued of another month, of other tickets, is none, unless the document gives money back, of which there may be too little for
 * both. It rests on the log up to the request alone, so every process reaches the same one, whenever it asks: whoever is behind waits for own read models to pass the request. A request
 * of before carries no comparison, and stands.
 */
export async function changedMeanwhile(
  ports: Pick<CommandPorts, 'store' | 'models' | 'upToDate'>,
  requested: RecordedEvent<IssueRequested>,
  { clientId, recipientId = clientId, ticketsAlone }: OfDocument,
): Promise<ChangedMeanwhile | null> {
  const { store, models } = ports;
  const { comparedUpTo } = requested.data;
  if (comparedUpTo === undefined) return null;
  const compared = Position.parse(comparedUpTo);
  invariant(compared !== null, () => `the request ${requested.id} carries no position: ${comparedUpTo}`);
  const upTo = Position.of(requested);
  const merges = new Merges(store, upTo);
  const filter = { types: MONEY_FACT_TYPES, categories: CATEGORIES };
  for (let after = compared; upTo.isAfter(after);) {
    const { events, next } = await store.readAll({ after, upTo, limit: MAX_READ, ...filter });
    const between = events.filter(({ id }) => id !== requested.id);
    // Nearly always there are none, and nobody waits.
    if (between.length > 0) await ports.upToDate(upTo);
    for (const event of between) {
      const { id, stream, unknown, sealed } = event;
      if (event.type === FREEZES && ticketsAlone !== null && (await isApart(event, ticketsAlone, merges))) continue;
      if (!models.clientStreams.concernsNow({ clientId, recipientId }, stream, upTo.at)) continue;
      // Whether it moves money, a version that can read it says.
      if (unknown !== undefined && sealed !== true) models.known.check({ clientId });
      else return { stream, eventId: id };
    }
    after = next;
  }
  return null;
}

/**
 * Whether what another month froze can move nothing of a document: it draws on no prepaid time, and has no ticket in common with it, nor a merged one, so that they share neither a
 * cap nor a price of a ticket.
 */
async function isApart(
  { stream, version, data }: RecordedEvent,
  tickets: ReadonlySet<string>,
  merges: Merges,
): Promise<boolean> {
  const { invoiceId } = data as InvoiceIssueRequested['data'];
  const before = (await merges.store.readStream(stream)).events.slice(0, version) as readonly AccountEvent[];
  const lines = before.flatMap((event) =>
    event.type === 'InvoiceLinesAdded' && event.data.invoiceId === invoiceId ? event.data.lines : [],
  );
  if (!isOfOtherWork(lines, tickets)) return false;
  return !(await merges.areAmong(tickets)) && !(await merges.areAmong(lines.map(({ ticketId }) => ticketId)));
}

/** Which tickets were merged or split until a position, each looked at once. */
class Merges {
  private readonly found = new Map<string, boolean>();

  constructor(
    readonly store: CommandPorts['store'],
    private readonly upTo: Position,
  ) {}

  async areAmong(tickets: Iterable<string>): Promise<boolean> {
    for (const ticketId of tickets) if (await this.isOne(ticketId)) return true;
    return false;
  }

  private async isOne(ticketId: string): Promise<boolean> {
    const known = this.found.get(ticketId);
    if (known !== undefined) return known;
    const { events } = await this.store.readStream(streamName('ticket', ticketId));
    const isMerged = events.some((event) => MERGES.has(event.type) && !Position.of(event).isAfter(this.upTo));
    this.found.set(ticketId, isMerged);
    return isMerged;
  }
}

/** What changed, in the words of whoever asked for the issue. */
export function whatChanged({ stream }: Pick<ChangedMeanwhile, 'stream'>): string {
  const category = categoryOf(stream);
  const of = stream.slice(category.length + 1);
  switch (category) {
    case 'configuration':
      return 'the configuration was published anew';
    case 'client':
      return `the details of client ${of} were changed`;
    case 'contracts':
      return `the contracts of client ${of} were changed`;
    case 'account':
      return `account ${of} got another document or write-off`;
    default:
      return `${category} ${of} was changed`;
  }
}
