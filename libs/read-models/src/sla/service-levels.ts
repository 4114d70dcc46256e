import type { BusinessCalendarFacts, Instant } from '@billtrail/kernel';
import { BusinessCalendar, unreachable } from '@billtrail/kernel';
import type { ContractEvent } from '@billtrail/contracts';
import { serviceLevelAt, type ContractFacts, type ServiceLevel } from '@billtrail/billing';
import type { FindSla, SlaInForce } from '@billtrail/ticketing';
import type { ReadDatabase } from '../database/read-database.js';

/** The events that say which service level a contract has on which days. */
export const SLA_CONTRACT_TYPES = [
  'ContractActivated',
  'ContractVersionPublished',
  'ContractRenewed',
  'ContractSuspended',
  'ContractResumed',
  'ContractTerminated',
] as const satisfies readonly ContractEvent['type'][];
export type SlaContractEvent = Extract<ContractEvent, { type: (typeof SLA_CONTRACT_TYPES)[number] }>;

/** Clients whose contracts stay parsed between two tickets. */
const MAX_REMEMBERED_CLIENTS = 200;
/** Of a client that nobody registered; it has no contract either. */
const NO_ZONE = 'UTC';

/** A contract after an event; null: it was never activated, so it is nobody's. */
export function contractAfter(before: ContractFacts | null, event: SlaContractEvent): ContractFacts | null {
  if (event.type === 'ContractActivated') {
    const { contractId, clientId, name, priority } = event.data;
    const { versions = [], suspensions = [] } = before ?? {};
    return { contractId, clientId, name, priority, lastDay: null, versions, suspensions };
  }
  return before && changed(before, event);
}

function changed(
  contract: ContractFacts,
  event: Exclude<SlaContractEvent, { type: 'ContractActivated' }>,
): ContractFacts {
  const { versions, suspensions = [] } = contract;
  switch (event.type) {
    case 'ContractVersionPublished': {
      const { contractId: _, ...version } = event.data;
      const others = versions.filter(({ versionNumber }) => versionNumber !== version.versionNumber);
      const sorted = [...others, version].sort((a, b) => a.versionNumber - b.versionNumber);
      return { ...contract, versions: sorted };
    }
    case 'ContractRenewed': {
      const { versionNumber, effectiveTo } = event.data;
      const renewed = versions.map((one) => (one.versionNumber === versionNumber ? { ...one, effectiveTo } : one));
      return { ...contract, versions: renewed };
    }
    case 'ContractSuspended':
      return { ...contract, suspensions: [...suspensions, { from: event.data.from, resumedOn: null }] };
    case 'ContractResumed': {
      const { resumedOn } = event.data;
      return {
        ...contract,
        suspensions: suspensions.map((one) => ({ ...one, resumedOn: one.resumedOn ?? resumedOn })),
      };
    }
    case 'ContractTerminated':
      return { ...contract, lastDay: event.data.lastDay };
    default:
      return unreachable(event);
  }
}

export function hasLevels(contract: ContractFacts | null): boolean {
  return contract?.versions.some(({ terms }) => terms.serviceLevels !== undefined) === true;
}

/** Which service level tickets have by the contracts that are folded. What it remembers ends with {@link forget}. */
export class ServiceLevels {
  private readonly remembered = new Map<string, readonly ContractFacts[]>();
  /** A calendar remembers the days that it has worked out, so there is one for each that the contracts state. */
  private readonly calendars = new WeakMap<BusinessCalendarFacts, BusinessCalendar>();
  private readonly ofClient;
  private readonly zone;

  constructor(database: ReadDatabase) {
    this.ofClient = database
      .statement<[string], string>('SELECT facts FROM sla_contracts WHERE client_id = ? ORDER BY contract_id')
      .pluck();
    this.zone = database.statement<[string], string>('SELECT time_zone FROM sla_zones WHERE client_id = ?').pluck();
  }

  forget(): void {
    this.remembered.clear();
  }

  at(ticket: { readonly clientId: string; readonly contractId: string | null }, instant: Instant): ServiceLevel {
    const zone = this.zone.get(ticket.clientId) ?? NO_ZONE;
    return serviceLevelAt(this.contractsOf(ticket.clientId), ticket, instant, zone);
  }

  readonly find: FindSla = ({ clientId, contractId }, startedAt) =>
    clientId === null ? null : this.inForce(clientId, this.at({ clientId, contractId }, startedAt));

  inForce(clientId: string, level: ServiceLevel): SlaInForce | null {
    if (level.inForce === null) return null;
    const { contract, version } = level.inForce;
    return {
      clientId,
      contractId: contract.contractId,
      contractVersion: version.versionNumber,
      timeZone: level.timeZone,
      terms: level.policy,
      calendar: this.calendarOf(level.policy.calendar),
    };
  }

  /** The calendar by which a contract version counts; null: there is no such version, or it has no service levels. */
  calendarOfVersion(clientId: string, contractId: string, versionNumber: number): BusinessCalendar | null {
    const contract = this.contractsOf(clientId).find((one) => one.contractId === contractId);
    const version = contract?.versions.find((one) => one.versionNumber === versionNumber);
    const facts = version?.terms.serviceLevels?.policy.calendar;
    return facts === undefined ? null : this.calendarOf(facts);
  }

  private calendarOf(facts: BusinessCalendarFacts): BusinessCalendar {
    const known = this.calendars.get(facts) ?? new BusinessCalendar(facts);
    this.calendars.set(facts, known);
    return known;
  }

  private contractsOf(clientId: string): readonly ContractFacts[] {
    const known = this.remembered.get(clientId);
    if (known !== undefined) return known;
    if (this.remembered.size >= MAX_REMEMBERED_CLIENTS) this.remembered.clear();
    const contracts = this.ofClient.all(clientId).map((facts) => JSON.parse(facts) as ContractFacts);
    this.remembered.set(clientId, contracts);
    return contracts;
  }
}
