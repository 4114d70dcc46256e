import type { Month } from '@billtrail/kernel';
import type { Accounted, UnusedLicences } from '@billtrail/billing';
import { DISPOSITIONS } from '@billtrail/billing';
import type { Reconciled } from '@billtrail/application';
import {
  forgoneBy,
  type ChargesAccounted,
  type DocumentsAccounted,
  type EndingContract,
  type GapSum,
  type GivenUp,
} from '@billtrail/read-models';
import { asTyped } from './host.js';
import { count, counted, duration, money, table, type Cell } from './output.js';
import { monthText, personText, whomText, workGivenUp } from './words.js';

function amounts(list: readonly { readonly amount: string; readonly currency: string }[]): string {
  return list.length === 0 ? '–' : list.map(money).join(', ');
}

/** Work by disposition: the sum of these is the recorded work (law L1). */
export function dispositionTable(accounted: Accounted): string {
  const rows: Cell[][] = DISPOSITIONS.filter((disposition) => accounted.byDisposition[disposition].items > 0).map(
    (disposition) => {
      const { items, minutes, money: nets } = accounted.byDisposition[disposition];
      return [disposition, count(items), duration(minutes), amounts(nets)];
    },
  );
  const { items, minutes, money: nets } = accounted.total;
  return table(
    ['Disposition', 'Items', 'Time', 'Net'],
    [...rows, ['all', count(items), duration(minutes), amounts(nets)]],
    ['Items', 'Time', 'Net'],
  );
}

export function gapTable(gaps: readonly GapSum[]): string {
  return table(
    ['Leak', 'Gap', 'Gaps', 'Tickets', 'Value at risk', 'Time without price'],
    gaps.map((gap) => [
      gap.leak,
      gap.kind,
      count(gap.gaps),
      count(gap.tickets),
      amounts(gap.money),
      gap.minutesWithoutPrice === 0 ? '–' : duration(gap.minutesWithoutPrice),
    ]),
    ['Gaps', 'Tickets', 'Value at risk', 'Time without price'],
  );
}

/** Charges by state: the sum of these is what the contracts provide for. */
function chargeTable(charges: ChargesAccounted): string {
  const rows = [
    ['not due yet', charges.waiting],
    ['on no document', charges.missing],
    ['drafted', charges.drafted],
    ['invoiced', charges.invoiced],
    ['credited', charges.credited],
  ] as const;
  return table(
    ['Charges', 'Number', 'Net'],
    [
      ...rows.filter(([, sum]) => sum.charges > 0).map(([name, sum]) => [name, count(sum.charges), amounts(sum.money)]),
      ['all expected', count(charges.expected.charges), amounts(charges.expected.money)],
    ],
    ['Number', 'Net'],
  );
}

function documentsText({ invoices, invoiced, credited, unexplained }: DocumentsAccounted): string {
  const issued = `${counted(invoices, 'invoice')} issued, ${amounts(invoiced)} net${credited.length === 0 ? '' : `, less ${amounts(credited)} credited`}`;
  return unexplained.length === 0
    ? `${issued}: equal to invoiced work and charges, to the cent.`
    : `IMBALANCE: ${issued}; ${amounts(unexplained)} of it is not in invoiced work and charges.`;
}

/** What was reconciled. */
export interface ReconciledScope {
  readonly clientId?: string | undefined;
  readonly period?: Month | undefined;
}

function titleOf(asOf: string, { clientId, period }: ReconciledScope): string {
  const months = period === undefined ? 'all months' : monthText(period);
  return `Reconciliation of ${clientId ?? 'all clients'}, ${months}, as of ${asOf}`;
}

/** Resolved tickets, their results and the gaps, on one screen. */
export function reconciliationText(reconciliation: Reconciled, scope: ReconciledScope = {}): string {
  const {
    asOf,
    tickets,
    gaps,
    gapsOfOpenTickets,
    gapsOfCharges,
    accounted,
    charges,
    money: worth,
    courtesies = [],
    waitingToForgo,
    reopened,
    givenUp = [],
    ownApprovals,
    documents,
    imbalances,
    contractsEnding = [],
    unusedLicences = [],
    notKnown = [],
  } = reconciliation;
  const results = table(
    ['Result', 'Tickets', 'Share'],
    (
      [
        ['billed', tickets.billed],
        ['covered', tickets.covered],
        ['written off', tickets['written-off']],
        ['gap accepted', tickets.accepted],
        ['waiting (within the billing delay)', tickets.waiting],
        ['with gaps', tickets.gap],
        ['open again', tickets.reopened],
        ['all resolved', tickets.resolved],
      ] as const
    ).map(([name, value]) => [name, count(value), share(value, tickets.resolved)]),
    ['Tickets', 'Share'],
  );
  const parts = [titleOf(asOf, scope), '', results, '', dispositionTable(accounted)];
  if (charges.expected.charges > 0) parts.push('', chargeTable(charges));
  if (gaps.length > 0) parts.push('', `Gaps of resolved tickets, open on ${asOf}`, gapTable(gaps));
  if (gapsOfOpenTickets.length > 0)
    parts.push('', `Gaps of tickets not resolved yet, open on ${asOf}`, gapTable(gapsOfOpenTickets));
  if (gapsOfCharges.length > 0) parts.push('', `Gaps of charges, open on ${asOf}`, gapTable(gapsOfCharges));
  if (contractsEnding.length > 0)
    parts.push('', 'Contracts at the end of their term', ...contractsEnding.map(endingText));
  if (unusedLicences.length > 0) parts.push('', `Licences unused on ${asOf}`, unusedTable(unusedLicences));
  if (notKnown.length > 0)
    parts.push('', `Not in these figures, for not all is known of them: ${notKnown.map(whomText).join(', ')}`);
  parts.push(
    '',
    imbalances.length === 0
      ? 'Recorded work equals the sum of its dispositions, to the minute.'
      : `IMBALANCE: ${imbalances.map((imbalance) => JSON.stringify(imbalance)).join('; ')}`,
  );
  if (worth.length > 0) parts.push(`Work and charges: ${amounts(worth)} in total.`);
  if (courtesies.length > 0) parts.push(`Given as a courtesy: ${amounts(courtesies)}.`);
  for (const one of givenUp) parts.push(givenUpText(one));
  if (ownApprovals !== undefined) parts.push(ownApprovalsText(ownApprovals));
  if (reopened !== undefined) parts.push(reopenedText(reopened));
  if (waitingToForgo !== undefined)
    parts.push(
      `Asked to forgo, waiting for a second person: ${amounts(waitingToForgo.money)} in ${counted(waitingToForgo.requests, 'request')} (${asTyped('billtrail approvals list')}).`,
    );
  if (documents !== null && documents.invoices > 0) parts.push(documentsText(documents));
  return parts.join('\n');
}

function givenUpText(one: GivenUp): string {
  const { act, requests, money: forgone, withoutValue, persons } = one;
  const unstated = withoutValue === 0 ? '' : `, ${withoutValue} of a value that nobody could state`;
  return `${workGivenUp(act)} that was ${forgoneBy(one)}: ${amounts(forgone)} by ${counted(requests, 'request')}${unstated} (${persons.map(personText).join(', ')}).`;
}

function ownApprovalsText({
  items,
  money: ofWork,
  minutesWithoutPrice,
}: NonNullable<Reconciled['ownApprovals']>): string {
  const unpriced = minutesWithoutPrice === 0 ? '' : ` and ${counted(minutesWithoutPrice, 'minute')} without a price`;
  return `Approved by whoever did or entered it: ${counted(items, 'piece')} of work, ${amounts(ofWork)}${unpriced}.`;
}

function reopenedText({
  tickets,
  money: ofWork,
  minutesWithoutPrice,
  since,
  days,
}: NonNullable<Reconciled['reopened']>): string {
  const unpriced = minutesWithoutPrice === 0 ? '' : ` and ${counted(minutesWithoutPrice, 'minute')} without a price`;
  const left = ofWork.length === 0 ? 'nothing' : amounts(ofWork);
  return `Open again after their resolution: ${counted(tickets, 'ticket')} with ${left}${unpriced} on no invoice, the first since ${since} (${counted(days, 'day')}).`;
}

function unusedTable(unused: readonly UnusedLicences[]): string {
  return table(
    ['Client', 'Contract', 'Charge', 'Charged', 'Used', 'Unused', 'Until', 'Net of the unused'],
    unused.map((one) => [
      one.clientId,
      one.contractId,
      `${one.name} (${one.chargeId})`,
      count(one.charged),
      count(one.used),
      count(one.unused),
      one.until,
      `${money(one.net)} ${one.everyMonths === 1 ? 'a month' : `each ${one.everyMonths} months`}`,
    ]),
    ['Charged', 'Used', 'Unused', 'Net of the unused'],
  );
}

function endingText({ contractId, clientId, lastDay, as, until, noticeBy }: EndingContract): string {
  const contract = `  ${contractId} of ${clientId}`;
  if (as === 'renews')
    return `${contract} renews by itself on ${lastDay}, until ${until}; notice had to be given by ${noticeBy}`;
  return as === 'ends'
    ? `${contract} ends on ${lastDay}: nothing follows it`
    : `${contract} ended on ${lastDay}: nothing followed it`;
}

function share(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((part / whole) * 100).toFixed(1)}%`;
}
