import { type Decision, type Issued, type Problem, refuse } from '@billtrail/kernel';
import { canonical } from './canonical.js';
import type { PurchasePrepaidBlock, RecordCount, WithdrawPrepaidBlock } from './commands.js';
import { endedBefore, malformed, unknownBlock, unknownContract } from './contract-refusals.js';
import type { ContractState, KnownContract } from './contract-state.js';
import type { ContractEvent, PrepaidBlock } from './events.js';
import { inspectBurn } from './inspect/burn.js';
import { inspectMoney, inspectPrepaidAmount } from './inspect/parts.js';
import { problemsNoted } from './problems.js';

function problemsOfBlock(block: PrepaidBlock, state: KnownContract): readonly Problem[] {
  const { amount, purchasedOn, expiresOn, price, burn } = block;
  const currency = state.versions.at(-1)?.terms.rateCard.currency ?? null;
  const start = state.versions.map((version) => version.effectiveFrom).sort()[0];
  return problemsNoted((note) => {
    inspectPrepaidAmount(note, 'amount', amount, currency);
    if (expiresOn !== null && expiresOn < purchasedOn)
      note('expiresOn', `is before purchasedOn ${purchasedOn}: no work could draw on it`);
    if (start !== undefined && purchasedOn < start)
      note('purchasedOn', `is before the start of the contract, ${start}`);
    if (price !== null) inspectMoney(note, 'price.net', price.net, currency);
    inspectBurn(note, 'burn', burn);
    if (burn !== undefined && amount.unit === 'money')
      note('burn', 'says nothing of a block of money: work draws its price');
  });
}

export function purchaseBlock(command: PurchasePrepaidBlock & Issued, state: ContractState): Decision<ContractEvent> {
  const { contractId } = command;
  if (state.status === 'unknown') return unknownContract(contractId);
  const block = purchaseOf(command);
  const { blockId, purchasedOn } = block;
  const refusal = malformed('PrepaidBlockMalformed', 'The block', contractId, problemsOfBlock(block, state));
  if (refusal) return refusal;
  const known = state.blocks.find((one) => one.blockId === blockId);
  if (known !== undefined && canonical(purchaseOf(known)) === canonical(block)) return [];
  if (known !== undefined || state.withdrawnBlockIds.includes(blockId)) {
    return refuse(
      'PrepaidBlockExists',
      known === undefined
        ? `Block ${blockId} of contract ${contractId} was withdrawn, and its id can't be used again.`
        : `Contract ${contractId} has another block with id ${blockId}.`,
      'Use another id. Withdraw a block that was purchased by mistake.',
      { contractId, blockId },
    );
  }
  const ended = endedBefore(state, purchasedOn, 'a block');
  if (ended) return ended;
  return [
    {
      type: 'PrepaidBlockPurchased',
      data: { contractId, ...block },
      occurredAt: command.occurredAt ?? command.at,
    },
  ];
}

/** A block as it was purchased, whatever became of it since. */
function purchaseOf({ blockId, amount, purchasedOn, expiresOn, price, burn, renews }: PrepaidBlock): PrepaidBlock {
  return {
    blockId,
    amount,
    purchasedOn,
    expiresOn,
    price,
    ...(burn === undefined ? {} : { burn }),
    ...(renews === undefined ? {} : { renews }),
  };
}

export function withdrawBlock(command: WithdrawPrepaidBlock & Issued, state: ContractState): Decision<ContractEvent> {
  const { contractId, blockId, reason } = command;
  if (state.status === 'unknown') return unknownContract(contractId);
  if (state.withdrawnBlockIds.includes(blockId)) return [];
  if (!state.blocks.some((block) => block.blockId === blockId)) {
    return unknownBlock(contractId, blockId);
  }
  return [
    {
      type: 'PrepaidBlockWithdrawn',
      data: { contractId, blockId, reason },
      occurredAt: command.occurredAt ?? command.at,
    },
  ];
}

export function recordCount(command: RecordCount & Issued, state: ContractState): Decision<ContractEvent> {
  const { contractId, countOf, count, from } = command;
  if (state.status === 'unknown') return unknownContract(contractId);
  const ended = endedBefore(state, from, 'a count');
  if (ended) return ended;
  // The last count recorded for a day wins, so only that one can be repeated.
  const present = state.counts.findLast((one) => one.countOf === countOf && one.from === from);
  if (present?.count === count) return [];
  return [
    {
      type: 'CountRecorded',
      data: { contractId, countOf, count, from },
      occurredAt: command.occurredAt ?? command.at,
    },
  ];
}
