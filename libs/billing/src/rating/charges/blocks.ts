import { type Decimal, Decimal as Numbers, Money, type MoneyJson, at, monthOf } from '@billtrail/kernel';
import { type PrepaidAmount, amountOf, priceLess, returnedOf } from '@billtrail/contracts';
import { chargeIdOf } from '../../item/item-key.js';
import { versionOn } from '../coverage/step-1-contract.js';
import type { BlockFacts, ContractFacts, PeriodFacts } from '../facts.js';
import type { MadeItem } from '../../item/made-item.js';
import { currencyOf, prepaidAmount, prepaidKey } from '../prepaid/prepaid-amount.js';
import { NO_FIGURES } from './charge-basis.js';
import type { ChargeLedger } from './charge-ledger.js';

/**
 * Purchased blocks: each is paid for in the period of its purchase, less what was returned of it since, by its own price. Of one that was withdrawn
 * what frozen work drew, less what corrections of it in the period give back, keeps its share of the price: hours and money stay together. Money that credit notes took back of a block
 * of which nothing was returned is told as lacking: its hours can still be drawn.
 */
export function chargeBlocks(
  contract: ContractFacts,
  facts: PeriodFacts,
  items: readonly MadeItem[],
  book: ChargeLedger,
): void {
  for (const block of contract.blocks ?? []) chargeBlock(contract, block, returnedOf(block), facts, book);
  for (const block of contract.withdrawnBlocks ?? []) {
    const whole = amountOf(block.amount);
    const held = book.frozenDraws(contract.contractId, block.blockId).plus(changesOfDraws(contract, block, items));
    const drawn = Numbers.min(Numbers.max(held, 0), whole);
    if (!drawn.isZero()) chargeBlock(contract, block, whole.minus(drawn), facts, book);
  }
}

/** What corrections of frozen work draw of a block beside what is frozen: below zero where they give something back. */
function changesOfDraws({ contractId }: ContractFacts, { blockId }: BlockFacts, items: readonly MadeItem[]): Decimal {
  const key = prepaidKey({ from: 'block', contractId, blockId });
  return items.reduce(
    (sum, { item: { draw, disposition } }) =>
      draw === undefined || disposition !== 'covered' || prepaidKey(draw.source) !== key
        ? sum
        : sum.plus(amountOf(draw.amount)),
    new Numbers(0),
  );
}

function chargeBlock(
  contract: ContractFacts,
  block: BlockFacts,
  returned: Decimal,
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
  if (unmatched.isZero() || unmatched.isNegative()) return;
  const cause = `${unmatched.toString()} of block ${blockId} was given back on credit notes, and its hours were not: return them (POST /contracts/${contractId}/prepaid-blocks/${blockId}/return)`;
  book.lacks({ chargeId, contractId, cause, value: unmatched.toJSON(), sourceEventIds });
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
        text: `block ${blockId} of ${held} purchased on ${purchasedOn} for contract ${contractId}: ${net.toString()}`,
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

function inWords(amount: PrepaidAmount): string {
  return amount.unit === 'minutes' ? `${amount.minutes} min` : moneyInWords(amount.money);
}

function moneyInWords({ amount, currency }: MoneyJson): string {
  return `${amount} ${currency}`;
}
