import type { ContractTerms, CoverageRule, RateCard, SharedCard } from '@billtrail/contracts';
import type { PublishedConfiguration } from '@billtrail/billing';
import { NAMED_CONFIGURATION } from '@billtrail/billing/testing';
export const CONFIGURATION: PublishedConfiguration = {
  ...NAMED_CONFIGURATION,
  calendars: {
    office: {
      hours: { tuesday: [{ opens: '08:00', closes: '17:00' }], wednesday: [{ opens: '09:00', closes: '17:30' }] },
    },
  },
  // From before any work of the histories: a contract may name it whatever its first day.
  rateCards: {
    house: {
      name: 'House rates',
      currency: 'AUD',
      versions: [{ ...prices('141.45', '163.10'), from: '2020-01-01' }],
    },
  },
  holidaySets: { state: { days: [{ date: '2026-03-09', name: 'Labour Day' }] } },
  unbilledAfterDays: 10,
  assumedPricePerHour: { amount: '150.00', currency: 'AUD' },
};

/** A version of the card of the house, but for its first day. */
export function prices(remote: string, onsite: string): Omit<SharedCard['versions'][number], 'from'> {
  return {
    labour: [
      { workType: 'remote', engineerRole: null, pricePerHour: remote },
      { workType: 'onsite', engineerRole: null, pricePerHour: onsite },
    ],
    minimumMinutes: 15,
    incrementMinutes: 5,
    roundingScope: 'entry',
    materials: { pricing: 'list' },
    expenses: { markupPercent: '7.5' },
    taxCategories: { time: 'GST', material: 'GST', expense: 'GST' },
  };
}

export const WORK_TYPES = [
  'remote',
  'onsite',
  'remote',
  'project',
  'remote',
  'onsite',
  'remote',
  'night-watch',
  'remote',
] as const;
export const CATEGORIES = ['network', 'printer', 'hardware', 'maintenance'] as const;

export const ALL: CoverageRule = { id: 'all', name: 'All work', match: {}, outcome: 'billable' };
export const MAINTENANCE: CoverageRule = {
  id: 'maintenance',
  name: 'Maintenance time',
  match: { kinds: ['time'], categories: ['maintenance'] },
  outcome: 'included',
  includedMinutesPerTicket: 60,
};
/** The same at a fixed price of the ticket, dearer in some versions than in others; in some so many tickets of a month cost nothing. */
export function maintenanceAt(price: string, includedPerPeriod?: number): CoverageRule {
  const included = includedPerPeriod === undefined ? {} : { includedPerPeriod };
  return { ...MAINTENANCE, incident: { price, taxCategory: 'GST', ...included } };
}
const NO_PROJECTS: CoverageRule = {
  id: 'no-projects',
  name: 'Projects by their own contract',
  match: { workTypes: ['project'] },
  outcome: 'excluded',
};
const REMOTE_AND_GOODS: CoverageRule[] = [
  { id: 'remote', name: 'Remote work', match: { workTypes: ['remote'] }, outcome: 'billable' },
  { id: 'goods', name: 'Goods', match: { kinds: ['material', 'expense'] }, outcome: 'billable' },
];

export const CARD: RateCard = {
  id: 'standard',
  name: 'Standard',
  currency: 'AUD',
  labour: [
    { workType: 'remote', engineerRole: null, pricePerHour: '151.37' },
    { workType: 'remote', engineerRole: 'senior', pricePerHour: '209.95' },
    { workType: 'onsite', engineerRole: null, pricePerHour: '187.33' },
  ],
  minimumMinutes: 30,
  incrementMinutes: 15,
  roundingScope: 'entry',
  materials: { pricing: 'list' },
  expenses: {
    markupPercent: '12.5',
    types: [
      { type: 'mileage', pricePerUnit: '1' },
      { type: 'meals', capPerUnit: '35' },
    ],
  },
  taxCategories: { time: 'GST', material: 'GST', expense: 'GST-FREE' },
};

/** Versions that a contract of time and materials may get, by number: cheaper, dearer, with other coverage, with materials at cost, rounded over the ticket, by the card of the house. */
export const TERMS: readonly ContractTerms[] = [
  { coverage: [maintenanceAt('45'), NO_PROJECTS, ALL], rateCard: CARD },
  {
    coverage: [ALL],
    rateCard: { ...CARD, minimumMinutes: 0, incrementMinutes: 15, rounding: 'nearest' },
    paymentTerms: { due: 'end-of-month', days: 7 },
  },
  {
    coverage: REMOTE_AND_GOODS,
    rateCard: { ...CARD, labour: [{ workType: 'remote', engineerRole: null, pricePerHour: '99.99' }] },
  },
  {
    coverage: [maintenanceAt('60', 1), ALL],
    rateCard: { ...CARD, materials: { pricing: 'cost-plus', markupPercent: '33.3' }, incrementMinutes: 6 },
  },
  { coverage: [ALL], rateCard: { ...CARD, roundingScope: 'ticket', minimumMinutes: 60, incrementMinutes: 60 } },
  {
    coverage: [ALL],
    rateCard: { ...CARD, roundingScope: 'visit', minimumMinutes: 20, incrementMinutes: 10, rounding: 'down' },
  },
  { coverage: [MAINTENANCE, ALL], rateCard: { card: 'house', currency: 'AUD' } },
  {
    coverage: [ALL],
    rateCard: {
      card: 'house',
      currency: 'AUD',
      labour: [{ workType: 'remote', engineerRole: null, pricePerHour: '133.33' }],
      minimumMinutes: 30,
    },
  },
];

export const PROJECT_TERMS: ContractTerms = {
  coverage: [ALL],
  rateCard: {
    ...CARD,
    id: 'projects',
    name: 'Projects',
    labour: [{ workType: 'project', engineerRole: null, pricePerHour: '180.10' }],
  },
  paymentTerms: { due: 'net', days: 14 },
  purchaseOrder: 'PO-7',
};

/** The terms in the currency of the client. */
export function inCurrency(terms: ContractTerms, currency: string): ContractTerms {
  return { ...terms, rateCard: { ...terms.rateCard, currency } };
}
