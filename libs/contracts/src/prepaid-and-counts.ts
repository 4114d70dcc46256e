import { type Decision, type Issued, refuse } from '@billtrail/kernel';
import { canonical } from './canonical.js';
import type { PurchasePrepaidBlock, RecordCount, WithdrawPrepaidBlock } from './commands.js';
import { endedBefore, malformed, unknownBlock, unknownContract } from './contract-refusals.js';
import type { ContractState, KnownContract } from './contract-state.js';
import type { ContractEvent, OwnedBlock, PrepaidBlock } from './events.js';
import { inspectMoney, inspectPrepaidAmount } from './inspect/prepaid.js';
import { MAX_COUNT } from './limits.js';
import { Inspection, MAX_TEXT_LENGTH, type Problem } from './problems.js';

function problemsOfBlock(block: PrepaidBlock, state: KnownContract): readonly Problem[] {
  const inspection = new Inspection();
  const currency = state.versions.at(-1)?.terms.rateCard.currency ?? null;
  inspection.id('blockId', block.blockId);
  inspectPrepaidAmount(inspection, 'amount', block.amount, currency);
  const purchased = inspection.date('purchasedOn', block.purchasedOn);
  if (block.expiresOn !== null && inspection.lastDay('expiresOn', block.expiresOn) && purchased) {
    if (block.expiresOn < block.purchasedOn)
      inspection.note('expiresOn', `is before purchasedOn ${block.purchasedOn}: no work could draw on it`);
  }
  const start = state.versions.map((version) => version.effectiveFrom).sort()[0];
  if (purchased && start !== undefined && block.purchasedOn < start)
    inspection.note('purchasedOn', `is before the start of the contract, ${start}`);
  if (block.price !== null) {
    const fields = inspection.fields('price', block.price, ['net', 'taxCategory']);
    if (fields !== null) {
      inspectMoney(inspection, 'price.net', fields['net'], currency, 'zero-or-more');
      inspection.text('price.taxCategory', fields['taxCategory']);
    }
  }
  return inspection.problems;
}

export function purchaseBlock(command: PurchasePrepaidBlock & Issued, state: ContractState): Decision<ContractEvent> {
  const { contractId, blockId, amount, purchasedOn, expiresOn, price } = command;
  if (state.status === 'unknown') return unknownContract(contractId);
  const block: PrepaidBlock = { blockId, amount, purchasedOn, expiresOn, price };
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
function purchaseOf({ blockId, amount, purchasedOn, expiresOn, price }: OwnedBlock): PrepaidBlock {
  return { blockId, amount, purchasedOn, expiresOn, price };
}

export function withdrawBlock(command: WithdrawPrepaidBlock & Issued, state: ContractState): Decision<ContractEvent> {
  const { contractId, blockId, reason } = command;
  if (state.status === 'unknown') return unknownContract(contractId);
  const inspection = new Inspection();
  inspection.id('blockId', blockId);
  inspection.text('reason', reason, MAX_TEXT_LENGTH);
  const refusal = malformed('PrepaidBlockMalformed', 'The withdrawal', contractId, inspection.problems);
  if (refusal) return refusal;
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
  const inspection = new Inspection();
  inspection.text('countOf', countOf);
  inspection.wholeNumber('count', count, 0, MAX_COUNT);
  inspection.date('from', from);
  const refusal = malformed('CountMalformed', 'The count', contractId, inspection.problems);
  if (refusal) return refusal;
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
