import { FORGOING_ACTS } from '@billtrail/kernel';
import type { Counts } from './insider.js';

/** What is to be come to, or else little was tried: each kind of act stood by one word and waited for another, and persons were made and refused. */
const MORE = [
  'person registered',
  'person re-keyed',
  'refused OwnRequest',
  'refused OwnWork',
  'refused KeyedByRequester',
];

/** What sequences never came to. */
export function notReached(counts: Counts): readonly string[] {
  const acts = FORGOING_ACTS.flatMap((act) => [
    // What is loosened always waits.
    ...(act === 'configure' ? [] : [`act ${act} stands`]),
    // No line of the invoice is above the limit by itself.
    ...(act === 'credit' ? [] : [`act ${act} waits`]),
  ]);
  return [...acts, ...MORE].filter((what) => !counts.has(what));
}
