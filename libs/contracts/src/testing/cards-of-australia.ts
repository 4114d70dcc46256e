import type { LabourRate } from '../events.js';
import { ALL_BILLABLE, type PublishedCard, card, onWorkdays } from './published-card.js';

const hourly = (workType: string | null, pricePerHour: string, rateClass?: string): LabourRate => ({
  workType,
  engineerRole: null,
  pricePerHour,
  ...(rateClass === undefined ? {} : { rateClass }),
});

/** computerman.com.au, rate schedule: 170.00 an hour plus GST; other work is a multiple of it. */
const computerman: PublishedCard = {
  id: 'computerman_au',
  address: 'https://computerman.com.au/rate-schedule',
  remarks: ['No increment is stated, so time beyond the minimum is billed by the minute.'],
  workTypes: ['remote', 'onsite', 'after-hours', 'callout', 'diagnostic', 'emergency-upgrade'],
  engineerRoles: [],
  plans: [
    {
      plan: 'standard',
      terms: {
        coverage: ALL_BILLABLE,
        rateCard: card(
          {
            id: 'computerman',
            name: 'Computerman rate schedule',
            currency: 'AUD',
            labour: [hourly(null, '170.00')],
            workTypes: [
              { workType: 'after-hours', mode: 'multiplier', multiplier: '1.5' },
              { workType: 'callout', mode: 'flat', price: '127.50', per: 'entry' },
              { workType: 'diagnostic', mode: 'flat', price: '170.00', per: 'ticket' },
              { workType: 'emergency-upgrade', mode: 'flat', price: '212.50', per: 'ticket' },
            ],
            minimumMinutes: 15,
            roundingRules: [{ workTypes: ['after-hours'], minimumMinutes: 120 }],
          },
          'GST',
        ),
      },
    },
  ],
};

/** argyle.com.au, hourly rates: prices include GST (110.00 is 100.00 net); call-outs out of hours at one and a half. */
const argyle: PublishedCard = {
  id: 'argyle_au_nsw',
  address: 'https://argyle.com.au/hourly-rates',
  remarks: [
    'Remote help under 30 minutes costs 55.00 flat: a work type of its own, chosen by whoever logs it.',
    'Work out of hours that was arranged before keeps the ordinary rate, at least 2 hours: work types of their own.',
    'Only some public holidays of New South Wales are listed.',
  ],
  workTypes: ['onsite', 'remote', 'remote-under-30', 'onsite-arranged', 'remote-arranged', 'excess-travel'],
  engineerRoles: [],
  plans: [
    {
      plan: 'ad hoc',
      terms: {
        timeZone: 'Australia/Sydney',
        rateCalendar: {
          hours: onWorkdays({ opens: '08:00', closes: '17:00' }),
          holidays: [
            { date: '2026-01-01', name: "New Year's Day" },
            { date: '2026-01-26', name: 'Australia Day' },
            { date: '2026-04-03', name: 'Good Friday' },
            { date: '2026-04-06', name: 'Easter Monday' },
            { date: '2026-12-25', name: 'Christmas Day' },
          ],
        },
        coverage: ALL_BILLABLE,
        rateCard: card(
          {
            id: 'argyle',
            name: 'Argyle hourly rates',
            currency: 'AUD',
            labour: [
              hourly('onsite', '100.00'),
              hourly('remote', '80.00'),
              ...['after-hours', 'weekend', 'holiday'].flatMap((rateClass) => [
                hourly('onsite', '150.00', rateClass),
                hourly('remote', '120.00', rateClass),
              ]),
              hourly('onsite-arranged', '100.00'),
              hourly('remote-arranged', '80.00'),
              hourly('excess-travel', '50.00'),
            ],
            workTypes: [{ workType: 'remote-under-30', mode: 'flat', price: '50.00', per: 'entry' }],
            incrementMinutes: 15,
            roundingRules: [
              { workTypes: ['onsite'], minimumMinutes: 60 },
              { workTypes: ['onsite-arranged', 'remote-arranged'], minimumMinutes: 120 },
            ],
          },
          'GST',
        ),
      },
    },
  ],
};

/** ascari.com.au, from July 2024: 70.00 with GST for each half-hour; one and a half out of hours, with longer minimums. */
const ascari: PublishedCard = {
  id: 'ascari_au',
  address: 'http://ascari.com.au/manage/plugin/support_manager/knowledgebase/view/26/',
  remarks: [
    'The hours are those of the client’s zone, so the terms state none.',
    '70.00 with GST is 63.636363636364 net: a line rounds to 63.64, and with 6.36 of GST to 70.00.',
    'Public holidays are the organisation’s to list.',
  ],
  workTypes: ['support', 'travel'],
  engineerRoles: [],
  plans: [
    {
      plan: 'ad hoc',
      terms: {
        rateCalendar: { hours: onWorkdays({ opens: '09:00', closes: '17:00' }), holidays: [] },
        coverage: ALL_BILLABLE,
        rateCard: card(
          {
            id: 'ascari',
            name: 'Ascari support rates',
            currency: 'AUD',
            labour: [{ workType: null, engineerRole: null, pricePerHour: '63.636363636364', priceMinutes: 30 }],
            rateClassMultipliers: ['after-hours', 'weekend', 'holiday'].map((rateClass) => ({
              rateClass,
              multiplier: '1.5',
            })),
            incrementMinutes: 30,
            roundingRules: [
              { rateClasses: ['after-hours'], minimumMinutes: 60 },
              { rateClasses: ['weekend', 'holiday'], minimumMinutes: 120 },
            ],
          },
          'GST',
        ),
      },
    },
  ],
};

const abitofitCalendar = { hours: onWorkdays({ opens: '08:30', closes: '17:30' }), holidays: [] };
const outOfHours = ['after-hours', 'weekend', 'holiday'];
const abitofitCard = {
  id: 'abitofit',
  name: 'A Bit of IT rates',
  currency: 'AUD',
  workTypes: [
    { workType: 'scheduled-half-day', mode: 'flat', price: '400.00', per: 'entry' },
    { workType: 'scheduled-full-day', mode: 'flat', price: '760.00', per: 'entry' },
  ],
  roundingRules: [{ workTypes: ['scheduled'], minimumMinutes: 120 }],
} as const;

/** abitofit.com.au: ad hoc work by the hour, remote help by the quarter, and agreements per PC and per server. Prices without GST. */
const abitofit: PublishedCard = {
  id: 'abitofit_au',
  address: 'https://abitofit.com.au/?page_id=18',
  remarks: [
    'Travel counts from the 31st minute of the day on a ticket; out of hours all of it counts: a work type of its own.',
    'Regular visits are at least 4 hours a month: a minimum commitment of 440.00.',
    'Public holidays are the organisation’s to list.',
  ],
  workTypes: [
    'onsite',
    'remote',
    'scheduled',
    'scheduled-half-day',
    'scheduled-full-day',
    'travel',
    'travel-out-of-hours',
  ],
  engineerRoles: [],
  plans: [
    {
      plan: 'ad hoc',
      terms: {
        timeZone: 'Australia/Sydney',
        rateCalendar: abitofitCalendar,
        coverage: ALL_BILLABLE,
        rateCard: card(
          {
            ...abitofitCard,
            labour: [
              hourly('onsite', '150.00'),
              ...outOfHours.map((rateClass) => hourly('onsite', '200.00', rateClass)),
              { workType: 'remote', engineerRole: null, pricePerHour: '35.00', priceMinutes: 15 },
              hourly('scheduled', '110.00'),
              hourly('travel-out-of-hours', '200.00'),
            ],
            workTypes: [
              ...abitofitCard.workTypes,
              {
                workType: 'travel',
                mode: 'tiers',
                per: 'ticket-day',
                tiers: [
                  { upToMinutes: 30, pricePerHour: '0.00' },
                  { upToMinutes: null, pricePerHour: '150.00' },
                ],
              },
            ],
            roundingRules: [...abitofitCard.roundingRules, { workTypes: ['remote'], incrementMinutes: 15 }],
          },
          'GST',
        ),
      },
    },
    {
      plan: 'maintenance and remote support agreement',
      terms: {
        timeZone: 'Australia/Sydney',
        rateCalendar: abitofitCalendar,
        coverage: [
          {
            id: 'remote',
            name: 'Remote help and travel come with the agreement',
            match: { workTypes: ['remote', 'travel', 'travel-out-of-hours'] },
            outcome: 'included',
          },
          { id: 'rest', name: 'All other work', match: {}, outcome: 'billable' },
        ],
        rateCard: card({ ...abitofitCard, labour: [hourly('onsite', '125.00'), hourly('scheduled', '110.00')] }, 'GST'),
        recurringCharges: [
          {
            id: 'pc',
            name: 'Remote support agreement, each PC',
            basis: 'per-device',
            countOf: 'pc',
            price: '55.00',
            billed: 'in-advance',
            taxCategory: 'GST',
          },
          {
            id: 'server',
            name: 'Server health agreement, each server',
            basis: 'per-device',
            countOf: 'server',
            price: '125.00',
            billed: 'in-advance',
            taxCategory: 'GST',
          },
        ],
        minimumCommitment: {
          id: 'visits',
          name: 'Regular visits, at least 4 hours',
          amountPerPeriod: '440.00',
          countsRecurring: false,
          taxCategory: 'GST',
        },
      },
    },
  ],
};

export const CARDS_OF_AUSTRALIA: readonly PublishedCard[] = [computerman, argyle, ascari, abitofit];
