import { Decimal, type LocalDate, addDays, at, invariant } from '@billtrail/kernel';
import type { PeriodFacts } from '../facts.js';
import type { ChargeLedger, EarlierCharge } from './charge-ledger.js';
import { isJoined } from './joined.js';
import { type PartOfPayer, leavingByPayer } from './leaving.js';
import { type RecurringStretch, clipped } from './stretch.js';

/** Units that join or leave a cycle by who pays for them, where that is not one client; null: it is, or the fee has no such units. */
export function partsByPayer(
  stretch: RecurringStretch,
  facts: PeriodFacts,
  book: ChargeLedger,
): readonly PartOfPayer[] | null {
  return leavingByPayer(stretch, facts, book) ?? joiningByPayer(stretch, book);
}

/** The parts of stretches that a charge which documents have asks for, or gives back; of what was never shared, all. */
export function ownParts(
  stretches: readonly RecurringStretch[],
  { billTo }: EarlierCharge,
  facts: PeriodFacts,
  book: ChargeLedger,
): readonly RecurringStretch[] {
  let own: readonly RecurringStretch[] = [];
  for (const stretch of stretches) {
    const parts = partsByPayer(stretch, facts, book);
    if (parts === null) own = [...own, stretch];
    for (const part of parts ?? [])
      if (part.recipientId === (billTo ?? stretch.contract.clientId)) own = joinedTo(own, part.stretch);
  }
  return own;
}

/**
 * What joins a cycle in a month of whose joiners some are invoiced already, by who pays: those that documents ask for stay with who received these, the first that were
 * asked first; the others are asked of who is named on their day. null: the stretch is of no such cycle, no document asks for any of it, or all of it is of one client.
 */
function joiningByPayer(stretch: RecurringStretch, book: ChargeLedger): readonly PartOfPayer[] | null {
  const { contract, charge, days, count } = stretch;
  if (count === null || count <= 0 || !isJoined(charge)) return null;
  const { contractId, clientId } = contract;
  const asked = book
    .earlierOfKind('recurring')
    .filter((one) => one.contractId === contractId && one.basis.termId === charge.id)
    .filter(({ from, to, figures }) => from <= days.to && to >= days.from && figures !== null)
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  if (asked.length === 0) return null;
  const named = book.recipientOf(
    { contractId, contractVersion: days.version.versionNumber, siteId: null, on: days.from },
    [],
  );
  const payerOf = ({ billTo }: EarlierCharge): string => billTo ?? clientId;
  if (asked.every((one) => payerOf(one) === named && one.basis.billTo === undefined)) return null;
  const parts = new Map<string, RecurringStretch[]>();
  for (const piece of cutByFigures(stretch, asked)) {
    let [left, before] = [count, piece.unitsBefore ?? 0];
    const units = new Map<string, number>();
    for (const one of asked) {
      const taken = Math.min(left, unitsOn(one, piece.days.from));
      left -= taken;
      units.set(payerOf(one), (units.get(payerOf(one)) ?? 0) + taken);
    }
    units.set(named, (units.get(named) ?? 0) + left);
    for (const [payer, own] of units) {
      if (own > 0) add(parts, payer, { ...piece, count: own, ...(before === 0 ? {} : { unitsBefore: before }) });
      before += own;
    }
  }
  return [...parts].flatMap(([recipientId, of]) => of.map((one) => ({ recipientId, stretch: one })));
}

/** What a document asks for on a day; what gives units back asks for none. */
function unitsOn({ figures }: EarlierCharge, day: LocalDate): number {
  const own = (figures ?? []).filter(({ from, to }) => from <= day && to >= day);
  const units = Decimal.sum(0, ...own.map(({ quantity }) => quantity));
  invariant(units.isInteger(), () => `a fee by units was asked for ${units.toFixed()} of them`);
  return Math.max(0, units.toNumber());
}

/** A stretch, cut where what documents ask for changes. */
function cutByFigures(stretch: RecurringStretch, asked: readonly EarlierCharge[]): readonly RecurringStretch[] {
  const { from: first, to: last } = stretch.days;
  const edges = asked
    .flatMap(({ figures }) => (figures ?? []).flatMap(({ from, to }) => [from, addDays(to, 1)]))
    .filter((day) => day > first && day <= last);
  const begins = [first, ...[...new Set(edges)].sort()];
  return begins.flatMap((from, index) => {
    const next = begins[index + 1];
    return clipped(stretch, { from, to: next === undefined ? last : addDays(next, -1) });
  });
}

/** Days that follow each other and are alike are one stretch, as they were when they were asked for: the fee of all of them is rounded once. */
function add(parts: Map<string, RecurringStretch[]>, payer: string, piece: RecurringStretch): void {
  const known = parts.get(payer) ?? [];
  parts.set(payer, joinedTo(known, piece));
}

/** Stretches in the order of their days, with one more that comes after them. */
function joinedTo(known: readonly RecurringStretch[], next: RecurringStretch): RecurringStretch[] {
  if (known.length === 0) return [next];
  const last = at(known, known.length - 1, 'the stretch before');
  const isAlike =
    last.share === undefined &&
    next.share === undefined &&
    last.days.version === next.days.version &&
    last.count === next.count &&
    (last.charge.tiers === undefined || last.unitsBefore === next.unitsBefore) &&
    addDays(last.days.to, 1) === next.days.from;
  if (!isAlike) return [...known, next];
  return [...known.slice(0, -1), { ...last, days: { ...last.days, to: next.days.to } }];
}
