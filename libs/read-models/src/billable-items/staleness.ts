import { monthOf, type LocalDate, type Month } from '@billtrail/kernel';
import type { ReadDatabase } from '../database/read-database.js';
import { NO_CLIENT } from './schema.js';

/** Marks remembered at once; beyond it they are only in the table. */
const MAX_REMEMBERED_MARKS = 50_000;
/** Sorts after every month. */
const AFTER_ALL_MONTHS: Month = '~';

/**
 * The client-periods in which there is something: work, a document, a write-off, a month of a contract, a missed SLA. `where` is asked of each source by
 * itself, so that its index answers.
 */
export function knownPeriods(where: string): string {
  const sources = ['work_items', 'work_spans', 'account_documents', 'write_offs', 'contract_months', 'sla_breaches'];
  return sources
    .map((source) => `SELECT client_id, period FROM ${source} WHERE client_id <> '${NO_CLIENT}' AND ${where}`)
    .join(' UNION ');
}

/** True where it was marked before; else it is from now on. */
function isMarked(marks: Set<string>, key: string): boolean {
  if (marks.has(key)) return true;
  if (marks.size >= MAX_REMEMBERED_MARKS) marks.clear();
  marks.add(key);
  return false;
}

/**
 * Which client-periods and tickets must be worked out again. The marks are rows, in the transaction of the facts: a crash keeps them,
 * and a long catch-up rates each client-period once, at its end.
 */
export class Staleness {
  /** Marks that this process has made and not cleared: most events mark what the event before them marked. */
  private readonly markedTickets = new Set<string>();
  private readonly markedPeriods = new Set<string>();
  private readonly markPeriod;
  private readonly markTicket;
  private readonly markPeriodsOfTicket;
  private readonly markPeriodsOfTicketBefore;
  private readonly markPeriodsOfClient;
  private readonly markTicketsOfClient;
  private readonly firstPeriod;
  private readonly firstTickets;
  private readonly clearPeriod;
  private readonly clearTicket;
  private readonly anything;

  constructor(private readonly database: ReadDatabase) {
    this.markPeriod = database.statement('INSERT OR IGNORE INTO stale_periods VALUES (?, ?)');
    this.markTicket = database.statement('INSERT OR IGNORE INTO stale_tickets VALUES (?)');
    const ofTicket = `SELECT client_id, period FROM work_items WHERE ticket_id = :ticket AND client_id <> '${NO_CLIENT}'
       UNION SELECT client_id, period FROM work_spans WHERE ticket_id = :ticket AND client_id <> '${NO_CLIENT}'
       UNION SELECT client_id, period FROM account_lines JOIN account_documents USING (invoice_id) WHERE ticket_id = :ticket
       UNION SELECT client_id, period FROM write_offs WHERE ticket_id = :ticket`;
    this.markPeriodsOfTicket = database.statement(
      `INSERT OR IGNORE INTO stale_periods SELECT client_id, period FROM (${ofTicket})`,
    );
    this.markPeriodsOfTicketBefore = database.statement(
      `INSERT OR IGNORE INTO stale_periods SELECT client_id, period FROM (${ofTicket}) WHERE period < :before`,
    );
    this.markPeriodsOfClient = database.statement(
      `INSERT OR IGNORE INTO stale_periods ${knownPeriods('client_id = :client AND period >= :from AND period < :before')}`,
    );
    this.markTicketsOfClient = database.statement(
      'INSERT OR IGNORE INTO stale_tickets SELECT ticket_id FROM tickets WHERE client_id = ? AND resolved_at IS NOT NULL',
    );
    this.firstPeriod = database.statement<[], { client_id: string; period: string }>(
      'SELECT client_id, period FROM stale_periods ORDER BY client_id, period LIMIT 1',
    );
    this.firstTickets = database.statement<[number], string>('SELECT ticket_id FROM stale_tickets LIMIT ?').pluck();
    this.clearPeriod = database.statement('DELETE FROM stale_periods WHERE client_id = ? AND period = ?');
    this.clearTicket = database.statement('DELETE FROM stale_tickets WHERE ticket_id = ?');
    this.anything = database
      .statement<[], number>('SELECT EXISTS (SELECT 1 FROM stale_periods) OR EXISTS (SELECT 1 FROM stale_tickets)')
      .pluck();
  }

  /** Work without a client is in no client-period: it is worked out with its ticket. */
  period(clientId: string, period: Month): void {
    if (clientId === NO_CLIENT || isMarked(this.markedPeriods, `${clientId} ${period}`)) return;
    this.markPeriod.run(clientId, period);
  }

  ticket(ticketId: string): void {
    if (!isMarked(this.markedTickets, ticketId)) this.markTicket.run(ticketId);
  }

  /** A ticket whose facts enter the rating of all its work. */
  ticketAndItsPeriods(ticketId: string): void {
    this.ticket(ticketId);
    this.markPeriodsOfTicket.run({ ticket: ticketId });
  }

  /** The client's periods from the month of a day on, as far as there is something in them. */
  clientFrom(clientId: string, day: LocalDate | null): void {
    this.clientBetween(clientId, day === null ? '' : monthOf(day), AFTER_ALL_MONTHS);
  }

  /** The client's periods from a month on and before another. */
  clientBetween(clientId: string, from: Month, before: Month): void {
    this.markPeriodsOfClient.run({ client: clientId, from, before });
  }

  /** The earlier periods in which there is something of the ticket. */
  periodsOfTicketBefore(ticketId: string, before: Month): void {
    this.markPeriodsOfTicketBefore.run({ ticket: ticketId, before });
  }

  client(clientId: string): void {
    this.clientFrom(clientId, null);
    this.markTicketsOfClient.run(clientId);
  }

  /** A ticket by itself has something to work out only when it is resolved, or holds work that no client-period has. */
  everything(): void {
    this.database.exec(`
      INSERT OR IGNORE INTO stale_periods ${knownPeriods('TRUE')};
      INSERT OR IGNORE INTO stale_tickets SELECT ticket_id FROM tickets WHERE resolved_at IS NOT NULL
        UNION SELECT ticket_id FROM work_items WHERE client_id = '${NO_CLIENT}';`);
  }

  any(): boolean {
    return this.anything.get() === 1;
  }

  nextPeriod(): { readonly clientId: string; readonly period: Month } | undefined {
    const row = this.firstPeriod.get();
    return row && { clientId: row.client_id, period: row.period };
  }

  nextTickets(limit: number): readonly string[] {
    return this.firstTickets.all(limit);
  }

  periodDone(clientId: string, period: Month): void {
    this.markedPeriods.delete(`${clientId} ${period}`);
    this.clearPeriod.run(clientId, period);
  }

  ticketDone(ticketId: string): void {
    this.markedTickets.delete(ticketId);
    this.clearTicket.run(ticketId);
  }
}
