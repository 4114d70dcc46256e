/**
 * What is mutated, in groups that run alone: the files, and the folders whose specs must kill their mutants.
 * Fewer folders make a mutant cheaper, and hold its tests near the rule.
 */
const RATING = 'libs/billing/src/rating';
const without = ['!libs/**/*.spec.ts', '!libs/**/*-testing.ts', '!libs/**/testing/**'];

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
  tax: group(['libs/billing/src/account/tax.ts'], ['libs/billing/src/account']),
};

/** Kept beside the packages, which no other tool looks at. */
const KEPT = 'node_modules/.cache/mutation';
export const reportOf = (name) => `${KEPT}/${name}.json`;
export const answersOf = (name) => `${KEPT}/${name}-answers.json`;
