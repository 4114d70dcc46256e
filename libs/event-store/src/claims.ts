import { hash } from 'node:crypto';
import type { DomainEvent, StoredEventType } from '@billtrail/kernel';
import { streamName, type StreamName } from './port.js';

/**
 * First event of a stream that stands for a key: whatever is recorded under the key is recorded in one stream, and was asked for as this. It holds for good;
 * no other event follows.
 */
export type KeyClaimed = DomainEvent<
  'KeyClaimed',
  {
    /** Where it takes effect: a repeat goes there, and nobody looks for its stream again. */
    readonly stream: StreamName;
    readonly fingerprint: string;
  }
>;

/** The event that a store writes by itself. */
export const KEY_CLAIMED: StoredEventType = {
  type: 'KeyClaimed',
  storedName: 'key-claimed',
  schemaVersion: 1,
  personalFields: [],
};

/** What a stream of a key stands for, in its hash: claims of another kind would have streams of their own. */
const KIND = 'key';

/** The stream of a caller's key: each person has their own, and what they chose is not readable there. */
export function keyStream(personId: string, value: string): StreamName {
  return streamName('key', hash('sha256', JSON.stringify([KIND, personId, value]), 'base64url'));
}
