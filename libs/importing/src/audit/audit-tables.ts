import type { MoneyJson } from '@billtrail/kernel';
import type { TicketOutcome } from './facts.js';
import type { LeakageAudit, LeakTotal, ListedLine } from './leakage-audit.js';

export interface TableColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** A table of plain text cells, for a terminal or a page. `more` rows were left out. */
export interface AuditTable {
  readonly title: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly string[])[];
  readonly more: number;
}

export const OUTCOME_WORDS: Readonly<Record<TicketOutcome, string>> = {
  billed: 'billed',
  covered: 'covered',
  gap: 'with gaps',
  'not-shown': 'not shown by the export',
};

const left = (title: string): TableColumn => ({ title, align: 'left' });
const right = (title: string): TableColumn => ({ title, align: 'right' });

/** `1,234.50`; a dash for no amount. */
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
    // If no gap has a price, the amount is unknown, not zero.
    gaps > 0 && withoutPrice === gaps ? '–' : amountText(money),
    minutes === 0 ? '–' : timeText(minutes),
    withoutPrice === 0 ? '–' : countText(withoutPrice),
  ];
}

function lineTable(title: string, lines: readonly ListedLine[], limit: number): AuditTable {
  return {
    title,
    columns: [left('Invoice'), right('Line'), right('Time'), right('Amount'), left('Reason')],
    rows: lines
      .slice(0, limit)
      .map(({ invoice, line, minutes, amount, reason }) => [
        invoice,
        String(line),
        timeText(minutes),
        amountText(amount),
        reason,
      ]),
    more: Math.max(0, lines.length - limit),
  };
}

/** `2 h 05 min`; a dash for no time. */
function timeText(minutes: number | null): string {
  if (minutes === null) return '–';
  const hours = Math.floor(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  const text = hours === 0 ? `${rest} min` : `${countText(hours)} h ${String(rest).padStart(2, '0')} min`;
  return minutes < 0 ? `-${text}` : text;
}

/** The report may be sent to others: it names the file, not the folders it was in. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

/** What was audited and when: `Leakage audit of my-desk, 2026-03-31: tickets.csv, work.csv, invoices.csv`. */
export function auditTitle({ source, inputs }: LeakageAudit, createdAt: string): string {
  const files = [inputs.tickets, inputs.work, inputs.invoices].flatMap((input) =>
    input === null ? [] : [fileName(input.file)],
  );
  return `Leakage audit of ${source}, ${createdAt}: ${files.join(', ')}`;
}

/** The audit as tables. Empty ones are left out, except the first two. `limit`: most rows of a list. */
export function auditTables(audit: LeakageAudit, limit: number): readonly AuditTable[] {
  const { totals, currency, invoiceLines } = audit;
  const figures = [
    right('Gaps'),
    right('Tickets'),
    right(`Value at risk (${currency})`),
    right('Time'),
    right('Without price'),
  ];
  const outcomes: AuditTable = {
    title: `Tickets in ${fileName(audit.inputs.tickets.file)}`,
    columns: [left('Result'), right('Tickets')],
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
    title: 'Gaps by leak',
    columns: [left('Leak'), ...figures],
    rows: audit.byLeak.map((total) => [total.leak, ...totalCells(total)]),
    more: 0,
  };
  const kinds: AuditTable = {
    title: 'Gaps by kind',
    columns: [left('Gap'), ...figures],
    rows: audit.byKind.map((total) => [total.kind, ...totalCells(total)]),
    more: 0,
  };
  const lists = [
    kinds,
    gapTable(audit, limit),
    otherStates(audit, limit),
    lineTable('Billed twice', invoiceLines.billedTwice, limit),
    lineTable('Invoice lines that match several pieces of work', invoiceLines.ambiguous, limit),
    lineTable('Invoice lines without minutes or amount', invoiceLines.blank, limit),
    lineTable('Invoice lines that match nothing', invoiceLines.unmatched, limit),
    strayWork(audit, limit),
    unreadable(audit, limit),
  ];
  return [outcomes, leaks, ...lists.filter(({ rows }) => rows.length > 0)];
}

function gapTable({ gaps, currency }: LeakageAudit, limit: number): AuditTable {
  return {
    title: 'Gaps, ticket by ticket',
    columns: [
      left('Ticket'),
      left('Client'),
      left('Gap'),
      left('Work'),
      right(`Value at risk (${currency})`),
      right('Time'),
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
        timeText(minutes),
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
    columns: [right('Line'), left('Ticket named'), right('Time')],
    rows: workWithoutTicket
      .slice(0, limit)
      .map(({ line, ticketReference, minutes }) => [String(line), ticketReference ?? '–', timeText(minutes)]),
    more: Math.max(0, workWithoutTicket.length - limit),
  };
}

function unreadable(audit: LeakageAudit, limit: number): AuditTable {
  return {
    title: 'Rows that could not be read',
    columns: [left('Export'), right('Line'), left('Column'), left('Reason')],
    rows: audit.unreadable
      .slice(0, limit)
      .map(({ export: name, line, column, reason }) => [name, String(line), column ?? '–', reason]),
    more: Math.max(0, audit.unreadable.length - limit),
  };
}
