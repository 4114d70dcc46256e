import type { Accounted } from '@billtrail/billing';
import { DISPOSITIONS } from '@billtrail/billing';
import type { ChargesAccounted, DocumentsAccounted, GapSum, Reconciliation } from '@billtrail/read-models';
import { count, duration, money, table, type Cell } from './output.js';

function amounts(list: readonly { readonly amount: string; readonly currency: string }[]): string {
  return list.length === 0 ? '–' : list.map(money).join(', ');
}

/** Work by disposition: recorded work is the sum of these (law L1). */
export function dispositionTable(accounted: Accounted): string {
  const rows: Cell[][] = DISPOSITIONS.filter((disposition) => accounted.byDisposition[disposition].items > 0).map(
    (disposition) => {
      const { items, minutes, money: nets } = accounted.byDisposition[disposition];
      return [disposition, count(items), duration(minutes), amounts(nets)];
    },
  );
  const { items, minutes, money: nets } = accounted.total;
  return table(
    ['disposition', 'items', 'time', 'net'],
    [...rows, ['all', count(items), duration(minutes), amounts(nets)]],
    ['items', 'time', 'net'],
  );
}

export function gapTable(gaps: readonly GapSum[]): string {
  return table(
    ['leak', 'gap', 'gaps', 'tickets', 'value at risk', 'time without price'],
    gaps.map((gap) => [
      gap.leak,
      gap.kind,
      count(gap.gaps),
      count(gap.tickets),
      amounts(gap.money),
      gap.minutesWithoutPrice === 0 ? '–' : duration(gap.minutesWithoutPrice),
    ]),
    ['gaps', 'tickets', 'value at risk', 'time without price'],
  );
}

/** Charges by what became of them: what the contracts make is the sum of these. */
function chargeTable(charges: ChargesAccounted): string {
  const rows = [
    ['waiting (not due yet)', charges.waiting],
    ['missing on every document', charges.missing],
    ['drafted', charges.drafted],
    ['invoiced', charges.invoiced],
    ['credited', charges.credited],
  ] as const;
  return table(
    ['charges', 'number', 'net'],
    [
      ...rows
        .filter(([, held]) => held.charges > 0)
        .map(([name, held]) => [name, count(held.charges), amounts(held.money)]),
      ['expected in all', count(charges.expected.charges), amounts(charges.expected.money)],
    ],
    ['number', 'net'],
  );
}

function documentsText({ invoices, invoiced, credited, unexplained }: DocumentsAccounted): string {
  const asked = `${count(invoices)} issued invoices ask ${amounts(invoiced)}${credited.length === 0 ? '' : `, credit notes gave ${amounts(credited)} back`}`;
  return unexplained.length === 0
    ? `${asked}: to the cent what invoiced work and charges come to.`
    : `IMBALANCE: ${asked}; ${amounts(unexplained)} of it is not in invoiced work and charges.`;
}

/** The month in one screen: what was resolved, what became of it, what leaks. */
export function reconciliationText({
  asOf,
  tickets,
  gaps,
  gapsOfOpenTickets,
  gapsOfCharges,
  accounted,
  charges,
  money: worth,
  documents,
  imbalances,
}: Reconciliation): string {
  const fates = table(
    ['resolved tickets', String(tickets.resolved), 'of all'],
    (
      [
        ['billed', tickets.billed],
        ['covered', tickets.covered],
        ['waiting (within the billing delay)', tickets.waiting],
        ['with gaps', tickets.gap],
      ] as const
    ).map(([name, value]) => [name, count(value), share(value, tickets.resolved)]),
    [String(tickets.resolved), 'of all'],
  );
  const parts = [`Reconciliation as of ${asOf}`, '', fates, '', dispositionTable(accounted)];
  if (charges.expected.charges > 0) parts.push('', chargeTable(charges));
  if (gaps.length > 0) parts.push('', 'Gaps of resolved tickets', gapTable(gaps));
  if (gapsOfOpenTickets.length > 0) parts.push('', 'Gaps of tickets still open', gapTable(gapsOfOpenTickets));
  if (gapsOfCharges.length > 0) parts.push('', 'Gaps of charges', gapTable(gapsOfCharges));
  parts.push(
    '',
    imbalances.length === 0
      ? 'Recorded work equals the sum of its dispositions, to the minute.'
      : `IMBALANCE: ${imbalances.map((imbalance) => JSON.stringify(imbalance)).join('; ')}`,
  );
  if (worth.length > 0) parts.push(`Work and charges come to ${amounts(worth)} in all.`);
  if (documents !== null && documents.invoices > 0) parts.push(documentsText(documents));
  return parts.join('\n');
}

function share(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((part / whole) * 100).toFixed(1)} %`;
}
