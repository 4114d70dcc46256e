import { createHash } from 'node:crypto';
import { MAX_ID_LENGTH } from '@billtrail/kernel';
import { detached } from '../csv/csv-text.js';

/** The first 16 hexadecimal digits of the SHA-256 of a text. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function escaped(character: string): string {
  return `~${character.codePointAt(0)?.toString(16) ?? ''}~`;
}

function bounded(id: string, text: string): string {
  return id.length <= MAX_ID_LENGTH ? id : `${id.slice(0, MAX_ID_LENGTH - 17)}~${digest(text)}`;
}

function startingPlain(id: string): string {
  return /^[A-Za-z0-9]/.test(id) ? id : `0~${id}`;
}

const PLAIN = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/;

/**
 * An id of ours from an id of another system. An id that already has our form stays as it is; every other character is written as its
 * code between tildes, so that two different ids never become one.
 */
export function idFrom(text: string): string {
  if (PLAIN.test(text)) return text;
  return bounded(startingPlain(text.replace(/[^A-Za-z0-9._:-]/gu, escaped)), text);
}

/** Names repeat on most rows of a log. */
const idsOfNames = new Map<string, string>();
const MAX_REMEMBERED_NAMES = 10_000;

/** An id from a name that people read: spaces become hyphens. Two names may become one id; whoever uses it must compare the names. */
export function idFromName(name: string): string {
  let id = idsOfNames.get(name);
  if (id === undefined) {
    id = idFrom(name.trim().replace(/\s+/gu, '-'));
    if (idsOfNames.size >= MAX_REMEMBERED_NAMES) idsOfNames.clear();
    id = detached(id);
    idsOfNames.set(detached(name), id);
  }
  return id;
}
