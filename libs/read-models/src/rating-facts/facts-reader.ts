import { addDays, daysOf, localDateIn, monthOf, type Instant, type LocalDate, type Month } from '@billtrail/kernel';
import { termEndOf } from '@billtrail/contracts';
import {
  type TicketsSplitOff,
  DEFAULT_CONFIGURATION,
  OF_NO_CLIENT,
  type BillingConfiguration,
  type CarriedOver,
  type ChangeOfTicket,
  type ClientPeriodFacts,
  detailsOf,
  partOf,
  type ContractFacts,
  type TicketFacts,
  type TicketText,
  type WorkItem,
} from '@billtrail/billing';
import type { ReadDatabase } from '../database/read-database.js';
import { AccountReader } from './account-reader.js';
import { ContractsReader } from './contracts-reader.js';
import { ElsewhereReader } from './elsewhere-reader.js';
import { IncidentsReader } from './incidents-reader.js';
import { FactsMemory, remember } from './memory.js';
import { MergeFacts } from './merge-facts.js';
import { BreachesReader } from './sla-facts.js';
import { CLIENTS, CONFIGURATION, TEXTS, type MergeRow, type TicketRow } from './tables.js';
import { TicketRows } from './ticket-rows.js';
import { WorkOfPeriods } from './work-of-periods.js';
import { fromJson } from '../database/row-unreadable.js';

/** Clients whose currency and zone stay in memory. */
const MAX_REMEMBERED_CLIENTS = 200;

/** Puts the folded facts together as rating takes them. */
export class FactsReader {
  readonly contracts: ContractsReader;
  private readonly configurationRow;
  private readonly clientRow;
  private readonly accounts: AccountReader;
  private readonly elsewhere: ElsewhereReader;
  private readonly incidents: IncidentsReader;
  private readonly breaches: BreachesReader;
  private readonly work: WorkOfPeriods;
  private readonly ticketRows: TicketRows;
  readonly merges: MergeFacts;
  private readonly kinds;
  private readonly texts;
  private readonly moves;

  constructor(
    database: ReadDatabase,
    private readonly memory = new FactsMemory(),
  ) {
    this.work = new WorkOfPeriods(database, memory);
    this.ticketRows = new TicketRows(database, memory);
    this.merges = new MergeFacts(database, memory);
    this.contracts = new ContractsReader(database, memory);
    this.accounts = new AccountReader(database);
    this.elsewhere = new ElsewhereReader(database);
    this.incidents = new IncidentsReader(database, this.merges, this.work);
    this.breaches = new BreachesReader(database);
    this.configurationRow = database.rows(CONFIGURATION, '');
    this.clientRow = database.rows(CLIENTS, 'WHERE client_id = ?');
    this.kinds = database.statement<[string], Pick<WorkItem, 'kind'>>(
      'SELECT kind FROM work_items WHERE ticket_id IN (SELECT value FROM json_each(?))',
    );
    this.moves = database
      .statement<[{ clientId: string; from: number; before: number }], bigint>(
        `SELECT m.at FROM tickets t JOIN ticket_moves m USING (ticket_id)
         WHERE t.client_id = :clientId AND m.at >= :from AND m.at < :before ORDER BY m.at`,
      )
      .pluck();
    this.texts = database.rows(TEXTS, 'WHERE ticket_id IN (SELECT value FROM json_each(?)) ORDER BY position, part');
  }

  /** The default one until the first is published, which marks everything. */
  configuration(): BillingConfiguration {
    this.memory.configuration ??= this.configurationRow.get()?.configuration ?? DEFAULT_CONFIGURATION;
    return this.memory.configuration;
  }

  /**
   * `carriedIn`: the carry-over of the period before, as JSON; null: it is the client's first. `supposed`: contracts as they would be, each in place of the
   * one with its id.
   */
  periodFacts(
    clientId: string,
    period: Month,
    carriedIn: string | null,
    supposed: readonly ContractFacts[] = [],
  ): ClientPeriodFacts {
    const configuration = this.configuration();
    const work = this.work.of(clientId, period);
    const account = this.accounts.of(clientId, period);
    const { invoiced, writtenOff, invoicedCharges } = account;
    const contracts = inPlaceOf(this.contracts.ofClient(clientId), supposed);
    const incidents = this.incidents.of(clientId, period, contracts, work, invoicedCharges);
    const ofTickets = [...work, ...(incidents?.work ?? []), ...invoiced.map(({ line }) => line), ...writtenOff];
    const tickets = this.tickets(new Set(ofTickets.map((one) => one.ticketId)));
    const client = this.client(clientId);
    return {
      clientId,
      // A client that nobody registered has no contract either: its work is unpriced, in the house's currency.
      currency: client?.currency ?? configuration.organisation.currency,
      period,
      contracts,
      tickets,
      work,
      ...account,
      elsewhere: this.elsewhere.of(
        clientId,
        period,
        work.map((one) => one.workItemId),
      ),
      feesElsewhere: this.elsewhere.feesOf(clientId, period, contracts),
      unitsElsewhere: this.elsewhere.unitsOf(clientId, period, contracts),
      onceElsewhere: this.elsewhere.onceOf(clientId, period, contracts),
      ...(incidents === null ? {} : { incidents }),
      configuration,
      ...(client === undefined ? {} : detailsOf(client.state)),
      ...(carriedIn === null ? {} : { carriedOver: fromJson(carriedIn) as CarriedOver }),
      ...this.lastTicketMove(clientId, period, contracts),
      slaBreaches: this.breaches.of(clientId, period),
      laterDraws: this.accounts.laterDraws(clientId, period),
      laterCaps: this.accounts.laterCaps(clientId, period, contracts, tickets),
    };
  }

  /** The work of tickets that have no client, in one month: of nobody, who has no contract. */
  factsWithoutClient(ticketIds: readonly string[], period: Month): ClientPeriodFacts {
    const configuration = this.configuration();
    const tickets = this.tickets(new Set(ticketIds));
    return {
      clientId: OF_NO_CLIENT,
      currency: configuration.organisation.currency,
      period,
      contracts: [],
      tickets: new Map([...tickets].map(([id, ticket]) => [id, { ...ticket, clientId: OF_NO_CLIENT }])),
      work: ticketIds
        .filter((ticketId) => (tickets.get(ticketId)?.clientId ?? null) === null)
        .flatMap((ticketId) => this.work.ofTicket(ticketId))
        .filter(({ workDate }) => monthOf(workDate) === period),
      configuration,
      invoiced: [],
      claimed: new Map(),
      writtenOff: [],
    };
  }

  /** Asked only where the term of a contract has ended: it costs a look at all tickets of the client. */
  private lastTicketMove(
    clientId: string,
    period: Month,
    contracts: readonly ContractFacts[],
  ): Pick<ClientPeriodFacts, 'lastTicketMove'> {
    const { first, last } = daysOf(period);
    const hasEnded = contracts.some((one) => (termEndOf(one)?.lastDay ?? last) < last && one.lastDay === null);
    if (!hasEnded) return {};
    const zone = this.client(clientId)?.timeZone ?? this.configuration().organisation.timeZone;
    const between = { clientId, from: Date.parse(addDays(first, -1)), before: Date.parse(addDays(last, 3)) };
    const days = this.moves.all(between).map((at) => localDateIn(zone, new Date(Number(at)).toISOString()));
    const latest = days.findLast((day) => first <= day && day <= last);
    return latest === undefined ? {} : { lastTicketMove: latest };
  }

  private tickets(ticketIds: ReadonlySet<string>): ReadonlyMap<string, TicketFacts> {
    const merges = this.merges.among(ticketIds);
    const ids = new Set(ticketIds);
    for (const { ticketId, root } of merges.values()) ids.add(ticketId).add(root);
    const rows = new Map(this.ticketRows.of(ids).map((row) => [row.ticketId, row]));
    const tickets = new Map([...rows.values()].map((row) => [row.ticketId, this.ticket(row)]));
    for (const ticketId of merges.keys()) {
      const row = rows.get(ticketId);
      if (row !== undefined) tickets.set(ticketId, this.partOfRoot(row, rows, merges));
    }
    return tickets;
  }

  /** A merged ticket, and what was merged into it, as they would be once it was split off: by their own ids. */
  apart(ticketId: string): TicketsSplitOff {
    const merges = new Map(this.merges.among([ticketId]));
    merges.delete(ticketId);
    const ids = [ticketId, ...merges.keys()];
    const rows = new Map(this.ticketRows.of(new Set(ids)).map((row) => [row.ticketId, row]));
    const apart = [...rows.values()].map((row) => [row.ticketId, this.partOfRoot(row, rows, merges)] as const);
    return new Map(apart.filter(([, facts]) => facts.ticketId === ticketId));
  }

  /** The tickets that are one with this one, itself among them, as they would be if its own facts were changed: by their own ids. */
  asOne(ticketId: string, change: ChangeOfTicket): ReadonlyMap<string, TicketFacts> {
    const merges = this.merges.among([this.merges.rootOf(ticketId)]);
    const ids = new Set([ticketId, ...merges.keys(), ...[...merges.values()].map(({ root }) => root)]);
    const rows = new Map(this.ticketRows.of(ids).map((row) => [row.ticketId, row]));
    const own = (row: TicketRow): TicketFacts =>
      row.ticketId === ticketId ? change(this.ticket(row)) : this.ticket(row);
    return new Map([...rows.values()].map((row) => [row.ticketId, this.partOfRoot(row, rows, merges, own)]));
  }

  /** A merged ticket as that at the end of its chain has it. */
  private partOfRoot(
    row: TicketRow,
    rows: ReadonlyMap<string, TicketRow>,
    merges: ReadonlyMap<string, MergeRow>,
    own: (row: TicketRow) => TicketFacts = (one) => this.ticket(one),
  ): TicketFacts {
    let facts = own(row);
    for (let merge = merges.get(row.ticketId); merge !== undefined; merge = merges.get(merge.parent)) {
      const parent = rows.get(merge.parent) ?? this.ticketRow(merge.parent);
      if (parent === undefined) break;
      const as = own(parent);
      const isNoChargeSince = (as.noCharge?.position ?? 0) > merge.position;
      facts = partOf(facts, as, isNoChargeSince);
    }
    return facts;
  }

  /** The ticket as its work is rated: where it was merged into another, as part of that. */
  ticketOfWork(row: TicketRow): TicketFacts {
    return this.tickets(new Set([row.ticketId])).get(row.ticketId) ?? this.ticket(row);
  }

  client(clientId: string) {
    const known = this.memory.clients.get(clientId) ?? this.clientRow.get(clientId);
    return known && remember(this.memory.clients, clientId, known, MAX_REMEMBERED_CLIENTS);
  }

  ticketRow(ticketId: string): TicketRow | undefined {
    return this.ticketRows.one(ticketId);
  }

  /** Of all that was merged into it too. */
  kindsOfWork(ticketId: string): readonly Pick<WorkItem, 'kind'>[] {
    return this.kinds.all(JSON.stringify(this.merges.treeOf(ticketId)));
  }

  workOfPeriod(clientId: string, period: Month): readonly WorkItem[] {
    return this.work.of(clientId, period);
  }

  workOf(ticketId: string): readonly WorkItem[] {
    return this.work.ofTicket(ticketId);
  }

  /** The day of the latest resolution where the client is. */
  resolvedOn({ resolvedAt, clientId }: TicketRow): LocalDate | null {
    return resolvedAt === null ? null : this.dayOf(clientId, resolvedAt);
  }

  /** The day where the client is. */
  dayOf(clientId: string | null, at: Instant): LocalDate {
    const own = clientId === null ? undefined : this.client(clientId);
    return localDateIn(own?.timeZone ?? this.configuration().organisation.timeZone, at);
  }

  /** Of all that was merged into it too. */
  private textsOf(ticketId: string): readonly TicketText[] {
    const rows = this.texts.all(JSON.stringify(this.merges.treeOf(ticketId)));
    return rows.map(({ eventId, text, words }) =>
      words === null ? { eventId, text: text ?? '' } : { eventId, words },
    );
  }

  /** Rating of work reads no texts: they are loaded only where a ticket's own gaps are looked for in them. */
  ticket(row: TicketRow, { texts }: { readonly texts: boolean } = { texts: false }): TicketFacts {
    const { ticketId, clientId, contractId, siteId, category, ticketType, priority, summary, materials } = row;
    const { scope, reopened, resolvedEventId, splitResolved } = row;
    return {
      ticketId,
      clientId,
      contractId,
      siteId,
      category,
      ticketType,
      priority,
      summary,
      texts: texts ? this.textsOf(ticketId) : [],
      materials,
      resolvedOn: this.resolvedOn(row),
      resolvedEventId,
      noCharge: noChargeOf(row),
      ...(splitResolved === null ? {} : { alsoHeldBefore: splitResolved }),
      ...(scope === null ? {} : { scope }),
      ...(reopened === null ? {} : { reopened: { position: reopened.position, wasFree: reopened.wasFree } }),
    };
  }
}

function noChargeOf({
  noChargeReasonCode: reasonCode,
  noChargeReason: reason,
  noChargeEventId: eventId,
  noChargePosition: position,
}: TicketRow): TicketFacts['noCharge'] {
  if (reasonCode === null || reason === null || eventId === null || position === null) return null;
  return { reasonCode, reason, eventId, position };
}

/** Contracts as they would be, each in place of the recorded one with its id, or beside them. */
export function inPlaceOf(
  recorded: readonly ContractFacts[],
  supposed: readonly ContractFacts[],
): readonly ContractFacts[] {
  if (supposed.length === 0) return recorded;
  const byId = new Map([...recorded, ...supposed].map((one) => [one.contractId, one]));
  return [...byId.values()];
}
