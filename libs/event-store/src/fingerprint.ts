import { hash } from 'node:crypto';

/** Stands before every fingerprint: one that is made in another way gets another, so that it can be told which way to compare. */
const VERSION = '1:';

/**
 * What was asked for, as a hash: the same request has the same one, whoever sends it and when. `name`: of the command, policy or import; `input`: plain JSON
 * that decides what it does, of which the order of the properties says nothing.
 */
export function fingerprintOf(name: string, input: unknown): string {
  return VERSION + hash('sha256', JSON.stringify([name, input], inOrder), 'base64url');
}

/** True if it is the fingerprint of this request. `formerly`: the input as the first logs took it, which had no version. */
export function isFingerprintOf(stored: string, name: string, input: unknown, formerly: unknown): boolean {
  if (stored.startsWith(VERSION)) return stored === fingerprintOf(name, input);
  return stored === hash('sha256', `${name} ${JSON.stringify(formerly)}`, 'base64url');
}

function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
