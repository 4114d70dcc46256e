import { unreachable } from '@billtrail/kernel';
import type { CoverageAnalysis } from '../coverage-analysis.js';
import type { ExpenseTypeRate, OnCost, PriceTier } from '../events.js';
import type { AnalysedOutcome } from './outcomes.js';
import type { AnalysedPrice } from './price.js';
import { type CoverageRow, facetText } from './rows.js';
import { mergedRows } from './merged-rows.js';
import { TICKET_CRITERIA, type TicketMatch } from './ticket-match.js';

/** A table ready to be printed or shown: as many cells in each row as in the head. */
export interface CoverageTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const HEAD = [
  'from',
  'to',
  'kind',
  'work type',
  'role',
  'rate class',
  'tickets',
  'contract',
  'rule',
  'outcome',
  'price',
];

/** The analysis of work as a table: a row for each outcome. Work that is treated alike is one row, that names all of it. */
export function coverageTable({ stretches }: CoverageAnalysis): CoverageTable {
  return { head: HEAD, rows: workRows(stretches, () => true) };
}

/** The rows of the table whose work would become a gap `unpriced`. */
export function unpricedTable({ stretches }: CoverageAnalysis): CoverageTable {
  return { head: HEAD, rows: workRows(stretches, ({ as }) => as === 'unpriced') };
}

function workRows(
  stretches: CoverageAnalysis['stretches'],
  isTold: (outcome: AnalysedOutcome) => boolean,
): readonly (readonly string[])[] {
  return mergedRows(stretches).flatMap(({ from, to, kind, outcomes, facets }) =>
    outcomes
      .filter(isTold)
      .map((outcome) => [from, to ?? '', kind, ...facets.map(namesText), ...outcomeCells(outcome)]),
  );
}

/** `time, work type onsite, rate class (other)`: what of work a row and its outcome are about. What holds for any is left out. */
export function rowText(row: CoverageRow, { when }: Pick<AnalysedOutcome, 'when'>): string {
  const facets = [
    ['work type', row.workType],
    ['role', row.engineerRole],
    ['rate class', row.rateClass],
  ] as const;
  const named = facets.flatMap(([what, facet]) => (facet.is === 'any' ? [] : [`${what} ${facetText(facet)}`]));
  const tickets = Object.keys(when).length === 0 ? [] : [ticketText(when)];
  return [row.kind, ...named, ...tickets].join(', ');
}

function namesText(names: readonly string[]): string {
  return names.join(', ');
}

function outcomeCells({ when, rules, as, reason, price, burn }: AnalysedOutcome): readonly string[] {
  const contracts = rules.map((rule) => `${rule.contractId} v${rule.versionNumber}`);
  return [
    ticketText(when),
    contracts.join(' > '),
    rules.map((rule) => rule.ruleId).join(' > '),
    reason === null ? `${as}${burn === undefined ? '' : `, draws x ${burn}`}` : `${as}: ${reason}`,
    price === null ? '' : priceText(price),
  ];
}

function ticketText(when: TicketMatch): string {
  const parts = TICKET_CRITERIA.flatMap((criterion) => {
    const values = when[criterion];
    return values === undefined ? [] : [`${criterion}: ${values.join(', ')}`];
  });
  return parts.length === 0 ? '(all)' : parts.join('; ');
}

/** `150.00 AUD/h x 1.5 + 40.00/entry (labour[2])`. */
export function priceText(price: AnalysedPrice): string {
  const { currency } = price;
  const rateCardId = price.cardFrom === undefined ? price.rateCardId : `${price.rateCardId} from ${price.cardFrom}`;
  switch (price.mode) {
    case 'hourly': {
      const unit = price.priceMinutes === 60 ? 'h' : `${price.priceMinutes} min`;
      const onTop = price.onTop === null ? '' : ` + ${price.onTop.amount}/${price.onTop.per}`;
      return `${price.price} ${currency}/${unit}${times(price.multiplier)}${onTop} (${rateCardId} ${price.from})`;
    }
    case 'flat':
      return `${price.price} ${currency} flat/${price.per}${times(price.multiplier)} (${rateCardId} ${price.from})`;
    case 'tiers':
      return `${price.tiers.map(tierText).join(', ')} ${currency} by ${price.per}${times(price.multiplier)} (${rateCardId} ${price.from})`;
    case 'list-price':
      return `list price in ${currency} (${rateCardId})`;
    case 'cost-plus':
      return `${onCost(price)} in ${currency} (${rateCardId})${(price.types ?? []).map(ofType).join('')}`;
    case 'incident': {
      const { includedPerPeriod: includedTickets } = price;
      return `${price.price} ${currency} once/ticket${includedTickets === undefined ? '' : ` after ${includedTickets} a month`}`;
    }
    case 'not-known':
      return `as rate card ${rateCardId} has it, in ${currency}`;
    case 'overage':
      return `overage ${price.pricePerHour} ${currency}/h${times(price.multiplier)}`;
    default:
      return unreachable(price);
  }
}

function times(multiplier: string): string {
  return multiplier === '1' ? '' : ` x ${multiplier}`;
}

function tierText({ upToMinutes, pricePerHour }: PriceTier): string {
  return upToMinutes === null ? `then ${pricePerHour}/h` : `to ${upToMinutes} min ${pricePerHour}/h`;
}

function onCost({ markupPercent, marginPercent }: OnCost): string {
  return marginPercent === undefined ? `cost + ${markupPercent} %` : `cost at a margin of ${marginPercent} %`;
}

function ofType({ type, pricePerUnit, capPerUnit }: ExpenseTypeRate): string {
  return pricePerUnit === undefined ? `, ${type} at most ${capPerUnit} of cost each` : `, ${type} ${pricePerUnit} each`;
}
