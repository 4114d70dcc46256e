import type { CoverageMatch } from '../events.js';

export const TICKET_CRITERIA = ['categories', 'ticketTypes', 'priorities', 'sites'] as const;
/** What of a ticket a rule asks for. Empty: nothing, so it holds for every ticket. */
export type TicketMatch = Pick<CoverageMatch, (typeof TICKET_CRITERIA)[number]>;

export function ticketMatchOf(match: CoverageMatch): TicketMatch {
  return Object.fromEntries(
    TICKET_CRITERIA.flatMap((criterion) => (match[criterion] === undefined ? [] : [[criterion, match[criterion]]])),
  );
}

/** Both at once; null if no ticket can match both. */
export function both(one: TicketMatch, other: TicketMatch): TicketMatch | null {
  const joined: Record<string, readonly string[]> = {};
  for (const criterion of TICKET_CRITERIA) {
    const [a, b] = [one[criterion], other[criterion]];
    const values = a === undefined || b === undefined ? (a ?? b) : a.filter((value) => b.includes(value));
    if (values === undefined) continue;
    if (values.length === 0) return null;
    joined[criterion] = values;
  }
  return joined;
}

/** True if every ticket that matches `narrow` matches `wide` too. */
export function implies(narrow: TicketMatch, wide: TicketMatch): boolean {
  return TICKET_CRITERIA.every((criterion) => {
    const wanted = wide[criterion];
    return wanted === undefined || (narrow[criterion]?.every((value) => wanted.includes(value)) ?? false);
  });
}
