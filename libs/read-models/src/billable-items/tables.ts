import type { MoneyJson } from '@billtrail/kernel';
import { BURN_DECIMALS, type PrepaidAmount, type WorkKind } from '@billtrail/contracts';
import type {
  EndsGap,
  Approval,
  ChargeBasis,
  ChargeItem,
  ChargeKind,
  CourtesyGiven,
  Disposition,
  Draw,
  GapKind,
  Segment,
  Trace,
  UnpricedReason,
} from '@billtrail/billing';
import { flag, integer, json, minor, orNull, table, text, type RowOf } from '../database/table.js';

/** In `derived_gaps.scope`: derived from the ticket itself. Else the client-period whose rating derives it. */
export const TICKET_SCOPE = '';

/** Work that burns weighted draws parts of a minute: so many are one. */
export const MINUTE_PARTS = 10 ** BURN_DECIMALS;

/** In `derived_gaps.ticket_id`: the gap is about a charge. In `draws.ticket_id`: the item that drew is gone. */
export const NO_TICKET = '';

/** Each rated client-period as a link of the client's chain. */
export const PERIODS = table(
  'rated_periods',
  {
    clientId: text(),
    period: text(),
    /** What it was rated with; null: it is the client's first. Both as JSON, for they are compared as they stand. */
    carriedIn: orNull(text()),
    carriedOut: text(),
  },
  { compared: { client: 'clientId', period: 'period' }, key: ['clientId', 'period'] },
);

/** Tickets that were resolved, and the day of it where the client is; and since when they are open again. */
export const RESOLVED = table(
  'resolved_tickets',
  { ticketId: text(), clientId: orNull(text()), resolvedOn: text(), reopenedOn: orNull(text()), isNoCharge: flag() },
  {
    compared: 'never',
    key: ['ticketId'],
    indexes: { resolved_tickets_by_day: ['clientId', 'resolvedOn', 'ticketId', 'reopenedOn', 'isNoCharge'] },
  },
);

export const ITEMS = table(
  'billable_items',
  {
    clientId: text(),
    period: text(),
    itemId: text(),
    workItemId: text(),
    ticketId: text(),
    mergedInto: orNull(text()),
    kind: text<WorkKind>(),
    disposition: text<Disposition>(),
    workDate: text(),
    description: text(),
    actualMinutes: orNull(integer()),
    billableMinutes: orNull(integer()),
    quantity: text(),
    unit: text(),
    /** Decimal: a unit price may have more digits than the currency's minor unit. */
    unitPrice: orNull(text()),
    currency: orNull(text()),
    netMinor: orNull(minor()),
    standardValue: orNull(json<MoneyJson>()),
    cost: orNull(json<MoneyJson>()),
    taxCategory: orNull(text()),
    contractId: orNull(text()),
    contractVersion: orNull(integer()),
    approval: orNull(text<Approval>()),
    invoiceId: orNull(text()),
    sourceEventIds: json<readonly string[]>(),
    /** Why it has no price. */
    unpricedReason: orNull(text<UnpricedReason>()),
    unpricedCause: orNull(text()),
    /** null: the whole of the work. */
    segment: orNull(json<Segment>()),
    /** null: nothing of a block or allotment. */
    draw: orNull(json<Draw>()),
    creditNoteId: orNull(text()),
    /** null: nothing was given. */
    courtesy: orNull(json<CourtesyGiven>()),
    /** Its amount, for sums. */
    courtesyMinor: orNull(minor()),
  },
  {
    compared: 'never',
    key: ['clientId', 'period', 'itemId', 'ticketId'],
    indexes: {
      billable_items_by_id: ['itemId'],
      billable_items_by_courtesy: ['courtesyMinor'],
      billable_items_by_ticket: ['ticketId', 'disposition', 'workItemId', 'itemId'],
      billable_items_for_totals: [
        'clientId',
        'period',
        'disposition',
        'kind',
        'currency',
        'netMinor',
        'actualMinutes',
        'billableMinutes',
        'quantity',
      ],
    },
    hasRowId: true,
  },
);
export type ItemRow = RowOf<typeof ITEMS>;

export const CHARGES = table(
  'charges',
  {
    clientId: text(),
    period: text(),
    chargeItemId: text(),
    chargeId: text(),
    kind: text<ChargeKind>(),
    disposition: text<ChargeItem['disposition']>(),
    description: text(),
    fromDay: text(),
    toDay: text(),
    quantity: text(),
    unit: text(),
    unitPrice: text(),
    currency: text(),
    netMinor: minor(),
    taxCategory: text(),
    contractId: text(),
    contractVersion: integer(),
    ticketId: orNull(text()),
    billableFrom: text(),
    invoiceId: orNull(text()),
    sourceEventIds: json<readonly string[]>(),
    basis: json<ChargeBasis>(),
    trace: json<Trace>(),
    creditedMinor: orNull(minor()),
    creditNoteId: orNull(text()),
  },
  {
    compared: { client: 'clientId', period: 'period' },
    key: ['clientId', 'period', 'chargeItemId'],
    indexes: { charges_by_id: ['chargeItemId'], charges_by_contract: ['contractId', 'period', 'chargeItemId'] },
    hasRowId: true,
  },
);
export type ChargeRow = RowOf<typeof CHARGES>;

export const DRAWS = table(
  'draws',
  {
    clientId: text(),
    period: text(),
    /** 1, 2, 3 ... in the order in which the draws of the period were taken. */
    sequence: integer(),
    contractId: text(),
    source: text<'block' | 'allotment'>(),
    /** Id of the block or of the allotment. */
    sourceId: text(),
    /** The month that granted the allotment; empty for a block. */
    month: text(),
    itemId: text(),
    workItemId: text(),
    ticketId: text(),
    workDate: text(),
    /** In parts of a minute or in money, as the source is (`MINUTE_PARTS`). */
    minuteParts: orNull(integer()),
    /** Minutes that each minute of the item drew; null: one, or money. */
    weight: orNull(text()),
    valueMinor: orNull(minor()),
    currency: orNull(text()),
    frozen: flag(),
  },
  {
    compared: { client: 'clientId', period: 'period' },
    key: ['clientId', 'period', 'sequence'],
    indexes: {
      draws_by_source: ['contractId', 'source', 'sourceId', 'month', 'period', 'sequence', 'minuteParts', 'valueMinor'],
    },
  },
);
export type DrawRow = RowOf<typeof DRAWS>;

export const ALLOTMENTS = table(
  'allotments',
  {
    clientId: text(),
    period: text(),
    contractId: text(),
    allotmentId: text(),
    name: text(),
    amount: json<PrepaidAmount>(),
    firstDay: text(),
    lastDay: text(),
  },
  {
    compared: 'never',
    key: ['clientId', 'period', 'contractId', 'allotmentId'],
    indexes: { allotments_by_contract: ['contractId', 'allotmentId', 'period'] },
  },
);

/** What of unused bases lapsed when a period began, above what the terms let go on. */
export const LAPSES = table(
  'lapses',
  {
    clientId: text(),
    period: text(),
    contractId: text(),
    allotmentId: text(),
    /** The month that granted it. */
    month: text(),
    amount: json<PrepaidAmount>(),
  },
  {
    compared: 'never',
    key: ['clientId', 'period', 'contractId', 'allotmentId', 'month'],
    indexes: { lapses_by_source: ['contractId', 'allotmentId', 'month', 'period'] },
  },
);

/** Contracts whose blocks run out, where their terms renew them. */
export const BLOCKS_DUE = table(
  'blocks_due',
  {
    clientId: text(),
    period: text(),
    contractId: text(),
    /** The day of the work that takes the rest. */
    dueOn: text(),
    workItemId: text(),
    follows: text(),
    ofBlocks: integer(),
  },
  { compared: { client: 'clientId', period: 'period' }, key: ['clientId', 'period', 'contractId'] },
);

export const GAPS_DERIVED = table(
  'derived_gaps',
  {
    ticketId: text(),
    gapKey: text(),
    /** The key that old logs have for it, where that is another. */
    formerKey: orNull(text()),
    /** What derives it, and alone may change or remove the row. */
    scope: text(),
    kind: text<GapKind>(),
    clientId: orNull(text()),
    period: orNull(text()),
    workItemId: orNull(text()),
    valueMinor: orNull(minor()),
    currency: orNull(text()),
    minutes: orNull(integer()),
    cause: text(),
    sourceEventIds: json<readonly string[]>(),
    dueOn: orNull(text()),
    chargeContractId: orNull(text()),
    chargeId: orNull(text()),
    /** null: its cause says it, or its kind does. */
    endsBy: orNull(json<EndsGap>()),
  },
  {
    compared: 'never',
    key: ['ticketId', 'gapKey', 'scope'],
    indexes: {
      derived_gaps_by_scope: { on: ['scope'], where: `scope <> '${TICKET_SCOPE}'` },
      derived_gaps_by_key: ['gapKey', 'scope'],
      derived_gaps_by_former_key: { on: ['formerKey', 'scope'], where: 'former_key IS NOT NULL' },
      derived_gaps_by_due_day: ['dueOn'],
    },
  },
);
export type DerivedGapRow = RowOf<typeof GAPS_DERIVED>;

/** Keys of derived gaps that changed or went away: marks for the gap ledger. */
export const STALE_DERIVED_GAPS = table(
  'stale_derived_gaps',
  { gapKey: text() },
  { compared: 'never', key: ['gapKey'] },
);

export const RESULT_TABLES = [
  PERIODS,
  RESOLVED,
  ITEMS,
  CHARGES,
  DRAWS,
  ALLOTMENTS,
  LAPSES,
  BLOCKS_DUE,
  GAPS_DERIVED,
  STALE_DERIVED_GAPS,
] as const;
