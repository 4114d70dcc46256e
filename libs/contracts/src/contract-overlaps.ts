import { type LocalDate, type Refusal, addDays, refuse } from '@billtrail/kernel';
import { daysText } from './analysis/findings.js';
import { type ContractToAnalyse, stretchesOf } from './analysis/stretches.js';
import type { ContractCommand, ContractsBeside } from './commands.js';
import { type ContractState, evolveContract } from './contract-state.js';
import type { ContractEvent } from './events.js';
import { type DaySpan, nextDay } from './version-timeline.js';

/**
 * Refuses events after which a contract would overlap with another of its client at the same priority: work on a ticket that names neither
 * has no price on those days. Days they already shared don't count. null: no overlap, the caller allows it, or the other contracts are not
 * known here.
 */
export function overlapBy(
  command: ContractCommand,
  before: ContractState,
  events: readonly ContractEvent[],
): Refusal | null {
  const { beside, isAllowed } = askedOf(command);
  const after = events.reduce(evolveContract, before);
  if (beside === undefined || isAllowed || after.status === 'unknown') return null;
  const overlaps = beside
    .filter(({ clientId, contractId }) => clientId === after.clientId && contractId !== after.contractId)
    .filter(({ priority }) => priority === after.priority)
    .filter((other) => command.type !== 'ResumeContract' || !sharedBeforeRest(before, other))
    .flatMap((other) => {
      const known = sharedDays(before, other);
      const days = sharedDays(after, other).flatMap((span) => without(span, known));
      return days.map(({ from, to }) => ({ contractId: other.contractId, name: other.name, from, to }));
    });
  if (overlaps.length === 0) return null;
  const others = overlaps.map((one) => `${one.contractId} (${one.name}) ${daysText(one)}`);
  return refuse(
    'ContractsOverlap',
    `Contract ${after.contractId} would overlap at the same priority, ${after.priority}, with ${others.join(', ')}. Work on a ticket that names neither would have no price.`,
    'Choose another priority (the lower one is tried first) or other days. If tickets name their contract, send "allowOverlap": true.',
    { contractId: after.contractId, priority: after.priority, overlaps },
  );
}

function askedOf(command: ContractCommand): {
  readonly beside: ContractsBeside['beside'];
  readonly isAllowed: boolean;
} {
  switch (command.type) {
    case 'ActivateContract':
    case 'PublishContractVersion':
    case 'RenewContract':
    case 'TerminateContract':
    case 'ResumeContract':
      return { beside: command.beside, isAllowed: command.allowOverlap === true };
    case 'StateContract': {
      const isAllowed = command.parts.some((part) => 'allowOverlap' in part && part.allowOverlap);
      return { beside: command.beside, isAllowed };
    }
    default:
      return { beside: undefined, isAllowed: false };
  }
}

/** They overlapped before the one was suspended, so somebody allowed it: when it is in force again, nothing is new. */
function sharedBeforeRest(state: ContractState, other: ContractToAnalyse): boolean {
  if (state.status === 'unknown') return false;
  const rest = state.suspensions.find(({ resumedOn }) => resumedOn === null);
  const others = state.suspensions.filter((one) => one !== rest);
  return (
    rest !== undefined && sharedDays({ ...state, suspensions: others }, other).some(({ from }) => from < rest.from)
  );
}

/** Days on which both are in force. */
function sharedDays(state: ContractState, other: ContractToAnalyse): readonly DaySpan[] {
  if (state.status === 'unknown') return [];
  const own = { ...state, lastDay: state.status === 'terminated' ? state.lastDay : null };
  return stretchesOf([own, { ...other, priority: own.priority }]).filter(({ equal }) => equal.length > 0);
}

/** The parts of a span outside all the others. */
function without(span: DaySpan, taken: readonly DaySpan[]): readonly DaySpan[] {
  const left: DaySpan[] = [];
  let from: LocalDate | null = span.from;
  for (const one of [...taken].sort((a, b) => (a.from < b.from ? -1 : 1))) {
    if (from === null || (one.to !== null && one.to < from)) continue;
    if (span.to !== null && one.from > span.to) break;
    if (one.from > from) left.push({ from, to: addDays(one.from, -1) });
    from = one.to === null ? null : nextDay(one.to);
  }
  if (from !== null && (span.to === null || from <= span.to)) left.push({ from, to: span.to });
  return left;
}
