import type { MoneyJson } from '@billtrail/kernel';
import type { TicketOutcome } from './facts.js';
import type { LeakageAudit, LeakTotal, ListedLine } from './leakage-audit.js';

export interface TableColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** A table as plain text cells, for a terminal or a page. `more` rows were left out. */
export interface AuditTable {
  readonly title: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly string[])[];
  readonly more: number;
}

export const OUTCOME_WORDS: Readonly<Record<TicketOutcome, string>> = {
  billed: 'billed',
  covered: 'covered',
  gap: 'with a gap',
  'not-shown': 'not shown by the export',
};

const left = (title: string): TableColumn => ({ title, align: 'left' });
const right = (title: string): TableColumn => ({ title, align: 'right' });

/** `1,234.50`; an em dash where there is no amount. */
export function amountText(money: MoneyJson | null): string {
  if (money === null) return '–';
  const [whole = '', fraction] = money.amount.split('.');
  return whole.replace(/\B(?=(\d{3})+$)/g, ',') + (fraction === undefined ? '' : `.${fraction}`);
}

export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

function totalCells(total: LeakTotal): readonly string[] {
  const { gaps, tickets, money, minutes, withoutPrice } = total;
  return [
    countText(gaps),
    countText(tickets),
    // Gaps that all lack a price are worth an unknown amount, not nothing.
    gaps > 0 && withoutPrice === gaps ? '–' : amountText(money),
    minutes === 0 ? '–' : countText(minutes),
    withoutPrice === 0 ? '–' : countText(withoutPrice),
  ];
}

function lineTable(title: string, lines: readonly ListedLine[], limit: number): AuditTable {
  return {
    title,
    columns: [left('Invoice'), right('Line'), right('Minutes'), right('Amount'), left('Why')],
    rows: lines
      .slice(0, limit)
      .map(({ invoice, line, minutes, amount, reason }) => [
        invoice,
        String(line),
        minutes === null ? '–' : countText(minutes),
        amountText(amount),
        reason,
      ]),
    more: Math.max(0, lines.length - limit),
  };
}

/** The audit as tables, those without a row left out (the first two are always there). `limit` is the most rows of a list. */
export function auditTables(audit: LeakageAudit, limit: number): readonly AuditTable[] {
  const { totals, currency, invoiceLines } = audit;
  const figures = [
    right('Gaps'),
    right('Tickets'),
    right(`Value (${currency})`),
    right('Minutes'),
    right('Without price'),
  ];
  const outcomes: AuditTable = {
    title: 'Resolved tickets',
    columns: [left('Outcome'), right('Tickets')],
    rows: [
      ...(Object.keys(OUTCOME_WORDS) as TicketOutcome[]).map((outcome) => [
        OUTCOME_WORDS[outcome],
        countText(totals.outcomes[outcome]),
      ]),
      ['all resolved', countText(totals.resolved)],
      ['not resolved', countText(totals.notResolved)],
      ['all read', countText(totals.tickets)],
    ],
    more: 0,
  };
  const leaks: AuditTable = {
    title: 'Leaks',
    columns: [left('Leak'), ...figures],
    rows: audit.byLeak.map((total) => [total.leak, ...totalCells(total)]),
    more: 0,
  };
  const kinds: AuditTable = {
    title: 'Gaps by kind',
    columns: [left('Kind'), ...figures],
    rows: audit.byKind.map((total) => [total.kind, ...totalCells(total)]),
    more: 0,
  };
  const lists = [
    kinds,
    gapTable(audit, limit),
    otherStates(audit, limit),
    lineTable('Billed twice', invoiceLines.billedTwice, limit),
    lineTable('Invoice lines that match several', invoiceLines.ambiguous, limit),
    lineTable('Invoice lines without minutes and amount', invoiceLines.blank, limit),
    lineTable('Invoice lines that match nothing', invoiceLines.unmatched, limit),
    strayWork(audit, limit),
    unreadable(audit, limit),
  ];
  return [outcomes, leaks, ...lists.filter(({ rows }) => rows.length > 0)];
}

function gapTable({ gaps, currency }: LeakageAudit, limit: number): AuditTable {
  return {
    title: 'Gaps',
    columns: [
      left('Ticket'),
      left('Client'),
      left('Kind'),
      left('Work'),
      right(`Value (${currency})`),
      right('Minutes'),
      left('Cause'),
    ],
    rows: gaps
      .slice(0, limit)
      .map(({ ticketId, client, kind, workId, workLine, money, minutes, cause }) => [
        ticketId,
        client ?? '–',
        kind,
        workId ?? (workLine === null ? '–' : `line ${workLine}`),
        amountText(money),
        minutes === null ? '–' : countText(minutes),
        cause,
      ]),
    more: Math.max(0, gaps.length - limit),
  };
}

function otherStates({ statesNotResolved }: LeakageAudit, limit: number): AuditTable {
  return {
    title: 'States that the mapping does not call resolved',
    columns: [left('State'), right('Tickets')],
    rows: statesNotResolved
      .slice(0, limit)
      .map(({ state, tickets }) => [state === '' ? '(no state)' : state, countText(tickets)]),
    more: Math.max(0, statesNotResolved.length - limit),
  };
}

function strayWork({ workWithoutTicket }: LeakageAudit, limit: number): AuditTable {
  return {
    title: 'Work without a ticket in the export',
    columns: [right('Line'), left('Ticket named'), right('Minutes')],
    rows: workWithoutTicket
      .slice(0, limit)
      .map(({ line, ticketReference, minutes }) => [
        String(line),
        ticketReference ?? '–',
        minutes === null ? '–' : countText(minutes),
      ]),
    more: Math.max(0, workWithoutTicket.length - limit),
  };
}

function unreadable(audit: LeakageAudit, limit: number): AuditTable {
  return {
    title: 'Rows that could not be read',
    columns: [left('Export'), right('Line'), left('Column'), left('Why')],
    rows: audit.unreadable
      .slice(0, limit)
      .map(({ export: name, line, column, reason }) => [name, String(line), column ?? '–', reason]),
    more: Math.max(0, audit.unreadable.length - limit),
  };
}
