import type { ClassHours, ContractTerms, LabourRate } from '../events.js';
import { ALL_BILLABLE, type PublishedCard, WORKDAYS, card, onWorkdays } from './published-card.js';

const base = (pricePerHour: string): readonly LabourRate[] => [{ workType: null, engineerRole: null, pricePerHour }];
/** Where a page gives multipliers and no price: amounts then read as percents of the publisher's rate. */
const HUNDRED = base('100.00');
const NINE_TO_FIVE = { hours: onWorkdays({ opens: '09:00', closes: '17:00' }), holidays: [] };

/** thinkunified.com: remote support at 175 USD an hour, at least a quarter of an hour. */
const thinkunified: PublishedCard = {
  id: 'thinkunified_us',
  address: 'https://thinkunified.com/technical-service-rates-and-usage-guide',
  remarks: ['Only the row of remote support is known.'],
  workTypes: ['remote'],
  engineerRoles: [],
  plans: [
    {
      plan: 'remote support',
      terms: {
        coverage: ALL_BILLABLE,
        rateCard: card(
          { id: 'thinkunified', name: 'Unified rates', currency: 'USD', labour: base('175.00'), minimumMinutes: 15 },
          'sales-tax',
        ),
      },
    },
  ],
};

const hours = (opens: string, closes: string, rateClass: string): ClassHours => ({ opens, closes, rateClass });

/** pcservices.co.za: a grid of multipliers over the week; the dearer the hours, the longer the minimum. */
const pcservices: PublishedCard = {
  id: 'pcservices_za',
  address: 'http://pcservices.co.za/pricing/consulting/after-hours',
  remarks: ['No price of an hour is given: 100.00 is ours.', 'What a public holiday costs is not said: as a Sunday.'],
  workTypes: ['support'],
  engineerRoles: [],
  plans: [
    {
      plan: 'consulting',
      terms: {
        timeZone: 'Africa/Johannesburg',
        rateCalendar: {
          hours: {
            ...Object.fromEntries(
              WORKDAYS.map((weekday) => [
                weekday,
                [
                  hours('00:00', '07:00', 'double'),
                  hours('07:00', '08:00', 'time-and-a-half'),
                  hours('08:00', '17:00', 'business'),
                  hours('17:00', '20:00', 'time-and-a-half'),
                  hours('20:00', '24:00', 'double'),
                ],
              ]),
            ),
            saturday: [
              hours('00:00', '09:00', 'double'),
              hours('09:00', '15:00', 'time-and-a-half'),
              hours('15:00', '24:00', 'double'),
            ],
          },
          holidays: [],
          outside: { weekday: 'double', weekend: 'double', holiday: 'double' },
        },
        coverage: ALL_BILLABLE,
        rateCard: card(
          {
            id: 'pcservices',
            name: 'PC Services consulting',
            currency: 'ZAR',
            labour: HUNDRED,
            rateClassMultipliers: [
              { rateClass: 'time-and-a-half', multiplier: '1.5' },
              { rateClass: 'double', multiplier: '2' },
            ],
            roundingRules: [
              { rateClasses: ['time-and-a-half'], minimumMinutes: 60 },
              { rateClasses: ['double'], minimumMinutes: 90 },
            ],
          },
          'VAT',
        ),
      },
    },
  ],
};

interface LinuxboxPlan {
  readonly id: string;
  readonly weekend: string;
  readonly holiday?: string;
  readonly minimumMinutes: number;
  readonly incrementMinutes: number;
}

const OPEN_CLASSES = ['business', 'after-hours', 'weekend'];

function linuxboxTerms(plan: LinuxboxPlan, outcome: 'billable' | 'prepaid'): ContractTerms {
  const { id, weekend, holiday, minimumMinutes, incrementMinutes } = plan;
  const time = { kinds: ['time'], ...(holiday === undefined ? { rateClasses: OPEN_CLASSES } : {}) } as const;
  return {
    timeZone: 'America/Detroit',
    rateCalendar: NINE_TO_FIVE,
    coverage: [
      { id: 'time', name: 'Support', match: time, outcome },
      { id: 'goods', name: 'Goods and expenses', match: { kinds: ['material', 'expense'] }, outcome: 'billable' },
    ],
    rateCard: card(
      {
        id: `linuxbox-${id}`,
        name: `Linux Box ${id}`,
        currency: 'USD',
        labour: HUNDRED,
        rateClassMultipliers: [
          { rateClass: 'weekend', multiplier: weekend },
          ...(holiday === undefined ? [] : [{ rateClass: 'holiday', multiplier: holiday }]),
        ],
        minimumMinutes,
        incrementMinutes,
      },
      'sales-tax',
    ),
  };
}

/** linuxbox.com: three plans side by side, which differ in discount, premiums, minimum, increment and carrying hours forward. */
const linuxbox: PublishedCard = {
  id: 'linuxbox_us',
  address: 'http://www.linuxbox.com/tiki/tiki-index.php?page=SupportContractComparison',
  remarks: ['No price, hours of business or size of the retainer is given: 100.00, 09:00-17:00 and 10 hours are ours.'],
  workTypes: ['support'],
  engineerRoles: [],
  plans: [
    {
      plan: 'SLA',
      terms: {
        ...linuxboxTerms(
          { id: 'sla', weekend: '1.5', holiday: '2', minimumMinutes: 15, incrementMinutes: 5 },
          'billable',
        ),
        discounts: [{ id: 'sla', name: 'Plan discount', kind: 'percent', percent: '10', order: 'before-minimum' }],
      },
    },
    {
      plan: 'Retainer',
      notAvailableIn: ['holiday'],
      terms: {
        ...linuxboxTerms({ id: 'retainer', weekend: '1.5', minimumMinutes: 30, incrementMinutes: 15 }, 'prepaid'),
        prepaid: {
          allotment: {
            id: 'hours',
            name: 'Retained hours',
            base: { unit: 'minutes', minutes: 600 },
            rollOver: 'one-period',
          },
          overage: { pricePerHour: null, multiplied: true },
        },
        recurringCharges: [
          {
            id: 'retainer',
            name: 'Retainer',
            basis: 'retainer',
            price: '1000.00',
            billed: 'in-advance',
            taxCategory: 'sales-tax',
          },
        ],
      },
    },
    {
      plan: 'Incidental',
      notAvailableIn: ['holiday'],
      terms: linuxboxTerms({ id: 'incidental', weekend: '2', minimumMinutes: 60, incrementMinutes: 30 }, 'billable'),
    },
  ],
};

/** net1.services: on site at least an hour, then by the quarter; Arizona keeps one clock all year. */
const net1: PublishedCard = {
  id: 'net1_us_az',
  address: 'https://net1.services/tos',
  remarks: ['No price is given: 100.00 is ours.'],
  workTypes: ['onsite', 'remote'],
  engineerRoles: [],
  plans: [
    {
      plan: 'terms of service',
      terms: {
        timeZone: 'America/Phoenix',
        coverage: ALL_BILLABLE,
        rateCard: card(
          {
            id: 'net1',
            name: 'Net1 time',
            currency: 'USD',
            labour: HUNDRED,
            roundingRules: [{ workTypes: ['onsite'], minimumMinutes: 60, incrementMinutes: 15 }],
          },
          'sales-tax',
        ),
      },
    },
  ],
};

/** adelyte.com: 150 USD an hour by the tenth of an hour, one and a half out of hours, and surcharges for short notice. */
const adelyte: PublishedCard = {
  id: 'adelyte_us',
  address: 'https://www.adelyte.com/products/hourly-support',
  remarks: [
    'The hours of business are not given: 09:00-17:00 is ours.',
    'A client who wants invoices by post has the charge of 25.00 each; the standard plan leaves it out.',
  ],
  workTypes: ['support', 'support-short-notice', 'onsite-next-day'],
  engineerRoles: [],
  plans: [
    {
      plan: 'hourly, invoice by post',
      terms: {
        rateCalendar: NINE_TO_FIVE,
        coverage: ALL_BILLABLE,
        rateCard: card(
          {
            id: 'adelyte',
            name: 'Adelyte hourly support',
            currency: 'USD',
            labour: base('150.00'),
            workTypes: [
              { workType: 'support-short-notice', mode: 'amount-on-top', amount: '150.00', per: 'ticket' },
              { workType: 'onsite-next-day', mode: 'amount-on-top', amount: '500.00', per: 'ticket' },
            ],
            rateClassMultipliers: ['after-hours', 'weekend', 'holiday'].map((rateClass) => ({
              rateClass,
              multiplier: '1.5',
            })),
            incrementMinutes: 6,
          },
          'sales-tax',
        ),
        recurringCharges: [
          {
            id: 'post',
            name: 'Invoice by post',
            basis: 'fixed',
            price: '25.00',
            billed: 'in-arrears',
            taxCategory: 'sales-tax',
          },
        ],
      },
    },
  ],
};

export const CARDS_OF_ELSEWHERE: readonly PublishedCard[] = [thinkunified, pcservices, linuxbox, net1, adelyte];
