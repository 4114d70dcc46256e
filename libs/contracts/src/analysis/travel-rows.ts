import { type LocalDate, addDays, at, unreachable } from '@billtrail/kernel';
import type { CoverageMatch, TravelTerm } from '../events.js';
import type { ChainStretch } from './stretches.js';
import { TICKET_CRITERIA, ticketMatchOf } from './ticket-match.js';

/** What a visit costs besides its work, under one contract version. */
export interface AnalysedTravel {
  readonly contractId: string;
  readonly versionNumber: number;
  readonly currency: string;
  readonly term: TravelTerm;
}

/** The travel terms of the contracts that are asked, in their order. */
export function travelOf({ links }: ChainStretch): readonly AnalysedTravel[] {
  return links.flatMap(({ contract: { contractId }, version: { versionNumber, terms } }) =>
    (terms.travel ?? []).map((term) => ({ contractId, versionNumber, currency: terms.rateCard.currency, term })),
  );
}

/** A row for each travel term and the days on which it holds unchanged: the cells of the table of coverage. */
export function travelRows(
  stretches: readonly (Days & { readonly travel: readonly AnalysedTravel[] })[],
): readonly (readonly string[])[] {
  return termRows(stretches, ({ travel }) => travel).map(({ one, from, to }) => [
    from,
    to ?? '',
    'travel',
    ...cellsOf(one),
  ]);
}

interface Days {
  readonly from: LocalDate;
  readonly to: LocalDate | null;
}

/** Terms with the days on which each holds unchanged, over stretches that follow each other. */
export function termRows<Stretch extends Days, Term>(
  stretches: readonly Stretch[],
  termsOf: (stretch: Stretch) => readonly Term[],
): readonly { readonly one: Term; readonly from: LocalDate; readonly to: LocalDate | null }[] {
  const rows: { readonly one: Term; readonly from: LocalDate; to: LocalDate | null }[] = [];
  for (const stretch of stretches)
    for (const one of termsOf(stretch)) {
      const { from, to } = stretch;
      const before = rows.findIndex(
        (row) => row.to !== null && addDays(row.to, 1) === from && JSON.stringify(row.one) === JSON.stringify(one),
      );
      if (before === -1) rows.push({ one, from, to });
      else at(rows, before, 'the row of the days before').to = to;
    }
  return rows;
}

function cellsOf({ contractId, versionNumber, currency, term }: AnalysedTravel): readonly string[] {
  const { match } = term;
  const tickets = ticketMatchOf(match);
  const asked = TICKET_CRITERIA.flatMap((criterion) => {
    const values = tickets[criterion];
    return values === undefined ? [] : [`${criterion}: ${values.join(', ')}`];
  });
  return [
    namesOf(match, 'workTypes'),
    namesOf(match, 'engineerRoles'),
    namesOf(match, 'rateClasses'),
    asked.length === 0 ? '(all)' : asked.join('; '),
    `${contractId} v${versionNumber}`,
    term.id,
    'once a visit',
    priceText(term, currency),
  ];
}

function namesOf(match: CoverageMatch, of: 'workTypes' | 'engineerRoles' | 'rateClasses'): string {
  return match[of]?.join(', ') ?? '(any)';
}

/** `metro 45.00, others 120.00 AUD, at most 150.00`. */
function priceText({ price, cap }: TravelTerm, currency: string): string {
  const most = cap === undefined ? '' : `, at most ${cap}`;
  switch (price.kind) {
    case 'zone-fee': {
      const others = price.otherZones === undefined ? [] : [`others ${price.otherZones}`];
      return `${[...price.zones.map(({ zone, fee }) => `${zone} ${fee}`), ...others].join(', ')} ${currency}${most}`;
    }
    case 'hours': {
      const hourly =
        price.pricePerHour === undefined ? "the work's price of an hour" : `${price.pricePerHour} ${currency}/h`;
      const free = price.freeMinutes === undefined ? '' : `, ${price.freeMinutes} min free`;
      return `${hourly} x ${price.factor}, ${price.way}${free}${most}`;
    }
    case 'kilometres': {
      const free = price.freeKilometres === undefined ? '' : `, ${price.freeKilometres} km free`;
      return `${price.pricePerKilometre} ${currency}/km, ${price.way}${free}${most}`;
    }
    default:
      return unreachable(price);
  }
}
