import type { Position } from '@billtrail/event-store';
import { table, text } from '../database/table.js';
import { textOfPlace, type Place } from './compared-rows.js';
import { bytesOf, type KeyedHash } from './keyed-hash.js';

/** Of each read model and place: the sum of the hashes of its rows, and of the sums below it. A client is below all, its months are below a client. */
export const SUMS = table(
  'compared_sums',
  { model: text(), clientId: text(), period: text(), sum: text() },
  { compared: 'never', key: ['model', 'clientId', 'period'] },
);

/** Of each read model: that the sum over all is the one that was kept at its checkpoint. */
export const ROOTS = table(
  'compared_roots',
  { model: text(), keyId: text(), hash: text() },
  { compared: 'never', key: ['model'] },
);

export function textOfSum(sum: Buffer): string {
  return sum.toString('base64');
}

/** Of a row. Its place is in it: a row that is moved elsewhere is another. JSON has no line break, so it is read in one way. */
export function hashOfRow(hash: KeyedHash, place: Place | string, row: string): string {
  return hash.of(`${typeof place === 'string' ? place : textOfPlace(place)}\n${row}`);
}

export function hashOfSum(hash: KeyedHash, model: string, { clientId, period }: Place, sum: string): string {
  return hash.of(`sum\n${JSON.stringify([model, clientId, period, sum])}`);
}

export function hashOfRoot(hash: KeyedHash, model: string, position: Position, sum: string): string {
  return bytesOf(hash.of(`root\n${JSON.stringify([model, String(position), sum])}`)).toString('base64');
}
