import type {
  ContractTerms,
  Discount,
  Milestone,
  OneTimeFee,
  RecurringCharge,
  ServiceLevels,
  TravelTerm,
} from '@billtrail/contracts';
import { ALL, CARD, maintenanceAt } from './time-and-materials.js';

/**
 * Contracts with what reaches beyond work and beyond a month. Their versions charge other fees, or drop one (K1). A day of each fee comes to whole
 * cents in every month and quarter (of the desk a thirtieth), so that the same days cost the same however they are cut. Servers and licences cost by tiers, and
 * so many at least. Licences are charged for a year of
 * 365 days, joined within it, and committed to a day within the histories (K22, K25).
 */
const DESK: RecurringCharge = {
  id: 'desk',
  name: 'Service desk',
  basis: 'fixed',
  price: '260.40',
  billed: 'in-advance',
  taxCategory: 'GST',
  proration: { increases: 'thirtieths', decreases: 'thirtieths' },
};
const LICENCES: RecurringCharge = {
  id: 'licences',
  name: 'Licences',
  basis: 'per-device',
  countOf: 'server',
  tiers: [
    { upTo: 3, price: '730.00' },
    { upTo: null, price: '365.00' },
  ],
  tierPricing: 'volume',
  everyMonths: 12,
  cycleAnchor: 'calendar',
  billed: 'in-advance',
  taxCategory: 'GST',
  commitment: { until: '2026-05-20', increaseOnly: true },
};
const SERVERS: RecurringCharge = {
  id: 'servers',
  name: 'Server care',
  basis: 'per-device',
  countOf: 'server',
  tiers: [
    { upTo: 2, price: '260.40' },
    { upTo: null, price: '130.20' },
  ],
  minimumCount: 2,
  billed: 'in-arrears',
  taxCategory: 'GST',
};
const AUDIT: RecurringCharge = {
  id: 'audit',
  name: 'Quarterly audit',
  basis: 'retainer',
  price: '3767.40',
  everyMonths: 3,
  billed: 'in-advance',
  taxCategory: 'GST',
};
const FEES = [DESK, SERVERS, AUDIT, LICENCES];
const DEARER = [
  { ...DESK, price: '390.60' },
  {
    ...SERVERS,
    tiers: [
      { upTo: 3, price: '390.60' },
      { upTo: null, price: '260.40' },
    ],
    tierPricing: 'volume' as const,
    minimumCount: 3,
  },
  { ...AUDIT, price: '7534.80' },
  { ...LICENCES, tiers: [{ upTo: null, price: '730.00' }] },
];
/** Without the servers, and the desk in another tax category: what was asked for it moves (K23). */
const FEWER = [{ ...DESK, taxCategory: 'GST-FREE' }, AUDIT, LICENCES];

/** Charged once, on the first day with it; the other one not before a day within the histories. */
const SET_UP: OneTimeFee = { id: 'set-up', name: 'Set-up', amount: '150.00', taxCategory: 'GST' };
const SURVEY: OneTimeFee = { id: 'survey', name: 'Survey', amount: '75.50', on: '2026-03-20', taxCategory: 'GST' };

/** Parts of a project beside the service; the second one is not in every version. */
const PLAN: Milestone = { id: 'plan', name: 'Plan', amount: '250.00', plannedOn: '2026-03-01', taxCategory: 'GST' };
const GO_LIVE: Milestone = { id: 'go-live', name: 'Go-live', amount: '410.50', taxCategory: 'GST' };

const WORKDAY = [{ opens: '09:00', closes: '17:00' }];
const SERVICE_LEVELS: ServiceLevels = {
  policy: {
    id: 'sla',
    name: 'Service levels',
    calendar: {
      timeZone: 'Australia/Sydney',
      openingHours: {
        monday: WORKDAY,
        tuesday: WORKDAY,
        wednesday: WORKDAY,
        thursday: WORKDAY,
        friday: WORKDAY,
      },
      holidays: [],
    },
    targets: {
      critical: {
        response: { minutes: 30, clock: 'elapsed' },
        resolution: { minutes: 240, clock: 'elapsed' },
      },
      high: { response: { minutes: 60, clock: 'business' }, resolution: { minutes: 960, clock: 'business' } },
      moderate: { response: null, resolution: { minutes: 2_400, clock: 'elapsed' } },
    },
    pausesOnThirdParty: true,
    warnAtPercent: [50, 75],
  },
  credits: [
    {
      id: 'late',
      name: 'Late resolution',
      target: 'resolution',
      credit: { kind: 'percent-of-recurring', percent: '5' },
      taxCategory: 'GST',
    },
    {
      id: 'slow',
      name: 'Slow response',
      target: 'response',
      credit: { kind: 'amount', amount: '20.00' },
      taxCategory: 'GST',
    },
  ],
  creditsByBreaches: [
    {
      id: 'missed',
      name: 'Missed targets',
      steps: [
        { from: 1, percent: '2' },
        { from: 3, percent: '5' },
        { from: 6, amount: '70.00' },
      ],
      taxCategory: 'GST',
    },
  ],
  maximumCreditPerPeriod: '90.00',
};

const PREPAID_REMOTE = {
  id: 'prepaid',
  name: 'Remote work from the hours',
  match: { kinds: ['time' as const], workTypes: ['remote'] },
  outcome: 'prepaid' as const,
};

/** Work without a site costs the way too; a site that states no kilometres is a gap. */
const ZONES: TravelTerm = {
  id: 'way',
  name: 'Travel',
  match: { workTypes: ['onsite'] },
  price: { kind: 'zone-fee', zones: [{ zone: 'near', fee: '30.10' }], otherZones: '60.20' },
  taxCategory: 'GST',
};
const KILOMETRES: TravelTerm = {
  ...ZONES,
  price: { kind: 'kilometres', pricePerKilometre: '0.88', way: 'return', freeKilometres: '5' },
  cap: '33.30',
};

/** Hours from blocks and an allotment, fees, a cap, service levels. */
export const CARE: readonly ContractTerms[] = [
  {
    coverage: [maintenanceAt('33.30'), PREPAID_REMOTE, ALL],
    rateCard: CARD,
    prepaid: {
      allotment: {
        id: 'base',
        name: 'Monthly hour',
        base: { unit: 'minutes', minutes: 60 },
        rollOver: 'periods',
        rollOverPeriods: 3,
        rollOverAtMost: { unit: 'minutes', minutes: 90 },
      },
      overage: { pricePerHour: '163.33', multiplied: false },
    },
    recurringCharges: FEES,
    oneTimeFees: [SET_UP],
    milestones: [PLAN, GO_LIVE],
    travel: [ZONES],
    caps: [{ id: 'ceiling', name: 'Ceiling of a ticket', scope: 'ticket', amount: '400.00', above: 'gap' }],
    serviceLevels: SERVICE_LEVELS,
  },
  {
    coverage: [PREPAID_REMOTE, ALL],
    rateCard: { ...CARD, minimumMinutes: 0, incrementMinutes: 1 },
    // A quarter of an hour draws 22.5 minutes: blocks are left with parts of a minute.
    prepaid: {
      burn: { by: 'weights', weights: [{ workType: 'remote', weight: '1.5' }] },
      renewBlocks: { below: { unit: 'minutes', minutes: 30 }, goodForMonths: 2, atMostPerPeriod: 2 },
    },
    recurringCharges: DEARER,
    oneTimeFees: [{ ...SET_UP, amount: '180.00', taxCategory: 'GST-FREE' }, SURVEY],
    milestones: [{ ...PLAN, amount: '275.25' }],
    travel: [KILOMETRES],
    discounts: [{ id: 'loyal', name: 'Loyalty', order: 'before-minimum', kind: 'percent', percent: '7.5' }],
    caps: [{ id: 'month', name: 'Ceiling of a month', scope: 'period', amount: '900.00', above: 'write-down' }],
    serviceLevels: SERVICE_LEVELS,
    // A version with an end renews by itself (K21).
    renewal: { automatic: true, months: 1, noticeDays: 5 },
  },
  {
    coverage: [PREPAID_REMOTE, ALL],
    rateCard: {
      ...CARD,
      roundingScope: 'ticket-day',
      rateClassMultipliers: [
        { rateClass: 'after-hours', multiplier: '1.5' },
        { rateClass: 'weekend', multiplier: '2' },
        { rateClass: 'holiday', multiplier: '2.5' },
      ],
    },
    rateCalendar: {
      hours: Object.fromEntries(
        (['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const).map((day) => [day, WORKDAY]),
      ),
      holidays: 'state',
    },
    prepaid: {
      allotment: {
        id: 'credit',
        name: 'Monthly credit',
        base: { unit: 'money', money: { amount: '200.00', currency: 'AUD' } },
        rollOver: 'none',
      },
      overage: { pricePerHour: null, multiplied: true },
      burn: { by: 'multiplier' },
    },
    recurringCharges: FEWER,
    serviceLevels: SERVICE_LEVELS,
  },
];

const MINIMUM = {
  id: 'least',
  name: 'Least of a month',
  amountPerPeriod: '520.80',
  countsRecurring: true,
  taxCategory: 'GST',
};

const REBATE: Discount = {
  id: 'rebate',
  name: 'Rebate',
  order: 'before-minimum',
  kind: 'amount',
  amount: '35.00',
  includesRecurring: true,
  taxCategory: 'GST',
};

/** A fee, a minimum, an amount off, prices of a ticket and by tiers. */
export const RETAINER: readonly ContractTerms[] = [
  {
    coverage: [ALL],
    rateCard: {
      ...CARD,
      workTypes: [
        { workType: 'onsite', mode: 'flat', price: '140.00', per: 'ticket' },
        {
          workType: 'remote',
          mode: 'tiers',
          per: 'ticket-day',
          tiers: [
            { upToMinutes: 60, pricePerHour: '150.00' },
            { upToMinutes: null, pricePerHour: '225.00' },
          ],
        },
      ],
    },
    recurringCharges: [DESK],
    minimumCommitment: MINIMUM,
    discounts: [REBATE],
  },
  {
    coverage: [ALL],
    rateCard: { ...CARD, roundingScope: 'ticket', minimumMinutes: 60, incrementMinutes: 60 },
    recurringCharges: [{ ...DESK, price: '390.60' }],
    minimumCommitment: MINIMUM,
    discounts: [REBATE],
  },
];
