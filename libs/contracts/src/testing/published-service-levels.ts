import type { BusinessCalendarFacts, TimeZone } from '@billtrail/kernel';
import type { SlaPolicy, TargetTime } from '../events.js';
import { onWorkdays } from './terms.js';

/** Service levels that a provider publishes, as a policy. Facts only, in our words: its four priorities are those of tickets. */
export interface PublishedServiceLevels {
  readonly id: string;
  readonly address: string;
  readonly remarks: readonly string[];
  readonly policy: SlaPolicy;
}

const business = (minutes: number): TargetTime => ({ minutes, clock: 'business' });
const elapsed = (minutes: number): TargetTime => ({ minutes, clock: 'elapsed' });
const HOUR = 60;
/** Hours 09:00-17:00 are ours where a page says business day without hours. */
const BUSINESS_DAY = 8 * HOUR;
const nineToFive = (timeZone: TimeZone): BusinessCalendarFacts => ({
  timeZone,
  openingHours: onWorkdays({ opens: '09:00', closes: '17:00' }),
  holidays: [],
});
const common = { pausesOnThirdParty: false, warnAtPercent: [50, 80] } as const;

/** orgvue.com, service level agreement: working hours from the start of work; the clock stops while it waits for the client. */
const orgvue: PublishedServiceLevels = {
  id: 'orgvue',
  address: 'https://orgvue.com/legal/terms-and-conditions/service-level-agreement',
  remarks: [
    'An immediate start is a response within a minute.',
    'Hours of the two lowest priorities are read as passing hours.',
  ],
  policy: {
    ...common,
    id: 'orgvue',
    name: 'Orgvue support',
    calendar: nineToFive('Europe/London'),
    targets: {
      critical: { response: elapsed(1), resolution: business(8 * HOUR) },
      high: { response: business(HOUR), resolution: business(16 * HOUR) },
      moderate: { response: business(HOUR), resolution: elapsed(40 * HOUR) },
      low: { response: business(HOUR), resolution: elapsed(80 * HOUR) },
    },
  },
};

/** pegasussystems.com: incidents in business hours. */
const pegasus: PublishedServiceLevels = {
  id: 'pegasus_incident',
  address: 'https://pegasussystems.com/service-level-agreement',
  remarks: ['The aim of 90 % of tickets within target is a measure of the year, not a term of a ticket.'],
  policy: {
    ...common,
    id: 'pegasus-incident',
    name: 'Pegasus incidents',
    calendar: nineToFive('America/Chicago'),
    targets: {
      critical: { response: business(30), resolution: business(BUSINESS_DAY) },
      high: { response: business(HOUR), resolution: business(BUSINESS_DAY) },
      moderate: { response: business(BUSINESS_DAY), resolution: business(2 * BUSINESS_DAY) },
      low: { response: business(BUSINESS_DAY), resolution: business(7 * BUSINESS_DAY) },
    },
  },
};

/** hixongroup.com: CloudCare support. */
const hixon: PublishedServiceLevels = {
  id: 'hixon',
  address: 'https://support.hixongroup.com/article/service-level-agreement-sla-cloudcare-support/',
  remarks: ['Hours are read as business hours.', 'A fifth priority, When Convenient, has no ticket.'],
  policy: {
    ...common,
    id: 'hixon',
    name: 'Hixon CloudCare',
    calendar: nineToFive('America/New_York'),
    targets: {
      critical: { response: business(30), resolution: business(2 * HOUR) },
      high: { response: business(HOUR), resolution: business(4 * HOUR) },
      moderate: { response: business(4 * HOUR), resolution: business(BUSINESS_DAY) },
      low: { response: business(8 * HOUR), resolution: business(BUSINESS_DAY) },
    },
  },
};

/** lucidity.io: Australian business hours without summer time; the lowest priority is best effort. */
const lucidity: PublishedServiceLevels = {
  id: 'lucidity_au',
  address: 'https://lucidity.io/service-level-agreement',
  remarks: [],
  policy: {
    ...common,
    id: 'lucidity',
    name: 'Lucidity support',
    calendar: nineToFive('Australia/Brisbane'),
    targets: {
      critical: { response: business(2 * HOUR), resolution: elapsed(24 * HOUR) },
      high: { response: business(4 * HOUR), resolution: business(30 * BUSINESS_DAY) },
      moderate: { response: business(8 * HOUR), resolution: business(90 * BUSINESS_DAY) },
      low: { response: null, resolution: null },
    },
  },
};

export const PUBLISHED_SERVICE_LEVELS: readonly PublishedServiceLevels[] = [orgvue, pegasus, hixon, lucidity];
