import { storedEventTypes, type DomainEvent } from '@billtrail/kernel';
import type { StreamName } from '@billtrail/event-store';
import type { WhyShut } from './home.js';

/** What the vault follows. The stream of one key is `access-{keyId}`. */
export const ACCESS_CATEGORY = 'access';
/** The id of the stream in which lost keys of streams are accepted; no key of the API has it. */
export const LOST_KEYS = 'lost-keys';
/** The id of the stream in which the log is adopted. */
export const ADOPTIONS = 'adoptions';

/** From here on the key signs nobody in, for good. */
export type KeyRevoked = DomainEvent<'KeyRevoked', { readonly keyId: string }>;
/**
 * An operator says that the keys of these streams are gone for good: what they sealed up to here can't be read any more, and the vault goes on without them. One
 * that is found again opens what it sealed.
 */
export type StreamKeysLost = DomainEvent<'StreamKeysLost', { readonly streams: readonly StreamName[] }>;
/** The last number of a series that may have been given, as somebody says who adopts the log. */
export interface NumbersGiven {
  readonly series: string;
  readonly last: number;
}
/**
 * Somebody says that this log is the one which goes on: documents get numbers from it at this home, behind those that were given elsewhere. The gate that it
 * opens is the one that was shut under this id, and no other: a log that is set back and holds it opens none.
 */
export type LogAdopted = DomainEvent<
  'LogAdopted',
  {
    /** Id of the first event of the log. */
    readonly logId: string;
    /** Of the place that is its home now, a hash. */
    readonly home: string;
    /** Id under which the gate was shut. */
    readonly opens: string;
    readonly why: WhyShut;
    readonly numbers: readonly NumbersGiven[];
  }
>;
export type AccessEvent = KeyRevoked | StreamKeysLost | LogAdopted;

export const storedAccessEvents = storedEventTypes<AccessEvent>()({
  KeyRevoked: { storedName: 'key-revoked', personalFields: [] },
  LogAdopted: { storedName: 'log-adopted', personalFields: [] },
  StreamKeysLost: { storedName: 'stream-keys-lost', personalFields: [] },
});
