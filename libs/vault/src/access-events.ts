import { storedEventTypes, type DomainEvent } from '@billtrail/kernel';

/** The stream of one key, and what its category is: `access-{keyId}`. */
export const ACCESS_CATEGORY = 'access';

/** From here on the key signs nobody in, for good. */
export type KeyRevoked = DomainEvent<'KeyRevoked', { readonly keyId: string }>;

export const storedAccessEvents = storedEventTypes<KeyRevoked>()({
  KeyRevoked: { storedName: 'key-revoked', personalFields: [] },
});
