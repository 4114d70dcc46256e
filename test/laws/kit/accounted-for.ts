import { addDays } from '@billtrail/kernel';
import { DISPOSITIONS, type BillableItem } from '@billtrail/billing';
import type { KeyedGap } from '@billtrail/read-models';
import { ownId, priceFactsOf, type Model, type ModelFrozen, type ModelTicket, type ModelWork } from './model.js';
import type { Findings } from './findings.js';
import type { Observed } from './observed.js';
import { fraction, minorOf, sumOf } from './integers.js';
import { priceOf } from './price.js';
import { isPricedAnew } from './priced-anew.js';
import { pricesOf } from './shared-card.js';

interface Measures {
  minutes: number;
  /** In units of 10^-12, which no quantity that is cut goes below. */
  pieces: bigint;
  /** The same. */
  expenses: bigint;
}

const DIGITS = 12;
const PIECE = 10n ** BigInt(DIGITS);

function piecesOf(quantity: string): bigint {
  const { over, under } = fraction(quantity);
  return (over * PIECE) / under;
}

function pieceText(pieces: bigint): string {
  const digits = pieces.toString().padStart(DIGITS + 1, '0');
  return `${digits.slice(0, -DIGITS)}.${digits.slice(-DIGITS)}`;
}

class Sums {
  private readonly by = new Map<string, Measures>();

  add(groups: readonly string[], { minutes = 0, pieces = 0n, expenses = 0n }: Partial<Measures>): void {
    for (const group of groups) {
      const sum = this.by.get(group) ?? { minutes: 0, pieces: 0n, expenses: 0n };
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
      const { minutes, pieces, expenses } = sums.by.get(group) ?? { minutes: 0, pieces: 0n, expenses: 0n };
      return `${minutes} min, ${pieceText(pieces)} pieces, ${pieceText(expenses)} of expenses`;
    };
    return [...new Set([...this.by.keys(), ...others.by.keys()])]
      .filter((group) => text(this, group) !== text(others, group))
      .map((group) => `${group}: recorded ${text(this, group)}, accounted for ${text(others, group)}`);
  }
}

/** L1: for the whole, every ticket, every client over all its periods and every client-period, the work recorded and the work in the dispositions, in all measures. */
export function conservation(model: Model, { items, reconciliation }: Observed): Findings {
  const recorded = new Sums();
  for (const ticket of model.tickets.values()) {
    for (const work of ticket.works.values()) {
      const groups = ['all', ticket.ticketId, `all of ${model.clientOf(ticket) ?? ''}`];
      for (const [account, minutes] of model.hasKnownMonth(ticket, work) ? model.accountsOf(ticket, work) : []) {
        if (work.kind === 'time') recorded.add([account], { minutes });
        else recorded.add([account], goodsOf(work));
      }
      recorded.add(groups, work.kind === 'time' ? { minutes: work.facts.minutes } : goodsOf(work));
    }
  }
  const accounted = new Sums();
  for (const item of items) {
    const ticket = model.tickets.get(item.ticketId);
    const work = ticket?.works.get(ownId(item));
    const ofPeriod =
      work !== undefined && !model.hasKnownMonth(ticket, work) ? [] : [`${item.clientId ?? ''}-${item.period}`];
    const groups = ['all', item.ticketId, `all of ${item.clientId ?? ''}`, ...ofPeriod];
    if (item.kind === 'time') accounted.add(groups, { minutes: item.actualMinutes ?? 0 });
    else if (item.kind === 'material') accounted.add(groups, { pieces: piecesOf(item.quantity) });
    else accounted.add(groups, { expenses: piecesOf(item.quantity) });
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

function goodsOf(work: Exclude<ModelWork, { kind: 'time' }>): Partial<Measures> {
  return work.kind === 'material'
    ? { pieces: piecesOf(work.facts.quantity) }
    : { expenses: piecesOf(work.facts.quantity ?? '1') };
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
    const sum = sumOf(ofWork.map(moneyOf));
    return worth === undefined || worth === sum ? [] : [`${key}: worth ${worth}, accounted for ${sum} minor units`];
  });
}

function moneyOf({ net }: Pick<BillableItem, 'net'>): bigint {
  return net === null ? 0n : minorOf(net);
}

/** undefined where the model can't tell: work without a price, work rounded together with other work. */
function worthOf(model: Model, items: readonly BillableItem[]): bigint | undefined {
  const [first] = items;
  if (!first || items.some(({ net }) => net === null)) return undefined;
  const account = `${first.clientId ?? ''}-${first.period}`;
  const ticket = model.tickets.get(first.ticketId);
  const work = ticket?.works.get(ownId(first));
  const accounts = ticket && work ? model.accountsOf(ticket, work) : new Map<string, number>();
  if (accounts.size > 1 || (work !== undefined && !model.hasKnownMonth(ticket, work))) return undefined;
  const here = ticket && work && accounts.has(account) ? { ticket, work } : null;
  const frozen = model.frozen.filter(
    ({ account: of, item }) =>
      of === account && item.ticketId === first.ticketId && item.workItemId === first.workItemId,
  );
  if (here === null) return 0n;
  if (items.some((item) => isPartBeside(item, frozen))) return undefined;
  // What a cap held back comes as soon as there is room under it: where work under it is written off, say.
  if (frozen.some(({ item }) => item.basis.cap?.heldBack)) return undefined;
  const isDrawn = items.some(({ draw }) => draw !== undefined);
  if (frozen.length === 0) return worthOfFree(model, here, first, isDrawn);
  return worthOfFrozen(model, here, frozen, { isDrawn, isAdjusted: items.some((item) => isOfWriteOff(item, frozen)) });
}

/** What work that was written off came to otherwise since: it is written off with it, and no document freezes it. */
function isOfWriteOff({ itemId, disposition }: BillableItem, frozen: readonly ModelFrozen[]): boolean {
  return disposition === 'written-off' && /@a\d+$/.test(itemId) && !frozen.some(({ item }) => item.itemId === itemId);
}

/** A part of the work that is rated as it is now, while other parts are frozen, or may be; what corrects or credits frozen parts is none. */
function isPartBeside({ itemId, workItemId }: BillableItem, frozen: readonly ModelFrozen[]): boolean {
  if (itemId === workItemId || frozen.some(({ item }) => item.itemId === itemId)) return false;
  return !/@[axdwc]\d+$/.test(itemId);
}

interface Here {
  readonly ticket: ModelTicket;
  readonly work: ModelWork;
}

function worthOfFree(model: Model, { ticket, work }: Here, item: BillableItem, isDrawn: boolean): bigint | undefined {
  if (model.isFree(ticket, work.id)) return 0n;
  const stated = model.terms.get(`${item.contractId} ${item.contractVersion}`);
  const terms = stated && pricesOf(stated, model.configuration, work);
  return terms
    ? lessGiven(priceOf(work, ticket, terms, isDrawn) ?? undefined, { ticket, work }, item.net?.currency)
    : undefined;
}

/** A courtesy is an amount, and never more than the work comes to. One in another currency was for another client, before the ticket moved. */
function lessGiven(
  worth: bigint | undefined,
  { ticket, work }: Here,
  currency: string | undefined,
): bigint | undefined {
  const given = ticket.courtesies.get(work.id);
  if (worth === undefined || given === undefined || given.currency !== currency) return worth;
  const amount = minorOf(given);
  return worth > amount ? worth - amount : 0n;
}

/** Frozen money stands until the work itself changes, or other work that it shares a price with; then the work is worth what the version that priced it says. */
function worthOfFrozen(
  model: Model,
  { ticket, work }: Here,
  frozen: readonly ModelFrozen[],
  { isDrawn, isAdjusted }: { readonly isDrawn: boolean; readonly isAdjusted: boolean },
): bigint | undefined {
  const last = frozen.at(-1);
  const isAsItWas =
    !isAdjusted &&
    last?.work === priceFactsOf(work) &&
    !isGivenLess({ ticket, work }, frozen) &&
    !isPricedAnew(model, last);
  if (!standsAlone(model, frozen) && !isTooMuch(work, frozen) && isAsItWas)
    return sumOf(frozen.map(({ item }) => moneyOf(item)));
  const versions = new Set(frozen.map(({ item }) => `${item.contractId} ${item.contractVersion}`));
  const stated = versions.size > 1 ? undefined : model.terms.get([...versions].join(''));
  const cards = new Set(frozen.map(({ item }) => item.basis.card?.version));
  const pricedBy = cards.size > 1 ? undefined : [...cards][0];
  const terms = stated && cards.size === 1 ? pricesOf(stated, model.configuration, work, pricedBy) : undefined;
  const currency = frozen.find(({ item }) => item.net !== null)?.item.net?.currency;
  return terms ? lessGiven(priceOf(work, ticket, terms, isDrawn) ?? undefined, { ticket, work }, currency) : undefined;
}

/** True where more is frozen than there is of the work now: what is too much of a write-off ends beside what an invoice shows of it. */
function isTooMuch(work: ModelWork, frozen: readonly ModelFrozen[]): boolean {
  return (
    work.kind === 'time' && frozen.reduce((sum, { item }) => sum + (item.actualMinutes ?? 0), 0) > work.facts.minutes
  );
}

/** True where a courtesy was withdrawn after what it left was written off: what was given is asked for again. */
function isGivenLess({ ticket, work }: Here, frozen: readonly ModelFrozen[]): boolean {
  const given = frozen.flatMap(({ item: { itemId, courtesy } }) =>
    courtesy === undefined || /@c\d+$/.test(itemId) ? [] : [courtesy.amount],
  );
  const now = ticket.courtesies.get(work.id);
  if (now !== undefined && now.currency !== given[0]?.currency) return false;
  return sumOf(given.map(minorOf)) > (now === undefined ? 0n : minorOf(now));
}

/** True of an adjustment whose adjusted line was credited to be billed again: what is frozen is not all of the work then. */
function standsAlone(model: Model, frozen: readonly ModelFrozen[]): boolean {
  return frozen.some(
    ({ account, item: { itemId, workItemId, ticketId } }) =>
      itemId !== workItemId && model.creditedWork.has(`${account} ${ticketId} ${workItemId}`),
  );
}

const SETTLED: ReadonlySet<string> = new Set(['invoiced', 'covered', 'deferred', 'written-off']);

/** L2: every piece of work of every ticket that reached its resolution is settled, billable within the billing delay, or shown by a gap. */
export function silences(
  model: Model,
  { items, charges, derivedGaps, recordedGaps, fates, reconciliation, asOf }: Observed,
): Findings {
  const findings: string[] = [];
  const days = model.configuration.unbilledAfterDays;
  // Whatever became of a ticket since it was resolved once.
  const resolved = [...model.tickets.values()].filter(
    (ticket) => ticket.merged === null && model.treeOf(ticket).some(({ resolvedAt }) => resolvedAt !== null),
  );
  const due = derivedGaps.filter(({ dueOn }) => dueOn === null || dueOn <= asOf);
  for (const ticket of resolved) {
    // What was merged into it is accounted for with it.
    const tree = model.treeOf(ticket);
    const ids = new Set(tree.map(({ ticketId }) => ticketId));
    const gaps = due.filter(({ ticketId }) => ticketId !== null && ids.has(ticketId));
    const own = items.filter(({ ticketId }) => ids.has(ticketId));
    // What was resolved before it became part of another is accounted for from its own day on.
    const isDelayed = ({ ticketId }: BillableItem): boolean => {
      const of = tree.find((one) => one.ticketId === ticketId) ?? ticket;
      return asOf < addDays(model.accountedFrom(of) ?? asOf, days);
    };
    if (
      ticket.resolvedAt !== null &&
      tree.every(({ works }) => works.size === 0) &&
      !ticket.noCharge &&
      !(ticket.reopened !== null && ticket.wasFree) &&
      !gaps.some(({ kind }) => kind === 'work-not-recorded')
    )
      findings.push(`${ticket.ticketId} was resolved without work, and no gap says so`);
    for (const { ticketId, works } of tree)
      for (const id of works.keys())
        if (!own.some((item) => item.ticketId === ticketId && ownId(item) === id))
          findings.push(`${ticketId} ${id} has no item`);
    findings.push(
      ...own
        .filter((item) => {
          const of = tree.find((one) => one.ticketId === item.ticketId) ?? ticket;
          return model.isAccountedFor(of, of.works.get(ownId(item))?.recordedAt ?? null);
        })
        .filter((item) => isSilent(item, isDelayed(item), gaps))
        .map((item) => `${ticket.ticketId} ${item.itemId} (${item.disposition}, ${item.approval}) is in silence`),
    );
    if (
      own.some((item) => {
        const of = tree.find(({ ticketId }) => ticketId === item.ticketId);
        return (
          of !== undefined &&
          of.works.has(ownId(item)) &&
          of.isScopeKnown &&
          !model.isFree(of, ownId(item)) &&
          isGivenAway(item) &&
          of.scope.isDeclaredOut(ownId(item))
        );
      }) &&
      !gaps.some(({ kind }) => kind === 'scope-suspected')
    )
      findings.push(`${ticket.ticketId} was declared out of scope, its work costs nothing, and no gap says so`);
    const fate = fates.find(({ ticketId }) => ticketId === ticket.ticketId)?.fate;
    const isOpen = ticket.resolvedAt === null || ticket.reopened !== null;
    if (isOpen !== (fate === 'reopened')) findings.push(`${ticket.ticketId} is told to be ${fate}`);
    else if (!isOpen && (fate === 'gap') !== gaps.some((gap) => !isAccepted(gap, recordedGaps)))
      findings.push(`${ticket.ticketId} is told to be ${fate}`);
    else if (!isOpen && fate !== 'gap' && fate !== 'waiting') {
      const accepted = derivedGaps.filter((gap) => isAccepted(gap, recordedGaps));
      const isFree = ticket.noCharge || tree.some(({ works }) => works.size > 0);
      const settled = settledFate(own, accepted, isFree);
      if (fate !== settled) findings.push(`${ticket.ticketId} is told to be ${fate}, and is ${settled}`);
    }
  }
  findings.push(...silentCharges(charges, due, asOf, days));
  const { resolved: told, ...byFate } = reconciliation.tickets;
  const counted = Object.values(byFate).reduce((sum, tickets) => sum + tickets, 0);
  const { reopened } = byFate;
  if (
    told !== counted ||
    counted !== resolved.length ||
    reopened !== (reconciliation.reopened?.tickets ?? 0) ||
    fates.length !== resolved.length
  )
    findings.push(`${resolved.length} tickets are resolved, and the reconciliation counts ${counted}`);
  return findings;
}

/** What became of a ticket that neither waits nor has a gap: money goes before a loss, and a loss that somebody took before what costs nothing. `isFree`: unless it was lost. */
function settledFate(own: readonly BillableItem[], accepted: readonly KeyedGap[], isFree: boolean): string {
  const isAny = (disposition: BillableItem['disposition']) => own.some((item) => item.disposition === disposition);
  if (isAny('invoiced')) return 'billed';
  if (isAny('written-off')) return 'written-off';
  const isLost = ({ disposition, approval, ticketId, workItemId }: BillableItem): boolean =>
    disposition !== 'covered' ||
    (approval === 'unapproved' &&
      accepted.some(
        (gap) => gap.kind === 'time-unapproved' && gap.ticketId === ticketId && gap.workItemId === workItemId,
      ));
  return own.some(isLost) || !isFree ? 'accepted' : 'covered';
}

/** A charge with a price is on an issued invoice, or within the billing delay, or shown by a gap. */
function silentCharges(charges: Observed['charges'], due: readonly KeyedGap[], asOf: string, days: number): Findings {
  return charges
    .filter(({ disposition, net, billableFrom }) => {
      return disposition !== 'invoiced' && minorOf(net) !== 0n && addDays(billableFrom, days) <= asOf;
    })
    .filter(
      (charge) => !due.some((gap) => gap.charge?.chargeId === charge.chargeItemId && gap.period === charge.period),
    )
    .map(({ chargeItemId, disposition }) => `charge ${chargeItemId} (${disposition}) is in silence`);
}

function isGivenAway({ kind, disposition }: BillableItem): boolean {
  return kind === 'time' && disposition === 'covered';
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
  if (item.disposition === 'unpriced') return !shows('unpriced') && !shows('cap-exceeded');
  if (SETTLED.has(item.disposition) || item.approval === 'unapproved') return false;
  return !isDelayed && !shows('unbilled');
}

/** A person accepted the latest gap of this key, at the value that it has now: who accepts a loss accepts that much. */
function isAccepted({ key, valueAtRisk }: KeyedGap, recordedGaps: Observed['recordedGaps']): boolean {
  const latest = recordedGaps.findLast((gap) => gap.key === key);
  return latest?.state === 'accepted' && JSON.stringify(latest.valueAtRisk) === JSON.stringify(valueAtRisk);
}

/**
 * L7, once the policies have settled: what rating derives as of today, less what a person accepted, is what is recorded as open. A day that moves on opens nothing yet, and
 * closes nothing.
 */
export function disagreements({ derivedGaps, recordedGaps, asOf }: Observed): Findings {
  const text = (gap: KeyedGap | Observed['recordedGaps'][number]): string => {
    const { key, kind, ticketId, clientId, period, workItemId, valueAtRisk, cause, sourceEventIds } = gap;
    return JSON.stringify({ key, kind, ticketId, clientId, period, workItemId, valueAtRisk, cause, sourceEventIds });
  };
  const open = recordedGaps.filter(({ state }) => state === 'open');
  const keys = new Set(open.map(({ key }) => key));
  const isDue = ({ key, dueOn }: KeyedGap): boolean => dueOn === null || dueOn <= asOf || keys.has(key);
  const derived = derivedGaps.filter((gap) => isDue(gap) && !isAccepted(gap, recordedGaps)).map(text);
  const recorded = open.map(text);
  return [
    ...derived.filter((one) => !recorded.includes(one)).map((one) => `derived, not recorded: ${one}`),
    ...recorded.filter((one) => !derived.includes(one)).map((one) => `recorded, not derived: ${one}`),
    ...(derived.length === recorded.length ? [] : [`${derived.length} derived, ${recorded.length} recorded`]),
  ];
}
