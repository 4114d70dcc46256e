import { addDays, type LocalDate } from '@billtrail/kernel';
import type { ClientContractsEvent, ContractState, ContractVersion } from '@billtrail/contracts';

const LOWERING: ReadonlySet<ClientContractsEvent['type']> = new Set([
  'ContractVersionPublished',
  'ContractSuspended',
  'ContractTerminated',
  'ContractRenewalReversed',
  'CountRecorded',
]);

/** Whether the event may lower what is charged beside the work, and could be made today as well. */
export function mayLower({ type }: ClientContractsEvent): boolean {
  return LOWERING.has(type);
}

/** The contract before and after the events. */
interface Change {
  readonly before: ContractState;
  readonly after: ContractState;
}

/** The event as it would be if it took nothing from days that have passed; null: it is of these alone. */
export function madeToday(
  event: ClientContractsEvent,
  today: LocalDate,
  { before, after }: Change,
): ClientContractsEvent | null {
  const yesterday = addDays(today, -1);
  switch (event.type) {
    case 'ContractVersionPublished': {
      const data = after.status === 'unknown' ? null : versionMadeToday(event.data, today, after);
      return data && { ...event, data };
    }
    case 'CountRecorded':
      return { ...event, data: { ...event.data, from: later(event.data.from, today) } };
    case 'ContractSuspended':
      return { ...event, data: { ...event.data, from: later(event.data.from, today) } };
    case 'ContractTerminated': {
      const { releasesCommitments, ...data } = event.data;
      const ended = before.status === 'terminated' && before.lastDay < yesterday ? before.lastDay : yesterday;
      const lastDay = later(data.lastDay, ended);
      // What it was committed to after an end that has passed was owed for days that have passed.
      const releases = lastDay >= yesterday && releasesCommitments !== undefined;
      return { ...event, data: { ...data, lastDay, ...(releases && { releasesCommitments }) } };
    }
    case 'ContractRenewalReversed': {
      const { versionNumber, effectiveTo } = event.data;
      const versions = before.status === 'unknown' ? [] : before.versions;
      const until = versions.find((one) => one.versionNumber === versionNumber)?.effectiveTo ?? yesterday;
      const ended = until < yesterday ? until : yesterday;
      return { ...event, data: { ...event.data, effectiveTo: later(effectiveTo, ended) } };
    }
    default:
      return event;
  }
}

/** null: by its own end, or by the start of another version of the contract, it is in force on days that have passed alone. */
export function versionMadeToday<Version extends ContractVersion>(
  version: Version,
  today: LocalDate,
  { versions }: { readonly versions: readonly ContractVersion[] },
): Version | null {
  const { effectiveFrom, effectiveTo } = version;
  const isOver =
    effectiveTo === null
      ? versions.some((one) => one.effectiveFrom > effectiveFrom && one.effectiveFrom <= today)
      : effectiveTo < today;
  return isOver ? null : { ...version, effectiveFrom: later(effectiveFrom, today) };
}

function later(one: LocalDate, other: LocalDate): LocalDate {
  return one > other ? one : other;
}
