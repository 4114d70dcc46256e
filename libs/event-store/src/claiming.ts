import type { Instant } from '@billtrail/kernel';
import { KEY_CLAIMED, type KeyClaimed } from './claims.js';
import { categoryOf } from './port.js';
import type { EncodedAppend, EncodedClaim } from './requests.js';

/** True where what stands in a key's stream is a claim for the same. */
export function isHeldFor(held: KeyClaimed['data'] | null | undefined, stream: string, claim: EncodedClaim): boolean {
  return (
    held?.stream === stream && (held.fingerprint === claim.fingerprint || held.fingerprint === claim.plainFingerprint)
  );
}

/** The claim as what it is in the log: one event in the stream of its key. */
export function claimAsAppend(
  append: EncodedAppend,
  { key, fingerprint }: EncodedClaim,
  occurredAt: Instant,
): EncodedAppend {
  const { storedName, schemaVersion } = KEY_CLAIMED;
  const data: KeyClaimed['data'] = { stream: append.stream, fingerprint };
  const event = { type: KEY_CLAIMED, storedName, schemaVersion, occurredAt, json: JSON.stringify(data) };
  return { ...append, stream: key, category: categoryOf(key), fingerprint, events: [event], claims: [] };
}
