import {
  Decimal,
  type Decision,
  type Issued,
  Money,
  type MoneyJson,
  type Problem,
  type Refusal,
  invariant,
  isRefusal,
  minorUnitDigits,
  refuse,
} from '@billtrail/kernel';
import { canonical } from './canonical.js';
import type { ReturnPrepaidBlock } from './commands.js';
import { malformed, unknownBlock, unknownContract } from './contract-refusals.js';
import type { ContractState } from './contract-state.js';
import type { BlockReturn, ContractEvent, OwnedBlock, PrepaidAmount } from './events.js';
import { inspectMoney, inspectPrepaidAmount } from './inspect/parts.js';
import { BURN_DECIMALS } from './limits.js';
import { amountOf, amountText, priceLess, returnedOf } from './prepaid-price.js';
import { problemsNoted } from './problems.js';

/** Gives a part of a block back. What nobody drew can go back also when the block has expired or the contract has ended. */
export function returnBlock(command: ReturnPrepaidBlock & Issued, state: ContractState): Decision<ContractEvent> {
  const { contractId, blockId, returnId } = command;
  if (state.status === 'unknown') return unknownContract(contractId);
  const block = state.blocks.find((one) => one.blockId === blockId);
  const problems = problemsOfReturn(command, block ?? null);
  const refusal = malformed('PrepaidReturnMalformed', 'The return', contractId, problems);
  if (refusal) return refusal;
  if (block === undefined) return unknownBlock(contractId, blockId);
  const given = (block.returns ?? []).find((one) => one.returnId === returnId);
  if (given !== undefined) return isRepeat(command, given) ? [] : returnExists(command);
  const amount = amountAsked(command, block);
  if (isRefusal(amount)) return amount;
  const above = aboveLeft(command, block, amount);
  if (above) return above;
  const { returnedOn, reason } = command;
  const returned: BlockReturn = { returnId, amount, net: shareOf(block, amountOf(amount)), returnedOn, reason };
  return [
    {
      type: 'PrepaidBlockReturned',
      data: { contractId, blockId, ...returned },
      occurredAt: command.occurredAt ?? command.at,
    },
  ];
}

function problemsOfReturn(
  { amount = null, net = null, returnedOn }: ReturnPrepaidBlock,
  block: OwnedBlock | null,
): readonly Problem[] {
  return problemsNoted((note) => {
    if ((amount === null) === (net === null))
      note('amount', 'or `net` must be stated, one of them: what of the block goes back, or how much money');
    if (block === null) return;
    if (returnedOn < block.purchasedOn)
      note('returnedOn', `is before the block was purchased, on ${block.purchasedOn}`);
    const held = block.amount;
    if (amount !== null) {
      inspectPrepaidAmount(note, 'amount', amount, held.unit === 'money' ? held.money.currency : null);
      if (amount.unit === 'minutes' && new Decimal(amount.minutes).decimalPlaces() > BURN_DECIMALS)
        note('amount.minutes', `must have at most ${BURN_DECIMALS} decimals`);
      if (amount.unit !== held.unit) note('amount.unit', `must be ${held.unit}: that is what the block holds`);
    }
    if (net !== null) {
      const currency = block.price?.net.currency ?? null;
      inspectMoney(note, 'net', net, currency);
      if (Money.from(net).isZero()) note('net.amount', 'must be more than zero');
      if (currency === null || Money.from(block.price?.net ?? net).isZero())
        note('net', 'says nothing: the block has no price here. State what goes back of it in `amount`');
    }
  });
}

function isRepeat({ amount = null, net = null, reason }: ReturnPrepaidBlock, given: BlockReturn): boolean {
  if (given.reason !== reason) return false;
  return amount === null ? canonical(given.net) === canonical(net) : canonical(given.amount) === canonical(amount);
}

function returnExists({ contractId, blockId, returnId }: ReturnPrepaidBlock): Refusal {
  return refuse('PrepaidReturnExists', `Block ${blockId} has another return with id ${returnId}.`, 'Use another id.', {
    contractId,
    blockId,
    returnId,
  });
}

/** What of the block goes back; where money was stated, what that buys at the block's own price. */
function amountAsked(command: ReturnPrepaidBlock, block: OwnedBlock): PrepaidAmount | Refusal {
  const { amount = null, net = null } = command;
  if (amount !== null) return amount;
  invariant(net !== null && block.price !== null, 'a return states what goes back, or money of a price');
  const price = Money.from(block.price.net).rounded();
  const asked = Money.from(net);
  const exact = amountOf(block.amount).times(asked.value).div(price.value);
  const around = [Decimal.ROUND_FLOOR, Decimal.ROUND_CEIL]
    .map((rounding) => inUnit(block.amount, exact, rounding))
    // Work that burns weighted may have left a part of a minute: all that is left can go back.
    .concat(command.left === undefined || amountOf(command.left).isInteger() ? [] : command.left)
    .filter((one) => amountOf(one).gt(0));
  const found = around.find((one) => {
    const share = amountOf(one).lte(amountOf(block.amount)) ? shareOf(block, amountOf(one)) : null;
    return share !== null && Money.from(share).equals(asked);
  });
  return found ?? uneven(command, block, around);
}

function uneven(
  { contractId, blockId, net }: ReturnPrepaidBlock,
  block: OwnedBlock,
  around: readonly PrepaidAmount[],
): Refusal {
  const whole = amountOf(block.amount).minus(returnedOf(block));
  const nearest = around.filter((one) => amountOf(one).lte(whole));
  const options = (nearest.length === 0 ? [inUnit(block.amount, whole)] : nearest).map(
    (one) => `${amountText(one)} (${shareOf(block, amountOf(one))?.amount ?? '0'})`,
  );
  return refuse(
    'PrepaidReturnUneven',
    `${net?.amount} ${net?.currency} is not what any part of block ${blockId} that could be returned costs.`,
    `Return ${[...new Set(options)].join(' or ')}.`,
    { contractId, blockId, net, whole: block.amount, price: block.price?.net ?? null },
  );
}

function aboveLeft(
  { contractId, blockId, left }: ReturnPrepaidBlock,
  block: OwnedBlock,
  asked: PrepaidAmount,
): Refusal | null {
  const notReturned = amountOf(block.amount).minus(returnedOf(block));
  const most = left === undefined ? notReturned : Decimal.min(notReturned, amountOf(left));
  if (amountOf(asked).lte(most)) return null;
  const all = inUnit(block.amount, most);
  const share = most.isZero() ? null : shareOf(block, most);
  return refuse(
    'PrepaidReturnAboveLeft',
    `${amountText(asked)} of block ${blockId} can't be returned: ${amountText(all)} of ${amountText(block.amount)} is left, the rest was drawn or returned.`,
    most.isZero()
      ? 'Nothing of it can go back. Void or correct the work that drew on it, or credit that to be billed again, and return what is left then.'
      : `Return at most ${amountText(all)}${share === null ? '' : `, ${share.amount} ${share.currency}`}.`,
    { contractId, blockId, asked, left: all, whole: block.amount },
  );
}

/** The money that goes with a part of the block that is returned now; null: it was paid for elsewhere. */
function shareOf(block: OwnedBlock, part: Decimal): MoneyJson | null {
  const { amount, price } = block;
  if (price === null) return null;
  const of = { amount, net: price.net };
  const before = returnedOf(block);
  const after = Decimal.min(before.plus(part), amountOf(amount));
  return priceLess(of, before).minus(priceLess(of, after)).toJSON();
}

/** An amount in the unit of another. `rounding`: to whole minutes, or whole minor units. */
function inUnit(like: PrepaidAmount, value: Decimal, rounding?: typeof Decimal.rounding): PrepaidAmount {
  if (like.unit === 'minutes') {
    const minutes = rounding === undefined ? value : value.toDecimalPlaces(0, rounding);
    return { unit: 'minutes', minutes: minutes.toNumber() };
  }
  const { currency } = like.money;
  const whole = value.toDecimalPlaces(minorUnitDigits(currency), rounding ?? Decimal.ROUND_HALF_UP);
  return { unit: 'money', money: Money.of(whole, currency).toJSON() };
}
