import { type GapKind, LEAK_OF } from '@billtrail/billing';
import { Money } from '@billtrail/kernel';
import { hasMeasures, type LeakageAuditMapping } from '../mapping/leakage-audit-mapping.js';
import type { AuditedLine, AuditedTicket, AuditedWork, AuditGap, TicketResult, TicketOutcome } from './facts.js';
import type { MatchedLines } from './match-lines.js';
import { priceOf } from './read-exports.js';
import { type BilledTwice, allocateLines, type AllocatedTicket, type Underpriced } from './allocate-lines.js';

export interface AuditContext {
  readonly mapping: LeakageAuditMapping;
  readonly matched: MatchedLines;
  readonly hasWork: boolean;
  readonly hasInvoices: boolean;
}

export interface AuditedResult {
  readonly result: TicketResult;
  readonly billedTwice: readonly BilledTwice[];
}

interface Verdict {
  readonly outcome: TicketOutcome;
  readonly reason: string;
}

/** The result of one resolved ticket: billed, covered, a gap with its value, or not shown by the exports. Pure. */
export function resultOf(ticket: AuditedTicket, works: readonly AuditedWork[], context: AuditContext): AuditedResult {
  const { mapping, matched } = context;
  const ticketLines = matched.byTicket.get(ticket.ticketId) ?? [];
  const billable = ticket.noCharge === null ? works.filter(({ covered }) => covered === null) : [];
  const allocated = allocateLines(billable, matched.byWork, ticketLines, mapping.currency);
  const direct = works.flatMap((work) => matched.byWork.get(work) ?? []);
  const lines = [...ticketLines, ...direct];
  const gaps = gapsOf(ticket, works, allocated, lines, context);
  const verdict: Verdict =
    gaps.length > 0
      ? { outcome: 'gap', reason: `${gaps.length} gap${gaps.length > 1 ? 's' : ''}` }
      : verdictOf(ticket, works, lines, context);
  const result: TicketResult = {
    ticketId: ticket.ticketId,
    client: ticket.client,
    state: ticket.state,
    resolvedAt: ticket.resolvedAt,
    ...verdict,
    workItems: works.length,
    workedMinutes: works.reduce((total, { minutes }) => total + (minutes ?? 0), 0),
    invoiceLines: lines.map(({ invoice, line }) => `${invoice} (line ${line})`),
    gaps,
  };
  return { result, billedTwice: allocated.billedTwice };
}

/** The outcome of a ticket without a gap. */
function verdictOf(
  ticket: AuditedTicket,
  works: readonly AuditedWork[],
  lines: readonly AuditedLine[],
  context: AuditContext,
): Verdict {
  if (ticket.noCharge !== null) return { outcome: 'covered', reason: `declared free of charge: ${ticket.noCharge}` };
  if (!context.hasWork) {
    if (lines.length > 0)
      return {
        outcome: 'billed',
        reason: 'an invoice line names it; whether it bills all of the work is not shown without a work export',
      };
    const blank = context.matched.blankByTicket.has(ticket.ticketId);
    const reason = context.hasInvoices
      ? `${blank ? 'the invoice line that names it states neither minutes nor an amount' : 'no invoice line names it'}, and without a work export nobody can tell whether there was anything to bill`
      : 'without a work export, work that was not recorded looks like work that is recorded elsewhere; without an invoice export nothing can be called billed';
    return { outcome: 'not-shown', reason };
  }
  const covered = works.filter((work) => work.covered !== null);
  if (works.length > 0 && covered.length === works.length) {
    return {
      outcome: 'covered',
      reason: `all work is marked: ${[...new Set(covered.map((work) => work.covered))].join(', ')}`,
    };
  }
  if (!context.hasInvoices)
    return {
      outcome: 'not-shown',
      reason: 'there is billable work; without an invoice export nobody can tell whether it was billed',
    };
  if (works.length === 0) return { outcome: 'billed', reason: 'an invoice line names it; no work is recorded' };
  const measured = hasMeasures(context.mapping);
  const reason = measured
    ? 'its billable work is on invoices'
    : 'an invoice line names it; how much it bills is not shown';
  return { outcome: 'billed', reason };
}

function gapsOf(
  ticket: AuditedTicket,
  works: readonly AuditedWork[],
  allocated: AllocatedTicket,
  lines: readonly AuditedLine[],
  context: AuditContext,
): readonly AuditGap[] {
  // A declared no-charge answers for the work; without a work export no gap can be told from work recorded elsewhere.
  if (ticket.noCharge !== null || !context.hasWork) return [];
  const gaps: AuditGap[] = [];
  if (works.length === 0 && lines.length === 0) gaps.push(workNotRecorded(ticket, context));
  if (context.hasInvoices) {
    for (const { work, rest, partly } of allocated.works) {
      if (rest !== null) gaps.push(unbilled(ticket, work, rest, partly, context));
    }
    for (const underpriced of allocated.underpriced) {
      const { work, missing } = underpriced;
      gaps.push(gapOn(ticket, 'contract-mismatch', work, missing, null, underpricedCause(underpriced)));
    }
  }
  return [...gaps, ...materialSuspected(ticket, works, lines, context), ...scopeSuspected(ticket, works, context)];
}

function underpricedCause({ lines, minutes, worth, missing }: Underpriced): string {
  const names = linesText(lines).replace(/^./u, (first) => first.toUpperCase());
  const text = (money: Money): string => money.toJSON().amount;
  const verb = lines.length === 1 ? 'bills' : 'bill';
  return `${names} ${verb} ${minutes} min that are worth ${text(worth)} ${worth.currency} for ${text(worth.minus(missing))}.`;
}

function linesText(lines: readonly AuditedLine[]): string {
  return lines.map(({ invoice, line }) => `line ${line} of invoice ${invoice}`).join(', ');
}

function gapOn(
  ticket: AuditedTicket,
  kind: GapKind,
  work: AuditedWork | null,
  money: Money | null,
  minutes: number | null,
  cause: string,
): AuditGap {
  return {
    kind,
    leak: LEAK_OF[kind],
    ticketId: ticket.ticketId,
    client: ticket.client,
    workId: work?.workId ?? null,
    workLine: work?.line ?? null,
    money: money?.toJSON() ?? null,
    minutes,
    cause,
  };
}

function workNotRecorded(ticket: AuditedTicket, { mapping, matched }: AuditContext): AuditGap {
  const { pricePerHour, minutesPerTicket } = mapping.value;
  const assumed =
    pricePerHour !== null && minutesPerTicket !== null
      ? priceOf(minutesPerTicket, Money.of(pricePerHour, mapping.currency))
      : null;
  const valued =
    assumed === null
      ? ''
      : ` Valued as ${minutesPerTicket ?? 0} min at ${pricePerHour ?? ''} ${mapping.currency} an hour, as the mapping assumes.`;
  const cause = `Resolved without recorded work, and no invoice line bills it.${valued}${maybeBilled(ticket, matched)}`;
  return gapOn(ticket, 'work-not-recorded', null, assumed, null, cause);
}

/** What lines that bill nothing that can be told may have to do with a gap of the ticket. */
function maybeBilled(ticket: AuditedTicket, matched: MatchedLines): string {
  const ambiguous = matched.ambiguousByTicket.get(ticket.ticketId) ?? [];
  const blank = matched.blankByTicket.get(ticket.ticketId) ?? [];
  const names = ambiguous.map(({ invoice, line }) => `invoice ${invoice}, line ${line}`).join('; ');
  const apart = ambiguous.length === 0 ? '' : ` It may be on ${names}, which can't be told apart.`;
  const verbs = blank.length === 1 ? 'names it and states' : 'name it and state';
  const unmeasured =
    blank.length === 0
      ? ''
      : ` Of the invoices, ${linesText(blank)} ${verbs} neither minutes nor an amount: what that bills is not shown.`;
  return apart + unmeasured;
}

function unbilled(
  ticket: AuditedTicket,
  work: AuditedWork,
  rest: { readonly money: Money | null; readonly minutes: number | null },
  partly: boolean,
  { matched }: AuditContext,
): AuditGap {
  const { money, minutes } = rest;
  const what =
    work.kind === 'time' ? `${work.minutes ?? '?'} min of work` : work.kind === 'material' ? 'Material' : 'An expense';
  const maybe = maybeBilled(ticket, matched);
  if (money === null) {
    const cause = `${what} without a price: the export names none and the mapping assumes none${partly ? '; a part of it is billed' : ''}.${maybe}`;
    return gapOn(ticket, 'unpriced', work, null, minutes, cause);
  }
  if (work.unapproved)
    return gapOn(ticket, 'time-unapproved', work, money, minutes, `${what}, neither approved nor billed.${maybe}`);
  const cause = partly
    ? `${what} is billed only in part; this is the rest.${maybe}`
    : `${what} is on no invoice.${maybe}`;
  return gapOn(ticket, 'unbilled', work, money, minutes, cause);
}

function materialSuspected(
  ticket: AuditedTicket,
  works: readonly AuditedWork[],
  lines: readonly AuditedLine[],
  { mapping }: AuditContext,
): readonly AuditGap[] {
  if (works.some(({ kind }) => kind === 'material')) return [];
  const texts = [ticket.text, ...works.map(({ description }) => description)].join('\n').toLowerCase();
  const billed = lines.map(({ description }) => description.toLowerCase()).join('\n');
  const named = mapping.value.materialWords.filter(
    (word) => hasWord(texts, word.toLowerCase()) && !hasWord(billed, word.toLowerCase()),
  );
  if (named.length === 0) return [];
  return [
    gapOn(
      ticket,
      'material-suspected',
      null,
      null,
      null,
      `Its text names ${named.join(', ')}, and no material is recorded or billed.`,
    ),
  ];
}

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const before = text[at - 1] ?? ' ';
    const after = text[at + word.length] ?? ' ';
    if (!/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(after)) return true;
  }
  return false;
}

function scopeSuspected(
  ticket: AuditedTicket,
  works: readonly AuditedWork[],
  { mapping }: AuditContext,
): readonly AuditGap[] {
  const limit = mapping.value.coveredMinutesPerTicket;
  const covered = works.filter((work) => work.covered !== null && work.minutes !== null);
  const minutes = covered.reduce((total, work) => total + (work.minutes ?? 0), 0);
  if (limit === null || minutes <= limit) return [];
  const price = covered.find(({ pricePerHour }) => pricePerHour !== null)?.pricePerHour ?? null;
  const cause = `${minutes} min of covered work on one ticket; ${limit} min are expected at most.`;
  return [
    gapOn(
      ticket,
      'scope-suspected',
      null,
      price === null ? null : priceOf(minutes - limit, price),
      minutes - limit,
      cause,
    ),
  ];
}
