import { Decimal, type LocalDate, Money, addTo, at, compareTexts, invariant, known } from '@billtrail/kernel';
import type { WorkToCover } from '@billtrail/contracts';
import type { Basis, ReducedBasis } from '../../item/basis.js';
import { isPriced, isReadyToBill } from '../../item/billable-item.js';
import type { MadeItem } from '../../item/made-item.js';
import { itemToMatch } from '../coverage/matching.js';
import { isByCardAlone } from '../coverage/scope.js';
import { versionOn } from '../coverage/step-1-contract.js';
import type { PeriodFacts } from '../facts.js';
import type { ChargeLedger } from './charge-ledger.js';

/** What a contract charges in a period before its minimum: an item of work, or a month's fee. */
export interface ChargedLine {
  /** null: a recurring charge. */
  readonly work: WorkToCover | null;
  /** The version in force on its day: what a minimum or an amount off asks for goes by it, whatever priced work that is invoiced. */
  readonly contractVersion: number;
  readonly taxCategory: string;
  /** The day by which it is taxed: of work its own, of a charge its first. */
  readonly on: LocalDate;
  /** The invoice that asked for it; null: none did. */
  readonly invoiceId: string | null;
  /** Who received that, or is to receive it. */
  readonly recipientId: string;
  /** Net less the amount discounts taken so far. */
  remaining: Money;
  /** What the minimum commitment is measured on: the same, before the discounts that come after the minimum. */
  measured: Money;
}

/**
 * The items of work under a contract that are asked of the client, or were: not what awaits approval, was rejected or has no price, nor what is out of
 * scope of the contract.
 */
export function workLines(
  facts: PeriodFacts,
  items: readonly MadeItem[],
  book: Pick<ChargeLedger, 'recipientOf'>,
): ReadonlyMap<string, readonly ChargedLine[]> {
  const byContract = new Map<string, ChargedLine[]>();
  for (const made of items) {
    const { item } = made;
    const { contractId, disposition } = item;
    if (!isPriced(item) || contractId === null || item.net.currency !== facts.currency) continue;
    const { net, taxCategory } = item;
    if (disposition === 'covered' || disposition === 'unpriced' || disposition === 'deferred') continue;
    if (item.draw !== undefined || !isReadyToBill(item)) continue;
    const basis = made.basis();
    if (isByCardAlone(basis.ruleId)) continue;
    const ticket = known(facts.tickets, item.ticketId, 'the ticket of an item,');
    const documentIds = item.invoiceId === null ? (basis.adjustment?.adjusts?.documentIds ?? []) : [item.invoiceId];
    const line: ChargedLine = {
      work: itemToMatch(item, basis, ticket),
      contractVersion: versionOfDay(facts, made, basis, item.contractVersion),
      taxCategory,
      on: item.workDate,
      invoiceId: disposition === 'invoiced' ? item.invoiceId : null,
      recipientId: book.recipientOf({ ...item, siteId: ticket.siteId, on: item.workDate }, documentIds),
      remaining: Money.from(net),
      measured: beforeMinimum(basis, Money.from(net)),
    };
    addTo(byContract, contractId, line);
  }
  return byContract;
}

/** Of work that is invoiced, or that adjusts such work, the version that holds on its day now: it was priced by another, perhaps. */
function versionOfDay({ contracts }: PeriodFacts, { item }: MadeItem, basis: Basis, pricedBy: number): number {
  if (item.invoiceId === null && basis.adjustment === null) return pricedBy;
  const contract = contracts.find(({ contractId }) => contractId === item.contractId);
  return (contract && versionOn(contract, item.workDate)?.versionNumber) ?? pricedBy;
}

/**
 * The net of an item without the discounts that come after the minimum: its basis states the price before and both percents.
 * Of an item that is a part of what was discounted (cut at a cap, an adjustment), in proportion.
 */
function beforeMinimum({ discount }: Basis, net: Money): Money {
  if (discount === null) return net;
  const after = new Decimal(discount.afterMinimumPercent);
  if (after.isZero()) return net;
  const kept = FULL.minus(discount.beforeMinimumPercent);
  const charged = kept.minus(after);
  const whole = Money.of(discount.exactBefore, net.currency);
  if (whole.times(charged).dividedBy(FULL).rounded().equals(net)) return whole.times(kept).dividedBy(FULL).rounded();
  return charged.isZero() ? net : net.times(kept).dividedBy(charged).rounded();
}

const FULL = new Decimal(100);

export function sumOf(lines: readonly ChargedLine[], of: 'remaining' | 'measured', currency: string): Money {
  return Money.sum(
    lines.map((line) => line[of]),
    currency,
  );
}

/** The part of an amount off that falls on one tax category of what one client receives. */
export interface CategoryShare {
  readonly taxCategory: string;
  readonly recipientId: string;
  readonly taken: Money;
  readonly reduces: readonly ReducedBasis[];
}

/** What remains of each tax category of the lines, nothing where that is less than nothing; in the order of the categories. */
export function remainingByCategory(lines: readonly ChargedLine[], currency: string): ReadonlyMap<string, Money> {
  const rooms = new Map<string, Money>();
  for (const taxCategory of [...new Set(lines.map((line) => line.taxCategory))].sort()) {
    const room = sumOf(
      lines.filter((line) => line.taxCategory === taxCategory),
      'remaining',
      currency,
    );
    rooms.set(taxCategory, room.isNegative() ? Money.zero(currency) : room);
  }
  return rooms;
}

/**
 * Takes an amount off lines by largest remainder over what remains of each tax category, and in it of each line, so that neither a line nor a
 * category falls below zero and the parts are the whole; where there are several recipients, neither does what each is asked. At most what remains
 * in all is taken; returns what was, by category and recipient.
 */
export function takeOff(lines: readonly ChargedLine[], amount: Money): readonly CategoryShare[] {
  const owed = sumOf(lines, 'remaining', amount.currency);
  const taken = owed.compare(amount) < 0 ? owed : amount;
  if (taken.isZero() || taken.isNegative()) return [];
  const rooms = [...remainingByCategory(lines, amount.currency)].filter(([, room]) => !room.isZero());
  const shares = taken.allocate(rooms.map(([, room]) => room.value));
  return rooms.flatMap(([taxCategory, room], index): readonly CategoryShare[] => {
    const share = at(shares, index, 'the share of a tax category');
    invariant(share.compare(room) <= 0, () => `more is taken off tax category ${taxCategory} than remains of it`);
    if (share.isZero()) return [];
    return takeOffCategory(
      taxCategory,
      lines.filter((line) => line.taxCategory === taxCategory),
      share,
    );
  });
}

function takeOffCategory(taxCategory: string, lines: readonly ChargedLine[], taken: Money): readonly CategoryShare[] {
  const positive = lines.filter((line) => !line.remaining.isNegative() && !line.remaining.isZero());
  const kept = keptByRecipient(lines, taken.currency);
  const shares = taken.allocate(
    positive.map(({ recipientId, remaining }) => remaining.value.times(known(kept, recipientId, 'what is kept of'))),
  );
  invariant(Money.sum(shares, taken.currency).equals(taken), 'the shares of an amount off are not the amount');
  const byRecipient = new Map<string, { taken: Money; readonly reduced: Map<string, ReducedBasis> }>();
  positive.forEach((line, index) => {
    const share = at(shares, index, 'the share of an amount off');
    line.remaining = line.remaining.minus(share);
    line.measured = line.measured.minus(share);
    invariant(!line.remaining.isNegative(), 'more is taken off a line than remains of it');
    if (share.isZero()) return;
    const { on, invoiceId, recipientId } = line;
    const of = byRecipient.get(recipientId) ?? { taken: Money.zero(taken.currency), reduced: new Map() };
    byRecipient.set(recipientId, of);
    of.taken = of.taken.plus(share);
    const key = `${on} ${invoiceId ?? ''}`;
    const before = of.reduced.get(key)?.net ?? '0';
    of.reduced.set(key, { on, invoiceId, net: share.plus(Money.of(before, taken.currency)).toJSON().amount });
  });
  return [...byRecipient]
    .sort(([a], [b]) => compareTexts(a, b))
    .map(([recipientId, of]) => ({
      taxCategory,
      recipientId,
      taken: of.taken,
      reduces: [...of.reduced].sort(([a], [b]) => compareTexts(a, b)).map(([, one]) => one),
    }));
}

/** By recipient, what is left of each 1.00 of the lines that ask for something, once its lines that give money back are set against them. */
function keptByRecipient(lines: readonly ChargedLine[], currency: string): ReadonlyMap<string, Decimal> {
  const recipients = [...new Set(lines.map(({ recipientId }) => recipientId))];
  return new Map(
    recipients.map((recipientId) => {
      const own = lines.filter((line) => line.recipientId === recipientId);
      const asked = sumOf(
        own.filter(({ remaining }) => !remaining.isNegative()),
        'remaining',
        currency,
      );
      const left = sumOf(own, 'remaining', currency);
      if (recipients.length === 1 || left.equals(asked)) return [recipientId, new Decimal(1)];
      return [recipientId, left.isNegative() ? new Decimal(0) : left.value.dividedBy(asked.value)];
    }),
  );
}
