import { BusinessCalendar, type BusinessCalendarFacts, type Instant, type TimeZone } from '@billtrail/kernel';
import { serviceLevelAt, type ContractFacts, type ServiceLevel } from '@billtrail/billing';
import type { FindSla, SlaInForce } from '@billtrail/ticketing';

/** Of a client that nobody registered; it has no contract either. */
const NO_ZONE = 'UTC';

/** What service levels are found by. */
interface ClientsWithContracts {
  client(clientId: string): { readonly timeZone: TimeZone } | undefined;
  readonly contracts: { ofClient(clientId: string): readonly ContractFacts[] };
}

/** Which service level tickets have by the contracts of their clients. */
export class ServiceLevels {
  /** A calendar remembers the days that it has worked out, so there is one for each that the contracts state. */
  private readonly calendars = new WeakMap<BusinessCalendarFacts, BusinessCalendar>();

  constructor(private readonly facts: ClientsWithContracts) {}

  at(ticket: { readonly clientId: string; readonly contractId: string | null }, instant: Instant): ServiceLevel {
    const zone = this.facts.client(ticket.clientId)?.timeZone ?? NO_ZONE;
    return serviceLevelAt(this.facts.contracts.ofClient(ticket.clientId), ticket, instant, zone);
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

  /** True where any version of a contract of the client has service levels: then a ticket without one is told, for it may be missing by mistake. */
  areStatedFor(clientId: string): boolean {
    const contracts = this.facts.contracts.ofClient(clientId);
    return contracts.some(({ versions }) => versions.some(({ terms }) => terms.serviceLevels !== undefined));
  }

  /** The calendar by which a contract version counts; null: there is no such version, or it has no service levels. */
  calendarOfVersion(clientId: string, contractId: string, versionNumber: number): BusinessCalendar | null {
    const contract = this.facts.contracts.ofClient(clientId).find((one) => one.contractId === contractId);
    const version = contract?.versions.find((one) => one.versionNumber === versionNumber);
    const facts = version?.terms.serviceLevels?.policy.calendar;
    return facts === undefined ? null : this.calendarOf(facts);
  }

  private calendarOf(facts: BusinessCalendarFacts): BusinessCalendar {
    const known = this.calendars.get(facts) ?? new BusinessCalendar(facts);
    this.calendars.set(facts, known);
    return known;
  }
}
