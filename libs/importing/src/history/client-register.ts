import { type Actor, isRefusal, type Refusal, shape } from '@billtrail/kernel';
import { type ClientRegistered, clientDetails } from '@billtrail/contracts';
import {
  CommandIdReused,
  fingerprintOf,
  type EventStore,
  streamName,
  WrongExpectedVersion,
} from '@billtrail/event-store';
import { problemsOfShape } from '@billtrail/input';
import { detached } from '../csv/csv-text.js';
import { instantOf } from '../csv/local-time.js';
import { type InputCode, refuseInput } from '../input-refused.js';
import type { TicketHistoryMapping } from '../mapping/ticket-history-mapping.js';
import { idFromName } from './ids.js';
import type { HistoryRow } from './rows.js';

interface Context {
  readonly store: EventStore;
  readonly actor: Actor;
  readonly correlationId: string;
  readonly mapping: TicketHistoryMapping;
  readonly timeZone: string;
  readonly file: string;
}

/** What is known of a client that an export names, and nothing that a client may state besides. */
const NAMED_CLIENT = shape.object({
  clientId: shape.id,
  name: clientDetails.name,
  currency: clientDetails.currency,
  timeZone: clientDetails.timeZone,
  taxId: clientDetails.taxId,
  address: clientDetails.address,
  taxExemption: clientDetails.taxExemption,
});

/** Registers the clients that the rows name, each once, before the first ticket of theirs is recorded. */
export class ClientRegister {
  private readonly known = new Map<string, Promise<Refusal<InputCode> | null>>();
  private readonly ids = new Set<string>();
  registered = 0;

  constructor(private readonly context: Context) {}

  get total(): number {
    return this.ids.size;
  }

  /** Registers every client that the rows name. A refusal says why the rows can't be imported: the first of them. */
  async registerAll(rows: readonly HistoryRow[]): Promise<Refusal<InputCode> | null> {
    for (const row of rows) {
      if (row.clientName === null) continue;
      let outcome = this.known.get(row.clientName);
      if (outcome === undefined) {
        outcome = this.register(row.clientName, row);
        this.known.set(detached(row.clientName), outcome);
      }
      const refusal = await outcome;
      if (isRefusal(refusal)) return refusal;
    }
    return null;
  }

  private async register(name: string, row: HistoryRow): Promise<Refusal<InputCode> | null> {
    const { mapping, timeZone, store, actor, correlationId } = this.context;
    const clientId = idFromName(name);
    const facts = {
      name,
      currency: mapping.client?.currency ?? '',
      timeZone: mapping.client?.timeZone ?? timeZone,
      taxId: null,
      address: null,
      taxExemption: null,
    };
    const problems = problemsOfShape(NAMED_CLIENT, { clientId, ...facts }, '');
    if (problems.length > 0) {
      const list = problems.map(({ path, problem }) => `${path} ${problem}`).join('; ');
      return this.refusal(row, `the client "${name}" can't be registered: ${list}`, 'Mend the name in the file');
    }
    const event: ClientRegistered = {
      type: 'ClientRegistered',
      data: { clientId, ...facts },
      occurredAt: instantOf(row.openedAt ?? row.at),
    };
    const stream = streamName('client', clientId);
    try {
      const commandId = `import:${mapping.source}:${clientId}`;
      // The first import of a client fixes its facts: the same client in a later export, with another date, is a repeat.
      const fingerprint = fingerprintOf('import client', name);
      const { repeated } = await store.append({
        stream,
        expected: 'none',
        events: [event],
        actor,
        commandId,
        correlationId,
        causationId: null,
        fingerprint,
      });
      if (!repeated) this.registered++;
    } catch (error) {
      if (!(error instanceof WrongExpectedVersion || error instanceof CommandIdReused)) throw error;
      const refusal = await this.compare(stream, name, row);
      if (refusal) return refusal;
    }
    this.ids.add(clientId);
    return null;
  }

  /** The id is taken: by the same client, registered by other means, or by another one. */
  private async compare(stream: string, name: string, row: HistoryRow): Promise<Refusal<InputCode> | null> {
    const { events } = await this.context.store.readStream(stream);
    const names = events.flatMap(({ data }) => ('name' in data && typeof data.name === 'string' ? [data.name] : []));
    if (names.some((known) => known.trim().toLowerCase() === name.trim().toLowerCase())) return null;
    const other = names.at(-1) ?? 'unknown';
    return this.refusal(
      row,
      `the client "${name}" gets the id ${stream.slice('client-'.length)}, which belongs to the client "${other}"`,
      'Give the client a name of its own in the file',
    );
  }

  private refusal(row: HistoryRow, message: string, remedy: string): Refusal<InputCode> {
    const from = this.context.mapping.client?.from;
    const column = from?.kind === 'column' ? from.column : undefined;
    return refuseInput(
      'RowBroken',
      { file: this.context.file, line: row.line, ...(column !== undefined && { column }) },
      message,
      remedy,
    );
  }
}
