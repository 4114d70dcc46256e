import type { ForgoingAct } from '@billtrail/kernel';
import type { Approval } from './query.js';

type Told = Pick<Approval, 'act' | 'target'> & Partial<Pick<Approval, 'waitsBecause'>>;

/** What somebody asks to do, a verb with its object: `write off W1`. */
export function toForgo(asked: Told): string {
  return TO[asked.act](asked);
}

const TO: Readonly<Record<ForgoingAct, (asked: Told) => string>> = {
  'accept-gap': ({ target }) => `accept gap ${target}`,
  'write-off': ({ target }) => `write off ${target}`,
  credit: ({ target }) => `issue credit note ${target}`,
  courtesy: ({ target }) => `give ${target} as a courtesy`,
  'price-override': ({ target }) => `set another price for ${target}`,
  'void-work': ({ target }) => `void ${target}`,
  'correct-work': ({ target }) => `correct ${target} to less`,
  'reject-work': ({ target }) => `reject ${target}`,
  'no-charge': ({ target }) => `declare ticket ${target} free of charge`,
  reclassify: ({ target }) => `classify ticket ${target} differently`,
  'back-date': ({ target }) => `back-date the terms of ${target}`,
  configure: ({ waitsBecause }) =>
    waitsBecause?.because === 'loosens'
      ? `publish a configuration that loosens ${rulesText(waitsBecause.rules)}`
      : 'publish a configuration',
};

function rulesText(rules: readonly string[]): string {
  return [rules.slice(0, -1).join(', '), rules.at(-1)].filter(Boolean).join(' and ');
}
