import { localTimeIn, type TimeZone } from '@billtrail/kernel';
import { csvLine, neutralised } from '../csv/csv-text.js';
import type { LeakageAudit } from './leakage-audit.js';
import type { AuditGap, TicketResult } from './facts.js';

const HEADER = [
  'ticket',
  'client',
  'state',
  'resolved_at',
  'outcome',
  'reason',
  'work_items',
  'worked_minutes',
  'invoice_lines',
  'gap_kind',
  'leak',
  'work',
  'value',
  'currency',
  'minutes',
  'cause',
];

/**
 * Every resolved ticket, a line per gap (a ticket without a gap has one line), as CSV with CRLF. Cells that a spreadsheet would take for a
 * formula are neutralised. Times are of the zone of the audit.
 */
export function auditCsv(audit: LeakageAudit): string {
  const rows = audit.tickets.flatMap((ticket) =>
    ticket.gaps.length === 0
      ? [cells(ticket, null, audit.timeZone)]
      : ticket.gaps.map((gap) => cells(ticket, gap, audit.timeZone)),
  );
  return `${[HEADER, ...rows].map((row) => csvLine(row.map(neutralised))).join('\r\n')}\r\n`;
}

function cells(ticket: TicketResult, gap: AuditGap | null, timeZone: TimeZone): string[] {
  const work = gap === null ? '' : (gap.workId ?? (gap.workLine === null ? '' : `line ${gap.workLine}`));
  return [
    ticket.ticketId,
    ticket.client ?? '',
    ticket.state,
    ticket.resolvedAt === null ? '' : localTimeIn(timeZone, ticket.resolvedAt),
    ticket.outcome,
    ticket.reason,
    String(ticket.workItems),
    String(ticket.workedMinutes),
    ticket.invoiceLines.join('; '),
    gap?.kind ?? '',
    gap?.leak ?? '',
    work,
    gap?.money?.amount ?? '',
    gap?.money?.currency ?? '',
    gap?.minutes === null || gap === null ? '' : String(gap.minutes),
    gap?.cause ?? '',
  ];
}
