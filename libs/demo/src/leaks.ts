import { type GapKind, LEAK_OF } from '@billtrail/billing';
import { unreachable } from '@billtrail/kernel';
import type { ClientPlan, Shape } from './clients.js';

/** The ways in which a month of the sample leaks. Each leaves exactly one gap on its ticket. */
export const LEAK_STORIES = [
  'entry-logged-too-late',
  'no-rate-for-work-type',
  'part-in-note',
  'over-included-minutes',
  'entry-never-approved',
  'work-never-recorded',
  'long-quick-question',
  'entry-approved-too-late',
  'contract-ended',
  'part-in-resolution',
  'contracts-match-equally',
  'entry-rejected',
  'no-coverage-rule',
  'before-the-contract',
] as const;
export type LeakStory = (typeof LEAK_STORIES)[number];

const KIND_OF: Readonly<Record<LeakStory, GapKind>> = {
  'entry-logged-too-late': 'unbilled',
  'entry-approved-too-late': 'unbilled',
  'entry-rejected': 'unbilled',
  'entry-never-approved': 'time-unapproved',
  'work-never-recorded': 'work-not-recorded',
  'no-rate-for-work-type': 'unpriced',
  'no-coverage-rule': 'unpriced',
  'contract-ended': 'unpriced',
  'contracts-match-equally': 'unpriced',
  'before-the-contract': 'unpriced',
  'part-in-note': 'material-suspected',
  'part-in-resolution': 'material-suspected',
  'over-included-minutes': 'scope-suspected',
  'long-quick-question': 'scope-suspected',
};

export function kindOf(story: LeakStory): GapKind {
  return KIND_OF[story];
}

export function leakOf(story: LeakStory): (typeof LEAK_OF)[GapKind] {
  return LEAK_OF[KIND_OF[story]];
}

/** How often each story comes in 57 planted gaps; a smaller or larger number of gaps keeps the proportions. */
const FREQUENCY: readonly (readonly [LeakStory, number])[] = [
  ['entry-logged-too-late', 8],
  ['no-rate-for-work-type', 3],
  ['part-in-note', 5],
  ['over-included-minutes', 4],
  ['entry-never-approved', 10],
  ['work-never-recorded', 7],
  ['long-quick-question', 4],
  ['entry-approved-too-late', 4],
  ['contract-ended', 2],
  ['part-in-resolution', 4],
  ['contracts-match-equally', 2],
  ['entry-rejected', 2],
  ['no-coverage-rule', 1],
  ['before-the-contract', 1],
];

/** One round of stories, in turns: the first of them show all four leaks, the first 14 every way. */
const ROUND: readonly LeakStory[] = inTurns(FREQUENCY);

function inTurns(frequency: readonly (readonly [LeakStory, number])[]): LeakStory[] {
  const most = Math.max(...frequency.map(([, times]) => times));
  return Array.from({ length: most }, (_, turn) =>
    frequency.flatMap(([story, times]) => (times > turn ? [story] : [])),
  ).flat();
}

/** The stories of that many planted gaps. */
export function leakStories(count: number): readonly LeakStory[] {
  return Array.from({ length: count }, (_, index) => ROUND[index % ROUND.length] as LeakStory);
}

/** Clients billed by the entry: what one entry is worth does not hang on the others of its ticket. */
const BY_THE_ENTRY: ReadonlySet<Shape> = new Set(['lapsed', 'twin', 'by-entry', 'by-entry-and-role']);

/** True where such a story can happen to a client. Among the first four clients there is one for each story. */
export function canHappenTo(client: ClientPlan, story: LeakStory): boolean {
  switch (story) {
    case 'entry-logged-too-late':
    case 'entry-approved-too-late':
    case 'entry-rejected':
    case 'entry-never-approved':
    case 'no-rate-for-work-type':
      return BY_THE_ENTRY.has(client.shape);
    case 'contract-ended':
      return client.shape === 'lapsed';
    case 'contracts-match-equally':
      return client.shape === 'twin';
    case 'before-the-contract':
      return client.shape === 'newcomer';
    case 'no-coverage-rule':
    case 'over-included-minutes':
    case 'long-quick-question':
      return client.shape === 'managed';
    case 'part-in-note':
    case 'part-in-resolution':
    case 'work-never-recorded':
      return client.shape !== 'newcomer';
    default:
      return unreachable(story);
  }
}
