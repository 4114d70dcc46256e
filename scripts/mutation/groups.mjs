/**
 * What is mutated, in groups that run alone: the files, and the folders whose specs must kill their mutants.
 * Fewer folders make a mutant cheaper, and hold its tests near the rule.
 */
const BILLING = 'libs/billing/src';
const RATING = `${BILLING}/rating`;
const without = ['!libs/**/*.spec.ts', '!libs/**/testing/**'];

const group = (mutate, specs = [RATING]) => ({ mutate: [...mutate, ...without], specs });

export const GROUPS = {
  kernel: group(
    ['money', 'scaled', 'minutes', 'business-calendar'].map((name) => `libs/kernel/src/${name}.ts`),
    ['libs/kernel'],
  ),
  charges: group([`${RATING}/charges/*.ts`]),
  caps: group([`${RATING}/caps/*.ts`]),
  coverage: group([`${RATING}/coverage/*.ts`]),
  time: group([`${RATING}/time/*.ts`]),
  price: group([`${RATING}/price/*.ts`]),
  prepaid: group([`${RATING}/prepaid/*.ts`]),
  items: group([`${RATING}/items/*.ts`]),
  rating: group([`${RATING}/*.ts`]),
  item: group([`${BILLING}/item/*.ts`], [`${BILLING}/item`, `${BILLING}/settled`]),
  settled: group([`${BILLING}/settled/*.ts`], [`${BILLING}/settled`, RATING]),
  gaps: group([`${BILLING}/gaps/*.ts`], [`${BILLING}/gaps`]),
  upcast: group([`${BILLING}/upcast-schema-1.ts`], [BILLING]),
  tax: group([`${BILLING}/account/tax.ts`], [`${BILLING}/account`]),
};

/** Kept beside the packages, which no other tool looks at. */
const KEPT = 'node_modules/.cache/mutation';
export const reportOf = (name) => `${KEPT}/${name}.json`;
export const answersOf = (name) => `${KEPT}/${name}-answers.json`;
