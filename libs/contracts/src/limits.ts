/** Most versions of one contract. */
export const MAX_CONTRACT_VERSIONS = 1_000;
/** Priority of a contract that states none. */
export const DEFAULT_PRIORITY = 100;
/** Highest number of a priority; 0 is asked first. */
export const MAX_PRIORITY = 10_000;
/** Most devices or users that one count states. */
export const MAX_COUNT = 1_000_000;
/** Most coverage rules of one contract version: each is tried on every piece of work and named in its trace. */
export const MAX_COVERAGE_RULES = 200;
/** Most labour rates of one rate card. */
export const MAX_LABOUR_RATES = 2_000;
/** Most values that one criterion of a rule lists. */
export const MAX_CRITERION_VALUES = 200;
/** Longest minimum or increment: a day. */
export const MAX_ROUNDING_MINUTES = 1_440;
/** Longest limit of included minutes on one ticket, longest SLA target and longest tier: a year. */
export const MAX_TERM_MINUTES = 525_600;
/** Most minutes of one block or allotment: a thousand years of one person's weeks are damage, not hours. */
export const MAX_PREPAID_MINUTES = 100_000_000;
/** Most blocks of a contract that are bought in a month because its terms renew them: more are a slip in a time entry. */
export const MAX_RENEWED_BLOCKS = 100;
/** Most periods for which an unused base can be drawn. */
export const MAX_ROLL_OVER_PERIODS = 60;
/** Most minutes of a block that one minute of work draws. */
export const MAX_BURN_WEIGHT = 100;
/** Decimals of a weight, and of the minutes that a block holds: a minute of work draws 1.3333, and what is drawn and left adds up exactly. */
export const BURN_DECIMALS = 4;
/** Most members of each other list of the terms: charges, caps, discounts, credits, work types, multipliers, tiers. */
export const MAX_TERM_MEMBERS = 500;
/** Most holidays of one calendar. */
export const MAX_HOLIDAYS = 2_000;
/** Most intervals of one weekday. */
export const MAX_INTERVALS_PER_DAY = 24;
/** Most clients of a contract file, contracts of a client, and blocks, counts or suspensions of a contract in it. */
export const MAX_FILE_MEMBERS = 10_000;
/** Most sites of a client. */
export const MAX_SITES = 1_000;
/** Most days from which the details of one site changed. */
export const MAX_SITE_CHANGES = 500;
/** Longest way to a site, in minutes and in kilometres. */
export const MAX_TRAVEL = 100_000;
/** Longest renewed term, in months. */
export const MAX_RENEWAL_MONTHS = 120;
/** Longest number of a purchase order. */
export const MAX_ORDER_NUMBER = 100;
/** Longest payment term, in days. */
export const MAX_PAYMENT_DAYS = 366;
/** Longest notice, in days. */
export const MAX_NOTICE_DAYS = 730;
/** Most parts of a contract that is stated whole: each may be an event, and all of them go into one append. */
export const MAX_CONTRACT_PARTS = 10_000;
