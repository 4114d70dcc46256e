import { GAP_KINDS, LEAK_OF } from '@billtrail/billing';
import { type Currency, Money, type Refusal } from '@billtrail/kernel';
import { answerRefusals, type InputCode, InputRefused, refuseInput } from '../input-refused.js';
import { hasMeasures, type LeakageAuditMapping } from '../mapping/leakage-audit-mapping.js';
import { resultOf, type AuditedResult } from './ticket-result.js';
import {
  type AuditGap,
  type AuditedTicket,
  type AuditedWork,
  TICKET_OUTCOMES,
  type TicketResult,
  type TicketOutcome,
} from './facts.js';
import type { InputFacts, LeakageAudit, LeakTotal, ListedLine } from './leakage-audit.js';
import { matchLines, type MatchedLines, type NamedLine } from './match-lines.js';
import { type ReadExport, readInvoiceLines, readTickets, readWork } from './read-exports.js';
import { whatIsNotShown } from './not-shown.js';

export interface AuditRequest {
  readonly tickets: string;
  readonly work?: string;
  readonly invoices?: string;
  readonly mapping: LeakageAuditMapping;
  /** Zone of the times in the files; it wins over the mapping's. One of the two must state it. */
  readonly timeZone?: string;
}

/**
 * Audits another system's exports for leakage: gives every resolved ticket a result. Needs no event store. Returns a refusal for a file that can
 * not be read, missing columns or an unstated time zone; single rows that can't be read are listed in the answer.
 */
export function auditLeakage(request: AuditRequest): Promise<LeakageAudit | Refusal<InputCode>> {
  return answerRefusals(async () => {
    const { mapping } = request;
    const timeZone = request.timeZone ?? mapping.times.zone;
    if (timeZone === null) {
      throw new InputRefused(
        refuseInput(
          'TimeZoneMissing',
          { file: request.tickets },
          'the time zone of its times is not stated',
          'State it with the audit (--time-zone Australia/Sydney) or as `times.zone` in the mapping',
        ),
      );
    }
    const tickets = await readTickets(request.tickets, mapping, timeZone);
    const work = request.work === undefined ? null : await readWork(request.work, mapping, timeZone);
    const invoices =
      request.invoices === undefined ? null : await readInvoiceLines(request.invoices, mapping, timeZone);
    return auditOf(mapping, timeZone, tickets, work, invoices);
  });
}

type InvoicesRead = Awaited<ReturnType<typeof readInvoiceLines>>;

function auditOf(
  mapping: LeakageAuditMapping,
  timeZone: string,
  tickets: ReadExport<AuditedTicket>,
  work: ReadExport<AuditedWork> | null,
  invoices: InvoicesRead | null,
): LeakageAudit {
  const byId = new Map(tickets.facts.map((ticket) => [ticket.ticketId, ticket]));
  const { byTicket: workByTicket, stray } = groupWork(byId, work?.facts ?? []);
  const matched = matchLines(byId, work?.facts ?? [], invoices?.facts ?? [], hasMeasures(mapping));
  const context = { mapping, matched, hasWork: work !== null, hasInvoices: invoices !== null };
  const resolved = tickets.facts.filter((ticket) => ticket.resolved);
  const audited = resolved.map((ticket) => resultOf(ticket, workByTicket.get(ticket.ticketId) ?? [], context));
  const results = audited.map((entry) => entry.result);
  const gaps = results.flatMap((entry) => entry.gaps);
  const unreadable = [...tickets.unreadable, ...(work?.unreadable ?? []), ...(invoices?.unreadable ?? [])];
  const totals = {
    tickets: tickets.facts.length,
    resolved: resolved.length,
    notResolved: tickets.facts.length - resolved.length,
    outcomes: countOutcomes(results),
    gaps: gaps.length,
    valueAtRisk: totalOf(gaps, mapping.currency).money,
    workItems: work?.facts.length ?? 0,
    workedMinutes: (work?.facts ?? []).reduce((sum, { minutes }) => sum + (minutes ?? 0), 0),
  };
  const audit: Omit<LeakageAudit, 'cannotShow'> = {
    source: mapping.source,
    currency: mapping.currency,
    timeZone,
    inputs: {
      tickets: factsOf(tickets),
      work: work && factsOf(work),
      invoices: invoices && { ...factsOf(invoices), ignoredLines: invoices.ignored },
    },
    totals,
    statesNotResolved: countStates(tickets.facts),
    byKind: totalsByKind(gaps, mapping.currency),
    byLeak: totalsByLeak(gaps, mapping.currency),
    tickets: results,
    gaps,
    invoiceLines: listLines(audited, matched, invoices?.facts.length ?? 0),
    workWithoutTicket: stray.map(({ line, ticketId, minutes }) => ({ line, ticketReference: ticketId, minutes })),
    unreadable,
  };
  return {
    ...audit,
    cannotShow: whatIsNotShown(audit, mapping, (work?.roundedHours ?? 0) + (invoices?.roundedHours ?? 0)),
  };
}

function factsOf({ file, rows }: InputFacts): InputFacts {
  return { file, rows };
}

function groupWork(
  tickets: ReadonlyMap<string, AuditedTicket>,
  work: readonly AuditedWork[],
): { readonly byTicket: ReadonlyMap<string, AuditedWork[]>; readonly stray: readonly AuditedWork[] } {
  const byTicket = new Map<string, AuditedWork[]>();
  const stray: AuditedWork[] = [];
  // Lines are allocated to work in the order of its date, as it is when it is rated; without a date in the order of the file.
  const ordered = [...work].sort((a, b) => (a.date ?? '').localeCompare(b.date ?? '', 'en') || a.line - b.line);
  for (const item of ordered) {
    if (item.ticketId === null || !tickets.has(item.ticketId)) stray.push(item);
    else byTicket.set(item.ticketId, [...(byTicket.get(item.ticketId) ?? []), item]);
  }
  return { byTicket, stray };
}

function countStates(tickets: readonly AuditedTicket[]): LeakageAudit['statesNotResolved'] {
  const counts = new Map<string, number>();
  for (const { state, resolved } of tickets) if (!resolved) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts]
    .map(([state, count]) => ({ state, tickets: count }))
    .sort((a, b) => b.tickets - a.tickets || (a.state < b.state ? -1 : 1));
}

function countOutcomes(results: readonly TicketResult[]): Record<TicketOutcome, number> {
  const counts = Object.fromEntries(TICKET_OUTCOMES.map((outcome) => [outcome, 0])) as Record<TicketOutcome, number>;
  for (const { outcome } of results) counts[outcome]++;
  return counts;
}

function totalOf(gaps: readonly AuditGap[], currency: Currency): LeakTotal {
  return {
    gaps: gaps.length,
    tickets: new Set(gaps.map(({ ticketId }) => ticketId)).size,
    money: Money.sum(
      gaps.flatMap(({ money }) => (money === null ? [] : [Money.from(money)])),
      currency,
    ).toJSON(),
    minutes: gaps.reduce((sum, { minutes }) => sum + (minutes ?? 0), 0),
    withoutPrice: gaps.filter(({ money }) => money === null).length,
  };
}

function totalsByKind(gaps: readonly AuditGap[], currency: Currency): LeakageAudit['byKind'] {
  return GAP_KINDS.flatMap((kind) => {
    const ofKind = gaps.filter((gap) => gap.kind === kind);
    return ofKind.length === 0 ? [] : [{ kind, leak: LEAK_OF[kind], ...totalOf(ofKind, currency) }];
  });
}

/** All four leaks, those without a gap too: that nothing was found is an answer. */
function totalsByLeak(gaps: readonly AuditGap[], currency: Currency): LeakageAudit['byLeak'] {
  return [...new Set(Object.values(LEAK_OF))].map((leak) => ({
    leak,
    ...totalOf(
      gaps.filter((gap) => gap.leak === leak),
      currency,
    ),
  }));
}

function listLines(
  audited: readonly AuditedResult[],
  { byWork, byTicket, blank, unmatched, ambiguous }: MatchedLines,
  lines: number,
): LeakageAudit['invoiceLines'] {
  const matched = [...byWork.values(), ...byTicket.values()].flat();
  const listed = ({ line, reason }: NamedLine): ListedLine => ({
    invoice: line.invoice,
    line: line.line,
    amount: line.amount?.toJSON() ?? null,
    minutes: line.minutes,
    reason,
  });
  return {
    matched: lines - blank.length - unmatched.length - ambiguous.length,
    blank: blank.map(listed),
    withoutAmount: matched.filter(({ minutes, amount }) => minutes !== null && amount === null).length,
    unmatched: unmatched.map(listed),
    ambiguous: ambiguous.map(listed),
    billedTwice: audited.flatMap(({ billedTwice }) => billedTwice).map(listed),
  };
}
