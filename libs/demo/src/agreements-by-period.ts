import type { ContractTerms, RateCalendar, RecurringCharge, ServiceLevels } from '@billtrail/contracts';
import { TIME_ZONE } from './configuration.js';
import { ALL_WORK, GOODS_BILLED, MANAGED, WORK_TYPES, card, flat } from './agreements.js';

/** Hours of the month and devices: agreements that charge without work, or that cover work which was paid before. */

const OFFICE_HOURS: RateCalendar = {
  hours: Object.fromEntries(
    (['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const).map((day) => [
      day,
      [{ opens: '07:30', closes: '17:00' }],
    ]),
  ),
  holidays: [],
};

const TIME_PREPAID = { id: 'time', name: 'Support time', match: { kinds: ['time'] }, outcome: 'prepaid' } as const;

function monthly(id: string, name: string, price: string, rest: Partial<RecurringCharge> = {}): RecurringCharge {
  return { id, name, basis: 'fixed', price, billed: 'in-arrears', taxCategory: 'GST', ...rest };
}

/** Blocks of hours that are bought ahead; what is beyond them costs the card's price. */
export const BLOCK_HOURS: ContractTerms = {
  coverage: [TIME_PREPAID, ALL_WORK],
  rateCard: card('blocks', 'Beyond the block', { labour: flat('165.00', '175.00', '247.50', '180.00') }),
  prepaid: { overage: { pricePerHour: null, multiplied: false } },
};
/** What the client of {@link BLOCK_HOURS} buys at the beginning of the month. */
export const BLOCK = { hours: 20, price: '2800.00' } as const;

/** A retainer that gives ten hours in a month, of which the unused go over to the next. */
export const MONTHLY_HOURS: ContractTerms = {
  coverage: [TIME_PREPAID, ALL_WORK],
  rateCard: card('monthly-hours', 'Beyond the monthly hours', { labour: flat('155.00', '165.00', '232.50', '175.00') }),
  prepaid: {
    allotment: {
      id: 'ten-hours',
      name: 'Ten hours a month',
      base: { unit: 'minutes', minutes: 600 },
      rollOver: 'one-period',
    },
    overage: { pricePerHour: '150.00', multiplied: false },
  },
  recurringCharges: [monthly('retainer', 'Ten hours a month', '1350.00', { basis: 'retainer' })],
};

/** Response in hours, resolution in days; a ticket that is resolved too late gives five per cent of the fees back. */
const SERVICE_LEVELS: ServiceLevels = {
  policy: {
    id: 'office-hours',
    name: 'Office hours',
    calendar: { timeZone: TIME_ZONE, openingHours: OFFICE_HOURS.hours, holidays: [] },
    targets: {
      critical: { response: { minutes: 60, clock: 'elapsed' }, resolution: { minutes: 480, clock: 'elapsed' } },
      high: { response: { minutes: 120, clock: 'business' }, resolution: { minutes: 960, clock: 'business' } },
      moderate: { response: { minutes: 240, clock: 'business' }, resolution: { minutes: 2_280, clock: 'business' } },
      low: { response: { minutes: 480, clock: 'business' }, resolution: null },
    },
    pausesOnThirdParty: true,
    warnAtPercent: [80],
  },
  credits: [
    {
      id: 'late',
      name: 'Resolved too late',
      target: 'resolution',
      credit: { kind: 'percent-of-recurring', percent: '5' },
      taxCategory: 'GST',
    },
  ],
};

/** A fee for each workstation and user; remote support is included, and time outside office hours costs half as much again. */
export const MANAGED_PER_DEVICE: ContractTerms = {
  ...MANAGED,
  rateCalendar: OFFICE_HOURS,
  rateCard: {
    ...card('per-device', 'Outside of the fee', { labour: flat('125.00', '145.00', '130.00', '155.00') }),
    rateClassMultipliers: [
      { rateClass: 'after-hours', multiplier: '1.5' },
      { rateClass: 'weekend', multiplier: '2' },
    ],
  },
  recurringCharges: [
    monthly('workstations', 'Managed workstation', '39.50', { basis: 'per-device', countOf: 'workstation' }),
    monthly('users', 'Mail and accounts', '18.90', { basis: 'per-user', countOf: 'user' }),
    monthly('backup', 'Backup of the servers', '149.00'),
  ],
  serviceLevels: SERVICE_LEVELS,
};

/** Time and materials at five per cent less, never more than 450.00 of support on one ticket, and at least 400.00 in a month. */
export const CAPPED: ContractTerms = {
  coverage: [GOODS_BILLED, ALL_WORK],
  rateCard: card('capped', 'Hourly rates, capped', { labour: flat('160.00', '170.00', '240.00', '185.00') }),
  caps: [
    {
      id: 'per-ticket',
      name: 'Time on one ticket',
      scope: 'ticket',
      amount: '450.00',
      match: { kinds: ['time'], workTypes: [WORK_TYPES.remote, WORK_TYPES.onsite] },
      above: 'write-down',
    },
  ],
  discounts: [
    {
      id: 'loyalty',
      name: 'Loyalty',
      kind: 'percent',
      percent: '5',
      match: { kinds: ['time'] },
      order: 'before-minimum',
    },
  ],
  minimumCommitment: {
    id: 'minimum',
    name: 'Monthly minimum',
    amountPerPeriod: '400.00',
    countsRecurring: true,
    taxCategory: 'GST',
  },
};
