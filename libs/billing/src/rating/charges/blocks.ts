import { type Decimal, Decimal as Numbers, Money, type MoneyJson, addDays, at, monthOf } from '@billtrail/kernel';
import { type PrepaidAmount, amountOf, priceLess, renewalOf, returnedOf } from '@billtrail/contracts';
import { chargeIdOf } from '../../item/item-key.js';
import { versionOn } from '../coverage/step-1-contract.js';
import type { BlockFacts, ContractFacts, PeriodFacts } from '../facts.js';
import type { BillableItem } from '../../item/billable-item.js';
import type { MadeItem } from '../../item/made-item.js';
import { currencyOf, prepaidAmount, prepaidKey } from '../prepaid/prepaid-amount.js';
import { NO_FIGURES } from './charge-basis.js';
import type { ChargeLedger } from './charge-ledger.js';
import { endedBy, lastDayCovered } from './ended.js';

/**
 * Purchased blocks: each is paid for in the period of its purchase, less what was returned of it since, by its own price. Of one that was withdrawn
 * what frozen work drew, less what corrections of it in the period give back, keeps its share of the price: hours and money stay together. What corrections
 * in another period give back is told as lacking there, until a document carries it and the period of the purchase knows. Money that credit notes took
 * back of a block of which nothing was returned is told as lacking too: its hours can still be drawn. So is what is left of one whose contract ended before it
 * was used up, whenever that end was recorded.
 */
export function chargeBlocks(
  contract: ContractFacts,
  facts: PeriodFacts,
  items: readonly MadeItem[],
  book: ChargeLedger,
): void {
  for (const block of contract.blocks ?? [])
    chargeBlock(contract, block, { returned: returnedOf(block), items }, facts, book);
  for (const block of contract.withdrawnBlocks ?? []) {
    const changes = changesOfDraws(contract, block, items);
    const changed = drawnBy(changes);
    if (monthOf(block.purchasedOn) === facts.period) {
      const whole = amountOf(block.amount);
      const held = book.frozenDraws(contract.contractId, block.blockId).plus(changed);
      const drawn = Numbers.min(Numbers.max(held, 0), whole);
      if (!drawn.isZero()) chargeBlock(contract, block, { returned: whole.minus(drawn), items }, facts, book);
    } else if (changed.isNegative()) lackGivenBack(contract, block, changes, book);
  }
}

/** Corrections of frozen work that draw on a block, or give something back to it, beside what is frozen. */
function changesOfDraws(
  { contractId }: ContractFacts,
  { blockId }: BlockFacts,
  items: readonly MadeItem[],
): readonly BillableItem[] {
  const key = prepaidKey({ from: 'block', contractId, blockId });
  return items.flatMap(({ item }) =>
    item.draw !== undefined && item.disposition === 'covered' && prepaidKey(item.draw.source) === key ? [item] : [],
  );
}

function drawnBy(items: readonly BillableItem[]): Decimal {
  return items.reduce((sum, { draw }) => (draw === undefined ? sum : sum.plus(amountOf(draw.amount))), new Numbers(0));
}

/** What work of a month after that of the purchase gives back to a withdrawn block: its money follows there once a document says so here. */
function lackGivenBack(
  { contractId }: ContractFacts,
  { blockId, amount, price, purchasedOn }: BlockFacts,
  changes: readonly BillableItem[],
  book: ChargeLedger,
): void {
  if (price === null) return;
  const back = Numbers.min(drawnBy(changes).negated(), amountOf(amount));
  const owed = Money.from(price.net)
    .rounded()
    .minus(priceLess({ amount, net: price.net }, back));
  const ticketIds = [...new Set(changes.map(({ ticketId }) => ticketId))].sort();
  const cause =
    `${inWords(prepaidAmount(back, currencyOf(amount)))} of block ${blockId}, which was withdrawn, are given back by ${changes.map(({ itemId }) => itemId).join(', ')}: ` +
    `${owed.toString()} of its price follow in ${monthOf(purchasedOn)} when a document of this month carries that`;
  book.lacks({
    chargeId: chargeIdOf({ contractId, of: 'block', termId: blockId, from: purchasedOn }),
    contractId,
    cause,
    value: owed.negated().toJSON(),
    sourceEventIds: [...new Set(changes.flatMap(({ sourceEventIds }) => sourceEventIds))],
    endsBy: { by: 'draft-tickets', ticketIds },
  });
}

function chargeBlock(
  contract: ContractFacts,
  block: BlockFacts,
  { returned, items }: { readonly returned: Decimal; readonly items: readonly MadeItem[] },
  facts: PeriodFacts,
  book: ChargeLedger,
): void {
  const { amount, blockId, price, purchasedOn } = block;
  if (price === null || monthOf(purchasedOn) !== facts.period) return;
  const { contractId } = contract;
  const { net: paid, taxCategory } = price;
  const chargeId = chargeIdOf({ contractId, of: 'block', termId: blockId, from: purchasedOn });
  const sourceEventIds = sourcesOf(block);
  const earlier = book.earlier(chargeId);
  if (paid.currency !== facts.currency && earlier === null) {
    const cause = `block ${blockId} is priced in ${paid.currency}, the client is invoiced in ${facts.currency}`;
    book.lacks({ chargeId, contractId, cause, value: paid, sourceEventIds });
    return;
  }
  const net = priceLess({ amount, net: paid }, returned);
  if (earlier === null) {
    book.expect(expectedOf(contract, block, { chargeId, net, returned, taxCategory }));
    return;
  }
  const back = inWords(prepaidAmount(returned, currencyOf(amount)));
  // Whatever its price is said to be later, what was invoiced stands.
  if (returned.isZero()) book.stands(chargeId);
  else book.expectNets(chargeId, [{ taxCategory: earlier.taxCategory, net }], `${back} of block ${blockId} went back`);
  const unmatched = earlier.credited.minus(Money.from(paid).rounded().minus(net));
  if (unmatched.isZero() || unmatched.isNegative()) {
    lackUndrawable(contract, block, { returned, items }, facts, book);
    return;
  }
  const cause = `${unmatched.toString()} of block ${blockId} was given back on credit notes, and its hours were not: return them`;
  book.lacks({
    chargeId,
    contractId,
    cause,
    value: unmatched.toJSON(),
    sourceEventIds,
    endsBy: { by: 'return-block', contractId, blockId },
  });
}

/**
 * A block that was paid for and that nothing can draw any more, for its contract ended before it was used up or expired: what is left of it is to be given
 * back. At once where it was bought after what is the last day of its contract by now (a term that was undone, a termination for days before); else once the
 * work until that day had its time to be billed, for what is not on a document yet draws on it still.
 */
function lackUndrawable(
  contract: ContractFacts,
  block: BlockFacts,
  { returned, items }: { readonly returned: Decimal; readonly items: readonly MadeItem[] },
  { configuration }: PeriodFacts,
  book: ChargeLedger,
): void {
  const { amount, blockId, price, purchasedOn, expiresOn } = block;
  const { contractId } = contract;
  const end = lastDayCovered(contract);
  if (price === null || end === null || renewalOf(contract) !== null) return;
  const wasNever = purchasedOn > end;
  if (!wasNever && expiresOn !== null && expiresOn <= end) return;
  const drawn = book.frozenDraws(contractId, blockId).plus(drawnBy(changesOfDraws(contract, block, items)));
  const left = amountOf(amount).minus(returned).minus(Numbers.max(drawn, 0));
  const kept = { amount, net: price.net };
  const owed = priceLess(kept, returned).minus(priceLess(kept, returned.plus(left)));
  if (owed.isZero() || owed.isNegative()) return;
  const cause = `${inWords(prepaidAmount(left, currencyOf(amount)))} of block ${blockId}, bought on ${purchasedOn}, can be drawn by nothing${wasNever ? '' : ' any more'}: contract ${contractId} ended on ${end}. Return them, and ${owed.toString()} of its price follow, or let the contract end later`;
  book.lacks({
    chargeId: chargeIdOf({ contractId, of: 'block', termId: blockId, from: purchasedOn }),
    contractId,
    cause,
    value: owed.negated().toJSON(),
    endsBy: { by: 'return-block', contractId, blockId },
    sourceEventIds: [...sourcesOf(block), ...endedBy(contract).map(({ eventId }) => eventId)],
    ...(wasNever ? {} : { dueOn: addDays(end, 1 + configuration.unbilledAfterDays) }),
  });
}

function sourcesOf({ eventId, returns = [] }: BlockFacts): readonly string[] {
  return [eventId, ...returns.flatMap((one) => ('eventId' in one ? [String(one.eventId)] : []))];
}

interface Priced {
  readonly chargeId: string;
  readonly net: Money;
  readonly returned: Decimal;
  readonly taxCategory: string;
}

function expectedOf(
  contract: ContractFacts,
  block: BlockFacts,
  { chargeId, net, returned, taxCategory }: Priced,
): Parameters<ChargeLedger['expect']>[0] {
  const { contractId } = contract;
  const { amount, blockId, purchasedOn, expiresOn } = block;
  const contractVersion = (
    versionOn(contract, purchasedOn) ??
    at(contract.versions, contract.versions.length - 1, `the version of contract ${contractId}`)
  ).versionNumber;
  const back = returned.isZero() ? '' : `, less ${inWords(prepaidAmount(returned, currencyOf(amount)))} that went back`;
  const held = `${inWords(amount)}${back}`;
  return {
    chargeId,
    kind: 'prepaid-block',
    description: `Prepaid block ${blockId}: ${held}`,
    from: purchasedOn,
    to: expiresOn ?? purchasedOn,
    quantity: '1',
    unit: 'block',
    unitPrice: net.toJSON(),
    net: net.toJSON(),
    taxCategory,
    contractId,
    contractVersion,
    ticketId: null,
    sourceEventIds: sourcesOf(block),
    basis: { ...NO_FIGURES, termId: blockId },
    trace: [
      {
        step: 'charge',
        text: `block ${blockId} of ${held} purchased on ${purchasedOn} for contract ${contractId}${renewedText(block)}: ${net.toString()}`,
        facts: {
          chargeTermId: blockId,
          contractId,
          contractVersion,
          purchasedOn,
          expiresOn,
          holds: held,
          net: net.toJSON().amount,
          currency: net.currency,
        },
      },
    ],
    billableFrom: purchasedOn,
  };
}

function renewedText({ renews }: BlockFacts): string {
  return renews === undefined
    ? ''
    : ` by its terms, like block ${renews.blockId}, for ${renews.workItemId} took what was left`;
}

function inWords(amount: PrepaidAmount): string {
  return amount.unit === 'minutes' ? `${amount.minutes} min` : moneyInWords(amount.money);
}

function moneyInWords({ amount, currency }: MoneyJson): string {
  return `${amount} ${currency}`;
}
