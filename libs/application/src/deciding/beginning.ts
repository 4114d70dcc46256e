import { compareTexts, type Instant } from '@billtrail/kernel';
import type { GivenPerson } from '@billtrail/read-models';
import { DAYS_KEYED } from './keyed-by.js';
import { FIRST_PERSON, hasCome, hoursLater, HOURS_OF_A_DAY } from '../access/keys.js';
import { isAccount } from '../access/person-ids.js';

/** An organisation that begins: all who could agree with somebody were registered by that one, and are not yet taken for another. */
export interface Beginning {
  /** Those who could agree; none: there is nobody else. */
  readonly personIds: readonly string[];
  /** When the first of them is taken for another; null: there is nobody else. */
  readonly until: Instant | null;
}

/**
 * Whether somebody is bound to nobody yet: every other person who was ever given a role that decides was first registered less than 30 days ago, by them, or by one whom
 * they registered so. What an account of the machine registered may be theirs, but for the first person. null: another one can agree, or soon could. Only the first
 * registration counts, so neither a further key nor a role that is taken away brings the beginning back.
 */
export function beginningOf(others: readonly GivenPerson[], personId: string, now: Instant): Beginning | null {
  const theirs = new Map<string, Instant>();
  for (let found = -1; found < theirs.size;) {
    found = theirs.size;
    for (const { id, registeredBy, registeredAt } of others) {
      const mayBeTheirs =
        registeredBy === personId || theirs.has(registeredBy) || (isAccount(registeredBy) && id !== FIRST_PERSON);
      const end = hoursLater(registeredAt, DAYS_KEYED * HOURS_OF_A_DAY);
      if (mayBeTheirs && !hasCome(end, now)) theirs.set(id, end);
    }
  }
  if (theirs.size < others.length) return null;
  const [first = null] = [...theirs.values()].toSorted(compareTexts);
  return { personIds: others.map(({ id }) => id), until: first };
}
