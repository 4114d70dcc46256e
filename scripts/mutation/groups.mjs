/**
 * What is mutated, in groups that run alone: the files, and the folders (or single specs) whose tests must kill their mutants.
 * Fewer folders make a mutant cheaper, and hold its tests near the rule.
 */
const BILLING = 'libs/billing/src';
const RATING = `${BILLING}/rating`;
const ACCOUNT = `${BILLING}/account`;
const CONTRACTS = 'libs/contracts/src';
const without = ['!libs/**/*.spec.ts', '!libs/**/testing/**'];

const filesOf = (folder, names) => names.map((name) => `${folder}/${name}.ts`);

/** Examples of the rating as a whole stand above its rooms, and those of work that changes afterwards in the room beside it. */
const OF_RATING = [
  RATING,
  `${BILLING}/settled`,
  ...filesOf(BILLING, [
    'rate-edges.spec',
    'standard-value.spec',
    'steps.spec',
    'whole-items.spec',
    'worked-cases.spec',
  ]),
];
const group = (mutate, specs = OF_RATING) => ({ mutate: [...mutate, ...without], specs });

/** What the tax of a document rests on. */
const TAX = [
  ...filesOf(ACCOUNT, ['tax', 'each-tax', 'tax-key', 'supplies', 'changed-tax']),
  ...filesOf(BILLING, ['tax-rules']),
];
/** What goes back to a client, and with which tax. */
const CREDIT = filesOf(ACCOUNT, [
  'above-invoice',
  'asked-elsewhere',
  'credit-effect',
  'credit-ledger',
  'credit-lines',
  'credit-note',
  'credit-tax',
  'given-back',
  'lines-of-credit',
  'owed-credits',
  'own-credit-note',
]);
/** The rules of contracts that decide on money: what rating, the check and a new version ask. Shapes and sentences are left out. */
const CONTRACT_RULES = [
  'block-renewal',
  'burn',
  'contract-life',
  'contract-overlaps',
  'coverage',
  'filled-prices',
  'filled-terms',
  'milestones',
  'notice',
  'payment-terms',
  'prepaid-and-counts',
  'prepaid-price',
  'prepaid-return',
  'price-increase',
  'renewal',
  'renewals-due',
  'roll-over',
  'shared-calendars',
  'shared-cards',
  'version-timeline',
];
/** What the check of a contract says of its prices and of the days on which they hold. */
const CHECKED = ['credit-rows', 'one-time-fees', 'outcomes', 'price', 'reachability', 'renewing', 'stretches'];

export const GROUPS = {
  kernel: group(
    ['money', 'scaled', 'minutes', 'business-calendar'].map((name) => `libs/kernel/src/${name}.ts`),
    ['libs/kernel'],
  ),
  contracts: group(filesOf(CONTRACTS, CONTRACT_RULES), [CONTRACTS]),
  check: group(filesOf(`${CONTRACTS}/analysis`, CHECKED), [CONTRACTS]),
  charges: group([`${RATING}/charges/*.ts`]),
  caps: group([`${RATING}/caps/*.ts`]),
  coverage: group([`${RATING}/coverage/*.ts`]),
  time: group([`${RATING}/time/*.ts`]),
  price: group([`${RATING}/price/*.ts`]),
  prepaid: group([`${RATING}/prepaid/*.ts`]),
  items: group([`${RATING}/items/*.ts`]),
  rating: group([`${RATING}/*.ts`]),
  item: group([`${BILLING}/item/*.ts`], [`${BILLING}/item`, `${BILLING}/settled`]),
  settled: group([`${BILLING}/settled/*.ts`]),
  gaps: group([`${BILLING}/gaps/*.ts`], [`${BILLING}/gaps`]),
  upcast: group([`${BILLING}/upcast-schema-1.ts`], [`${BILLING}/upcast-schema-1.spec.ts`]),
  supposed: group(filesOf(BILLING, ['what-if', 'rate-renewing', 'carry-over']), [
    ...filesOf(BILLING, ['what-if.spec', 'what-if-edges.spec', 'carry-over.spec']),
    `${RATING}/prepaid`,
  ]),
  forgone: group([`${BILLING}/supposed/*.ts`], [`${BILLING}/supposed`]),
  tax: group(TAX, [ACCOUNT, `${BILLING}/tax-rules.spec.ts`]),
  credit: group(CREDIT, [ACCOUNT]),
  account: group(
    [`${ACCOUNT}/*.ts`, `${BILLING}/second-person.ts`, ...[...TAX, ...CREDIT].map((file) => `!${file}`)],
    [ACCOUNT, `${BILLING}/second-person.spec.ts`],
  ),
};

/** Kept beside the packages, which no other tool looks at. */
const KEPT = 'node_modules/.cache/mutation';
/** A sample has answers of its own, since it tries fewer mutants. */
const sampled = (name, oneIn) => (oneIn === '1' ? name : `${name}-one-in-${oneIn.replace(':', '-')}`);
export const reportOf = (name, oneIn) => `${KEPT}/${sampled(name, oneIn)}.json`;
export const answersOf = (name, oneIn) => `${KEPT}/${sampled(name, oneIn)}-answers.json`;
