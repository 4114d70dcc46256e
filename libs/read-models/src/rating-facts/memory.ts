import type { BillingConfiguration, ContractFacts, WorkItem } from '@billtrail/billing';
import { Remembered } from '../database/remembered.js';
import type { ReadDatabase } from '../database/read-database.js';
import type { ClientRow, TicketRow } from './tables.js';

/** Work items that stay in memory between two ratings of their client-period: some 30 MB of plain facts. */
const MAX_WORK = 30_000;

/** The work of a client-period as it was read, by key, and what of it was written since. */
export interface PeriodWork {
  readonly work: Map<string, WorkItem>;
  readonly changed: Map<string, { readonly ticketId: string; readonly id: string }>;
}

/**
 * What of the facts stays in memory between two batches, for while serving the same few clients come again and again. Whoever writes facts and
 * whoever rates them on one connection share it: what is written is told here, or forgotten.
 */
export class FactsMemory {
  private static readonly shared = new WeakMap<ReadDatabase, FactsMemory>();

  readonly contracts = new Map<string, readonly ContractFacts[]>();
  readonly clients = new Map<string, ClientRow>();
  readonly tickets = new Map<string, TicketRow>();
  readonly work = new Remembered<PeriodWork>(MAX_WORK);
  configuration: BillingConfiguration | null = null;
  /** Clients with a contract that has service levels in any version; null: not read yet. */
  clientsWithServiceLevels: Set<string> | null = null;
  /** Clients with a contract that asks fixed prices of tickets in any version; null: not read yet. */
  clientsWithIncidents: Set<string> | null = null;
  /** Those of them of whose tickets so many of a month cost nothing; null: not read yet. */
  clientsCountingIncidents: Set<string> | null = null;
  /** Clients with a contract whose term ends without anybody having decided so; null: not read yet. */
  clientsWithTerms: Set<string> | null = null;
  /** Whether any ticket is merged into another; null: not read yet. */
  hasMerges: boolean | null = null;
  /** Marks that were made and not cleared: most events mark what the event before them marked. */
  readonly markedPeriods = new Set<string>();
  readonly markedTickets = new Set<string>();

  /** That of a connection, empty: whoever starts can't know whether the rows are those that were remembered. */
  static begun(database: ReadDatabase): FactsMemory {
    const memory = FactsMemory.shared.get(database) ?? new FactsMemory();
    FactsMemory.shared.set(database, memory);
    memory.clear();
    return memory;
  }

  /** Forgets all: somebody else may have written since. */
  clear(): void {
    for (const known of [this.contracts, this.clients, this.tickets, this.work, this.markedPeriods, this.markedTickets])
      known.clear();
    this.configuration = null;
    this.clientsWithServiceLevels = null;
    this.clientsWithIncidents = null;
    this.clientsCountingIncidents = null;
    this.clientsWithTerms = null;
    this.hasMerges = null;
  }
}

/** Puts a value beside others of a bounded map; where it is full, all others are forgotten. */
export function remember<Value>(known: Map<string, Value>, key: string, value: Value, most: number): Value {
  if (known.size >= most) known.clear();
  known.set(key, value);
  return value;
}
