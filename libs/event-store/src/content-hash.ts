import { createHash } from 'node:crypto';
import type { StoredEvent } from './capabilities.js';

/** A field with its length in UTF-8 bytes before it, so that no two lists of fields give the same text; -1 is null. */
export function field(value: string | null): string {
  return value === null ? '-1:' : `${Buffer.byteLength(value)}:${value}`;
}

/** What tells an old append whose caller gave no fingerprint from another: SHA-256, hexadecimal, of the stored name, time and data of each event. */
export function contentHash(events: Iterable<Pick<StoredEvent, 'storedName' | 'occurredAt' | 'json'>>): string {
  const digest = createHash('sha256');
  for (const { storedName, occurredAt, json } of events)
    digest.update(field(storedName) + field(occurredAt) + field(json));
  return digest.digest('hex');
}
