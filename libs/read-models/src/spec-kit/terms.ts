import type { ContractTerms } from '@billtrail/contracts';
import type { PublishedConfiguration } from '@billtrail/billing';

export const TERMS: ContractTerms = {
  coverage: [{ id: 'all', name: 'all work', match: {}, outcome: 'billable' }],
  rateCard: {
    id: 'card',
    name: 'standard',
    currency: 'AUD',
    labour: [{ workType: 'remote-support', engineerRole: null, pricePerHour: '150.00' }],
    minimumMinutes: 30,
    incrementMinutes: 15,
    roundingScope: 'entry',
    materials: { pricing: 'list' },
    expenses: { markupPercent: '10' },
    taxCategories: { time: 'gst', material: 'gst', expense: 'gst' },
  },
};

/** The same with everything that reaches beyond work and beyond a month: an allotment that rolls over, fees, a minimum, a cap on tickets. */
export const MANAGED: ContractTerms = {
  ...TERMS,
  coverage: [
    { id: 'prepaid', name: 'prepaid work', match: { kinds: ['time'] }, outcome: 'prepaid' },
    { id: 'rest', name: 'the rest', match: {}, outcome: 'billable' },
  ],
  prepaid: {
    allotment: { id: 'base', name: 'base', base: { unit: 'minutes', minutes: 60 }, rollOver: 'one-period' },
    overage: { pricePerHour: '180.00', multiplied: false },
  },
  recurringCharges: [
    {
      id: 'care',
      name: 'care',
      basis: 'per-device',
      countOf: 'server',
      price: '40.00',
      billed: 'in-arrears',
      taxCategory: 'gst',
    },
    {
      id: 'licence',
      name: 'licence',
      basis: 'fixed',
      price: '90.00',
      everyMonths: 3,
      billed: 'in-advance',
      taxCategory: 'gst',
    },
  ],
  minimumCommitment: {
    id: 'least',
    name: 'least',
    amountPerPeriod: '300.00',
    countsRecurring: true,
    taxCategory: 'gst',
  },
  caps: [{ id: 'ceiling', name: 'ceiling', scope: 'ticket', amount: '250.00', above: 'gap' }],
  serviceLevels: {
    policy: {
      id: 'sla',
      name: 'sla',
      calendar: {
        timeZone: 'Australia/Sydney',
        openingHours: { monday: [{ opens: '09:00', closes: '17:00' }], tuesday: [{ opens: '09:00', closes: '17:00' }] },
        holidays: [],
      },
      targets: {
        moderate: { response: { minutes: 300, clock: 'business' }, resolution: { minutes: 2_400, clock: 'elapsed' } },
        critical: { response: null, resolution: { minutes: 240, clock: 'business' } },
      },
      pausesOnThirdParty: true,
      warnAtPercent: [25],
    },
    credits: [
      {
        id: 'late',
        name: 'late',
        target: 'resolution',
        credit: { kind: 'percent-of-recurring', percent: '10' },
        taxCategory: 'gst',
      },
      { id: 'slow', name: 'slow', target: 'response', credit: { kind: 'amount', amount: '20.00' }, taxCategory: 'gst' },
    ],
    maximumCreditPerPeriod: '50.00',
  },
};

export const CONFIGURATION: PublishedConfiguration = {
  organisation: { name: 'MSP', taxId: null, address: null, currency: 'AUD', timeZone: 'Australia/Sydney' },
  unbilledAfterDays: 30,
  taxRates: { gst: '10' },
  invoiceSeries: { series: 'INV', prefix: 'INV-', digits: 5 },
  quickQuestionMinutes: 15,
  materialWords: [{ word: 'router', assumedPrice: { amount: '120.00', currency: 'AUD' } }],
  assumedPricePerHour: { amount: '150.00', currency: 'AUD' },
  assumedMinutesPerTicket: 30,
  secondPersonAbove: { amount: '500.00', currency: 'AUD' },
};
