import { monthOf, type LocalDate, type Month } from '@billtrail/kernel';
import type { ReadDatabase } from '../database/read-database.js';
import type { FactsMemory } from './memory.js';
import { NO_CLIENT } from './tables.js';

/** Marks remembered at once; beyond it they are only in the table. */
const MAX_REMEMBERED_MARKS = 50_000;
/** Sorts after every month. */
const AFTER_ALL_MONTHS: Month = '~';
const MILLISECONDS_OF_AN_HOUR = 3_600_000;
/** Between a zone and UTC. */
const MOST_HOURS_ASIDE = 14;

/**
 * The client-periods in which there is something: work, a document, a write-off, a month of a contract, a missed SLA. `where` is asked of each source by
 * itself, so that its index answers.
 */
export function knownPeriods(where: string): string {
  const sources = ['work_items', 'work_spans', 'account_documents', 'write_offs', 'contract_months', 'sla_records'];
  return sources
    .map((source) => `SELECT client_id, period FROM ${source} WHERE client_id <> '${NO_CLIENT}' AND ${where}`)
    .join(' UNION ');
}

/** Marks all client-periods and tickets that there are facts for. A ticket by itself has something to work out only when it was resolved, or what was merged into it may have been, or it holds work that no client-period has. */
export function markAllForRating(database: ReadDatabase): void {
  database.exec(`INSERT OR IGNORE INTO stale_periods ${knownPeriods('TRUE')}`);
  markTicketsForRating(database);
}

function markTicketsForRating(database: ReadDatabase): void {
  database.exec(`
    INSERT OR IGNORE INTO stale_tickets SELECT ticket_id FROM tickets WHERE resolved_at IS NOT NULL
      UNION SELECT root FROM merged_tickets
      UNION SELECT ticket_id FROM work_items WHERE client_id = '${NO_CLIENT}'`);
}

/** True where it was marked before; else it is from now on. */
function isMarked(marks: Set<string>, key: string): boolean {
  if (marks.has(key)) return true;
  if (marks.size >= MAX_REMEMBERED_MARKS) marks.clear();
  marks.add(key);
  return false;
}

/**
 * Marks which client-periods and tickets must be rated again, and of which tickets the SLA clocks must be worked out. The marks are rows, in the
 * transaction of the facts: a crash keeps them, and a long catch-up rates each client-period once, at its end.
 */
export class StaleMarks {
  private readonly markPeriod;
  private readonly markTicket;
  private readonly markClocks;
  private readonly markPeriodsOfTicket;
  private readonly markPeriodsOfTicketBefore;
  private readonly markOtherPeriodsOfWork;
  private readonly markPeriodsOfClient;
  private readonly markPeriodsOfTicketsOfClient;
  private readonly markTicketsOfClient;
  private readonly markClocksOfClient;
  private readonly clientsWithServiceLevels;
  private readonly clientsWithIncidents;
  private readonly clientsCountingIncidents;
  private readonly monthsOfTicket;
  private readonly markCountedAmong;
  private readonly clientsWithTerms;

  constructor(
    private readonly database: ReadDatabase,
    private readonly memory: FactsMemory,
  ) {
    this.markPeriod = database.statement('INSERT OR IGNORE INTO stale_periods VALUES (?, ?)');
    this.markTicket = database.statement('INSERT OR IGNORE INTO stale_tickets VALUES (?)');
    this.markClocks = database.statement('INSERT OR IGNORE INTO stale_clocks VALUES (?)');
    const ofTickets = (
      which: string,
    ) => `SELECT client_id, period FROM work_items WHERE ticket_id ${which} AND client_id <> '${NO_CLIENT}'
       UNION SELECT client_id, period FROM work_spans WHERE ticket_id ${which} AND client_id <> '${NO_CLIENT}'
       UNION SELECT client_id, period FROM account_lines JOIN account_documents USING (invoice_id) WHERE ticket_id ${which}
       UNION SELECT client_id, period FROM account_charges JOIN account_documents USING (invoice_id) WHERE incident_of ${which}
       UNION SELECT client_id, period FROM write_offs WHERE ticket_id ${which}`;
    const ofTicket = ofTickets('= :ticket');
    this.markPeriodsOfTicket = database.statement(
      `INSERT OR IGNORE INTO stale_periods SELECT client_id, period FROM (${ofTicket})`,
    );
    this.markPeriodsOfTicketBefore = database.statement(
      `INSERT OR IGNORE INTO stale_periods SELECT client_id, period FROM (${ofTicket}) WHERE period < :before`,
    );
    this.monthsOfTicket = database.statement<[{ ticket: string }], { clientId: string; period: Month }>(
      `SELECT client_id AS clientId, period FROM (${ofTicket})`,
    );
    this.markCountedAmong = database.statement<[{ client: string; period: Month }]>(
      `WITH here AS (
         SELECT ticket_id FROM work_items WHERE client_id = :client AND period = :period
         UNION SELECT ticket_id FROM work_spans WHERE client_id = :client AND period = :period
       ), roots AS (
         SELECT DISTINCT coalesce(root, here.ticket_id) AS root FROM here LEFT JOIN merged_tickets USING (ticket_id)
       )
       INSERT OR IGNORE INTO stale_periods SELECT client_id, period FROM account_charges JOIN account_documents USING (invoice_id)
       WHERE client_id = :client AND incident_of IN (
         SELECT root FROM roots UNION SELECT ticket_id FROM roots JOIN merged_tickets USING (root)
       )`,
    );
    const ofEntries = `SELECT ticket_id, work_item_id FROM work_item_names JOIN work_spans USING (ticket_id, work_item_id)
       WHERE work_item_names.name IN (SELECT value FROM json_each(:names))`;
    const periodsIn = (table: string) =>
      `SELECT client_id, period FROM ${table} WHERE (ticket_id, work_item_id) IN (${ofEntries}) AND client_id <> '${NO_CLIENT}'`;
    this.markOtherPeriodsOfWork = database.statement(
      `INSERT OR IGNORE INTO stale_periods ${periodsIn('work_spans')} UNION ${periodsIn('work_items')}`,
    );
    this.markPeriodsOfClient = database.statement(
      `INSERT OR IGNORE INTO stale_periods ${knownPeriods('client_id = :client AND period >= :from AND period < :before')}`,
    );
    // What was merged is resolved by the zones of all tickets of its chain.
    const ofClient = `SELECT ticket_id FROM tickets WHERE client_id = :client
       UNION SELECT m.ticket_id FROM tickets t JOIN merged_tickets m ON m.root = t.ticket_id WHERE t.client_id = :client
       UNION SELECT o.ticket_id FROM tickets t JOIN merged_tickets m ON m.ticket_id = t.ticket_id
         JOIN merged_tickets o ON o.root = m.root WHERE t.client_id = :client`;
    this.markPeriodsOfTicketsOfClient = database.statement(
      `INSERT OR IGNORE INTO stale_periods ${ofTickets(`IN (${ofClient})`)}`,
    );
    this.markTicketsOfClient = database.statement(
      `INSERT OR IGNORE INTO stale_tickets SELECT ticket_id FROM tickets
         WHERE client_id = ? AND (resolved_at IS NOT NULL OR ticket_id IN (SELECT root FROM merged_tickets))`,
    );
    this.markClocksOfClient = database.statement(
      'INSERT OR IGNORE INTO stale_clocks SELECT ticket_id FROM tickets WHERE client_id = ?',
    );
    this.clientsWithIncidents = database
      .statement<[], string>('SELECT DISTINCT client_id FROM contracts WHERE has_incidents = 1')
      .pluck();
    this.clientsCountingIncidents = database
      .statement<[], string>('SELECT DISTINCT client_id FROM contracts WHERE counts_incidents = 1')
      .pluck();
    this.clientsWithTerms = database
      .statement<[], string>('SELECT DISTINCT client_id FROM contracts WHERE term_end IS NOT NULL')
      .pluck();
    this.clientsWithServiceLevels = database
      .statement<[], string>('SELECT DISTINCT client_id FROM contracts WHERE has_service_levels = 1')
      .pluck();
  }

  /** Work without a client is in no client-period: it is worked out with its ticket. */
  period(clientId: string, period: Month): void {
    if (clientId === NO_CLIENT || isMarked(this.memory.markedPeriods, `${clientId} ${period}`)) return;
    this.markPeriod.run(clientId, period);
  }

  ticket(ticketId: string): void {
    if (!isMarked(this.memory.markedTickets, ticketId)) this.markTicket.run(ticketId);
  }

  /** A ticket whose facts enter the rating of all its work. */
  ticketAndItsPeriods(ticketId: string): void {
    this.ticket(ticketId);
    this.markPeriodsOfTicket.run({ ticket: ticketId });
    this.countedAmong(ticketId);
  }

  /** The client's periods from the month of a day on, as far as there is something in them. */
  clientFrom(clientId: string, day: LocalDate | null): void {
    this.clientBetween(clientId, day === null ? '' : monthOf(day), AFTER_ALL_MONTHS);
  }

  /** The client's periods from a month on and before another. */
  clientBetween(clientId: string, from: Month, before: Month): void {
    this.markPeriodsOfClient.run({ client: clientId, from, before });
  }

  /** All periods that entries with start and end may lie in, by the names of these: what one account holds of them is known in the others. */
  periodsOfWork(names: readonly string[]): void {
    if (names.length > 0) this.markOtherPeriodsOfWork.run({ names: JSON.stringify(names) });
  }

  /** The earlier periods in which there is something of the ticket. */
  periodsOfTicketBefore(ticketId: string, before: Month): void {
    this.markPeriodsOfTicketBefore.run({ ticket: ticketId, before });
  }

  /**
   * Where a ticket may have a fixed price: any work of it may be the first, in whichever period, so all of its periods look at it. `period`: that of the work that
   * changed, in which the ticket may have none any more.
   */
  incidentOf(clientId: string, period: Month, ticketIds: () => Iterable<string>): void {
    this.memory.clientsWithIncidents ??= new Set(this.clientsWithIncidents.all());
    if (!this.memory.clientsWithIncidents.has(clientId)) return;
    for (const ticket of ticketIds()) {
      this.markPeriodsOfTicket.run({ ticket });
      this.countedAmong(ticket);
    }
    if (this.counting().has(clientId)) this.markCountedAmong.run({ client: clientId, period });
  }

  /** Which tickets of a month cost nothing is told by their first work, so each of its months matters to the accounts that ask for any ticket with work there. */
  private countedAmong(ticket: string): void {
    if (this.counting().size === 0) return;
    for (const { clientId: client, period } of this.monthsOfTicket.all({ ticket }))
      if (this.counting().has(client)) this.markCountedAmong.run({ client, period });
  }

  private counting(): ReadonlySet<string> {
    return (this.memory.clientsCountingIncidents ??= new Set(this.clientsCountingIncidents.all()));
  }

  /** Tickets show that a client goes on whose contract's term has ended. `at`: in milliseconds. */
  ticketMoved(clientId: string, at: number): void {
    this.memory.clientsWithTerms ??= new Set(this.clientsWithTerms.all());
    if (!this.memory.clientsWithTerms.has(clientId)) return;
    // In some zone it is another day.
    for (const aside of [-MOST_HOURS_ASIDE, MOST_HOURS_ASIDE])
      this.period(clientId, monthOf(new Date(at + aside * MILLISECONDS_OF_AN_HOUR).toISOString()));
  }

  /** Also the accounts of other clients that invoiced or wrote off tickets which have come to this one since: by its zone they were resolved. */
  client(clientId: string): void {
    this.clientFrom(clientId, null);
    this.markPeriodsOfTicketsOfClient.run({ client: clientId });
    this.markTicketsOfClient.run(clientId);
  }

  everything(): void {
    markAllForRating(this.database);
  }

  /** What is found in tickets themselves: in their texts, or for want of work. */
  tickets(): void {
    markTicketsForRating(this.database);
  }

  clocks(ticketId: string): void {
    this.markClocks.run(ticketId);
  }

  clocksOf(clientIds: Iterable<string>): void {
    for (const clientId of clientIds) this.markClocksOfClient.run(clientId);
  }

  /** The tickets of all other clients have no clocks: they cost nothing but the keeping of their moves. */
  hasClocks(clientId: string | null): boolean {
    if (clientId === null) return false;
    this.memory.clientsWithServiceLevels ??= new Set(this.clientsWithServiceLevels.all());
    return this.memory.clientsWithServiceLevels.has(clientId);
  }
}
