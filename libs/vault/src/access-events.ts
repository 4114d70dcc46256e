import { storedEventTypes, type DomainEvent } from '@billtrail/kernel';
import type { StreamName } from '@billtrail/event-store';

/** What the vault follows. The stream of one key is `access-{keyId}`. */
export const ACCESS_CATEGORY = 'access';
/** The id of the stream in which lost keys of streams are accepted; no key of the API has it. */
export const LOST_KEYS = 'lost-keys';

/** From here on the key signs nobody in, for good. */
export type KeyRevoked = DomainEvent<'KeyRevoked', { readonly keyId: string }>;
/**
 * An operator says that the keys of these streams are gone for good: what they sealed up to here can't be read any more, and the vault goes on without them. One
 * that is found again opens what it sealed.
 */
export type StreamKeysLost = DomainEvent<'StreamKeysLost', { readonly streams: readonly StreamName[] }>;
export type AccessEvent = KeyRevoked | StreamKeysLost;

export const storedAccessEvents = storedEventTypes<AccessEvent>()({
  KeyRevoked: { storedName: 'key-revoked', personalFields: [] },
  StreamKeysLost: { storedName: 'stream-keys-lost', personalFields: [] },
});
