import type { Instant, Month, TimeZone } from '@billtrail/kernel';
import type {
  BlockReturn,
  ClientState,
  ContractState,
  PrepaidAmount,
  PrepaidBlock,
  WorkKind,
} from '@billtrail/contracts';
import type {
  Approval,
  BillingConfiguration,
  ContractFacts,
  Courtesy,
  PriceOverride,
  ScopeStatement,
  SupplierCreditFacts,
} from '@billtrail/billing';
import type { PositionNumber } from '@billtrail/event-store';
import type { Priority, SlaBreached, SlaStage, SlaWarned } from '@billtrail/ticketing';
import { flag, integer, json, orNull, table, text, type RowOf } from '../database/table.js';
import { ACCOUNT_TABLES } from './account-tables.js';

/** In key columns: the ticket has no client yet. Its work is kept and rated under this name, so that it is never out of sight. */
export const NO_CLIENT = '';

/** In `work_items.period`: its day is no day, so that nothing says in which month it is. */
export const NO_PERIOD = '';

/** In `ticket_moves.priority`: it is not known. null: the move says nothing about it. */
export const UNKNOWN_PRIORITY = '';

/** Of a table with one row. */
export const THE_ONE = 1;

export const CONFIGURATION = table(
  'rating_configuration',
  {
    id: integer(),
    configuration: json<BillingConfiguration>(),
    /** Of the event that published it, and by whom. */
    position: integer<PositionNumber>(),
    publishedBy: text(),
  },
  { compared: 'with-all', key: ['id'] },
);

export const CLIENTS = table(
  'clients',
  {
    clientId: text(),
    name: text(),
    currency: text(),
    timeZone: text(),
    /** As the client's own fold has it, with its sites. */
    state: json<Extract<ClientState, { readonly status: 'registered' }>>(),
  },
  { compared: { client: 'clientId' }, key: ['clientId'] },
);

export type ClientRow = RowOf<typeof CLIENTS>;

/** From when to when a version runs, and its longest cycle in months; null: nothing comes with the month. */
export interface VersionSpan {
  readonly from: string;
  readonly to: string | null;
  readonly cycleMonths: number | null;
}

type WithSources<State> = State extends { readonly status: 'unknown' }
  ? never
  : Omit<State, 'blocks' | 'withdrawnBlocks' | 'counts'> &
      Required<Pick<ContractFacts, 'blocks' | 'withdrawnBlocks' | 'counts' | 'versionEvents' | 'daysEvents'>>;

/** A contract as it was folded. Its blocks, counts and versions name the events that brought them. */
export type ActivatedContract = WithSources<ContractState>;

/** A contract as `evolveContract` folds it, and beside it what is asked of many contracts at once. */
export const CONTRACTS = table(
  'contracts',
  {
    contractId: text(),
    clientId: text(),
    lastDay: orNull(text()),
    /** Of its versions in their order. */
    spans: json<readonly VersionSpan[]>(),
    /** In any version: there is something that comes with the month. */
    hasCycles: flag(),
    /** The months of charges that come once, unless another account has them. */
    onceMonths: json<readonly Month[]>(),
    /** That its versions state; null: the client's. */
    timeZones: json<readonly (TimeZone | null)[]>(),
    /** Whether a fee may be in the account of another month than a later version would put it. */
    changesCycles: flag(),
    hasServiceLevels: flag(),
    /** Whether any version asks a fixed price of a ticket. */
    hasIncidents: flag(),
    /** Whether in any version so many of these cost nothing in a month. */
    countsIncidents: flag(),
    /** Last day of its term, where nobody decided that the contract ends with it; null: open-ended, or ended by decision. */
    termEnd: orNull(text()),
    /** The day from which that is worth a warning: so many days before as the terms give for notice. */
    warnsFrom: orNull(text()),
    /** The last day that any charge of it is committed to; null: none is. */
    committedUntil: orNull(text()),
    /** Last day of a term after which the contract renews by itself; null: it does not. */
    renewsAfter: orNull(text()),
    state: json<ActivatedContract>(),
  },
  {
    compared: { client: 'clientId' },
    key: ['contractId'],
    indexes: { contracts_by_client: ['clientId', 'contractId'] },
  },
);

export const BLOCKS = table(
  'prepaid_blocks',
  {
    contractId: text(),
    blockId: text(),
    purchasedOn: text(),
    expiresOn: orNull(text()),
    amount: json<PrepaidAmount>(),
    price: orNull(json<NonNullable<PrepaidBlock['price']>>()),
    /** In the order in which they were recorded. */
    returns: json<readonly BlockReturn[]>(),
    /** Why; null: it was not withdrawn. */
    withdrawn: orNull(text()),
  },
  { compared: { as: CONTRACTS, by: 'contractId' }, key: ['contractId', 'blockId'] },
);

/** The months that the log has come to, each with the event by which it did; the last is the horizon. */
export const HORIZON = table(
  'horizon',
  { month: text(), position: integer<PositionNumber>(), eventId: text() },
  { compared: 'with-all', key: ['month'] },
);

/** The last event of each stream of clients, contracts and accounts: where what they tell can't be rated, that is how it became known. */
export const TOLD = table(
  'told_by',
  { stream: text(), eventId: text(), position: integer<PositionNumber>() },
  { compared: 'never', key: ['stream'] },
);

export const CONTRACT_MONTHS = table(
  'contract_months',
  { clientId: text(), period: text(), contractId: text() },
  {
    compared: { client: 'clientId', period: 'period' },
    key: ['clientId', 'period', 'contractId'],
    indexes: { contract_months_by_contract: ['contractId', 'period'] },
  },
);

/** How a ticket that was resolved was opened again. */
export interface ReopenedTicket {
  readonly at: Instant;
  /** Of its event: what was recorded before is work of the ticket as it was resolved. */
  readonly position: number;
  /** No charge was declared for it then: the declaration ended. */
  readonly wasFree: boolean;
}

export const TICKETS = table(
  'tickets',
  {
    ticketId: text(),
    reference: orNull(text()),
    summary: text(),
    clientId: orNull(text()),
    contractId: orNull(text()),
    siteId: orNull(text()),
    category: orNull(text()),
    ticketType: orNull(text()),
    priority: orNull(text()),
    materials: orNull(text<'listed' | 'none-used'>()),
    /** Moment of the latest resolution; null: it never was resolved. It stays when the ticket is opened again. */
    resolvedAt: orNull(text()),
    resolvedEventId: orNull(text()),
    /** null: it is not, or stands where it was resolved. */
    reopened: orNull(json<ReopenedTicket>()),
    /** Position at which it was split off from a ticket that had been resolved with its work; null: it never was. */
    splitResolved: orNull(integer()),
    noChargeReasonCode: orNull(text()),
    noChargeReason: orNull(text()),
    noChargeEventId: orNull(text()),
    noChargePosition: orNull(integer()),
    /** What was said of its scope, in order, from the first `out-of-scope` or decision on; null: nothing that rating asks. */
    scope: orNull(json<readonly ScopeStatement[]>()),
  },
  { compared: { client: 'clientId' }, key: ['ticketId'], indexes: { tickets_by_client: ['clientId', 'ticketId'] } },
);
export type TicketRow = RowOf<typeof TICKETS>;

/** Tickets that were merged into another. */
export const MERGES = table(
  'merged_tickets',
  {
    ticketId: text(),
    /** The ticket that it was merged into. */
    parent: text(),
    /** The one at the end of the chain: as its work that of this ticket is rated. */
    root: text(),
    position: integer(),
  },
  {
    compared: 'with-all',
    key: ['ticketId'],
    indexes: { merged_tickets_by_root: ['root', 'ticketId'], merged_tickets_by_parent: ['parent'] },
  },
);
export type MergeRow = RowOf<typeof MERGES>;

/** Merges without effect, for they would close a circle: of each the ticket, and the event that is to be taken back. */
export const CROSSED_MERGES = table(
  'crossed_merges',
  { ticketId: text(), eventId: text() },
  { compared: 'with-all', key: ['ticketId'] },
);

/** What people wrote that names parts: the words that were found in it, and no text. Of an event that was recorded without its words, each of its texts. */
export const TEXTS = table(
  'ticket_texts',
  {
    ticketId: text(),
    position: integer(),
    part: integer(),
    eventId: text(),
    /** Of the ticket as whose it is rated; {@link NO_CLIENT} while that is unknown. */
    clientId: text(),
    text: orNull(text()),
    words: orNull(json<readonly string[]>()),
  },
  {
    compared: { client: 'clientId' },
    key: ['ticketId', 'position', 'part'],
    indexes: { ticket_texts_by_client: ['clientId'] },
  },
);

/** Of every ticket: a contract with a service level may come later than they do. */
export const MOVES = table(
  'ticket_moves',
  {
    ticketId: text(),
    position: integer(),
    /** Milliseconds since 1970. */
    at: integer(),
    stage: orNull(text<SlaStage>()),
    priority: orNull(text<Priority | typeof UNKNOWN_PRIORITY>()),
  },
  { compared: 'never', key: ['ticketId', 'position'] },
);

/** What was recorded about the SLA of tickets and stands. A breach is in the client-period of its day, where its service credit is. */
export const SLA_RECORDS = table(
  'sla_records',
  {
    ticketId: text(),
    position: integer(),
    eventId: text(),
    type: text<'SlaBreached' | 'SlaWarned'>(),
    /** Of a breach. */
    clientId: orNull(text()),
    period: orNull(text()),
    facts: json<SlaBreached['data'] | SlaWarned['data']>(),
  },
  {
    compared: { client: 'clientId', period: 'period' },
    key: ['ticketId', 'position'],
    indexes: { sla_records_by_period: ['clientId', 'period', 'eventId'] },
  },
);

/** Live work: what was voided is gone from here and stays in the log. */
export const WORK = table(
  'work_items',
  {
    ticketId: text(),
    workItemId: text(),
    /** Under which it is rated: unique over all tickets. */
    name: text(),
    kind: text<WorkKind>(),
    /** The ticket's client, which it follows; {@link NO_CLIENT} while that is unknown. */
    clientId: text(),
    period: text(),
    position: integer(),
    /** The position of the event that stated it last. */
    statedAt: integer<PositionNumber>(),
    /** Why it can't be reckoned with: its facts are kept as they are, and its figures are none. null: it can. */
    notTaken: orNull(text()),
    approval: orNull(text<Approval>()),
    /** Where it is approved, whether by someone who did or entered it. */
    isOwnApproval: flag(),
    /** It was approved once, whatever became of that: then it goes only the way money goes. */
    wasApproved: flag(),
    minutes: orNull(integer()),
    quantity: text(),
    facts: json(),
    sourceEventIds: json<readonly string[]>(),
    /** The price that a person set for it. */
    override: orNull(json<PriceOverride>()),
    /** What accounts give of it. */
    courtesy: orNull(json<Courtesy>()),
    /** What the supplier gave back for goods under warranty; null: nothing. */
    supplierCredits: orNull(json<readonly SupplierCreditFacts[]>()),
    /** Who did it; null: goods, which name nobody. */
    engineerId: orNull(text()),
    /** As it was stated, whatever it is. */
    workDate: text(),
    /** Who entered or corrected it. */
    writtenBy: json<readonly string[]>(),
    /** When it was entered or corrected last. */
    recordedAt: text(),
  },
  {
    compared: { client: 'clientId', period: 'period' },
    key: ['ticketId', 'workItemId'],
    indexes: {
      work_items_by_period: ['clientId', 'period', 'kind', 'minutes', 'quantity', 'ticketId'],
      work_items_by_approval: ['approval', 'workDate'],
      work_items_by_engineer: ['engineerId', 'workDate'],
    },
  },
);
export type WorkRow = RowOf<typeof WORK>;

/** When something changed of the time of an engineer on a day: where the rules of approval look again. What they find is compared itself. */
export const ENGINEER_DAYS = table(
  'engineer_days',
  { engineerId: text(), workDate: text(), changedAt: integer<PositionNumber>() },
  {
    compared: 'never',
    key: ['engineerId', 'workDate'],
    indexes: { engineer_days_by_change: ['changedAt', 'engineerId', 'workDate'] },
  },
);

/** The names of work, compared in groups by how ids end, for each is unique over all clients. They stay when the work is voided: it may stand on an invoice. */
export const NAMES = table(
  'work_item_names',
  { ticketId: text(), workItemId: text(), name: text(), idGroup: text() },
  {
    compared: { client: 'idGroup' },
    key: ['ticketId', 'workItemId'],
    indexes: { work_item_names_by_name: ['name'], work_item_names_by_group: ['idGroup'] },
  },
);

/** The further months in which an entry with start and end may lie. */
export const SPANS = table(
  'work_spans',
  { clientId: text(), period: text(), ticketId: text(), workItemId: text() },
  {
    compared: { client: 'clientId', period: 'period' },
    key: ['clientId', 'period', 'ticketId', 'workItemId'],
    indexes: { work_spans_by_work: ['ticketId', 'workItemId'] },
  },
);

/** What must be rated again. */
export const STALE_PERIODS = table(
  'stale_periods',
  { clientId: text(), period: text() },
  { compared: 'never', key: ['clientId', 'period'] },
);
export const STALE_TICKETS = table('stale_tickets', { ticketId: text() }, { compared: 'never', key: ['ticketId'] });
/** Tickets whose SLA clocks must be worked out again. */
export const STALE_CLOCKS = table('stale_clocks', { ticketId: text() }, { compared: 'never', key: ['ticketId'] });

export const FACT_TABLES = [
  CONFIGURATION,
  CLIENTS,
  CONTRACTS,
  BLOCKS,
  HORIZON,
  CONTRACT_MONTHS,
  TICKETS,
  MERGES,
  CROSSED_MERGES,
  TEXTS,
  MOVES,
  SLA_RECORDS,
  TOLD,
  WORK,
  ENGINEER_DAYS,
  NAMES,
  SPANS,
  ...ACCOUNT_TABLES,
  STALE_PERIODS,
  STALE_TICKETS,
  STALE_CLOCKS,
] as const;
