import { refuse, type Actor, type Instant, type Refusal } from '@billtrail/kernel';
import type { ApiKey, KeyOfPerson } from '@billtrail/vault';
import { hasCome } from './keys.js';

/** For whoever reads it: most can make no key, and whose the first key is has any id. */
const ASK_FOR_ONE =
  'ask an administrator for a key. Where Billtrail runs, one is made by: billtrail person list, and billtrail key new --person ID --role admin';

/** Who acts, and by which key. */
export interface SignedIn {
  readonly actor: Actor;
  /** The client whose user it is; absent: one of the organisation's people. */
  readonly clientId?: string;
  readonly key: ApiKey;
}

/** Who acts with a key; refuses NotSignedIn where it signs nobody in. `null`: it is none of ours. */
export function signedIn(found: KeyOfPerson | null, at: Instant): SignedIn | Refusal {
  if (found === null) return notSignedIn('This API key is not recognised.', `Check it for a typo, or ${ASK_FOR_ONE}`);
  const { person, ...key } = found;
  const another = `Use another key of yours, or ${ASK_FOR_ONE}`;
  const next = `If it was rotated, use the key that was made in its place. Else, or where that was lost, ${ASK_FOR_ONE}`;
  if (key.revokedAt !== null) return notSignedIn(`This API key was revoked at ${key.revokedAt}.`, next);
  if (hasCome(key.expiresAt, at)) return notSignedIn(`This API key expired at ${key.expiresAt ?? ''}.`, another);
  if (!person.roles.includes(key.role))
    return notSignedIn(`This API key has the role ${key.role}, which its person does not have any more.`, another);
  const clientId = person.clientId ?? undefined;
  return { actor: { id: person.id, role: key.role }, key, ...(clientId === undefined ? {} : { clientId }) };
}

export function notSignedIn(message: string, remedy: string): Refusal {
  return refuse('NotSignedIn', message, remedy);
}

export function keyMissing(message: string): Refusal {
  return notSignedIn(message, `Send it as "Authorization: Bearer KEY". If you have none, ${ASK_FOR_ONE}`);
}
