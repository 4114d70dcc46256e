import { refuse, type Refusal } from '@billtrail/kernel';
import type { ApiKey } from '@billtrail/vault';
import { HOURS_OF_A_DAY, hoursBetween } from './keys.js';
import { DAYS_OF_KEY, MAX_DAYS_OF_KEY, type MakeKey } from './persons.commands.js';
import type { AskedBy } from './record-of-person.js';

/** What a key that takes the place of this one is. For as long again as the key was made for; one of an earlier version, which never expires, for as long as a new one. */
export function termsOf({ role, scope, readOnly, ratePerMinute, createdAt, expiresAt }: ApiKey): MakeKey {
  const hours = expiresAt === null ? null : hoursBetween(createdAt, expiresAt);
  const days = hours === null ? DAYS_OF_KEY : Math.round(hours / HOURS_OF_A_DAY);
  return {
    role,
    readOnly,
    expiresInDays: Math.min(Math.max(days, 1), MAX_DAYS_OF_KEY),
    ...(scope.length === 0 ? {} : { scope: [...scope] }),
    ...(ratePerMinute === null ? {} : { ratePerMinute }),
  };
}

/** A limited key makes no key that it is not: each limit of the key that asks is a limit of what it makes. null: it may. Refuses KeyStronger. */
export function keyStronger({ actor, key }: AskedBy, asked: MakeKey): Refusal | null {
  // At the command line of the machine, by who can change the vault anyway.
  if (key === null) return null;
  const own = termsOf(key);
  const { scope = [], ratePerMinute = Infinity } = asked;
  const isWithinScope =
    own.scope === undefined || (scope.length > 0 && scope.every((part) => own.scope?.includes(part)));
  const isAdmin = actor.role === 'admin';
  const limits = [
    ...(isAdmin || asked.role === own.role ? [] : [`has the role ${own.role}`]),
    ...(isWithinScope ? [] : [`reaches ${own.scope?.map((part) => `/v1/${part}`).join(', ')} alone`]),
    ...(own.readOnly && !asked.readOnly ? ['only reads'] : []),
    ...(ratePerMinute <= (own.ratePerMinute ?? Infinity) ? [] : [`may send ${own.ratePerMinute} requests in a minute`]),
    // An admin's makes those of all others, for as long as they are to hold.
    ...(isAdmin || key.expiresAt === null || asked.expiresInDays <= own.expiresInDays
      ? []
      : [`was made for ${own.expiresInDays} days`]),
  ];
  if (limits.length === 0) return null;
  return refuse(
    'KeyStronger',
    `The key ${key.id} ${limits.join(' and ')}: it makes no key that may do more.`,
    'Ask for a key within these limits, or use a key without them. A key may be rotated by itself.',
    { keyId: key.id, limits },
  );
}
