import { addDays } from '@billtrail/kernel';
import { DISPOSITIONS, type BillableItem } from '@billtrail/billing';
import type { KeyedGap } from '@billtrail/read-models';
import {
  accountOf,
  ownId,
  priceFactsOf,
  type Model,
  type ModelFrozen,
  type ModelTicket,
  type ModelWork,
} from './model.js';
import type { Findings } from './law.js';
import type { Observed } from './observed.js';
import { fraction, minorUnits, priceOf } from './price.js';

interface Measures {
  minutes: number;
  /** Thousandths. */
  pieces: bigint;
  expenses: number;
}

function thousandths(quantity: string): bigint {
  const { over, under } = fraction(quantity);
  return (over * 1000n) / under;
}

class Sums {
  private readonly by = new Map<string, Measures>();

  add(groups: readonly string[], { minutes = 0, pieces = 0n, expenses = 0 }: Partial<Measures>): void {
    for (const group of groups) {
      const sum = this.by.get(group) ?? { minutes: 0, pieces: 0n, expenses: 0 };
      this.by.set(group, {
        minutes: sum.minutes + minutes,
        pieces: sum.pieces + pieces,
        expenses: sum.expenses + expenses,
      });
    }
  }

  /** Where the two differ; a group that holds nothing need not be there. */
  differences(others: Sums): string[] {
    const text = (sums: Sums, group: string): string => {
      const { minutes, pieces, expenses } = sums.by.get(group) ?? { minutes: 0, pieces: 0n, expenses: 0 };
      return `${minutes} min, ${pieces} thousandths of a piece, ${expenses} expenses`;
    };
    return [...new Set([...this.by.keys(), ...others.by.keys()])]
      .filter((group) => text(this, group) !== text(others, group))
      .map((group) => `${group}: recorded ${text(this, group)}, accounted for ${text(others, group)}`);
  }
}

/** L1: for the whole, every ticket and every client-period, the work recorded and the work in the dispositions, in all measures. */
export function conservation(model: Model, { items, reconciliation }: Observed): Findings {
  const recorded = new Sums();
  for (const ticket of model.tickets.values()) {
    for (const work of ticket.works.values()) {
      const groups = ['all', ticket.ticketId, accountOf(ticket, work)];
      if (work.kind === 'time') recorded.add(groups, { minutes: work.facts.minutes });
      else if (work.kind === 'material') recorded.add(groups, { pieces: thousandths(work.facts.quantity) });
      else recorded.add(groups, { expenses: 1 });
    }
  }
  const accounted = new Sums();
  for (const item of items) {
    const groups = ['all', item.ticketId, `${item.clientId ?? ''}-${item.period}`];
    if (item.kind === 'time') accounted.add(groups, { minutes: item.actualMinutes ?? 0 });
    else if (item.kind === 'material') accounted.add(groups, { pieces: thousandths(item.quantity) });
    else accounted.add(groups, { expenses: Number(item.quantity) });
  }
  return [
    ...recorded.differences(accounted),
    ...items
      .filter(({ disposition }) => !DISPOSITIONS.includes(disposition))
      .map(({ itemId }) => `${itemId} has no disposition`),
    ...reconciliation.imbalances.map(
      (one) => `reconciliation: ${one.measure} ${one.recorded} against ${one.accounted}`,
    ),
    ...(reconciliation.documents?.unexplained ?? []).map(
      ({ amount, currency }) => `reconciliation: documents ask ${amount} ${currency} that no invoiced item holds`,
    ),
    ...moneyOfWork(model, items),
  ];
}

/** L1 in money: the items of a work item in an account come to what that work is worth there, to the cent. */
function moneyOfWork(model: Model, items: readonly BillableItem[]): Findings {
  const groups = new Map<string, BillableItem[]>();
  for (const item of items) {
    const key = `${item.clientId ?? ''}-${item.period} ${item.ticketId} ${item.workItemId}`;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups].flatMap(([key, ofWork]) => {
    const worth = worthOf(model, ofWork);
    const sum = ofWork.reduce((total, item) => total + minorOf(item), 0n);
    return worth === undefined || worth === sum ? [] : [`${key}: worth ${worth}, accounted for ${sum} minor units`];
  });
}

function minorOf({ net }: Pick<BillableItem, 'net'>): bigint {
  if (net === null) return 0n;
  const { over, under } = fraction(net.amount);
  return (over * minorUnits(net.currency)) / under;
}

/** undefined where the model can't tell: work without a price, work rounded together with other work. */
function worthOf(model: Model, items: readonly BillableItem[]): bigint | undefined {
  const [first] = items;
  if (!first || items.some(({ net }) => net === null)) return undefined;
  const account = `${first.clientId ?? ''}-${first.period}`;
  const ticket = model.tickets.get(first.ticketId);
  const work = ticket?.works.get(ownId(first));
  const here = ticket && work && accountOf(ticket, work) === account ? { ticket, work } : null;
  const frozen = model.frozen.filter(
    ({ account: of, item }) =>
      of === account && item.ticketId === first.ticketId && item.workItemId === first.workItemId,
  );
  if (here === null) return 0n;
  return frozen.length === 0 ? worthOfFree(model, here, first) : worthOfFrozen(model, here, frozen);
}

interface Here {
  readonly ticket: ModelTicket;
  readonly work: ModelWork;
}

function worthOfFree(model: Model, { ticket, work }: Here, item: BillableItem): bigint | undefined {
  if (ticket.noCharge) return 0n;
  const terms = model.terms.get(`${item.contractId} ${item.contractVersion}`);
  return terms ? (priceOf(work, ticket, terms) ?? undefined) : undefined;
}

/** Frozen money stands until the work itself changes; then the work is worth what the version that priced it says. */
function worthOfFrozen(model: Model, { ticket, work }: Here, frozen: readonly ModelFrozen[]): bigint | undefined {
  const priced = frozen.findLast(({ item }) => item.net !== null);
  if (!standsAlone(model, frozen) && frozen.at(-1)?.work === priceFactsOf(work))
    return frozen.reduce((sum, { item }) => sum + minorOf(item), 0n);
  const terms = model.terms.get(`${priced?.item.contractId} ${priced?.item.contractVersion}`);
  return terms ? (priceOf(work, ticket, terms) ?? undefined) : undefined;
}

/** True of an adjustment whose adjusted line was credited to be billed again: what is frozen is not all of the work then. */
function standsAlone(model: Model, frozen: readonly ModelFrozen[]): boolean {
  return frozen.some(
    ({ account, item: { itemId, workItemId, ticketId } }) =>
      itemId !== workItemId && model.creditedWork.has(`${account} ${ticketId} ${workItemId}`),
  );
}

const SETTLED: ReadonlySet<string> = new Set(['invoiced', 'covered', 'deferred', 'written-off']);

/** L2: every piece of work of every resolved ticket is settled, billable within the billing delay, or shown by a gap. */
export function silences(
  model: Model,
  { items, derivedGaps, recordedGaps, fates, reconciliation, asOf }: Observed,
): Findings {
  const findings: string[] = [];
  const days = model.configuration?.unbilledAfterDays ?? 0;
  const resolved = [...model.tickets.values()].filter(({ resolvedAt }) => resolvedAt !== null);
  const due = derivedGaps.filter(({ dueOn }) => dueOn === null || dueOn <= asOf);
  for (const ticket of resolved) {
    const gaps = due.filter(({ ticketId }) => ticketId === ticket.ticketId);
    const own = items.filter(({ ticketId }) => ticketId === ticket.ticketId);
    const isDelayed = asOf < addDays(model.resolvedOn(ticket) ?? asOf, days);
    if (ticket.works.size === 0 && !ticket.noCharge && !gaps.some(({ kind }) => kind === 'work-not-recorded'))
      findings.push(`${ticket.ticketId} was resolved without work, and no gap says so`);
    for (const id of ticket.works.keys())
      if (!own.some((item) => ownId(item) === id)) findings.push(`${ticket.ticketId} ${id} has no item`);
    findings.push(
      ...own
        .filter((item) => isSilent(item, isDelayed, gaps))
        .map((item) => `${ticket.ticketId} ${item.itemId} (${item.disposition}, ${item.approval}) is in silence`),
    );
    const fate = fates.find(({ ticketId }) => ticketId === ticket.ticketId)?.fate;
    if ((fate === 'gap') !== gaps.some((gap) => !isAccepted(gap, recordedGaps)))
      findings.push(`${ticket.ticketId} is told to be ${fate}`);
  }
  const { gap, waiting, billed, covered } = reconciliation.tickets;
  if (gap + waiting + billed + covered !== resolved.length || fates.length !== resolved.length)
    findings.push(
      `${resolved.length} tickets are resolved, and the reconciliation counts ${gap + waiting + billed + covered}`,
    );
  return findings;
}

function isSilent(item: BillableItem, isDelayed: boolean, gaps: readonly KeyedGap[]): boolean {
  const shows = (kind: string): boolean =>
    gaps.some(
      (gap) =>
        gap.kind === kind &&
        gap.workItemId === item.workItemId &&
        gap.clientId === item.clientId &&
        gap.period === item.period,
    );
  if (
    item.approval === 'unapproved' &&
    item.disposition !== 'invoiced' &&
    item.disposition !== 'written-off' &&
    !shows('time-unapproved')
  )
    return true;
  if (item.disposition === 'unpriced') return !shows('unpriced');
  if (SETTLED.has(item.disposition) || item.approval === 'unapproved') return false;
  return !isDelayed && !shows('unbilled');
}

/** A person accepted the latest gap of this key, at the value that it has now: who accepts a loss accepts that much. */
function isAccepted({ key, valueAtRisk }: KeyedGap, recordedGaps: Observed['recordedGaps']): boolean {
  const latest = recordedGaps.findLast((gap) => gap.key === key);
  return latest?.state === 'accepted' && JSON.stringify(latest.valueAtRisk) === JSON.stringify(valueAtRisk);
}

/** L7, once the policies have settled: what rating derives as of today, less what a person accepted, is what is recorded as open. */
export function disagreements({ derivedGaps, recordedGaps, asOf }: Observed): Findings {
  const text = (gap: KeyedGap | Observed['recordedGaps'][number]): string => {
    const { key, kind, ticketId, clientId, period, workItemId, valueAtRisk, cause, sourceEventIds } = gap;
    return JSON.stringify({ key, kind, ticketId, clientId, period, workItemId, valueAtRisk, cause, sourceEventIds });
  };
  const derived = derivedGaps
    .filter((gap) => (gap.dueOn === null || gap.dueOn <= asOf) && !isAccepted(gap, recordedGaps))
    .map(text);
  const recorded = recordedGaps.filter(({ state }) => state === 'open').map(text);
  return [
    ...derived.filter((one) => !recorded.includes(one)).map((one) => `derived, not recorded: ${one}`),
    ...recorded.filter((one) => !derived.includes(one)).map((one) => `recorded, not derived: ${one}`),
    ...(derived.length === recorded.length ? [] : [`${derived.length} derived, ${recorded.length} recorded`]),
  ];
}
