import type { ContractTerms, CoverageRule, LabourRate, RateCard } from '@billtrail/contracts';
import { CURRENCY } from './configuration.js';

export const WORK_TYPES = {
  remote: 'remote-support',
  onsite: 'onsite-support',
  afterHours: 'after-hours-support',
  project: 'project',
  /** No rate card of the sample has a price for it. */
  dataRecovery: 'data-recovery',
  /** No rule of the managed agreements mentions it. */
  training: 'training',
} as const;
export type DemoWorkType = (typeof WORK_TYPES)[keyof typeof WORK_TYPES];

export const ENGINEER = 'engineer';
export const SENIOR_ENGINEER = 'senior-engineer';

/** Minutes of remote support that a managed agreement includes on one ticket. */
export const INCLUDED_MINUTES = 180;
/** The same where an agreement includes the daily categories only. */
export const INCLUDED_MINUTES_BY_CATEGORY = 120;
/** The categories that the agreement by category includes. */
export const INCLUDED_CATEGORIES = ['workstation', 'email', 'accounts', 'printing'] as const;

const BILLED: readonly DemoWorkType[] = [
  WORK_TYPES.remote,
  WORK_TYPES.onsite,
  WORK_TYPES.afterHours,
  WORK_TYPES.project,
];

export const ALL_WORK: CoverageRule = { id: 'all-work', name: 'All work', match: {}, outcome: 'billable' };
const AFTER_HOURS: CoverageRule = {
  id: 'after-hours',
  name: 'Support after hours',
  match: { kinds: ['time'], workTypes: [WORK_TYPES.afterHours] },
  outcome: 'billable',
};
const REMOTE_INCLUDED: CoverageRule = {
  id: 'remote',
  name: 'Remote support',
  match: { kinds: ['time'], workTypes: [WORK_TYPES.remote] },
  outcome: 'included',
  includedMinutesPerTicket: INCLUDED_MINUTES,
};
export const GOODS_BILLED: CoverageRule = {
  id: 'goods',
  name: 'Materials and expenses',
  match: { kinds: ['material', 'expense'] },
  outcome: 'billable',
};

/** Prices of an hour for the four billed work types, in the order of {@link BILLED}, whatever the role. */
export function flat(...prices: readonly [string, string, string, string]): LabourRate[] {
  return BILLED.map((workType, index) => ({ workType, engineerRole: null, pricePerHour: prices[index] ?? '0' }));
}

/** Senior engineers at a price of their own for remote and onsite support. */
function withSeniors(labour: readonly LabourRate[], remote: string, onsite: string): LabourRate[] {
  return [
    { workType: WORK_TYPES.remote, engineerRole: SENIOR_ENGINEER, pricePerHour: remote },
    { workType: WORK_TYPES.onsite, engineerRole: SENIOR_ENGINEER, pricePerHour: onsite },
    ...labour,
  ];
}

export function card(id: string, name: string, rest: Pick<RateCard, 'labour'> & Partial<RateCard>): RateCard {
  return {
    id,
    name,
    currency: CURRENCY,
    minimumMinutes: 15,
    incrementMinutes: 15,
    roundingScope: 'entry',
    materials: { pricing: 'list' },
    expenses: { markupPercent: '10' },
    taxCategories: { time: 'GST', material: 'GST', expense: 'GST' },
    ...rest,
  };
}

/** Time and materials by the entry: a quarter of an hour at least and from there in quarters; one and a half after hours. */
export const BY_ENTRY: ContractTerms = {
  coverage: [ALL_WORK],
  rateCard: card('hourly', 'Hourly rates', { labour: flat('170.00', '170.00', '255.00', '190.00') }),
};

/** Time and materials by the entry, dearer for senior engineers, half an hour at least. */
export const BY_ENTRY_AND_ROLE: ContractTerms = {
  coverage: [ALL_WORK],
  rateCard: card('hourly-roles', 'Hourly rates by role', {
    labour: withSeniors(flat('150.00', '165.00', '225.00', '175.00'), '195.00', '210.00'),
    minimumMinutes: 30,
    materials: { pricing: 'cost-plus', markupPercent: '35' },
  }),
};

/** Time and materials by the ticket and day: an hour at least for all that is done on a ticket in a day. */
export const BY_TICKET_DAY: ContractTerms = {
  coverage: [ALL_WORK],
  rateCard: card('daily', 'Rates by ticket and day', {
    labour: flat('132.00', '148.00', '198.00', '160.00'),
    minimumMinutes: 60,
    roundingScope: 'ticket-day',
    materials: { pricing: 'cost-plus', markupPercent: '25' },
    expenses: { markupPercent: '0' },
  }),
};

/** Time and materials by the ticket: all its time together, in tenths of an hour. */
export const BY_TICKET: ContractTerms = {
  coverage: [ALL_WORK],
  rateCard: card('ticket', 'Rates by ticket', {
    labour: flat('140.00', '155.00', '210.00', '165.00'),
    minimumMinutes: 30,
    incrementMinutes: 6,
    roundingScope: 'ticket',
  }),
};

/** Remote support is included up to a limit on each ticket; the rest of the work that it names is billed. */
export const MANAGED: ContractTerms = {
  coverage: [
    AFTER_HOURS,
    REMOTE_INCLUDED,
    {
      id: 'visits-and-projects',
      name: 'Visits and projects',
      match: { kinds: ['time'], workTypes: [WORK_TYPES.onsite, WORK_TYPES.project] },
      outcome: 'billable',
    },
    GOODS_BILLED,
  ],
  rateCard: card('managed', 'Managed service rates', { labour: flat('125.00', '145.00', '187.50', '155.00') }),
};

/** Remote support for the daily categories is included; everything else is billed. */
export const MANAGED_BY_CATEGORY: ContractTerms = {
  coverage: [
    {
      id: 'daily-support',
      name: 'Daily support',
      match: { kinds: ['time'], workTypes: [WORK_TYPES.remote], categories: INCLUDED_CATEGORIES },
      outcome: 'included',
      includedMinutesPerTicket: INCLUDED_MINUTES_BY_CATEGORY,
    },
    ALL_WORK,
  ],
  rateCard: card('managed-daily', 'Daily support rates', {
    labour: flat('135.00', '150.00', '202.50', '160.00'),
    incrementMinutes: 5,
    roundingScope: 'ticket-day',
    materials: { pricing: 'cost-plus', markupPercent: '30' },
  }),
};

/** Remote support is included; visits, projects and goods are left to the client's agreement for projects. */
export const MANAGED_WITH_PROJECTS_APART: ContractTerms = {
  coverage: [
    REMOTE_INCLUDED,
    AFTER_HOURS,
    {
      id: 'not-ours',
      name: 'Left to the project agreement',
      match: { workTypes: [WORK_TYPES.onsite, WORK_TYPES.project] },
      outcome: 'excluded',
    },
    { ...GOODS_BILLED, id: 'goods-apart', name: 'Goods by the project agreement', outcome: 'excluded' },
  ],
  rateCard: card('managed-plain', 'Managed service rates', { labour: flat('125.00', '145.00', '187.50', '155.00') }),
};

/** The agreement that takes what the managed one excludes. */
export const PROJECTS: ContractTerms = {
  coverage: [ALL_WORK],
  rateCard: card('projects', 'Project rates', {
    labour: flat('160.00', '175.00', '240.00', '185.00'),
    minimumMinutes: 30,
    incrementMinutes: 30,
    materials: { pricing: 'cost-plus', markupPercent: '20' },
  }),
};
