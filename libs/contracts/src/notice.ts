import { type Decision, type Issued, refuse } from '@billtrail/kernel';
import type { RecordNotice, WithdrawNotice } from './commands.js';
import { endedBefore, malformed, unknownContract } from './contract-refusals.js';
import type { ContractState } from './contract-state.js';
import type { ContractEvent } from './events.js';
import { Inspection, MAX_TEXT_LENGTH } from './problems.js';
import { termEndOf } from './renewal.js';

export function recordNotice(command: RecordNotice & Issued, state: ContractState): Decision<ContractEvent> {
  const { contractId, givenOn, reason } = command;
  if (state.status === 'unknown') return unknownContract(contractId);
  const inspection = new Inspection();
  inspection.date('givenOn', givenOn);
  inspection.text('reason', reason, MAX_TEXT_LENGTH);
  const refusal = malformed('NoticeMalformed', 'The notice', contractId, inspection.problems);
  if (refusal) return refusal;
  const { notice } = state;
  const told =
    notice?.isWithdrawn === false ? [notice, ...(notice.reminder === undefined ? [] : [notice.reminder])] : [];
  if (told.some((one) => one.givenOn === givenOn && one.reason === reason)) return [];
  const ended = endedBefore(state, givenOn, 'a notice');
  if (ended) return ended;
  const end = termEndOf(state);
  if (end?.version.terms.renewal?.automatic !== true) {
    return refuse(
      'RenewalNotAutomatic',
      `Contract ${contractId} does not renew by itself: it ${end === null ? 'has no end' : `ends on ${end.lastDay}`}.`,
      `End it on a day: POST /contracts/${contractId}/terminate`,
      { contractId, lastDay: end?.lastDay ?? null },
    );
  }
  return [
    {
      type: 'NoticeRecorded',
      data: { contractId, givenOn, reason },
      occurredAt: command.occurredAt ?? command.at,
    },
  ];
}

export function withdrawNotice(command: WithdrawNotice & Issued, state: ContractState): Decision<ContractEvent> {
  const { contractId, reason } = command;
  if (state.status === 'unknown') return unknownContract(contractId);
  const inspection = new Inspection();
  inspection.text('reason', reason, MAX_TEXT_LENGTH);
  const refusal = malformed('NoticeMalformed', 'The withdrawal', contractId, inspection.problems);
  if (refusal) return refusal;
  if (state.notice === undefined) {
    return refuse(
      'NoticeUnknown',
      `No notice was recorded for contract ${contractId}.`,
      'There is nothing to withdraw.',
      { contractId },
    );
  }
  if (state.notice.isWithdrawn) return [];
  return [{ type: 'NoticeWithdrawn', data: { contractId, reason }, occurredAt: command.occurredAt ?? command.at }];
}
