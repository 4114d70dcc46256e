import type { ForgoingAct } from '@billtrail/kernel';
import type { WhyItWaits } from './tables.js';

/** What is done under the act `reclassify` that has a word of its own. */
export const DEEDS_OF_TICKETS = ['merge', 'split'] as const;
export type DeedOfTickets = (typeof DEEDS_OF_TICKETS)[number];
type Deed = ForgoingAct | DeedOfTickets;

/** What says which deed a request asks for. `deed` absent: it is what the act says. */
export interface Deeds {
  readonly act: ForgoingAct;
  readonly deed?: DeedOfTickets;
}

interface Told extends Deeds {
  readonly target: string;
  /** The command that asks for it. */
  readonly asked?: object;
  readonly waitsBecause?: WhyItWaits | null;
}

/** Absent of whatever is as its act says. */
export function deedIn(asked: object): Pick<Deeds, 'deed'> {
  const { type } = asked as { readonly type?: unknown };
  if (type === 'MergeTicket') return { deed: 'merge' };
  return type === 'SplitTicket' ? { deed: 'split' } : {};
}

/** What somebody asks to do, a verb with its object: `write off W1`. */
export function toForgo(asked: Told): string {
  return WORDS[deedOf(asked)].to(asked);
}

/** The same beside what it is about: `write it off`. */
export function toForgoIt(asked: Deeds): string {
  return WORDS[deedOf(asked)].toIt;
}

/** What was done to the work once it was carried out: `voided`. */
export function forgoneBy({ act, deed }: Pick<Deeds, 'deed'> & { readonly act: ActThatLowers }): string {
  return WAS[deed ?? act];
}

function deedOf({ act, deed }: Deeds): Deed {
  return deed ?? act;
}

interface AskedInWords {
  readonly to: (asked: Told) => string;
  readonly toIt: string;
}

/** How each is asked for, wherever that is told. */
const WORDS: Readonly<Record<Deed, AskedInWords>> = {
  'accept-gap': { to: ({ target }) => `accept gap ${target}`, toIt: 'accept its gap' },
  'write-off': { to: ({ target }) => `write off ${target}`, toIt: 'write it off' },
  credit: {
    to: ({ target }) => `issue credit note ${target}`,
    toIt: 'write it off by a credit note',
  },
  courtesy: { to: ({ target }) => `give ${target} as a courtesy`, toIt: 'give it as a courtesy' },
  'price-override': {
    to: ({ target }) => `set another price for ${target}`,
    toIt: 'set another price',
  },
  'void-work': { to: ({ target }) => `void ${target}`, toIt: 'void it' },
  'correct-work': { to: ({ target }) => `correct ${target} to less`, toIt: 'correct it to less' },
  'reject-work': { to: ({ target }) => `reject ${target}`, toIt: 'reject it' },
  'no-charge': {
    to: ({ target }) => `declare ticket ${target} free of charge`,
    toIt: 'declare it free of charge',
  },
  reclassify: {
    to: ({ target }) => `classify ticket ${target} differently`,
    toIt: 'classify it otherwise',
  },
  merge: {
    to: ({ target, asked }) => `merge ticket ${target} into ${intoOf(asked)}`,
    toIt: 'merge its ticket into another',
  },
  split: {
    to: ({ target }) => `split ticket ${target} from the one it was merged into`,
    toIt: 'split its ticket from the one it was merged into',
  },
  'back-date': {
    to: ({ target }) => `back-date the terms of ${target}`,
    toIt: 'change its terms for days that have passed',
  },
  configure: {
    to: ({ waitsBecause }) =>
      waitsBecause?.because === 'loosens'
        ? `publish a configuration that loosens ${rulesText(waitsBecause.rules)}`
        : 'publish a configuration',
    toIt: 'publish a configuration',
  },
};

/** How those are told that lower what is asked for work, once they were carried out. */
const WAS = {
  'void-work': 'voided',
  'correct-work': 'corrected to less',
  'reject-work': 'rejected',
  'no-charge': 'declared free of charge',
  reclassify: 'classified otherwise, for less',
  merge: 'merged into another ticket, for less',
  split: 'split from another ticket, for less',
  'back-date': 'asked less by terms for days that had passed',
  'price-override': 'given a lower price',
  credit: 'credited to be billed again for less',
} as const satisfies Partial<Readonly<Record<Deed, string>>>;
type ActThatLowers = Exclude<keyof typeof WAS, DeedOfTickets>;

function intoOf(asked: object = {}): string {
  const { into } = asked as { readonly into?: unknown };
  return typeof into === 'string' ? into : 'another';
}

function rulesText(rules: readonly string[]): string {
  return [rules.slice(0, -1).join(', '), rules.at(-1)].filter(Boolean).join(' and ');
}
