import type { Month } from '@billtrail/kernel';
import { rate } from '@billtrail/billing';
import type { ReadDatabase } from '../database/read-database.js';
import type { Cells, Table } from '../database/table.js';
import { FactsReader } from '../rating-facts/facts-reader.js';
import { FactsMemory } from '../rating-facts/memory.js';
import { NO_CLIENT } from '../rating-facts/tables.js';
import { PeriodChain } from './period-chain.js';
import { gapCells, itemCells } from './rows.js';
import { GAPS_DERIVED, ITEMS, TICKET_SCOPE } from './tables.js';
import { TicketRating } from './ticket-rating.js';

/**
 * Items and derived gaps, of which no hash is kept, for there are as many as pieces of work: whoever records something that rests on them compares them with what rating makes of the
 * facts now, which are compared first.
 */
export class RatedRows {
  private readonly memory = new FactsMemory();
  private readonly facts;
  private readonly tickets;
  private readonly chain;

  constructor(private readonly database: ReadDatabase) {
    this.facts = new FactsReader(database, this.memory);
    this.tickets = new TicketRating(this.facts);
    this.chain = new PeriodChain(database);
  }

  ofPeriodAreRight(clientId: string, period: Month): boolean {
    this.memory.clear();
    const isKnown = this.chain.isKnown(clientId, period);
    const carriedIn = this.chain.carriedInto(clientId, period);
    const { items, gaps } = isKnown
      ? rate(this.facts.periodFacts(clientId, period, carriedIn))
      : { items: [], gaps: [] };
    const scope = `${clientId} ${period}`;
    return (
      this.holds(ITEMS, 'client_id = ? AND period = ?', [clientId, period], items.map(itemCells)) &&
      this.holds(
        GAPS_DERIVED,
        `scope = ? AND scope <> '${TICKET_SCOPE}'`,
        [scope],
        gaps.map((gap) => gapCells({ ...gap, scope })),
      )
    );
  }

  ofTicketAreRight(ticketId: string): boolean {
    this.memory.clear();
    const row = this.facts.ticketRow(ticketId);
    const { items, gaps } = row === undefined ? { items: [], gaps: [] } : this.tickets.of(row);
    const own = gaps.map((gap) => gapCells({ ...gap, scope: TICKET_SCOPE }));
    return (
      this.holds(ITEMS, `ticket_id = ? AND client_id = '${NO_CLIENT}'`, [ticketId], items.map(itemCells)) &&
      this.holds(GAPS_DERIVED, `ticket_id = ? AND scope = '${TICKET_SCOPE}'`, [ticketId], own)
    );
  }

  /** In whatever order. */
  private holds(
    { name, columns }: Pick<Table<unknown>, 'name' | 'columns'>,
    where: string,
    parameters: readonly string[],
    right: readonly Cells[],
  ): boolean {
    const sql = `SELECT ${columns} FROM ${name} WHERE ${where}`;
    const stored = this.database
      .query<string[], Cells>(sql)
      .raw()
      .all(...parameters) as readonly Cells[];
    const [there, meant] = [stored, right].map((rows) => rows.map(textOf).sort());
    return JSON.stringify(there) === JSON.stringify(meant);
  }
}

function textOf(cells: Cells): string {
  return JSON.stringify(cells, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}
