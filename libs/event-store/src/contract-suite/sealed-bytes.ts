import type { StoredEventType } from '@billtrail/kernel';
import { EVENT_BESIDE_BYTES, MAX_NAME_BYTES } from '../port.js';
import { KEY_BYTES, seal, takeTexts } from '../sealed-data.js';

/** Bytes that an event with these data takes of an append at most: sealed, and with the longest names beside it. */
export function sealedBytes(data: object, { personalFields }: Pick<StoredEventType, 'personalFields'>): number {
  const rest = structuredClone(data);
  const texts = takeTexts(rest, personalFields);
  const sealed = seal(rest, texts, Buffer.alloc(KEY_BYTES), 'stream\nname');
  return Buffer.byteLength(JSON.stringify(sealed)) + EVENT_BESIDE_BYTES + 6 * MAX_NAME_BYTES;
}
