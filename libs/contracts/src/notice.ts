import {
  type Decision,
  type Issued,
  type LocalDate,
  type Refusal,
  addDays,
  localDateIn,
  refuse,
} from '@billtrail/kernel';
import type { RecordNotice, WithdrawNotice } from './commands.js';
import { endedBefore, malformed, unknownContract } from './contract-refusals.js';
import type { ContractState, KnownContract } from './contract-state.js';
import type { ContractEvent } from './events.js';
import { MAX_NOTICE_DAYS } from './limits.js';
import { problemsNoted } from './problems.js';
import { endsByDecision, termEndOf } from './renewal.js';

export function recordNotice(command: RecordNotice & Issued, state: ContractState): Decision<ContractEvent> {
  const { contractId, givenOn, reason } = command;
  if (state.status === 'unknown') return unknownContract(contractId);
  const end = termEndOf(state);
  const today = localDateIn(end?.version.terms.timeZone ?? EASTERNMOST, command.at);
  const first = state.versions.map((version) => version.effectiveFrom).sort()[0];
  const problems = problemsNoted((note) => {
    if (givenOn > today)
      note('givenOn', `is after today, ${today}: a notice counts from the day on which it was given`);
    // A contract may be signed, and declined, before its first day; nobody does so sooner than the longest notice.
    const soonest = first === undefined ? null : addDays(first, -MAX_NOTICE_DAYS);
    if (soonest !== null && givenOn < soonest)
      note('givenOn', `is before ${soonest}, long before the contract's first day, ${first}: nothing was agreed then`);
  });
  const refusal = malformed('NoticeMalformed', 'The notice', contractId, problems);
  if (refusal) return refusal;
  const { notice } = state;
  const told =
    notice?.isWithdrawn === false ? [notice, ...(notice.reminder === undefined ? [] : [notice.reminder])] : [];
  const reversal = reversalBy(givenOn, command, state);
  if (told.some((one) => one.givenOn === givenOn && one.reason === reason)) return reversal;
  const ended = endedBefore(state, givenOn, 'a notice') ?? endedByNotice(state, today, reversal);
  if (ended) return ended;
  if (end?.version.terms.renewal?.automatic !== true) {
    return refuse(
      'RenewalNotAutomatic',
      `Contract ${contractId} does not renew by itself: it ${end === null ? 'has no end' : `ends on ${end.lastDay}`}.`,
      `End it on a day: POST /v1/contracts/${contractId}/terminate`,
      { contractId, lastDay: end?.lastDay ?? null },
    );
  }
  return [
    {
      type: 'NoticeRecorded',
      data: { contractId, givenOn, reason },
      occurredAt: command.occurredAt ?? command.at,
    },
    ...reversal,
  ];
}

/** What ended by the notice before is not given notice of again, unless it ends earlier by it. */
function endedByNotice(state: KnownContract, today: LocalDate, reversal: readonly ContractEvent[]): Refusal | null {
  const { contractId, notice } = state;
  const end = termEndOf(state);
  if (end === null || today <= end.lastDay || notice === undefined || reversal.length > 0) return null;
  if (!endsByDecision({ ...state, lastDay: null })) return null;
  const { lastDay } = end;
  return refuse(
    'ContractEnded',
    `Contract ${contractId} ended on ${lastDay}, by the notice of ${notice.givenOn}; another notice would change nothing.`,
    `There is nothing to do. To end it earlier: POST /v1/contracts/${contractId}/terminate`,
    { contractId, lastDay, givenOn: notice.givenOn },
  );
}

/** Where no zone is known, a day has begun as soon as it has anywhere. */
const EASTERNMOST = 'Pacific/Kiritimati';

/**
 * The contract may have renewed before its notice was recorded, for one term or several: it goes back to the end of the first term for which the notice
 * was given in time. A renewal by hand, or another version since, was decided by somebody, and stays.
 */
function reversalBy(
  givenOn: LocalDate,
  command: RecordNotice & Issued,
  state: KnownContract,
): readonly ContractEvent[] {
  const { renewals = [], contractId } = state;
  const end = termEndOf(state);
  const noticeDays = end?.version.terms.renewal?.noticeDays;
  if (end === null || noticeDays === undefined) return [];
  const own = renewals.filter(({ versionNumber }) => versionNumber === end.version.versionNumber);
  if (own.length < renewals.length || own.at(-1)?.until !== end.lastDay) return [];
  const undone = own.find(({ lastDay }) => givenOn <= addDays(lastDay, -noticeDays));
  if (undone === undefined) return [];
  const { versionNumber, lastDay: effectiveTo } = undone;
  return [
    {
      type: 'ContractRenewalReversed',
      data: { contractId, versionNumber, effectiveTo },
      occurredAt: command.occurredAt ?? command.at,
    },
  ];
}

export function withdrawNotice(command: WithdrawNotice & Issued, state: ContractState): Decision<ContractEvent> {
  const { contractId, reason } = command;
  if (state.status === 'unknown') return unknownContract(contractId);
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
