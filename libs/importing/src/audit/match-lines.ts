import type { AuditedLine, AuditedTicket, AuditedWork } from './facts.js';
import { isBare } from './allocate-lines.js';

export interface NamedLine {
  readonly line: AuditedLine;
  readonly reason: string;
}

/** Invoice lines by what they bill. Every line is in exactly one of the first five. */
export interface MatchedLines {
  /** Lines that name a piece of work. */
  readonly byWork: ReadonlyMap<AuditedWork, readonly AuditedLine[]>;
  /** Lines that name a ticket, and no work that the export knows. */
  readonly byTicket: ReadonlyMap<string, readonly AuditedLine[]>;
  /** Lines that name work or a ticket, and state neither minutes nor an amount: they bill nothing that can be told. */
  readonly blank: readonly NamedLine[];
  readonly unmatched: readonly NamedLine[];
  readonly ambiguous: readonly NamedLine[];
  /** Tickets that a blank line names. */
  readonly blankByTicket: ReadonlyMap<string, readonly AuditedLine[]>;
  /** Tickets that an ambiguous line may mean. */
  readonly ambiguousByTicket: ReadonlyMap<string, readonly AuditedLine[]>;
}

type Target =
  | { readonly kind: 'work'; readonly work: AuditedWork }
  | { readonly kind: 'ticket'; readonly ticketId: string }
  | { readonly kind: 'ambiguous'; readonly reason: string; readonly tickets: readonly string[] }
  | { readonly kind: 'none'; readonly reason: string };

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/**
 * Finds what each invoice line bills: by work reference, else by ticket reference (the id itself, or one known id within a text). `measured`
 * false: the export has no column for minutes or amounts, so that a line without them is not blank.
 */
export function matchLines(
  tickets: ReadonlyMap<string, AuditedTicket>,
  work: readonly AuditedWork[],
  lines: readonly AuditedLine[],
  measured: boolean,
): MatchedLines {
  const workById = new Map<string, AuditedWork[]>();
  for (const item of work) if (item.workId !== null) push(workById, item.workId, item);
  const byWork = new Map<AuditedWork, AuditedLine[]>();
  const byTicket = new Map<string, AuditedLine[]>();
  const ambiguousByTicket = new Map<string, AuditedLine[]>();
  const blankByTicket = new Map<string, AuditedLine[]>();
  const blank: NamedLine[] = [];
  const unmatched: NamedLine[] = [];
  const ambiguous: NamedLine[] = [];
  for (const line of lines) {
    const target = targetOf(line, tickets, workById);
    if (measured && isBare(line) && (target.kind === 'work' || target.kind === 'ticket')) {
      const ticketId = target.kind === 'work' ? target.work.ticketId : target.ticketId;
      blank.push({ line, reason: `it names ${nameOf(target)} and states neither minutes nor an amount` });
      if (ticketId !== null) push(blankByTicket, ticketId, line);
    } else if (target.kind === 'work') push(byWork, target.work, line);
    else if (target.kind === 'ticket') push(byTicket, target.ticketId, line);
    else if (target.kind === 'none') unmatched.push({ line, reason: target.reason });
    else {
      ambiguous.push({ line, reason: target.reason });
      for (const ticketId of target.tickets) push(ambiguousByTicket, ticketId, line);
    }
  }
  return { byWork, byTicket, blank, unmatched, ambiguous, blankByTicket, ambiguousByTicket };
}

function nameOf(target: Extract<Target, { kind: 'work' | 'ticket' }>): string {
  return target.kind === 'work' ? `work ${target.work.workId ?? ''}` : `ticket ${target.ticketId}`;
}

function targetOf(
  line: AuditedLine,
  tickets: ReadonlyMap<string, AuditedTicket>,
  workById: ReadonlyMap<string, readonly AuditedWork[]>,
): Target {
  const ticket = ticketTarget(line.ticketReference, tickets);
  if (line.workReference === null) return ticket;
  const candidates = workById.get(line.workReference) ?? [];
  const [work] = candidates;
  if (work === undefined)
    return ticket.kind === 'none'
      ? { kind: 'none', reason: `no work ${line.workReference} and ${ticket.reason}` }
      : ticket;
  const ticketsOfWork = [...new Set(candidates.flatMap(({ ticketId }) => (ticketId === null ? [] : [ticketId])))];
  if (candidates.length > 1) {
    const reason = `work ${line.workReference} stands ${candidates.length} times in the work export (lines ${candidates.map((item) => item.line).join(', ')})`;
    return { kind: 'ambiguous', reason, tickets: ticketsOfWork };
  }
  if (ticket.kind === 'ticket' && work.ticketId !== ticket.ticketId) {
    const reason = `it names work ${line.workReference} of ticket ${work.ticketId ?? '(none)'} and ticket ${ticket.ticketId}`;
    return { kind: 'ambiguous', reason, tickets: [...ticketsOfWork, ticket.ticketId] };
  }
  return { kind: 'work', work };
}

function ticketTarget(reference: string | null, tickets: ReadonlyMap<string, AuditedTicket>): Target {
  if (reference === null) return { kind: 'none', reason: 'it names no ticket' };
  if (tickets.has(reference)) return { kind: 'ticket', ticketId: reference };
  const named = [...new Set(reference.split(/[^A-Za-z0-9._-]+/u))].filter((word) => tickets.has(word));
  const [ticketId] = named;
  if (ticketId === undefined) return { kind: 'none', reason: `no ticket "${reference.slice(0, 60)}" is in the export` };
  if (named.length === 1) return { kind: 'ticket', ticketId };
  return { kind: 'ambiguous', reason: `it names ${named.length} tickets: ${named.join(', ')}`, tickets: named };
}
