import { BusinessCalendar, type BusinessCalendarFacts, type Instant, type TimeZone } from '@billtrail/kernel';
import type { Classification, Priority } from '../classification.js';
import type { TicketEvent } from '../events.js';
import { UNCLASSIFIED } from '../state.js';
import type { SlaTerms, TargetTime } from '../sla/clock.js';
import type { SlaInForce } from '../sla/record.js';

const nineToFive = [{ opens: '09:00', closes: '17:00' }];

/** Monday to Friday, nine to five. */
export const officeHours = (timeZone: TimeZone = 'Australia/Sydney'): BusinessCalendarFacts => ({
  timeZone,
  openingHours: {
    monday: nineToFive,
    tuesday: nineToFive,
    wednesday: nineToFive,
    thursday: nineToFive,
    friday: nineToFive,
  },
  holidays: ['2026-03-09'],
});

export const business = (minutes: number): TargetTime => ({ minutes, clock: 'business' });
export const elapsed = (minutes: number): TargetTime => ({ minutes, clock: 'elapsed' });

/** Critical: 30 and 240 business minutes. High: 60 and 480. Moderate: only a resolution, in three days. Low: best effort. */
export const GOLD: SlaTerms = {
  id: 'gold',
  calendar: officeHours(),
  targets: {
    critical: { response: business(30), resolution: business(240) },
    high: { response: business(60), resolution: business(480) },
    moderate: { response: null, resolution: elapsed(4_320) },
    low: { response: null, resolution: null },
  },
  pausesOnThirdParty: false,
  warnAtPercent: [50, 80],
};

export function inForce(terms: SlaTerms = GOLD, changes: Partial<SlaInForce> = {}): SlaInForce {
  return {
    clientId: 'acme',
    contractId: 'acme-1',
    contractVersion: 1,
    timeZone: 'Australia/Sydney',
    terms,
    calendar: new BusinessCalendar(terms.calendar),
    ...changes,
  };
}

export function classified(priority: Priority | null): Classification {
  return { ...UNCLASSIFIED, clientId: 'acme', priority };
}

export function requested(occurredAt: Instant, priority: Priority | null = 'critical'): TicketEvent {
  const data = {
    ...classified(priority),
    ticketId: 'T1',
    reference: null,
    summary: 'no network',
    description: null,
    requestedBy: null,
    source: null,
  };
  return { type: 'TicketRequested', data, occurredAt };
}

/** Moves without anything to say beside their time. */
export const moved = {
  assigned: (occurredAt: Instant): TicketEvent => ({
    type: 'TicketAssigned',
    data: { engineerId: 'eng-1', team: null },
    occurredAt,
  }),
  started: (occurredAt: Instant): TicketEvent => ({ type: 'WorkStarted', data: {}, occurredAt }),
  onClient: (occurredAt: Instant): TicketEvent => ({
    type: 'TicketPendedOnClient',
    data: { reason: null },
    occurredAt,
  }),
  onThirdParty: (occurredAt: Instant): TicketEvent => ({
    type: 'TicketPendedOnThirdParty',
    data: { reason: null },
    occurredAt,
  }),
  resumed: (occurredAt: Instant): TicketEvent => ({ type: 'TicketResumed', data: {}, occurredAt }),
  resolved: (occurredAt: Instant): TicketEvent => ({
    type: 'TicketResolved',
    data: { resolution: 'works', materials: 'none-used', scope: 'in-contract' },
    occurredAt,
  }),
  closed: (occurredAt: Instant): TicketEvent => ({ type: 'TicketClosed', data: {}, occurredAt }),
  reopened: (occurredAt: Instant): TicketEvent => ({ type: 'TicketReopened', data: { reason: null }, occurredAt }),
  cancelled: (occurredAt: Instant): TicketEvent => ({
    type: 'TicketCancelled',
    data: { as: 'cancelled', duplicateOf: null, reason: null },
    occurredAt,
  }),
  reprioritised: (occurredAt: Instant, priority: Priority): TicketEvent => ({
    type: 'TicketReprioritised',
    data: { priority },
    occurredAt,
  }),
} as const;
